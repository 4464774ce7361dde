"""Kinds of notices: for each the rows it is made of, walk by walk as an index has them, and one row in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from apps.office.incoming.inboxes import IN_FORCE
from apps.office.incoming.policy import WORKED_ON
from apps.office.models import (
    OPEN,
    Assignment,
    AssignmentState,
    CaseTask,
    Document,
    Event,
    Handover,
    HandoverState,
    Kind,
    Message,
    ReadNotice,
    Role,
)
from apps.office.outgoing.inboxes import rows_waiting
from apps.office.outgoing.policy import CHECKS
from apps.staff.models import Duty
from apps.staff.rights import HEADS, Standing
from apps.ui.language import t

FLASH = 3
"""Urgency from which one is told at once (Decree 30/2020: flash), as long as the document is not done."""
TOLD_FOR = timedelta(days=14)
"""How long a rule's word stays on the list."""
Said = tuple[str, str]
"""A notice in words, and the address where it is done."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Rows that are notices, as one index has them. Each is named for good by its id between `before` and `after`.

    `since` is the field that dates it. `unopened`: which are not read by having been opened; none, if only a mark says
    so. `of_documents`: whether it can be urgent.
    """

    rows: QuerySet[Any]
    before: str
    since: str
    after: str = ""
    unopened: Q | None = None
    of_documents: bool = True

    def keyed(self) -> QuerySet[Any]:
        """The rows with the key and the moment of each."""
        key = Concat(Value(self.before), Cast("pk", CharField()), Value(self.after))
        return self.rows.annotate(key=key, since=F(self.since)).order_by()

    def heads(self, kind: Kind, person: Standing) -> QuerySet[Any]:
        """The rows with what all notices have: kind, key, since, urgent, read."""
        marked = _marked(person)
        read = marked if self.unopened is None else _told(~self.unopened | Q(marked))
        urgent = _told(_urgent(person)) if self.of_documents else Value(value=False)
        return self.keyed().annotate(kind=Value(str(kind)), urgent=urgent, read=read)

    def unread(self, person: Standing) -> QuerySet[Any]:
        """The rows that are not read; an index that knows what was opened is asked by it."""
        return self.keyed().filter(self.unopened or Q()).exclude(_marked(person))

    def urgent(self, person: Standing) -> QuerySet[Any]:
        """The unread rows that are urgent."""
        return self.unread(person).filter(_urgent(person)) if self.of_documents else self.rows.none()


