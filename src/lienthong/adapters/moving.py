"""Move a stopped hop to another database and object store: all rows, all objects, the log proved, then the old one
shut for good, because two hops that go on from one log would fork it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from lienthong.adapters.installation import Installation, Place, at_rest, check_objects, copy_objects
from lienthong.adapters.sql import audit, copying
from lienthong.errors import ConfigurationInvalid

Tell = Callable[[str, int], None]
UNFINISHED = "chưa chép xong, hãy chạy lại lệnh / not all is copied yet, run the command again"
MOVED = "đã chuyển đi nơi khác, không được chạy lại ở đây / moved elsewhere, must not run here again"


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: rows by table, objects, and the logs as they were proved at their new place."""

    rows: dict[str, int]
    objects: int
    logs: tuple[audit.ProvedLog, ...]


def move(source: Place, target: Place, tell: Tell) -> Moved:
    """Copy, compare, prove, and only then shut the source. A move that was cut off goes on.

    ConfigurationInvalid if either is in use, the source was moved before, or the target is not empty; EvidenceBroken
    if anything differs. The source is left as it was until all is proved.
    """
    with at_rest(source) as old, at_rest(target) as new:
        if old.engine.url == new.engine.url:
            raise ConfigurationInvalid("hai nơi là một / both places are the same")
        return _move(old, new, tell)


def _move(old: Installation, new: Installation, tell: Tell) -> Moved:
    with old.engine.connect() as connection:
        proved = audit.prove_logs(connection)
        reason = " ".join([f"{UNFINISHED}:", *(f"{log.origin} {log.size}" for log in proved)])
        _require_open(connection, new, reason)
        copying.copy(connection, new.engine, reason, tell)
        asyncio.run(copy_objects(connection, old.objects, new.objects, tell))
        moved = _checked(connection, new, tell)
    with old.engine.begin() as connection:
        copying.hold(connection, MOVED)
    with new.engine.begin() as connection:
        copying.let_go(connection)
    return moved


def _checked(source: sa.Connection, new: Installation, tell: Tell) -> Moved:
    """Every row of both places, the log from its leaves, every object from its bytes."""
    expected = copying.tallies(source)
    with new.engine.connect() as connection:
        copying.compare(expected, copying.tallies(connection))
        proved = audit.prove_logs(connection)
        objects = asyncio.run(check_objects(connection, new.objects, tell))
    return Moved({name: tally.rows for name, tally in expected.items()}, objects, proved)


def _require_open(source: sa.Connection, new: Installation, reason: str) -> None:
    """A source that was shut may only end the very move that shut it."""
    found = copying.held(source)
    with new.engine.connect() as connection:
        ending = found == MOVED and copying.held(connection) == reason
    if found and not ending:
        raise ConfigurationInvalid(found)
