"""A hop's memory as plain dictionaries: the twin of the tables, with the same answers in the same order."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from lienthong.adapters import searching
from lienthong.delivery.journey import HELD, UNDELIVERED, JourneyState
from lienthong.delivery.model import (
    Content,
    Lane,
    Leg,
    LegKey,
    Notice,
    Package,
    Page,
    Search,
    Standstill,
    StatusReport,
    Step,
)
from lienthong.delivery.trouble import Trouble, Troubles
from lienthong.document import VIETNAM
from lienthong.errors import InvalidValue
from lienthong.evidence import Event

_SEEN = frozenset({JourneyState.DELIVERED, JourneyState.HANDED_OVER})


@dataclass(slots=True)
class State:
    """What is durable. A write works on a copy, which takes its place or is forgotten."""

    packages: dict[str, Package] = field(default_factory=dict)
    legs: dict[LegKey, Leg] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    statuses: dict[tuple[str, str, str, str], StatusReport] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    reports: dict[tuple[str, str], str] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    last_notice: int = 0  # numbers are never given twice
    last_trouble: int = 0

    def copied(self) -> "State":
        """A copy as deep as changes go."""
        return State(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})


class MemoryView:
    """The `View` port over a state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def package(self, package_id: str) -> Package | None:
        return self._state.packages.get(package_id)

    def known(self, packages: Collection[str]) -> frozenset[str]:
        return frozenset(packages) & self._state.packages.keys()

    def packages_of(self, sender: str, document_id: str) -> Sequence[Package]:
        return [
            package
            for package in self._state.packages.values()
            if (package.sender, package.head.document_id, package.head.content) == (sender, document_id, Content.EDOC)
        ]

    def leg(self, key: LegKey) -> Leg | None:
        return self._state.legs.get(key)

    def legs(self, package_id: str, lane: Lane | None = None, next_hop: str | None = None) -> Sequence[Leg]:
        return self._legs(
            lambda leg: leg.package == package_id and lane in {None, leg.lane} and next_hop in {None, leg.next_hop}
        )

    def due(
        self, lane: Lane, next_hop: str, states: frozenset[JourneyState], now: datetime, limit: int
    ) -> Sequence[Leg]:
        found = self._legs(
            lambda leg: (
                (leg.lane, leg.next_hop) == (lane, next_hop)
                and leg.state in states
                and leg.due <= now
                and _unlocked(leg, now)
            )
        )
        return sorted(found, key=lambda leg: (-leg.urgency, leg.due))[:limit]

    def front(self, lane: Lane, next_hop: str, state: JourneyState, urgency: int, now: datetime) -> datetime | None:
        found = self.due(lane, next_hop, frozenset({state}), now, len(self._state.legs))
        return min((leg.due for leg in found if leg.urgency == urgency), default=None)

    def inbox(self, recipient: str, contents: frozenset[str], now: datetime, limit: int) -> Sequence[Leg]:
        found = self._legs(
            lambda leg: (
                (leg.recipient, leg.lane, leg.state) == (recipient, Lane.IN, JourneyState.DELIVERED)
                and leg.content in contents
                and _unlocked(leg, now)
            )
        )
        return sorted(found, key=lambda leg: (-leg.urgency, leg.since))[:limit]

    def expiring(self, now: datetime, limit: int) -> Sequence[Leg]:
        found = self._legs(lambda leg: leg.lane is not Lane.IN and leg.state in UNDELIVERED and leg.expires_at <= now)
        found = [leg for leg in found if _unlocked(leg, now)]
        return sorted(found, key=lambda leg: leg.expires_at)[:limit]

    def listing(self, search: Search) -> Page:
        before = searching.cursor(search)
        found = [row for row in self._found(search) if before is None or row[0] < before]
        page = found[: search.limit]
        return Page(tuple(row[1:] for row in page), str(page[-1][0]) if page and len(found) > len(page) else "")

    def count(self, search: Search) -> int:
        return len(self._found(search))

    def _found(self, search: Search) -> list[tuple[int, Package, tuple[Leg, ...]]]:
        numbered = [(seq, *self._shown(search, each)) for seq, each in enumerate(self._state.packages.values(), 1)]
        return [row for row in reversed(numbered) if searching.matches(search, *row[1:])]

    def happenings(self, party: str, after: int, limit: int) -> tuple[Sequence[tuple[Step, Package]], int]:
        if after < 0:
            return [], len(self._state.steps)
        later = ((step, self._state.packages.get(step.package)) for step in self._state.steps[after:])
        found = [(step, package) for step, package in later if package and self._concerns(party, step, package)]
        return found[:limit], found[limit - 1][0].seq if len(found) > limit else len(self._state.steps)

    def _concerns(self, party: str, step: Step, package: Package) -> bool:
        if step.lane is Lane.OUT:
            return package.sender == party
        held = (leg for leg in self.legs(package.id, Lane.IN) if leg.recipient == party and leg.state in HELD)
        return step.lane is Lane.IN and any(step.addressee in {"", leg.addressee} for leg in held)

    def steps(self, package_id: str) -> Sequence[Step]:
        return [step for step in self._state.steps if step.package == package_id]

    def statuses(self, package_id: str) -> Sequence[StatusReport]:
        return [report for report in self._state.statuses.values() if report.package == package_id]

    def notices(self, to: str, after: int, limit: int) -> Sequence[Notice]:
        return [notice for notice in self._state.notices if notice.to == to and notice.seq > after][:limit]

    def mark(self, name: str) -> str:
        return self._state.marks.get(name, "")

    def marked(self, names: Collection[str]) -> frozenset[str]:
        return frozenset(name for name in names if self._state.marks.get(name))

    def content(self, sha256: str) -> bytes | None:
        return self._state.contents.get(sha256)

    def reports(self, package_id: str) -> Mapping[str, str]:
        found = sorted(self._state.reports.items())
        return {part: report for (package, part), report in found if package == package_id}

    def unreported(self, limit: int) -> Sequence[Package]:
        wanted = {leg.package for leg in self._legs(_wants_report)} - {package for package, _ in self._state.reports}
        return [package for package in self._state.packages.values() if package.id in wanted][:limit]

    def counts(self) -> Mapping[str, int]:
        told: dict[str, int] = {}
        for leg in self._state.legs.values():
            told[f"{leg.lane}/{leg.state}"] = told.get(f"{leg.lane}/{leg.state}", 0) + 1
        waiting = [leg.since for leg in self._state.legs.values() if leg.state in UNDELIVERED]
        return told | ({"oldest_waiting": int(min(waiting).timestamp())} if waiting else {})

    def waiting(self) -> Mapping[str, tuple[int, datetime]]:
        told: dict[str, tuple[int, datetime]] = {}
        for leg in self._state.legs.values():
            if (leg.lane, leg.state) == (Lane.THROUGH, JourneyState.ACCEPTED):
                count, since = told.get(leg.next_hop, (0, leg.since))
                told[leg.next_hop] = (count + 1, min(since, leg.since))
        return told

    def waiting_for(self) -> Mapping[str, int]:
        held = (leg for leg in self._state.legs.values() if leg.state is JourneyState.ACCEPTED)
        return Counter(leg.recipient for leg in held if leg.lane is Lane.THROUGH)

    def awaited(self, next_hop: str) -> frozenset[str]:
        return frozenset(leg.recipient for leg in self._awaiting(next_hop))

    def awaiting(self, next_hop: str, recipient: str, limit: int) -> Sequence[Leg]:
        return [leg for leg in self._awaiting(next_hop) if leg.recipient == recipient][:limit]

    def _awaiting(self, next_hop: str) -> list[Leg]:
        wanted = (Lane.THROUGH, JourneyState.ACCEPTED, next_hop)
        return self._legs(lambda leg: (leg.lane, leg.state, leg.next_hop) == wanted)

    def tally(self, hop: str, after: int, limit: int) -> tuple[int, Mapping[tuple[date, str], int]]:
        found = self._state.steps[after : after + limit]
        own = (step for step in found if step.hop == hop)
        return after + len(found), Counter((step.at.astimezone(VIETNAM).date(), step.kind) for step in own)

    def standstill(self, before: datetime, limit: int) -> Sequence[Standstill]:
        standing = {Lane.OUT: UNDELIVERED, Lane.IN: frozenset({JourneyState.DELIVERED})}
        found: dict[tuple[Lane, JourneyState, str], list[datetime]] = {}
        for leg in self._state.legs.values():
            if leg.since < before and leg.state in standing.get(leg.lane, ()):
                found.setdefault((leg.lane, leg.state, leg.recipient), []).append(leg.since)
        still = [Standstill(*key, len(times), min(times)) for key, times in found.items()]
        return sorted(still, key=lambda each: (each.since, each.recipient))[:limit]

    def trouble(self, key: str) -> Trouble | None:
        return self._state.troubles.get(key)

    def troubles(self, wanted: Troubles) -> Sequence[Trouble]:
        found = [each for each in self._state.troubles.values() if each.seq > wanted.after and _listed(each, wanted)]
        return sorted(found, key=lambda each: each.seq)[: wanted.limit]

    def dead_letters(self) -> Mapping[str, int]:
        return Counter(each.code for each in self._state.troubles.values() if each.dead)

    def swept_legs(self, after: int, limit: int) -> Sequence[tuple[int, Leg]]:
        return list(enumerate(self._state.legs.values(), 1))[after : after + limit]

    def swept_packages(self, after: int, limit: int) -> Sequence[tuple[int, Package]]:
        return list(enumerate(self._state.packages.values(), 1))[after : after + limit]

    def _legs(self, wanted: Callable[[Leg], bool]) -> list[Leg]:
        return [leg for leg in self._state.legs.values() if wanted(leg)]

    def _shown(self, search: Search, package: Package) -> tuple[Package, tuple[Leg, ...]]:
        return package, tuple(leg for leg in self.legs(package.id) if searching.shows(search, package, leg))