def _told(asked: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(asked, BooleanField())


def _marked(person: Standing) -> Exists:
    return Exists(ReadNotice.objects.filter(person=person.person, key=OuterRef("key")))


def _urgent(person: Standing) -> Q:
    """Of a flash document that is not done: there are few, which an index knows."""
    return Q(document__in=Document.objects.filter(agency=person.agency, urgency__gte=FLASH, done=None).values("pk"))


# ---------------------------------------------------------------- rows


def _rows(person: Standing) -> list[Walk]:
    """Rows of the person, read once opened, and of units the person heads."""
    given = Assignment.objects.filter(IN_FORCE, agency=person.agency, lane__in=WORKED_ON, parent__isnull=False)
    own = given.filter(person=person.person, state__in=OPEN)
    heads = [post.unit_id for post in person.posts if post.duty in HEADS]
    theirs = given.filter(person=None, unit__in=heads, state=AssignmentState.WAITING)
    return [Walk(own, "row-", "given", unopened=Q(opened=None)), Walk(theirs, "row-", "given")]


def _steps(person: Standing) -> list[Walk]:
    return [Walk(rows_waiting(person, *CHECKS, Role.SIGN, Role.ISSUE), "row-", "given")]


def _returned(person: Standing) -> list[Walk]:
    """Drafts of the person that came back and were not handed on again."""
    own = Assignment.objects.filter(role=Role.DRAFT, person=person.person, ended=None, state=AssignmentState.WAITING)
    since = Event.objects.filter(document=OuterRef("document"), what="submitted", pk__gt=OuterRef("pk"))
    back = Event.objects.filter(document__in=own.values("document"), what__in=("sent-back", "lapsed"))
    return [Walk(back.exclude(Exists(since)), "back-", "at")]


def _at_the_top(person: Standing) -> list[Walk]:
    """Flash documents that wait for the clerk, or for whoever decides on what comes."""
    waits = [AssignmentState.ARRIVED] * person.has(Duty.CLERK)
    waits += [AssignmentState.WAITING] * person.has(Duty.LEADER, Duty.OFFICE_HEAD)
    top = Assignment.objects.filter(IN_FORCE, _urgent(person), agency=person.agency, parent=None, role=Role.LEAD)
    return [Walk(top.filter(state=state), "top-", "given", f"-{state}") for state in waits]


def _tasks(person: Standing) -> list[Walk]:
    return [Walk(CaseTask.objects.filter(person=person.person, done=None), "task-", "at", of_documents=False)]


def _handovers(person: Standing) -> list[Walk]:
    offered = Handover.objects.filter(agency=person.agency, state=HandoverState.OFFERED)
    return [Walk(offered, "handover-", "given", of_documents=False)] if person.has(Duty.ARCHIVIST) else []


def _words(person: Standing) -> list[Walk]:
    since = timezone.now() - TOLD_FOR
    found = Message.objects.filter(person=person.person, document__agency=person.agency, at__gte=since)
    return [Walk(found, "told-", "at")]


# ---------------------------------------------------------------- in words


def _of_row(row: Assignment) -> Said:
    text = t("{giver} giao: {document}", giver=row.giver.name if row.giver else "", document=_named(row.document))
    return text, reverse("document", args=[row.document.page])


def _of_step(row: Assignment) -> Said:
    told = {"giver": row.giver.name if row.giver else "", "document": _named(row.document)}
    text = t("{giver} trình, bước “{step}”: {document}", step=t(str(Role(row.role).label)), **told)
    return text, reverse("outgoing", args=[row.document_id])


def _of_return(event: Event) -> Said:
    said = "{giver} trả lại: {document}"
    if event.what == "lapsed":
        said = "Ông/Bà {name} không còn quyền ký từ ngày {day}; văn bản được trả lại để chọn người ký khác: {document}"
    told = event.told | {"giver": event.by.name if event.by else "", "document": _named(event.document)}
    return t(said, **told), reverse("outgoing", args=[event.document.pk])


def _of_flash(row: Assignment) -> Said:
    arrived = row.state == AssignmentState.ARRIVED
    said = "Hỏa tốc, chờ tiếp nhận: {document}" if arrived else "Hỏa tốc, chờ bút phê: {document}"
    return t(said, document=_named(row.document)), reverse("document", args=[row.document.page])


def _of_task(task: CaseTask) -> Said:
    told = {"giver": task.giver.name, "case": task.case.notation, "text": task.text}
    return t("{giver} giao việc trong hồ sơ {case}: {text}", **told), reverse("case", args=[task.case_id])


def _of_handover(one: Handover) -> Said:
    text = t("{unit} giao nộp hồ sơ: {title}", unit=one.unit.name, title=one.title)
    return text, reverse("handover", args=[one.pk])


def _of_message(one: Message) -> Said:
    text = t("Quy tắc “{rule}”: {document}", rule=one.rule, document=_named(one.document))
    return f"{text}. {one.text}" if one.text else text, reverse("document", args=[one.document.page])


def _named(document: Document) -> str:
    return f"{document.code} {document.subject}".strip()


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of notices: where a person's are found, the rows with all that words need, and one in words."""

    walks: Callable[[Standing], list[Walk]]
    rows: QuerySet[Any]
    said: Callable[[Any], Said]


_GIVEN = Assignment.objects.select_related("document", "giver")
SOURCES: Mapping[Kind, Source] = MappingProxyType({
    Kind.WORK: Source(_rows, _GIVEN, _of_row),
    Kind.STEP: Source(_steps, _GIVEN, _of_step),
    Kind.RETURNED: Source(_returned, Event.objects.select_related("document", "by"), _of_return),
    Kind.FLASH: Source(_at_the_top, _GIVEN, _of_flash),
    Kind.TASK: Source(_tasks, CaseTask.objects.select_related("giver", "case"), _of_task),
    Kind.HANDOVER: Source(_handovers, Handover.objects.select_related("unit"), _of_handover),
    Kind.TOLD: Source(_words, Message.objects.select_related("document"), _of_message),
})  # fmt: skip
