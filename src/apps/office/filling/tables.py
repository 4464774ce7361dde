"""Many rows at once, in the words of each database: COPY on PostgreSQL, executemany on SQLite.

Rows are tuples of the columns named; every other column has its model's default. Moments and days are texts, ids
hexadecimal: both databases read them so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Max, Model

Cell = str | int | bool | None
Row = tuple[Cell, ...]


def moment(at: datetime) -> str:
    """As both databases read it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class Table:
    """A model's table, of which rows bring these fields."""

    def __init__(self, model: type[Model], *names: str) -> None:
        about = model._meta  # noqa: SLF001 - documented under this very name
        fields = {field.name: field for field in about.concrete_fields}
        same = [field for name, field in fields.items() if name not in names and not field.primary_key]
        self._columns = [str(field.column) for field in (*(fields[name] for name in names), *same)]
        self._same = tuple(map(_default, same))
        self._name = about.db_table

    def put(self, rows: Iterable[Row]) -> None:
        """Insert them, inside the caller's transaction."""
        quoted = ", ".join(map(connection.ops.quote_name, self._columns))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self._name} ({quoted}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row + self._same)
            else:
                places = ", ".join(["%s"] * len(self._columns))
                insert = f"INSERT INTO {self._name} ({quoted}) VALUES ({places})"  # noqa: S608 - the models' own names
                cursor.executemany(insert, [row + self._same for row in rows])


@contextmanager
def in_bulk(models: Sequence[type[Model]]) -> Iterator[None]:
    """Rows of these come without indexes and triggers, which are made anew at the end: sorted once, not row by row.

    Nobody else should work there meanwhile. What is unique stays so throughout.
    """
    indexes = [index for model in models for index in _indexes(model._meta.db_table)]  # noqa: SLF001 - as above
    _run(*(f"DROP {kind} {connection.ops.quote_name(name)}" for kind, name, _ in indexes))
    _run(*_SETTINGS[connection.vendor])
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()
        _run(*(made for *_, made in indexes))


_SETTINGS = {
    "postgresql": ("SET maintenance_work_mem = '256MB'", "SET synchronous_commit = off"),
    "sqlite": ("PRAGMA cache_size = -262144", "PRAGMA temp_store = FILE"),
}
_INDEXES = {
    "postgresql": "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    " AND tablename = %s AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = %s"
    " AND sql NOT LIKE 'CREATE UNIQUE%%'",
}


def _indexes(table: str) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES[connection.vendor], [table])
        return list(cursor.fetchall())


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _default(field: Field[Any, Any]) -> Cell:
    ready: Cell = field.get_db_prep_save(field.get_default(), connection)
    return ready


def next_id(model: type[Model]) -> int:
    """The first free number of a counting key."""
    return int(model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1  # noqa: SLF001 - documented under this very name


def counted_on(models: Sequence[type[Model]]) -> None:
    """Let keys that were given by hand be followed by the database's own."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(sql)
