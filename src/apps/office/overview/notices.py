"""What is new for somebody: given and not opened yet, tasks, files for the archive.

Notices are questions about the rows themselves, so none is left over when the work is done and none is sent for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from apps.office.incoming.inboxes import IN_FORCE
from apps.office.incoming.policy import WORKED_ON
from apps.office.models import OPEN, Assignment, CaseTask, Handover, HandoverState
from apps.staff.models import Duty
from apps.staff.rights import HEADS, Standing
from apps.ui.language import t

MOST = 50
FLASH = 3
"""Urgency from which one is told at once (Decree 30/2020: flash)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to do that is new: since when, in words, where it is done. `key` names it for good."""

    key: str
    at: datetime
    text: str
    address: str
    urgent: bool = False


def notices(person: Standing) -> list[Notice]:
    """The newest first."""
    found = [*_rows(person), *_tasks(person), *_handovers(person)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _rows(person: Standing) -> list[Notice]:
    """Rows of the person, and of units the person heads, that the person has not opened."""
    heads = [post.unit_id for post in person.posts if post.duty in HEADS]
    mine = Q(person=person.person, opened=None) | Q(person=None, unit__in=heads, state="waiting")
    found = Assignment.objects.filter(
        mine, IN_FORCE, agency=person.agency, lane__in=WORKED_ON, state__in=OPEN, parent__isnull=False
    )
    rows = found.select_related("document", "giver").order_by("-given")[:MOST]
    return [_of_row(row) for row in rows]


def _of_row(row: Assignment) -> Notice:
    giver = row.giver.name if row.giver else ""
    text = t("{giver} giao: {document}", giver=giver, document=f"{row.document.code} {row.document.subject}".strip())
    address = reverse("document", args=[row.document.page])
    return Notice(f"row-{row.pk}", row.given, text, address, row.document.urgency >= FLASH)


def _tasks(person: Standing) -> list[Notice]:
    found = CaseTask.objects.filter(person=person.person, done=None).select_related("giver", "case")[:MOST]
    return [_of_task(task) for task in found]


def _of_task(task: CaseTask) -> Notice:
    told = {"giver": task.giver.name, "case": task.case.notation, "text": task.text}
    text = t("{giver} giao việc trong hồ sơ {case}: {text}", **told)
    return Notice(f"task-{task.pk}", task.at, text, reverse("case", args=[task.case_id]))


def _handovers(person: Standing) -> list[Notice]:
    if not person.has(Duty.ARCHIVIST):
        return []
    found = Handover.objects.filter(agency=person.agency, state=HandoverState.OFFERED).select_related("unit")[:MOST]
    return [
        Notice(
            f"handover-{one.pk}",
            one.given,
            t("{unit} giao nộp hồ sơ: {title}", unit=one.unit.name, title=one.title),
            reverse("handover", args=[one.pk]),
        )
        for one in found
    ]
