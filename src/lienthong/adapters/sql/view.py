"""What can be read of a hop's memory over one connection, in one transaction of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import statements as s
from lienthong.adapters.sql.happening import happenings
from lienthong.adapters.sql.listing import count, listing, troubles
from lienthong.adapters.sql.prepared import among, prepared
from lienthong.delivery.journey import UNDELIVERED, JourneyState
from lienthong.delivery.model import Lane, Leg, LegKey, Notice, Package, Page, Search, Standstill, StatusReport, Step
from lienthong.delivery.trouble import Trouble, Troubles
from lienthong.document import VIETNAM


class SqlView:
    """The `View` port over a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _rows(self, statement: s.Select, **values: Any) -> Sequence[Any]:
        return prepared(statement, self._connection.dialect).all(self._connection, values)

    def _rows_among(self, statement: s.Select, **values: Any) -> Sequence[Any]:
        """As `_rows`, for a statement that compares with lists: its text depends on how long they are."""
        return self._connection.execute(statement, values).all()

    def _first(self, statement: s.Select, **values: Any) -> Any:
        return prepared(statement, self._connection.dialect).first(self._connection, values)

    def package(self, package_id: str) -> Package | None:
        row = self._first(s.package_by_id, id=package_id)
        return rows.package_of(row) if row else None

    def known(self, packages: Collection[str]) -> frozenset[str]:
        return frozenset(row[0] for row in among(self._connection, s.numbers, packages))

    def packages_of(self, sender: str, document_id: str) -> Sequence[Package]:
        return [rows.package_of(row) for row in self._rows(s.packages_of, sender=sender, document_id=document_id)]

    def leg(self, key: LegKey) -> Leg | None:
        package, lane, addressee = key
        row = self._first(s.leg_by_key, package=package, lane=str(lane), addressee=addressee)
        return rows.leg_of(row) if row else None

    def legs(self, package_id: str, lane: Lane | None = None, next_hop: str | None = None) -> Sequence[Leg]:
        if next_hop is None:
            legs = self._rows(s.legs, package=package_id)
        else:
            legs = self._rows(s.legs_to, package=package_id, next_hop=next_hop)
        found = [rows.leg_of(row) for row in legs]
        return [leg for leg in found if lane is None or leg.lane is lane]

    def due(
        self, lane: Lane, next_hop: str, states: frozenset[JourneyState], now: datetime, limit: int
    ) -> Sequence[Leg]:
        wanted = sorted(state.value for state in states)
        asked = {"lane": lane.value, "next_hop": next_hop, "states": wanted, "now": rows.ticks(now), "limit": limit}
        found = self._rows_among(s.due, **asked)
        return [rows.leg_of(row) for row in found]

    def front(self, lane: Lane, next_hop: str, state: JourneyState, urgency: int, now: datetime) -> datetime | None:
        asked = {"lane": lane.value, "next_hop": next_hop, "state": state.value, "precedence": -urgency}
        row = self._first(s.front, **asked, now=rows.ticks(now))
        return rows.moment(row[0]) if row else None

    def inbox(self, recipient: str, contents: frozenset[str], now: datetime, limit: int) -> Sequence[Leg]:
        wanted = sorted(map(str, contents))
        found = self._rows_among(s.inbox, recipient=recipient, contents=wanted, now=rows.ticks(now), limit=limit)
        return [rows.leg_of(row) for row in found]

    def expiring(self, now: datetime, limit: int) -> Sequence[Leg]:
        return [rows.leg_of(row) for row in self._rows_among(s.expiring, now=rows.ticks(now), limit=limit)]

    def listing(self, search: Search) -> Page:
        return listing(self._connection, search)

    def count(self, search: Search) -> int:
        return count(self._connection, search)

    def happenings(self, party: str, after: int, limit: int) -> tuple[Sequence[tuple[Step, Package]], int]:
        return happenings(self._connection, party, after, limit)

    def steps(self, package_id: str) -> Sequence[Step]:
        return [rows.step_of(row) for row in self._rows(s.steps, package=package_id)]

    def statuses(self, package_id: str) -> Sequence[StatusReport]:
        return [rows.status_of(row) for row in self._rows(s.statuses, package=package_id)]

    def notices(self, to: str, after: int, limit: int) -> Sequence[Notice]:
        return [Notice(*row) for row in self._rows(s.notices, to=to, after=after, limit=limit)]

    def mark(self, name: str) -> str:
        row = self._first(s.mark, name=name)
        return row[0] if row else ""

    def marked(self, names: Collection[str]) -> frozenset[str]:
        return frozenset(row[0] for row in among(self._connection, s.known_marks, names))

    def content(self, sha256: str) -> bytes | None:
        row = self._first(s.content, sha256=sha256)
        return bytes(row[0]) if row else None

    def reports(self, package_id: str) -> Mapping[str, str]:
        return {part: report for part, report in self._rows(s.reports, package=package_id)}  # noqa: C416  rows are no pairs to dict()

    def unreported(self, limit: int) -> Sequence[Package]:
        return [rows.package_of(row) for row in self._rows(s.unreported, limit=limit)]

    def counts(self) -> Mapping[str, int]:
        found = self._rows(s.counts)
        told = {f"{lane}/{state}": count for lane, state, count, _ in found}
        waiting = [since for _, state, _, since in found if state in UNDELIVERED]
        return told | ({"oldest_waiting": min(waiting) // 1_000_000} if waiting else {})

    def standstill(self, before: datetime, limit: int) -> Sequence[Standstill]:
        found = self._rows_among(s.standstill, before=rows.ticks(before), limit=limit)
        return [
            Standstill(Lane(lane), JourneyState(state), recipient, legs, rows.moment(since))
            for lane, state, recipient, legs, since in found
        ]

    def trouble(self, key: str) -> Trouble | None:
        row = self._first(s.trouble_by_key, key=key)
        return rows.trouble_of(row) if row else None

    def troubles(self, wanted: Troubles) -> Sequence[Trouble]:
        return troubles(self._connection, wanted)

    def dead_letters(self) -> Mapping[str, int]:
        return {code: count for code, count in self._rows(s.dead_letters)}  # noqa: C416  rows are no pairs to dict()

    def waiting(self) -> Mapping[str, tuple[int, datetime]]:
        return {hop: (count, rows.moment(since)) for hop, count, since in self._rows(s.waiting)}

    def waiting_for(self) -> Mapping[str, int]:
        return {recipient: count for recipient, count in self._rows(s.waiting_for)}  # noqa: C416  rows are no pairs to dict()

    def awaited(self, next_hop: str) -> frozenset[str]:
        return frozenset(recipient for (recipient,) in self._rows(s.awaited, next_hop=next_hop))

    def awaiting(self, next_hop: str, recipient: str, limit: int) -> Sequence[Leg]:
        found = self._rows(s.awaiting, next_hop=next_hop, recipient=recipient, limit=limit)
        return [rows.leg_of(row) for row in found]

    def tally(self, hop: str, after: int, limit: int) -> tuple[int, Mapping[tuple[date, str], int]]:
        found = self._rows(s.fresh_steps, after=after, limit=limit)
        days = Counter((rows.moment(at).astimezone(VIETNAM).date(), kind) for _, by, kind, at in found if by == hop)
        return (found[-1][0] if found else after), days

    def swept_legs(self, after: int, limit: int) -> Sequence[tuple[int, Leg]]:
        found = self._rows(s.swept_legs, after=after, limit=limit)
        return [(row[0], rows.leg_of(row[1:])) for row in found]

    def swept_packages(self, after: int, limit: int) -> Sequence[tuple[int, Package]]:
        found = self._rows(s.swept_packages, after=after, limit=limit)
        return [(row[0], rows.package_of(row[1:])) for row in found]
