"""Many rows at once, in the words of each database: COPY on PostgreSQL, executemany on SQLite.

Rows are tuples of the columns named; every other column has its model's default. Moments and days are texts, ids
hexadecimal: both databases read them so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Max, Model

Cell = str | int | bool | None
Row = tuple[Cell, ...]


def moment(at: datetime) -> str:
    """As both databases read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


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