class MemoryTransaction(MemoryView):
    """The `Transaction` port over a state of its own."""

    def __init__(self, state: State, log_size: int) -> None:
        super().__init__(state)
        self._log_size = log_size
        self.leaves: list[bytes] = []

    def add_package(self, package: Package, small: Mapping[str, bytes]) -> None:
        self._state.packages.setdefault(package.id, package)
        self._state.contents |= small

    def put_leg(self, leg: Leg) -> None:
        self._state.legs[leg.key] = leg

    def add_step(self, step: Step) -> None:
        self._state.steps.append(replace(step, seq=len(self._state.steps) + 1))

    def add_status(self, report: StatusReport) -> bool:
        self._require(report.package)
        key = (report.package, report.lane, report.recipient, report.carrier)
        if key in self._state.statuses:
            return False
        self._state.statuses[key] = report
        return True

    def add_notice(self, notice: Notice) -> None:
        self._state.last_notice += 1
        self._state.notices.append(replace(notice, seq=self._state.last_notice))

    def drop_notices(self, to: str, up_to: int) -> None:
        self._state.notices = [kept for kept in self._state.notices if kept.to != to or kept.seq > up_to]

    def set_mark(self, name: str, value: str) -> None:
        self._state.marks[name] = value

    def put_report(self, package_id: str, part: str, report: str) -> None:
        self._require(package_id)
        self._state.reports[package_id, part] = report

    def put_trouble(self, trouble: Trouble) -> None:
        known = self._state.troubles.get(trouble.key)
        self._state.last_trouble += known is None
        self._state.troubles[trouble.key] = replace(trouble, seq=known.seq if known else self._state.last_trouble)

    def drop_trouble(self, key: str) -> None:
        self._state.troubles.pop(key, None)

    def record(self, event: Event) -> int:
        self.leaves.append(event.to_leaf())
        return self._log_size + len(self.leaves) - 1

    def _require(self, package_id: str) -> None:
        if package_id not in self._state.packages:
            raise InvalidValue(f"no package {package_id}")


def _listed(trouble: Trouble, wanted: Troubles) -> bool:
    asked = ((wanted.work, trouble.work), (wanted.package, trouble.package), (wanted.code, trouble.code))
    timely = wanted.due is None or trouble.due <= wanted.due
    return all(name in {"", found} for name, found in asked) and timely and wanted.dead in {None, trouble.dead}


def _unlocked(leg: Leg, now: datetime) -> bool:
    return leg.locked_until is None or leg.locked_until <= now


def _wants_report(leg: Leg) -> bool:
    return leg.lane is Lane.IN and leg.content is Content.EDOC and leg.state in _SEEN
