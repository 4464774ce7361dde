"""A hop's memory without a disk: the twins of `Store`, `Log` and `Objects`. Everything that returned is "durable"."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from lienthong.adapters.keys import SoftNoteSigner
from lienthong.delivery.journey import UNDELIVERED, JourneyState
from lienthong.delivery.model import (
    Content,
    Lane,
    Leg,
    LegKey,
    Notice,
    Package,
    Page,
    Search,
    StatusReport,
    Step,
)
from lienthong.delivery.ports import Clock, Transaction, View
from lienthong.document.texts import folded
from lienthong.errors import EvidenceBroken, NotFound
from lienthong.evidence import (
    Checkpoint,
    Event,
    Frontier,
    LeafHashes,
    Receipt,
    consistency_proof,
    leaf_hash,
    receipts,
    root_from_leaves,
    sign_checkpoint,
)

T = TypeVar("T")
ARRIVED_AT_DESK = frozenset({JourneyState.DELIVERED, JourneyState.HANDED_OVER})


@dataclass(slots=True)
class Tables:
    """What is remembered, and how to undo the piece of work under way."""

    packages: dict[str, Package] = field(default_factory=dict)
    legs: dict[LegKey, Leg] = field(default_factory=dict)
    steps: dict[int, Step] = field(default_factory=dict)
    statuses: dict[tuple[str, str, str, str], StatusReport] = field(default_factory=dict)
    notices: dict[int, Notice] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    reports: dict[tuple[str, str], str] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    seq: int = 0
    undo: list[Callable[[], object]] = field(default_factory=list)

    def put(self, table: dict[Any, Any], key: object, value: object) -> None:
        """Set a row, remembering what was there."""
        if key in table:
            self.undo.append(lambda before=table[key]: table.__setitem__(key, before))  # type: ignore[misc]  # bound now
        else:
            self.undo.append(lambda: table.pop(key))
        table[key] = value

    def drop(self, table: dict[Any, Any], key: object) -> None:
        """Remove a row, remembering it (its place in the order is not kept)."""
        before = table.pop(key)
        self.undo.append(lambda: table.__setitem__(key, before))

    def next_seq(self) -> int:
        """Numbers go up and are never used twice."""
        self.seq += 1
        return self.seq

    def roll_back(self, leaves: int) -> None:
        """Undo the work under way."""
        while self.undo:
            self.undo.pop()()
        del self.leaves[leaves:]


class MemoryView:
    """Reads the tables; see `delivery.ports.View`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def package(self, package_id: str) -> Package | None:
        return self._tables.packages.get(package_id)

    def packages_of(self, sender: str, document_id: str) -> Sequence[Package]:
        found = (each for each in self._tables.packages.values() if each.head.content is Content.EDOC)
        return [each for each in found if (each.sender, each.head.document_id) == (sender, document_id)]

    def leg(self, key: LegKey) -> Leg | None:
        return self._tables.legs.get(key)

    def legs(self, package_id: str, lane: Lane | None = None) -> Sequence[Leg]:
        return [leg for leg in self._tables.legs.values() if leg.package == package_id and lane in {None, leg.lane}]

    def due(
        self, lane: Lane, next_hop: str, states: frozenset[JourneyState], now: datetime, limit: int
    ) -> Sequence[Leg]:
        found = [
            leg
            for leg in self._tables.legs.values()
            if leg.lane is lane and leg.next_hop == next_hop and leg.state in states and leg.due <= now
        ]
        return sorted((leg for leg in found if _free(leg, now)), key=lambda leg: (-leg.urgency, leg.due))[:limit]

    def inbox(self, recipient: str, contents: frozenset[str], now: datetime, limit: int) -> Sequence[Leg]:
        found = [
            leg
            for leg in self._tables.legs.values()
            if leg.lane is Lane.IN and leg.recipient == recipient and leg.content in contents
        ]
        waiting = (leg for leg in found if leg.state is JourneyState.DELIVERED and _free(leg, now))
        return sorted(waiting, key=lambda leg: (-leg.urgency, leg.since))[:limit]

    def expiring(self, now: datetime, limit: int) -> Sequence[Leg]:
        found = (leg for leg in self._tables.legs.values() if leg.lane in {Lane.OUT, Lane.THROUGH})
        return [leg for leg in found if leg.state in UNDELIVERED and leg.expires_at <= now][:limit]

    def listing(self, search: Search) -> Page:
        rows = list(enumerate(self._tables.packages.values()))
        before = int(search.after) if search.after else len(rows)
        found = [(place, each, self._listed(each, search)) for place, each in reversed(rows) if place < before]
        hits = [(place, each, legs) for place, each, legs in found if legs]
        page = hits[: search.limit]
        more = len(hits) > search.limit
        return Page(tuple((each, legs) for _, each, legs in page), str(page[-1][0]) if more else "")

    def _listed(self, package: Package, search: Search) -> tuple[Leg, ...]:
        if package.head.content is not search.content or not _speaks_of(package, search.text):
            return ()
        legs = tuple(
            leg
            for leg in self.legs(package.id, search.lane)
            if _party(package, leg) == search.party or not search.party
        )
        return legs if not search.states or any(leg.state in search.states for leg in legs) else ()

    def steps(self, package_id: str) -> Sequence[Step]:
        return [step for step in self._tables.steps.values() if step.package == package_id]

    def statuses(self, package_id: str) -> Sequence[StatusReport]:
        return [report for report in self._tables.statuses.values() if report.package == package_id]

    def notices(self, to: str, after: int, limit: int) -> Sequence[Notice]:
        found = [notice for notice in self._tables.notices.values() if notice.to == to and notice.seq > after]
        return sorted(found, key=lambda notice: notice.seq)[:limit]

    def mark(self, name: str) -> str:
        return self._tables.marks.get(name, "")

    def content(self, sha256: str) -> bytes | None:
        return self._tables.contents.get(sha256)

    def reports(self, package_id: str) -> Mapping[str, str]:
        return {part: text for (package, part), text in self._tables.reports.items() if package == package_id}

    def unreported(self, limit: int) -> Sequence[Package]:
        arrived = {leg.package for leg in self._tables.legs.values() if _needs_report(leg)}
        reported = {package for package, _ in self._tables.reports}
        return [each for each in self._tables.packages.values() if each.id in arrived - reported][:limit]

    def counts(self) -> Mapping[str, int]:
        legs = self._tables.legs.values()
        counted = dict(Counter(f"{leg.lane}/{leg.state}" for leg in legs))
        waiting = [int(leg.since.timestamp()) for leg in legs if leg.state in UNDELIVERED]
        return counted | ({"oldest_waiting": min(waiting)} if waiting else {})


