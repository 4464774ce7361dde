"""The figures of the overview: each is a question about rows of work, with the list it counts one click away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from apps.office.incoming.inboxes import IN_FORCE, TO_DO, late
from apps.office.incoming.policy import WORKED_ON, held, visible
from apps.office.models import Assignment, Document, Lane, Role, Source
from apps.staff.calendar import VIETNAM, calendar_of
from apps.staff.rights import HEADS, WHOLE_AGENCY, Standing

NEAR = 3
"""Working days before its end in which a deadline is near."""
LONGEST = 10
COUNTED_DAYS = 30


@dataclass(frozen=True, slots=True)
class Work:
    """How much waits, how much of it is near its day, how much is late."""

    waiting: int
    near: int
    late: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; nothing is said of an empty whole."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Whole per cent; None of nothing."""
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody at whom documents wait: how many, how many late, since when the oldest."""

    name: str
    unit: str
    count: int
    late: int
    days: int


def mine(person: Standing, now: datetime) -> Work:
    """The person's own work, as the inboxes count it."""
    return _work(_open(person).filter(held(person)), person, now)


def everybody(person: Standing, now: datetime) -> Work | None:
    """The work of the units in reach; for nobody but who heads or watches over them."""
    return _work(_within(person), person, now) if _watches(person) else None


def longest(person: Standing) -> list[Assignment]:
    """What waits longest in the units in reach, or at the person."""
    rows = _within(person) if _watches(person) else _open(person).filter(held(person))
    return list(rows.select_related("document", "unit", "person").order_by("given")[:LONGEST])


def holders(person: Standing, now: datetime) -> list[Holder]:
    """At whom it waits, the oldest first."""
    if not _watches(person):
        return []
    grouped = (
        _within(person)
        .values("person__name", "unit__name")
        .annotate(count=Count("pk"), overdue=Count("pk", filter=late(now)), oldest=Min("given"))
    )
    return [_holder(row, now) for row in grouped.order_by("oldest")[:LONGEST]]


def signed_going_out(person: Standing, now: datetime) -> Share:
    """Of what the agency issued in the last 30 days, how much is signed electronically."""
    found = Document.objects.filter(agency=person.agency, lane=Lane.OUTGOING, came__gte=_since(now))
    return Share(found.filter(signed=True).count(), found.count())


def came_electronically(person: Standing, now: datetime) -> Share:
    """Of what came in the last 30 days, how much came over the axis, not on paper."""
    found = Document.objects.filter(agency=person.agency, lane=Lane.INCOMING, came__gte=_since(now))
    return Share(found.filter(source=Source.AXIS).count(), found.count())


def _watches(person: Standing) -> bool:
    return person.has(*WHOLE_AGENCY, *HEADS)


def _open(person: Standing) -> QuerySet[Assignment]:
    """Rows in which somebody has something to do: what only is to be known does not wait."""
    found = Assignment.objects.filter(IN_FORCE, agency=person.agency, lane__in=WORKED_ON, state__in=TO_DO)
    return found.exclude(role=Role.INFORM)


def _within(person: Standing) -> QuerySet[Assignment]:
    return _open(person).filter(visible(person))


def _work(rows: QuerySet[Assignment], person: Standing, now: datetime) -> Work:
    today = timezone.localdate(now, VIETNAM)
    calendar = calendar_of(person.agency)
    limit = calendar.closes(calendar.after(today, NEAR))
    told = rows.aggregate(
        waiting=Count("pk"),
        near=Count("pk", filter=Q(due__gte=now, due__lte=limit)),
        late=Count("pk", filter=late(now)),
    )
    return Work(**told)


def _holder(row: dict[str, object], now: datetime) -> Holder:
    oldest = row["oldest"]
    days = (now - oldest).days if isinstance(oldest, datetime) else 0
    unit = str(row["unit__name"])
    return Holder(str(row["person__name"] or unit), unit, int(str(row["count"])), int(str(row["overdue"])), days)


def _since(now: datetime) -> datetime:
    return now - timedelta(days=COUNTED_DAYS)
