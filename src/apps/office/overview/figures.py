"""The figures of the overview: each is a question about rows of work, with the list it counts one click away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from apps.office.incoming.inboxes import IN_FORCE, TO_DO, late
from apps.office.incoming.policy import WORKED_ON, held, visible
from apps.office.models import Assignment, Document, Lane, Role, Source
from apps.staff.calendar import VIETNAM
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


def work(person: Standing, now: datetime) -> tuple[Work, Work | None]:
    """The person's own, as the inboxes count it; and that of the units in reach, for who heads or watches over them."""
    own, watches = held(person), _watches(person)
    rows = _within(person) if watches else _open(person).filter(own)
    limit = person.calendar.closes(person.calendar.after(timezone.localdate(now, VIETNAM), NEAR))
    asked = _counts("mine", own, limit, now) | (_counts("all", Q(pk__isnull=False), limit, now) if watches else {})
    told = rows.aggregate(**asked)
    return _told("mine", told), _told("all", told) if watches else None


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


def shares(person: Standing, now: datetime) -> tuple[Share, Share]:
    """In the last 30 days: of what was issued what is signed electronically, of what came what came over the axis."""
    sent, came = Q(lane=Lane.OUTGOING, issued_at__isnull=False), Q(lane=Lane.INCOMING)
    lanes = (Lane.OUTGOING, Lane.INCOMING)
    found = Document.objects.filter(agency=person.agency, lane__in=lanes, came__gte=_since(now))
    told = found.aggregate(
        sent=Count("pk", filter=sent),
        signed=Count("pk", filter=sent & Q(signed=True)),
        came=Count("pk", filter=came),
        axis=Count("pk", filter=came & Q(source=Source.AXIS)),
    )
    return Share(told["signed"], told["sent"]), Share(told["axis"], told["came"])


def _watches(person: Standing) -> bool:
    return person.has(*WHOLE_AGENCY, *HEADS)


def _open(person: Standing) -> QuerySet[Assignment]:
    """Rows in which somebody has something to do: what only is to be known does not wait."""
    found = Assignment.objects.filter(IN_FORCE, agency=person.agency, lane__in=WORKED_ON, state__in=TO_DO)
    return found.exclude(role=Role.INFORM)


def _within(person: Standing) -> QuerySet[Assignment]:
    return _open(person).filter(visible(person))


def _counts(name: str, whose: Q, limit: datetime, now: datetime) -> dict[str, Count]:
    return {
        f"{name}_waiting": Count("pk", filter=whose),
        f"{name}_near": Count("pk", filter=whose & Q(due__gte=now, due__lte=limit)),
        f"{name}_late": Count("pk", filter=whose & late(now)),
    }


def _told(name: str, told: Mapping[str, int]) -> Work:
    return Work(*(told[f"{name}_{what}"] for what in ("waiting", "near", "late")))


def _holder(row: dict[str, object], now: datetime) -> Holder:
    oldest = row["oldest"]
    days = (now - oldest).days if isinstance(oldest, datetime) else 0
    unit = str(row["unit__name"])
    return Holder(str(row["person__name"] or unit), unit, int(str(row["count"])), int(str(row["overdue"])), days)


def _since(now: datetime) -> datetime:
    return now - timedelta(days=COUNTED_DAYS)
