"""Open work of somebody who leaves a unit: shown before, and handed over with the change itself.

Files that the person keeps for the unit go with it: they are the unit's, not their keeper's.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.office.finding import index
from apps.office.models import (
    OPEN,
    Assignment,
    AssignmentState,
    CaseEvent,
    CaseFile,
    CaseState,
    CaseTask,
    Document,
    Event,
    Role,
)
from apps.staff.models import Post, Unit, held_on
from apps.staff.rights import HEADS


def open_of(who: User, unit: Unit) -> QuerySet[Assignment]:
    """What waits for this person in this unit, or comes back to them when another returns it.

    A signature is nobody else's: whoever may still sign keeps it, else the draft is given back (`outgoing.lapsed`).
    """
    rows = Assignment.objects.filter(person=who, unit=unit, state__in=(*OPEN, AssignmentState.FORWARDED))
    return rows.exclude(role=Role.SIGN)


def open_in(unit: Unit) -> QuerySet[Assignment]:
    """What waits for a unit or anybody in it."""
    return Assignment.objects.filter(unit=unit, state__in=OPEN)


def files_of(who: User, unit: Unit) -> QuerySet[CaseFile]:
    """Files of the unit that this person keeps, until the archive has them."""
    return CaseFile.objects.filter(keeper=who, unit=unit).exclude(state=CaseState.ARCHIVED)


def tasks_of(who: User, unit: Unit) -> QuerySet[CaseTask]:
    """What this person has still to do in files of the unit."""
    return CaseTask.objects.filter(person=who, case__unit=unit, done=None)


@dataclass(frozen=True, slots=True)
class Left:
    """What is handed over when somebody leaves a unit."""

    rows: QuerySet[Assignment]
    files: QuerySet[CaseFile]
    tasks: QuerySet[CaseTask]

    def __bool__(self) -> bool:
        return bool(self.rows or self.files or self.tasks)


def left_of(who: User, unit: Unit) -> Left:
    """All of it, as the page shows it before."""
    rows = open_of(who, unit).select_related("document")
    return Left(rows, files_of(who, unit), tasks_of(who, unit).select_related("case"))


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
    return len(rows) + _hand_over_files(by, who, unit, heir or _head_of(unit, who))


def _head_of(unit: Unit, leaving: User) -> User | None:
    """Who takes the files that nobody was named for."""
    held = Post.objects.filter(held_on(timezone.localdate()), unit=unit, duty__in=HEADS).exclude(person=leaving)
    first = held.select_related("person").first()
    return first.person if first else None


def _hand_over_files(by: User, who: User, unit: Unit, keeper: User | None) -> int:
    """Their keeper is somebody who is there; without anybody they stay, and the unit's next head has them by post."""
    if keeper is None:
        return 0
    kept, tasks, now = list(files_of(who, unit)), list(tasks_of(who, unit)), timezone.now()
    told = {"giver": who.name, "to": keeper.name}
    concerned = {case.pk: case for case in (*kept, *(task.case for task in tasks))}
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, at=now, by=by, what="handed-over", told=told) for case in concerned.values()
    )
    tasks_of(who, unit).update(person=keeper)
    files_of(who, unit).update(keeper=keeper)
    for case in kept:
        case.members.remove(who)
        index.refresh_file(case)
    return len(concerned)
