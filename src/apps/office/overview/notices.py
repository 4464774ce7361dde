"""What is new for somebody: work given, steps of drafts, flash documents, tasks, files for the archive, a rule's word.

Notices are questions about the rows themselves, so none is left over when the work is done and none is sent for it.
The page, the bell and both kinds of e-mail ask here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from apps.office.incoming.inboxes import IN_FORCE
from apps.office.incoming.policy import WORKED_ON
from apps.office.models import (
    OPEN,
    Assignment,
    AssignmentState,
    CaseTask,
    Channel,
    Document,
    Handover,
    HandoverState,
    Kind,
    Mailing,
    Message,
    ReadNotice,
    Role,
)
from apps.office.outgoing.inboxes import rows_waiting
from apps.office.outgoing.policy import CHECKS
from apps.staff.models import Duty
from apps.staff.rights import HEADS, Standing
from apps.ui.language import t

MOST = 500
"""Notices of one person; whoever has more sees these first."""
FLASH = 3
"""Urgency from which one is told at once (Decree 30/2020: flash)."""
TOLD_FOR = timedelta(days=14)
"""How long a rule's word stays on the list."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to do or to know: since when, in words, where. `key` names it for good; `read` by this person."""

    kind: str
    key: str
    at: datetime
    text: str
    address: str
    urgent: bool = False
    read: bool = False


def notices(person: Standing) -> list[Notice]:
    """What the person wants on the page: unread before read, urgent first, then the newest."""
    wishes = wishes_of(person)
    return [one for one in everything(person) if wishes.wants(Channel.PAGE, one.kind)]


def everything(person: Standing) -> list[Notice]:
    """The same, whatever the person wishes for the page."""
    found = _marked(person, [one for source in SOURCES for one in source(person)])
    return sorted(found, key=lambda one: (one.read, not one.urgent, -one.at.timestamp()))[:MOST]


def unread(found: Iterable[Notice]) -> list[Notice]:
    """Those not read yet."""
    return [one for one in found if not one.read]


def wishes_of(person: Standing) -> Mailing:
    """How the person wants to hear of it; everything by every way until said otherwise."""
    return Mailing.objects.filter(person=person.person).first() or Mailing(person=person.person)


def mark_read(person: Standing, keys: Iterable[str]) -> None:
    """These have been read; what is no notice any more is forgotten."""
    known = {one.key for one in everything(person)}
    if len(known) < MOST:  # else some may only not have been looked at
        ReadNotice.objects.filter(person=person.person).exclude(key__in=known).delete()
    marks = [ReadNotice(person=person.person, key=key) for key in known.intersection(keys)]
    ReadNotice.objects.bulk_create(marks, ignore_conflicts=True)


def _marked(person: Standing, found: list[Notice]) -> list[Notice]:
    keys = [one.key for one in found if not one.read]
    marks = ReadNotice.objects.filter(person=person.person, key__in=keys) if keys else ReadNotice.objects.none()
    known = set(marks.values_list("key", flat=True))
    return [replace(one, read=True) if one.key in known else one for one in found]


def _rows(person: Standing) -> list[Notice]:
    """Rows of the person, read once opened, and of units the person heads."""
    heads = [post.unit_id for post in person.posts if post.duty in HEADS]
    mine = Q(person=person.person) | Q(person=None, unit__in=heads, state=AssignmentState.WAITING)
    found = Assignment.objects.filter(
        mine, IN_FORCE, agency=person.agency, lane__in=WORKED_ON, state__in=OPEN, parent__isnull=False
    )
    newest = found.select_related("document", "giver").order_by(F("opened").desc(nulls_first=True), "-given")
    return [_of_row(row) for row in newest[:MOST]]


def _of_row(row: Assignment) -> Notice:
    text = t("{giver} giao: {document}", giver=row.giver.name if row.giver else "", document=_named(row.document))
    address = reverse("document", args=[row.document.page])
    read = row.person_id is not None and row.opened is not None
    return Notice(Kind.WORK, f"row-{row.pk}", row.given, text, address, row.document.urgency >= FLASH, read)


