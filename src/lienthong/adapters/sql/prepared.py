"""Statements compiled once, for the paths that run for every package.

SQLAlchemy spends more on binding fifteen columns by name, and on describing a row of twelve, than SQLite on keeping
them; so here the text is compiled once a dialect and handed to the driver, inside SQLAlchemy's transaction. Values must
already be what the driver takes (no JSON types).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

Values = Mapping[str, Any]


class Prepared:
    """One statement in one dialect's words."""

    def __init__(self, statement: Any, dialect: sa.Dialect, keys: Sequence[str] | None = None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        self._text, self._dialect = str(compiled), dialect
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        bound = _positional(tuple(compiled.positiontup or ())) if compiled.positional else dict
        self._bound: Callable[[Values], Any] = (lambda values: bound({**fixed, **values})) if fixed else bound

    def first(self, connection: sa.Connection, values: Values) -> Sequence[Any] | None:
        """The first row, or None."""
        with self._cursor(connection) as cursor:
            cursor.execute(self._text, self._bound(values))
            row: Sequence[Any] | None = cursor.fetchone()
            return row

    def all(self, connection: sa.Connection, values: Values) -> Sequence[Sequence[Any]]:
        """Every row."""
        with self._cursor(connection) as cursor:
            cursor.execute(self._text, self._bound(values))
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
            return rows

    def run_many(self, connection: sa.Connection, values: Sequence[Values]) -> None:
        """Execute for each; nothing for none."""
        if values:
            with self._cursor(connection) as cursor:
                cursor.executemany(self._text, [self._bound(each) for each in values])

    @contextmanager
    def _cursor(self, connection: sa.Connection) -> Iterator[Any]:
        """The driver's cursor; its errors come as SQLAlchemy's."""
        failure = self._dialect.loaded_dbapi.Error
        try:
            with closing(connection.connection.cursor()) as cursor:
                yield cursor
        except failure as error:
            raise sa.exc.DBAPIError.instance(self._text, None, error, failure, dialect=self._dialect) from error


def _positional(names: tuple[str, ...]) -> Callable[[Values], Any]:
    if len(names) < 2:  # an itemgetter of one gives no tuple
        return lambda values: tuple(values[name] for name in names)
    return itemgetter(*names)


def among(
    connection: sa.Connection, statement: Callable[[int], Any], asked: Collection[str]
) -> Sequence[Sequence[Any]]:
    """The rows of a statement made for so many values, named `0` and on; a text for each number, compiled once."""
    if not asked:
        return ()
    values = {str(place): each for place, each in enumerate(asked)}
    return prepared(statement(len(asked)), connection.dialect).all(connection, values)


@lru_cache(256)
def prepared(statement: Any, dialect: sa.Dialect, keys: tuple[str, ...] | None = None) -> Prepared:
    """The statement for this dialect; `keys` are the columns an insert is given."""
    return Prepared(statement, dialect, keys)
