"""Connections to PostgreSQL by libpq's own rules: several hosts, password and service files (libpq §34.1)."""

from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import conninfo
from psycopg.types.json import set_json_dumps, set_json_loads

from lienthong.adapters.sql.rows import from_json, to_json
from lienthong.errors import ConfigurationInvalid

# A dead server is noticed within half a minute, not when TCP gives up after a quarter of an hour.
_DEFAULTS = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
    "application_name": "lienthong",
}
# Batches run one at a time: a process that stands still in the middle of one is cut off; nobody waits for ever.
_WRITER = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=15s"
_OLDEST = 150000


def is_postgresql(url: str) -> bool:
    """Whether the URL is libpq's."""
    return url.startswith(("postgresql://", "postgres://"))


def settings(url: str) -> dict[str, Any]:
    """The connection's parameters. ConfigurationInvalid for what is none, and for a password that everyone reads."""
    try:
        told = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ConfigurationInvalid(f"store.url: {error}") from error
    if told.get("password"):
        raise ConfigurationInvalid(
            "store.url: mật khẩu phải nằm trong tệp (passfile, service) / the password belongs into a file"
        )
    several = "," in str(told.get("host", "")) or "," in str(told.get("hostaddr", ""))
    return _DEFAULTS | ({"target_session_attrs": "read-write"} if several else {}) | told


def shown(url: str) -> str:
    """A URL for logs and sentences: where and which database, nothing else."""
    told = settings(url)
    return f"postgresql://{told.get('host', '')}:{told.get('port', '')}/{told.get('dbname', '')}"


def server_engine(url: str, *, writer: bool) -> sa.Engine:
    """An engine on PostgreSQL. The writer sees what others committed at each statement, a reader one moment a read."""
    told = settings(url)
    if writer:
        told["options"] = f"{told.get('options', '')} {_WRITER}".strip()
    return sa.create_engine(
        "postgresql+psycopg://",
        creator=_opener(told, writer=writer),
        json_serializer=to_json,
        json_deserializer=from_json,
        pool_size=1 if writer else 8,
        max_overflow=0,
    )


def _opener(told: dict[str, Any], *, writer: bool) -> Callable[[], psycopg.Connection[Any]]:
    def connect() -> psycopg.Connection[Any]:
        connection = psycopg.connect(**told)
        set_json_loads(from_json, connection)  # SQLAlchemy tells only connections it opens by itself
        set_json_dumps(to_json, connection)
        if connection.info.server_version < _OLDEST:
            connection.close()
            raise ConfigurationInvalid("PostgreSQL < 15")
        if not writer:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
        return connection

    return connect
