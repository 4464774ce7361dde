"""Changes that wait to be written: gathered over many works, so that each table is written once a batch.

A work writes into its own layer; a work that fails just leaves it behind. A layer knows what it holds by key, so the
reads that nearly every work begins with (is this package known? where is this leg?) need not write first.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import statements as s
from lienthong.adapters.sql.prepared import among, prepared
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Content, Lane, Leg, LegKey, Notice, Package, Step

_WANTS_REPORT = frozenset({JourneyState.DELIVERED, JourneyState.HANDED_OVER})


@dataclass(slots=True)
class Changes:
    """One layer. A key holds its newest value, in the place of its first."""

    packages: dict[str, Package] = field(default_factory=dict)
    legs: dict[LegKey, Leg] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.packages, self.legs, self.contents, self.marks, self.steps, self.notices))

    def absorb(self, other: "Changes") -> None:
        """Take over what a work did."""
        self.packages = {**other.packages, **self.packages} if other.packages else self.packages
        self.legs.update(other.legs)
        self.contents.update(other.contents)
        self.marks.update(other.marks)
        self.steps += other.steps
        self.notices += other.notices

    def size(self) -> int:
        """About how many bytes wait here."""
        return sum(map(len, self.contents.values())) + 1024 * (len(self.packages) + len(self.legs) + len(self.steps))

    def write(self, connection: sa.Connection) -> None:
        """Put everything into the tables and be empty."""
        upserts = s.upserts(connection.dialect.name)
        write(connection, upserts.content, [{"sha256": key, "data": data} for key, data in self.contents.items()])
        write(connection, upserts.package, [rows.package_values(package) for package in self.packages.values()])
        write(connection, upserts.leg, _leg_rows(connection, self.legs.values()))
        write(connection, s.want_report, [{"of": key} for key in dict.fromkeys(_unreported(self.legs))])
        write(connection, s.add_step, [rows.step_values(step) for step in self.steps])
        write(connection, s.add_notice, [rows.notice_values(notice) for notice in self.notices])
        write(connection, upserts.mark, [{"name": name, "value": value} for name, value in self.marks.items() if value])
        write(connection, s.drop_mark, [{"old_name": name} for name, value in self.marks.items() if not value])
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        for held in (self.packages, self.legs, self.contents, self.marks, self.steps, self.notices):
            held.clear()


def _leg_rows(connection: sa.Connection, legs: Collection[Leg]) -> list[rows.Values]:
    """With the numbers of their packages, asked once each: the trigger that numbers a leg writes it a second time."""
    found = among(connection, s.numbers, {leg.package for leg in legs})
    numbers = {row[0]: row[1] for row in found}
    return [rows.leg_values(leg, numbers.get(leg.package)) for leg in legs]


def _unreported(legs: Mapping[LegKey, Leg]) -> Iterator[str]:
    """Packages whose signatures are to be looked at."""
    for leg in legs.values():
        if leg.lane is Lane.IN and leg.content is Content.EDOC and leg.state in _WANTS_REPORT:
            yield leg.package


def write(connection: sa.Connection, statement: Any, values: list[dict[str, Any]]) -> None:
    """Execute for many rows of the same columns."""
    if values:
        keys = tuple(values[0]) if statement.is_insert else None
        prepared(statement, connection.dialect, keys).run_many(connection, values)
