"""Connections to the database, its refusals in our own words, and the lock that makes one process its owner."""

import errno
import fcntl
import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lienthong.adapters.sql.postgresql import is_postgresql, server_engine
from lienthong.adapters.sql.rows import from_json, to_json
from lienthong.errors import ConfigurationInvalid, LienThongError, StorageFull, Unavailable

_SQLITE_FULL = 13  # sqlite.org/rescode.html
# PostgreSQL, appendix A: disk_full; serialization_failure and deadlock_detected
_DISK_FULL = "53100"
_CONFLICTS = frozenset({"40001", "40P01"})
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a commit is on the disk, not on its way there
    "foreign_keys=ON",
    "busy_timeout=5000",
    "cache_size=-65536",
    "temp_store=MEMORY",
)


def make_engine(url: str, *, writer: bool) -> sa.Engine:
    """An engine whose transactions begin where we say. A reader's connections cannot write."""
    return server_engine(url, writer=writer) if is_postgresql(url) else _embedded_engine(url, writer=writer)


def _embedded_engine(url: str, *, writer: bool) -> sa.Engine:
    engine = sa.create_engine(
        url, json_serializer=to_json, json_deserializer=from_json, pool_size=1 if writer else 8, max_overflow=0
    )
    pragmas = _PRAGMAS if writer else (*_PRAGMAS, "query_only=ON")
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # else the driver begins transactions by its own rules
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def broken(error: BaseException) -> bool:
    """Whether the transaction itself is gone: the connection was lost, the server refuses, the disk is full.

    PostgreSQL says so of a standby (25006) and of a transaction that failed before (25P02) as of an internal error.
    """
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, sa.exc.OperationalError | sa.exc.InternalError)


def worth_repeating(error: sa.exc.DBAPIError) -> bool:
    """Whether the same works may well succeed at once: others were in the way, or the connection had died before."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in _CONFLICTS


def translated(error: sa.exc.DBAPIError) -> LienThongError:
    """What a refusal of the database means to a caller."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code == _SQLITE_FULL or getattr(error.orig, "sqlstate", "") == _DISK_FULL:
        return StorageFull()
    return Unavailable(f"database: {str(error.orig).strip()}")


class Ownership:
    """The exclusive lock on a database: a log has one writer, or it would fork."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                raise
            raise ConfigurationInvalid(
                f"{path}: một tiến trình khác đang giữ nhật ký này / another process owns this log"
            ) from error

    def release(self) -> None:
        """Let another process own it; the file stays."""
        os.close(self._file)