class MemoryTransaction(MemoryView):
    """Changes the tables; see `delivery.ports.Transaction`."""

    def add_package(self, package: Package, small: Mapping[str, bytes]) -> None:
        self._tables.put(self._tables.packages, package.id, package)
        for digest, data in small.items():
            self._tables.put(self._tables.contents, digest, data)

    def put_leg(self, leg: Leg) -> None:
        self._tables.put(self._tables.legs, leg.key, leg)

    def add_step(self, step: Step) -> None:
        seq = self._tables.next_seq()
        self._tables.put(self._tables.steps, seq, replace(step, seq=seq))

    def add_status(self, report: StatusReport) -> bool:
        key = (report.carrier, report.package, report.addressee, report.recipient)
        if key in self._tables.statuses:
            return False
        self._tables.put(self._tables.statuses, key, report)
        return True

    def add_notice(self, notice: Notice) -> None:
        seq = self._tables.next_seq()
        self._tables.put(self._tables.notices, seq, replace(notice, seq=seq))

    def drop_notices(self, to: str, up_to: int) -> None:
        for seq in [seq for seq, notice in self._tables.notices.items() if notice.to == to and seq <= up_to]:
            self._tables.drop(self._tables.notices, seq)

    def set_mark(self, name: str, value: str) -> None:
        self._tables.put(self._tables.marks, name, value)

    def put_report(self, package_id: str, part: str, report: str) -> None:
        self._tables.put(self._tables.reports, (package_id, part), report)

    def record(self, event: Event) -> int:
        self._tables.leaves.append(event.to_leaf())
        return len(self._tables.leaves) - 1


def _free(leg: Leg, now: datetime) -> bool:
    return leg.locked_until is None or leg.locked_until <= now


def _party(package: Package, leg: Leg) -> str:
    return package.sender if leg.lane is Lane.OUT else leg.recipient


def _needs_report(leg: Leg) -> bool:
    return leg.lane is Lane.IN and leg.content is Content.EDOC and leg.state in ARRIVED_AT_DESK