def _steps(person: Standing) -> list[Notice]:
    found = rows_waiting(person, *CHECKS, Role.SIGN, Role.ISSUE).select_related("document", "giver")
    return [_of_step(row) for row in found.order_by("-given")[:MOST]]


def _of_step(row: Assignment) -> Notice:
    told = {"giver": row.giver.name if row.giver else "", "document": _named(row.document)}
    text = t("{giver} trình, bước “{step}”: {document}", step=t(str(Role(row.role).label)), **told)
    address = reverse("outgoing", args=[row.document_id])
    return Notice(Kind.STEP, f"row-{row.pk}", row.given, text, address, row.document.urgency >= FLASH)


def _flash(person: Standing) -> list[Notice]:
    """Flash documents that wait for the clerk, or for whoever decides on what comes."""
    mine = Q(pk=None)
    if person.has(Duty.CLERK):
        mine |= Q(state=AssignmentState.ARRIVED)
    if person.has(Duty.LEADER, Duty.OFFICE_HEAD):
        mine |= Q(state=AssignmentState.WAITING)
    if mine == Q(pk=None):
        return []
    flash = Document.objects.filter(agency=person.agency, urgency__gte=FLASH, done=None)  # few: begun with
    top = Assignment.objects.filter(
        mine, IN_FORCE, agency=person.agency, parent=None, role=Role.LEAD, document__in=flash.values("pk")
    )
    return [_of_flash(row) for row in top.select_related("document").order_by("-given")[:MOST]]


def _of_flash(row: Assignment) -> Notice:
    arrived = row.state == AssignmentState.ARRIVED
    said = "Hỏa tốc, chờ tiếp nhận: {document}" if arrived else "Hỏa tốc, chờ bút phê: {document}"
    text, address = t(said, document=_named(row.document)), reverse("document", args=[row.document.page])
    return Notice(Kind.FLASH, f"top-{row.pk}-{row.state}", row.given, text, address, urgent=True)


def _tasks(person: Standing) -> list[Notice]:
    found = CaseTask.objects.filter(person=person.person, done=None).select_related("giver", "case")[:MOST]
    return [_of_task(task) for task in found]


def _of_task(task: CaseTask) -> Notice:
    told = {"giver": task.giver.name, "case": task.case.notation, "text": task.text}
    text = t("{giver} giao việc trong hồ sơ {case}: {text}", **told)
    return Notice(Kind.TASK, f"task-{task.pk}", task.at, text, reverse("case", args=[task.case_id]))


def _handovers(person: Standing) -> list[Notice]:
    if not person.has(Duty.ARCHIVIST):
        return []
    found = Handover.objects.filter(agency=person.agency, state=HandoverState.OFFERED).select_related("unit")[:MOST]
    return [
        Notice(
            Kind.HANDOVER,
            f"handover-{one.pk}",
            one.given,
            t("{unit} giao nộp hồ sơ: {title}", unit=one.unit.name, title=one.title),
            reverse("handover", args=[one.pk]),
        )
        for one in found
    ]


def _told(person: Standing) -> list[Notice]:
    since = timezone.now() - TOLD_FOR
    found = Message.objects.filter(person=person.person, document__agency=person.agency, at__gte=since)
    return [_of_message(one) for one in found.select_related("document")[:MOST]]


def _of_message(one: Message) -> Notice:
    text = t("Quy tắc “{rule}”: {document}", rule=one.rule, document=_named(one.document))
    address = reverse("document", args=[one.document.page])
    said = f"{text}. {one.text}" if one.text else text
    return Notice(Kind.TOLD, f"told-{one.pk}", one.at, said, address, one.document.urgency >= FLASH)


def _named(document: Document) -> str:
    return f"{document.code} {document.subject}".strip()


SOURCES: tuple[Callable[[Standing], list[Notice]], ...] = (_rows, _steps, _flash, _tasks, _handovers, _told)
