"""Seats at a database: whoever writes holds one, and with it one log.

SQLite has a single seat, which the lock on the folder guards. On PostgreSQL a seat is an advisory lock of the session
that writes: with the connection goes the lock and the transaction under way, so two processes never grow the same log.
A process that finds no seat free waits as a standby and takes the first that is left.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from lienthong.adapters.ledger import LogSigner
from lienthong.errors import Unavailable

_SEATS = 0x4C540001  # our classes of advisory locks: any two numbers nobody else uses in this database
_WRITING = 0x4C540002
_DUTY = 0x4C540003
_MIGRATING = 0x4C540004
_KEY = "seat"


class NoSeat(Unavailable):
    """Every log of this hop has its writer: this process stands by."""


class Seats:
    """The logs a process may write, one at a time."""

    def __init__(self, signers: Sequence[LogSigner]) -> None:
        self.signers = tuple(signers)

    def held(self, connection: sa.Connection) -> int | None:
        """The seat this very connection holds, or None."""
        found: int | None = connection.info.get(_KEY)
        return found

    def take(self, connection: sa.Connection, before: int | None = None) -> int:
        """Take a seat for as long as the connection lives, if it can be the one held before. NoSeat."""
        if connection.dialect.name == "sqlite":
            connection.info[_KEY] = 0
            return 0
        numbers = sorted(range(len(self.signers)), key=lambda number: number != before)
        for number in numbers:
            if _locked(connection, _SEATS, number):
                connection.info[_KEY] = number
                return number
        raise NoSeat("mọi nhật ký đều đã có tiến trình ghi / every log has its writer; standing by")


def on_duty(connection: sa.Connection) -> bool:
    """Whether this connection's process is the one that does a hop's background work; asks to be."""
    if connection.dialect.name == "sqlite" or connection.info.get("duty"):
        return True
    connection.info["duty"] = _locked(connection, _DUTY, 0)
    return bool(connection.info["duty"])


def alone(connection: sa.Connection) -> None:
    """Wait until no other process writes; nobody else does until this transaction ends.

    Works read and then write. One batch at a time is what keeps them right, and what makes numbers given in a batch
    visible in their order (decision 0020).
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING}, 0)")


def migrating(connection: sa.Connection) -> None:
    """One process at a time changes tables."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING}, 0)")


def deserted(connection: sa.Connection) -> bool:
    """Whether nobody has a seat; then nobody writes until this connection ends (PostgreSQL §9.27.10)."""
    if not _locked(connection, _WRITING, 0):
        return False
    taken = sa.text(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = :kind AND database = :mine LIMIT 1"
    )
    mine = connection.execute(sa.text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar()
    return connection.execute(taken, {"kind": _SEATS, "mine": mine}).first() is None


def _locked(connection: sa.Connection, kind: int, number: int) -> bool:
    return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({kind}, {number})").scalar())