def _speaks_of(package: Package, text: str) -> bool:
    head = package.head
    facts = (package.id, package.message_id, head.document_id, head.number, head.notation, head.subject)
    row = folded("\n".join(facts))
    return all(word in row for word in folded(text).split())


class MemoryStore:
    """`Store` and `Log` in one process: every piece of work is a batch of its own, signed when it logged something."""

    def __init__(self, signer: SoftNoteSigner, clock: Clock) -> None:
        self._signer, self._clock = signer, clock
        self.tables = Tables()
        self._frontier = Frontier()
        self._hashes: list[bytes] = []
        self._receipts: list[Receipt] = []
        self._checkpoints: dict[int, tuple[str, datetime]] = {}
        self._stamps: dict[int, bytes] = {}

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run the work; all of it stands when this returns, nothing of it when this raises."""
        leaves = len(self.tables.leaves)
        try:
            result = work(MemoryTransaction(self.tables))
        except BaseException:
            self.tables.roll_back(leaves)
            raise
        self.tables.undo.clear()
        self._seal(self.tables.leaves[leaves:])
        return result

    async def read(self, work: Callable[[View], T]) -> T:
        """Run the work on what stands."""
        return work(MemoryView(self.tables))

    async def receipt(self, index: int) -> Receipt:
        """The receipt made with the leaf's own batch; NotFound."""
        if not 0 <= index < len(self._receipts):
            raise NotFound(f"leaf {index}")
        return self._receipts[index]

    def _seal(self, leaves: Sequence[bytes]) -> None:
        if not leaves:
            return
        hashes = [leaf_hash(leaf) for leaf in leaves]
        batch = self._frontier.extend(hashes)
        note = sign_checkpoint(Checkpoint(self._signer.name, batch.size, batch.root()), self._signer)
        self._receipts += receipts(batch, leaves, note, (self._signer.certificate, *self._signer.chain))
        self._frontier = batch.after
        self._hashes += hashes
        self._checkpoints[batch.size] = (note, self._clock.now())

    # ------------------------------------------------------------ Log

    async def checkpoint(self) -> str:
        """The newest signed checkpoint note; empty while nothing is logged."""
        return self._checkpoints[len(self._hashes)][0] if self._hashes else ""

    async def stamped_receipt(self, index: int) -> Receipt | None:
        """The leaf's receipt at the first stamped checkpoint that covers it, token included, or None."""
        size = min((size for size in self._stamps if size > index), default=None)
        if size is None or index < 0:
            return None
        tree = Frontier().extend(self._hashes[:size])
        found = self._receipts[index]
        return replace(
            found,
            size=size,
            proof=tree.proofs()[index],
            checkpoint=self._checkpoints[size][0],
            stamp=self._stamps[size],
        )

    async def unstamped(self) -> tuple[int, str, datetime] | None:
        """Size, note and time of the newest checkpoint if it is newer than the last stamped one."""
        size = len(self._hashes)
        if size <= max(self._stamps, default=0):
            return None
        return size, *self._checkpoints[size]

    async def keep_stamp(self, size: int, token: bytes) -> None:
        """Keep the time-stamp token of the checkpoint of that size."""
        self._stamps[size] = token

    async def tile(self, level: int, index: int, width: int) -> bytes:
        """Hashes of a tile as tlog-tiles defines it; NotFound."""
        start, unit = index * 256, 256**level
        if level < 0 or index < 0 or not 1 <= width <= 256 or (start + width) * unit > len(self._hashes):
            raise NotFound(f"tile {level}/{index}/{width}")
        spans = range(start * unit, (start + width) * unit, unit)
        return b"".join(root_from_leaves(self._hashes[first : first + unit]) for first in spans)

    async def leaves(self, start: int, count: int) -> Sequence[bytes]:
        """Leaves' bytes from a start, at most count."""
        return self.tables.leaves[start : start + count]

    async def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The consistency proof between two sizes (RFC 9162 §2.1.4)."""
        return consistency_proof(LeafHashes(self._hashes), old, new)


class MemoryObjects:
    """`Objects` in one process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def keep(self, contents: Mapping[str, bytes]) -> None:
        """Store all."""
        self.kept.update(contents)

    async def fetch(self, sha256: str) -> bytes:
        """The bytes, their digest checked; NotFound, EvidenceBroken."""
        if sha256 not in self.kept:
            raise NotFound(sha256)
        if hashlib.sha256(self.kept[sha256]).hexdigest() != sha256:
            raise EvidenceBroken(sha256)
        return self.kept[sha256]
