"""The day-of-signing rule watched: what is signed and not sent in time is told in its story, once.

Decree 30/2020 Art. 18: issued the day it is signed, at the latest the next working day; Decision 28/2018 Art. 6.2: over
the axis by the next working morning; urgent documents at once.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from apps.office.models import OPEN, Assignment, Event, Role
from apps.staff.calendar import VIETNAM, Calendar

MOST = 100


def due_after(calendar: Calendar, signed: datetime, urgency: int) -> datetime:
    """Until when what was signed at that moment must be sent. An urgent one: before the office closes that day."""
    day = signed.astimezone(VIETNAM).date()
    closing = calendar.closes(day)
    return closing if urgency and calendar.works(day) and signed < closing else calendar.to_send_by(signed)


def tell_late(agency: str, now: datetime) -> int:
    """Leave a line in the story of every document that is late since the last look; how many."""
    told = Event.objects.filter(document=OuterRef("document"), what="late")
    rows = Assignment.objects.filter(agency=agency, role=Role.ISSUE, state__in=OPEN, due__lt=now)
    late = rows.exclude(Exists(told)).select_related("document")[:MOST]
    Event.objects.bulk_create(
        Event(document=row.document, at=now, what="late", told={"due": f"{_local(row.due):%H:%M %d/%m/%Y}"})
        for row in late
    )
    return len(late)


def _local(moment: datetime | None) -> datetime:
    assert moment is not None  # noqa: S101 - rows without a deadline are not late
    return moment.astimezone(VIETNAM)
