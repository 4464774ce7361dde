"""One look at one log: what it shows now, held against what it showed before."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from lienthong.cli.log.memory import Memory, read_state
from lienthong.cli.log.reading import ServedLog
from lienthong.errors import EvidenceBroken, InvalidValue, LienThongError, Unavailable
from lienthong.evidence import Checkpoint, Event, VerifierKey, checkpoint_digest
from lienthong.evidence.note import Note
from lienthong.evidence.stamp import check
from lienthong.evidence.watching import Alarm, Seen, alarm, grown, joined, moved, opened, strangers


@dataclass(frozen=True, slots=True)
class Terms:
    """Whom a monitor trusts and how patient it is; no time limit where None. `roots` are DER."""

    keys: Sequence[VerifierKey]
    roots: Sequence[bytes] = ()
    stalled: timedelta | None = None
    stamp_age: timedelta | None = None
    peers: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found."""

    url: str
    origin: str
    size: int
    alarms: tuple[Alarm, ...]
    kept: tuple[Path, ...] = ()


def look(log: ServedLog, memory: Memory, terms: Terms, now: datetime) -> Look:
    """Read, judge, remember; evidence of a lie is kept as files. ConfigurationInvalid for damaged memory."""
    seen = memory.recall()
    try:
        return _Round(log, memory, terms, now, seen, log.checkpoint()).look()
    except Unavailable as error:
        known = _checkpoint(seen.note) if seen else None
        found = (alarm("unreachable", str(error)),)
        return Look(log.url, known.origin if known else "", known.size if known else 0, found)


@dataclass(slots=True)
class _Round:
    """One round over one log that answered."""

    log: ServedLog
    memory: Memory
    terms: Terms
    now: datetime
    seen: Seen | None
    note: str

    def look(self) -> Look:
        if not self.note:
            vanished = (alarm("rollback", "→ 0"),) if self.seen else ()
            return self._told("", 0, vanished)
        shown = opened(self.note, self.terms.keys)
        if isinstance(shown, Alarm):
            return self._told("", 0, (shown,))
        guilty = self._follow(shown)
        rest = () if guilty else (*self._late(shown), *self._undated(shown), *self._against_peers(shown))
        return self._told(shown.origin, shown.size, (*((guilty,) if guilty else ()), *rest))

    def _follow(self, shown: Checkpoint) -> Alarm | None:
        """Remember the shown checkpoint if it extends what was seen."""
        before = _checkpoint(self.seen.note) if self.seen else None
        if guilty := moved(before, shown):
            return guilty
        start = self.seen or Seen(self.note, self.now)
        since = start.since if before and before.size == shown.size else self.now
        try:
            frontier = self._grown(start, shown)
        except EvidenceBroken as error:
            return self._blame(before, shown, str(error))
        if isinstance(frontier, Alarm):
            return frontier
        self.seen = replace(frontier, note=self.note, since=since)
        self.memory.keep(self.log.url, self.seen)
        return None

    def _grown(self, start: Seen, shown: Checkpoint) -> Seen | Alarm:
        frontier = start.frontier
        for leaves in self.log.entries(frontier.size, shown.size) if frontier.size < shown.size else ():
            if guilty := strangers(leaves, shown.origin, frontier.size):
                return guilty
            frontier = grown(frontier, leaves)
        if frontier.root() != shown.root:
            raise EvidenceBroken(f"{frontier.root().hex()} ≠ {shown.root.hex()}")
        return Seen(self.note, start.since, frontier)

    def _blame(self, before: Checkpoint | None, shown: Checkpoint, why: str) -> Alarm:
        """The leaves do not lead there: was the log rewritten, or are only the leaves wrong?"""
        if before is None or joined(before, shown, self._proof(before.size, shown.size)) is None:
            return alarm("leaves", why)
        return alarm("fork", f"{before.size} ↛ {shown.size}")

    def _proof(self, one: int, other: int) -> list[bytes]:
        try:
            return self.log.consistency(min(one, other), max(one, other))
        except LienThongError:
            return []  # no proof joins nothing

    def _late(self, shown: Checkpoint) -> Iterator[Alarm]:
        limit, seen = self.terms.stalled, self.seen
        if limit is not None and seen is not None and self.now - seen.since > limit:
            yield alarm("stalled", f"{shown.size}, {self.now - seen.since}")

    def _undated(self, shown: Checkpoint) -> Iterator[Alarm]:
        """Stamps are looked at where an age is set or roots are given."""
        limit = self.terms.stamp_age
        if limit is None and not self.terms.roots:
            return
        dated = self.log.stamp()
        if dated is None:
            if limit is not None and self.seen is not None and self.now - self.seen.since > limit:
                yield alarm("unstamped")
            return
        yield from self._dated(dated, shown, limit)

    def _dated(self, dated: bytes, shown: Checkpoint, limit: timedelta | None) -> Iterator[Alarm]:
        try:
            note, token = _stamp(dated)
            stamped = opened(note, self.terms.keys)
            facts = check(token, checkpoint_digest(note), self.terms.roots)
        except (EvidenceBroken, InvalidValue) as error:
            yield alarm("stamp-broken", str(error))
            return
        if isinstance(stamped, Alarm):
            yield stamped
            return
        if apart := joined(stamped, shown, self._proof(stamped.size, shown.size)):
            yield apart
        if limit is not None and stamped.size < shown.size and self.now - self._at(stamped.size) > limit:
            yield alarm("unstamped", f"{stamped.size} < {shown.size}, {facts.time.isoformat()}")

    def _at(self, index: int) -> datetime:
        """When the event of an entry happened, as the log tells it."""
        [[leaf]] = self.log.entries(index, index + 1)
        return Event.from_leaf(leaf).at

    def _against_peers(self, shown: Checkpoint) -> Iterator[Alarm]:
        """What other monitors saw must be the same log."""
        for path in self.terms.peers:
            theirs = opened(read_state(path).note, self.terms.keys)
            if isinstance(theirs, Alarm) or theirs.origin != shown.origin:
                continue
            if apart := joined(theirs, shown, self._proof(theirs.size, shown.size)):
                yield replace(apart, detail=f"{path}: {apart.detail}")

    def _told(self, origin: str, size: int, alarms: tuple[Alarm, ...]) -> Look:
        kept = tuple(self.memory.convict(each, self.now, self._exhibits()) for each in alarms if each.grave)
        return Look(self.log.url, origin, size, alarms, kept)

    def _exhibits(self) -> dict[str, str]:
        """Two notes signed by one key that cannot both be true, the proof that was given, and what peers saw."""
        found = {"shown.checkpoint": self.note}
        known = self.memory.recall()
        if known is not None and known.note != self.note:
            found["seen.checkpoint"] = known.note
            sizes = [_size(each) for each in (known.note, self.note)]
            if all(sizes):
                found["proof.txt"] = "".join(f"{b64encode(step).decode()}\n" for step in self._proof(*sizes))
        peers = {f"peer-{place}.checkpoint": read_state(path).note for place, path in enumerate(self.terms.peers)}
        return found | peers


def _checkpoint(note: str) -> Checkpoint:
    return Checkpoint.parse(Note.parse(note).text)


def _size(note: str) -> int:
    try:
        return _checkpoint(note).size
    except EvidenceBroken:
        return 0


def _stamp(dated: bytes) -> tuple[str, bytes]:
    try:
        told = json.loads(dated)
        return str(told["checkpoint"]), b64decode(told["stamp"], validate=True)
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceBroken("the stamped checkpoint is malformed") from error
