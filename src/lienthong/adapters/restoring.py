"""Restore a hop from a backup into an empty place, without ever forking its log.

What a hop did after the backup is lost to it, but its receipts are out there: going on under the same log name would
sign two histories. So the same name goes on only where nothing followed; otherwise the hop goes on under a new name,
with the old log as the beginning of the new one and a leaf that says where the one ended.
"""

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from lienthong.adapters.backup import OBJECTS, ROWS, verify
from lienthong.adapters.installation import Installation, Place, Tell, at_rest, check_objects, copy_objects
from lienthong.adapters.ledger import Ledger, LogSigner
from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.sql import audit, copying, log
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.migrate import PROGRAM, upgrade
from lienthong.errors import EvidenceBroken, LogWouldFork
from lienthong.evidence import Checkpoint, Event, EventKind, Frontier, hop_of, leaf_hash
from lienthong.evidence.note import Note

UNFINISHED = "chưa phục hồi xong, hãy chạy lại lệnh / not all is restored yet, run the command again"
AHEAD = 1 << 32
"""Notices go on so far beyond the last one known: other hops have cursors of news that are lost here."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now. `continued` names the new logs that go on from old ones."""

    rows: dict[str, int]
    objects: int
    logs: tuple[audit.ProvedLog, ...]
    continued: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of the logs since the backup: newest checkpoints as others saw them, or that nothing followed."""

    newest: tuple[str, ...] = ()
    nothing_followed: bool = False


def restore(
    place: Place, backup: Path, signers: Sequence[LogSigner], moment: datetime, known: Knowledge, tell: Tell
) -> Restored:
    """Verify the backup, fill the empty place from it, verify that, and let it go on; a signer for each shard.

    LogWouldFork unless nothing followed or a log has a new name; ConfigurationInvalid for a place that is not empty.
    """
    manifest = verify(backup, tell)
    fresh = {
        shard: signers[shard]
        for shard, note in manifest.checkpoints.items()
        if shard < len(signers) and must_continue(note, signers[shard].name, known)
    }
    with at_rest(place) as new:
        with _rows(backup, place.data, manifest.revision) as source:
            copying.copy(source, new.engine, f"{UNFINISHED}: {backup.name}", tell)
            expected = copying.tallies(source)
            asyncio.run(copy_objects(source, LocalObjects(backup.parent / OBJECTS), new.objects, tell))
        objects = _checked(new, expected, tell)
        proved = _let_go(new, fresh, moment)
    names = tuple(signer.name for signer in fresh.values())
    return Restored({name: tally.rows for name, tally in expected.items()}, objects, proved, names)


def must_continue(note: str, origin: str, known: Knowledge) -> bool:
    """Whether a new log begins where the backup's ended. Raises `LogWouldFork`."""
    here = Checkpoint.parse(Note.parse(note).text)
    if here.origin != origin:
        return True
    same = [_same(here, newest) for newest in known.newest]  # all are looked at: one that contradicts is told
    if known.nothing_followed or any(same):
        return False
    raise LogWouldFork(f"{here.origin} {here.size}")


def _same(here: Checkpoint, newest: str) -> bool:
    """Whether it is the very checkpoint. EvidenceBroken for one that is older, or contradicts."""
    told = Checkpoint.parse(Note.parse(newest).text)
    if told.origin != here.origin:
        return False
    if told.size < here.size or (told.size == here.size and told.root != here.root):
        raise EvidenceBroken(f"{told.origin} {told.size} ≠ {here.origin} {here.size}")
    return told.size == here.size


def _checked(new: Installation, expected: dict[str, copying.Tally], tell: Tell) -> int:
    with new.engine.connect() as connection:
        copying.compare(expected, copying.tallies(connection))
        audit.prove_logs(connection)
        return asyncio.run(check_objects(connection, new.objects, tell))


def _let_go(new: Installation, fresh: Mapping[int, LogSigner], moment: datetime) -> tuple[audit.ProvedLog, ...]:
    """All in one transaction, so that a command that is run again does it once."""
    with new.engine.begin() as connection:
        for shard, signer in fresh.items():
            continue_log(connection, shard, signer, moment)
        copying.set_counter(connection, t.notice, copying.counters(connection)[t.notice.name] + AHEAD)
        copying.let_go(connection)
    with new.engine.connect() as connection:
        return audit.prove_logs(connection)


def continue_log(connection: sa.Connection, shard: int, signer: LogSigner, moment: datetime) -> None:
    """Begin a log of another name with all leaves of the old one, and one that tells of it."""
    note = log.checkpoint(connection, shard)
    old = Checkpoint.parse(Note.parse(note).text)
    told = f"{old.origin} {old.size} {old.root.hex()}"
    hop, digest = hop_of(signer.name), sha256(note.encode()).hexdigest()
    leaf = Event(EventKind.CONTINUED, hop, moment, "", "", "", "", digest, text=told).to_leaf()
    ledger = Ledger(Frontier.of(log.SqlTiles(connection, shard), old.size), signer)
    hashes = [leaf_hash(leaf)]
    growth = ledger.grown([leaf], hashes)
    log.store(connection, shard, growth, hashes, moment, log.chain_id(connection, ledger.chain))


@contextmanager
def _rows(backup: Path, data: Path, revision: str) -> Iterator[sa.Connection]:
    """The backup's rows in tables of today; those of an older version are brought up in a copy."""
    if revision == PROGRAM.post:
        with copying.frozen(backup / ROWS).connect() as connection:
            yield connection
        return
    copy = data / "restoring.sqlite3"
    shutil.copyfile(backup / ROWS, copy)
    engine = make_engine(f"sqlite:///{copy}", writer=True)
    try:
        upgrade(engine)
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
        for path in data.glob("restoring.sqlite3*"):
            path.unlink()
