"""Open work of somebody who leaves a unit: shown before, and handed over with the change itself."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.office.finding import index
from apps.office.models import OPEN, Assignment, AssignmentState, Document, Event
from apps.staff.models import Unit


def open_of(who: User, unit: Unit) -> QuerySet[Assignment]:
    """What waits for this person in this unit, or comes back to them when another returns it."""
    return Assignment.objects.filter(person=who, unit=unit, state__in=(*OPEN, AssignmentState.FORWARDED))


def open_in(unit: Unit) -> QuerySet[Assignment]:
    """What waits for a unit or anybody in it."""
    return Assignment.objects.filter(unit=unit, state__in=OPEN)


def hand_over(by: User, who: User, unit: Unit, heir: User | None) -> int:
    """Give it to the heir, or back to the unit, whose head and clerk hold it then; the documents' stories tell."""
    rows = list(open_of(who, unit).select_for_update())
    told = {"from": who.name, "to": heir.name if heir else unit.name}
    now = timezone.now()
    Event.objects.bulk_create(
        Event(document_id=row.document_id, at=now, by=by, what="handed-over", told=told) for row in rows
    )
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(person=heir)
    for document in Document.objects.filter(pk__in={row.document_id for row in rows}):
        index.refresh(document)
    return len(rows)
