"""All tables of a hop from one database to another, in portions that outlive a kill, and compared row by row.

    source (one snapshot) ─► portions in key order, each one transaction with its place ─► counters ─► compare()

While it goes on a sign stands in the target (`hold`), so that no hop starts on half a memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from lienthong.adapters.sql.migrate import TAKEN, upgrade
from lienthong.adapters.sql.rows import from_json, to_json
from lienthong.adapters.sql.schema import metadata
from lienthong.errors import ConfigurationInvalid, EvidenceBroken

PORTION, PORTION_OF_BYTES = 2000, 200
"""Rows written in one transaction; fewer of tables that hold contents."""
Tell = Callable[[str, int], None]
"""Hears a table's name and how many rows of it were copied by now."""

_signs = sa.MetaData()
_hold = sa.Table("hold", _signs, sa.Column("reason", sa.Text, nullable=False))
_place = sa.Table(
    "copy_place", _signs, sa.Column("name", sa.Text, primary_key=True), sa.Column("key", sa.Text, nullable=False)
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a table holds: rows, and the sum of their digests, which no order of reading changes."""

    rows: int
    digest: str


def held(connection: sa.Connection) -> str:
    """Why no hop may run on this database, or empty."""
    if not sa.inspect(connection).has_table(_hold.name):
        return ""
    return str(connection.execute(sa.select(_hold.c.reason)).scalar() or "")


def hold(connection: sa.Connection, reason: str) -> None:
    """Keep hops from running on this database."""
    _hold.create(connection, checkfirst=True)
    connection.execute(sa.delete(_hold))
    connection.execute(sa.insert(_hold), {"reason": reason})


def let_go(connection: sa.Connection) -> None:
    """Hops may run on it; the places of a finished copy are forgotten."""
    _signs.drop_all(connection, checkfirst=True)


def refuse_held(connection: sa.Connection) -> None:
    """Raises `ConfigurationInvalid` where `hold` stands."""
    if reason := held(connection):
        raise ConfigurationInvalid(reason)


def frozen(path: Path) -> sa.Engine:
    """An SQLite file that nobody changes, for reading. Neither a journal nor a lock appears beside it."""
    return _of_file(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true")


def fresh(path: Path) -> sa.Engine:
    """A new SQLite file with all tables, of one piece once the engine is disposed of."""
    engine = _of_file(f"sqlite:///{path}")
    upgrade(engine)
    return engine


def _of_file(url: str) -> sa.Engine:
    engine = sa.create_engine(url, json_serializer=to_json, json_deserializer=from_json, poolclass=sa.pool.NullPool)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # else the driver begins transactions by its own rules
        connection.execute("PRAGMA synchronous=FULL")

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def is_empty(connection: sa.Connection) -> bool:
    """Whether no hop ever wrote here. Chains are written at every start."""
    tables = [table for table in metadata.sorted_tables if table.name != "chain"]
    return not any(
        connection.execute(_own(table, sa.select(table.primary_key.columns[0])).limit(1)).first() for table in tables
    )


def copy(source: sa.Connection, target: sa.Engine, reason: str, tell: Tell) -> None:
    """Copy what is not there yet; a copy that was cut off goes on where it stood, under the same reason.

    ConfigurationInvalid if the target holds anything else.
    """
    with target.begin() as connection:
        _begin(connection, reason)
    for table in metadata.sorted_tables:
        _copy_table(source, target, table, tell)
    with target.begin() as connection:
        _set_counters(connection, counters(source))


def _begin(connection: sa.Connection, reason: str) -> None:
    found = held(connection)
    if found == reason:
        return
    if found or not is_empty(connection):
        raise ConfigurationInvalid(f"nơi đến không trống / the target is not empty {found}".strip())
    for table in metadata.sorted_tables:
        connection.execute(_own(table, sa.delete(table)))
    hold(connection, reason)
    _place.create(connection, checkfirst=True)


def _copy_table(source: sa.Connection, target: sa.Engine, table: sa.Table, tell: Tell) -> None:
    with target.connect() as connection:
        text = connection.execute(sa.select(_place.c.key).where(_place.c.name == table.name)).scalar()
    key = None if text is None else _unpacked(text)
    done = 0
    for rows in portions(source, table, key):
        with target.begin() as connection:
            connection.execute(sa.insert(table), [_written(table, row) for row in rows])
            _remember(connection, table, rows[-1])
        tell(table.name, done := done + len(rows))


def _remember(connection: sa.Connection, table: sa.Table, row: sa.Row[Any]) -> None:
    connection.execute(sa.delete(_place).where(_place.c.name == table.name))
    key = _packed([row._mapping[column] for column in table.primary_key])  # noqa: SLF001  its public way to the columns
    connection.execute(sa.insert(_place), {"name": table.name, "key": key})


def portions(connection: sa.Connection, table: sa.Table, after: Sequence[Any] | None = None) -> Iterator[Sequence[Any]]:
    """The rows of a table by its key, beyond one."""
    columns = list(table.primary_key)
    heavy = any(isinstance(column.type, sa.LargeBinary) for column in table.c)
    query = _own(table, sa.select(table)).order_by(*columns).limit(PORTION_OF_BYTES if heavy else PORTION)
    while True:
        beyond = query if after is None else query.where(sa.tuple_(*columns) > sa.tuple_(*_literals(columns, after)))
        rows = connection.execute(beyond).all()
        if not rows:
            return
        yield rows
        after = [rows[-1]._mapping[column] for column in columns]  # noqa: SLF001  as above


def _own(table: sa.Table, statement: Any) -> Any:
    """What belongs to the hop: the tables themselves have a mark of their own."""
    if table.name == "mark":
        return statement.where(table.c.name != TAKEN)
    return statement if isinstance(statement, sa.Delete) else statement.select_from(table)


def _literals(columns: Sequence[sa.Column[Any]], values: Sequence[Any]) -> list[Any]:
    return [sa.literal(value, column.type) for column, value in zip(columns, values, strict=True)]


def _written(table: sa.Table, row: sa.Row[Any]) -> dict[str, Any]:
    """A row as an insert wants it: JSON columns come back as text, and are given as values."""
    return {column.name: _value(column, row._mapping[column]) for column in table.c}  # noqa: SLF001  as above


def _value(column: sa.Column[Any], value: Any) -> Any:
    if isinstance(column.type, sa.JSON) and isinstance(value, str | bytes):
        return msgspec.json.decode(value)
    if isinstance(column.type, sa.LargeBinary) and value is not None:
        return bytes(value)
    return value


# ---------------------------------------------------------------- comparing


def tally(connection: sa.Connection, table: sa.Table) -> Tally:
    """Count and sum up a table."""
    rows = total = 0
    for portion in portions(connection, table):
        rows += len(portion)
        for row in portion:
            told = msgspec.json.encode(_written(table, row), order="sorted")
            total += int.from_bytes(sha256(told).digest())
    return Tally(rows, f"{total % 2**256:064x}")


def tallies(connection: sa.Connection) -> dict[str, Tally]:
    """Every table's tally, by name."""
    return {table.name: tally(connection, table) for table in metadata.sorted_tables}


def compare(source: Mapping[str, Tally], target: Mapping[str, Tally]) -> None:
    """Raises `EvidenceBroken`, naming tables that are not the same."""
    differing = sorted(name for name in source if source[name] != target.get(name))
    if differing:
        told = ", ".join(f"{name} {source[name].rows} ≠ {target[name].rows}" for name in differing)
        raise EvidenceBroken(f"bản chép khác bản gốc / the copy differs: {told}")


# ---------------------------------------------------------------- counters


def counters(connection: sa.Connection) -> dict[str, int]:
    """The last number each table gave out, which may be beyond its rows: cursors of others rely on it."""
    return {table.name: max(_last(connection, table), _highest(connection, table)) for table in _counted()}


def _counted() -> list[sa.Table]:
    return [table for table in metadata.sorted_tables if table.autoincrement_column is not None]


def _column(table: sa.Table) -> sa.Column[Any]:
    found = table.autoincrement_column
    assert found is not None  # noqa: S101  of `_counted` alone
    return found


def _highest(connection: sa.Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.max(_column(table)))).scalar() or 0)


def _last(connection: sa.Connection, table: sa.Table) -> int:
    if connection.dialect.name == "sqlite":
        query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")  # sqlite.org/autoinc.html
        return int(connection.execute(query, {"name": table.name}).scalar() or 0)
    query = sa.text("SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:name, :of) AS regclass))")
    return int(connection.execute(query, {"name": table.name, "of": _column(table).name}).scalar() or 0)


def _set_counters(connection: sa.Connection, last: Mapping[str, int]) -> None:
    for table in _counted():
        set_counter(connection, table, last[table.name])


def set_counter(connection: sa.Connection, table: sa.Table, last: int) -> None:
    """The next number is beyond `last`."""
    if not last:
        return
    if connection.dialect.name != "sqlite":
        query = sa.text("SELECT setval(CAST(pg_get_serial_sequence(:name, :of) AS regclass), :last)")
        connection.execute(query, {"name": table.name, "of": _column(table).name, "last": last})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        keep = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        connection.execute(keep, {"name": table.name, "last": last})


def _packed(key: Sequence[Any]) -> str:
    return msgspec.json.encode(list(key)).decode()


def _unpacked(text: str) -> list[Any]:
    return msgspec.json.decode(text, type=list[Any])
