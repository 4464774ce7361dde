"""The acts on a file: open, collect, discuss, share, close. Each is one transaction and a line of the file's story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.office.cases.catalogue import Planned, plan, tell
from apps.office.cases.policy import Act, require
from apps.office.cases.story import name_of
from apps.office.deed import Deed
from apps.office.finding import index
from apps.office.finding.results import reach
from apps.office.models import (
    CaseDocument,
    CaseDraft,
    CaseFile,
    CaseOpinion,
    CaseState,
    CaseTask,
    Document,
    Draft,
)
from lienthong.errors import IllegalMove, InvalidValue

HAND_OVER_AFTER = timedelta(days=365)
"""A closed file goes to the archive within a year (Decree 30/2020, Art. 30.2)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted when a file is closed: sheets of paper, pages, and what the end note says."""

    sheets: int = 0
    pages: int = 0
    end_note: str = ""
    paper_code: str = ""


def start(deed: Deed, year: int, line: Planned) -> CaseFile:
    """A file that work needs and no list foresaw: planned and opened at once."""
    with transaction.atomic():
        case = plan(deed, year, line)
        open_(deed, case)
        case.refresh_from_db()
        return case


def open_(deed: Deed, case: CaseFile) -> None:
    """Begin a planned file."""
    with changing(deed, case, Act.OPEN) as held:
        held.state, held.opened = CaseState.OPEN, timezone.localdate(deed.at)
        tell(deed, held, "opened")


def put_in(deed: Deed, case: CaseFile, document: Document) -> CaseDocument:
    """A document of the register the person may see, as the next of the file; there already, it stays where it is."""
    with changing(deed, case, Act.COLLECT) as held:
        if not Document.objects.filter(reach(deed.standing), pk=document.pk, agency=held.agency).exists():
            raise PermissionDenied
        order = held.documents.count() + 1
        row, made = CaseDocument.objects.get_or_create(
            case=held, document=document, defaults={"order": order, "by": deed.person, "at": deed.at}
        )
        if made:
            index.refresh(document)
            tell(deed, held, "collected", id=str(document.pk), document=name_of(document))
        return row


def take_out(deed: Deed, case: CaseFile, row: CaseDocument, reason: str) -> None:
    """Take out what does not belong here; the document itself stays in the register."""
    _need(reason, "lý do / reason")
    with changing(deed, case, Act.COLLECT) as held:
        if row.case_id != held.pk:
            raise PermissionDenied
        row.delete()
        _renumber(held, list(held.documents.order_by("order")))
        index.refresh(row.document)
        tell(deed, held, "taken-out", document=name_of(row.document), reason=reason.strip())


def put_draft_in(deed: Deed, case: CaseFile, draft: Draft) -> None:
    """A draft of the agency; it counts as a document only when it has become one."""
    with changing(deed, case, Act.COLLECT) as held:
        if draft.agency != held.agency:
            raise PermissionDenied
        _, made = CaseDraft.objects.get_or_create(case=held, draft=draft)
        if made:
            tell(deed, held, "draft", id=str(draft.pk), draft=str(draft)[:200])


def say(deed: Deed, case: CaseFile, text: str) -> CaseOpinion:
    """An opinion on the matter."""
    _need(text, "ý kiến / the opinion")
    with changing(deed, case, Act.DISCUSS) as held:
        return CaseOpinion.objects.create(case=held, author=deed.person, text=text.strip(), at=deed.at)


def give_task(deed: Deed, case: CaseFile, text: str, person: User, due: datetime | None = None) -> CaseTask:
    """Work for somebody of the agency, who then sees the file."""
    _need(text, "việc cần làm / the task")
    with changing(deed, case, Act.COLLECT) as held:
        _require_colleague(held, person)
        task = CaseTask.objects.create(
            case=held, text=text.strip()[:500], person=person, giver=deed.person, due=due, at=deed.at
        )
        if person.pk != held.keeper_id:
            held.members.add(person)
            index.refresh_file(held)
        tell(deed, held, "task", text=task.text, to=person.name)
        return task


def finish_task(deed: Deed, case: CaseFile, task: CaseTask, result: str) -> None:
    """Done, said by whoever has it or by whoever gave it."""
    with changing(deed, case, Act.DISCUSS) as held:
        if task.case_id != held.pk or deed.person.pk not in {task.person_id, task.giver_id, held.keeper_id}:
            raise PermissionDenied
        if CaseTask.objects.filter(pk=task.pk, done=None).update(done=deed.at, result=result.strip()[:500]):
            tell(deed, held, "task-done", text=task.text, result=result.strip())


def share(deed: Deed, case: CaseFile, person: User) -> None:
    """Let a colleague work in the file."""
    with changing(deed, case, Act.SHARE) as held:
        _require_colleague(held, person)
        held.members.add(person)
        index.refresh_file(held)
        tell(deed, held, "shared", to=person.name)


def unshare(deed: Deed, case: CaseFile, person: User) -> None:
    """No longer; what was said and done stays."""
    with changing(deed, case, Act.SHARE) as held:
        held.members.remove(person)
        index.refresh_file(held)
        tell(deed, held, "unshared", to=person.name)


def close(deed: Deed, case: CaseFile, counts: Counts) -> None:
    """End the file: in the order of time, counted, with its end note.

    IllegalMove while tasks are open or the file is empty; InvalidValue without an end note.
    """
    _need(counts.end_note, "chứng từ kết thúc / the end note")
    with changing(deed, case, Act.CLOSE) as held:
        take_in_issued(deed, held)
        rows = sorted(held.documents.select_related("document"), key=_time)
        if not rows or held.tasks.filter(done=None).exists():
            raise IllegalMove(
                f"{held.notation}: hồ sơ trống hoặc còn việc chưa xong / the file is empty or a task is open"
            )
        _renumber(held, rows)
        held.state, held.closed = CaseState.CLOSED, timezone.localdate(deed.at)
        held.due = held.closed + HAND_OVER_AFTER
        held.sheets, held.pages = counts.sheets, counts.pages or pages_known(held)
        held.end_note, held.paper_code = counts.end_note.strip(), counts.paper_code.strip()[:100]
        tell(deed, held, "closed", documents=len(rows), pages=held.pages, sheets=held.sheets)


def reopen(deed: Deed, case: CaseFile, reason: str) -> None:
    """Work came back before the archive had it."""
    _need(reason, "lý do / reason")
    with changing(deed, case, Act.REOPEN) as held:
        held.state, held.closed, held.due = CaseState.OPEN, None, None
        tell(deed, held, "reopened", reason=reason.strip())


def take_in_issued(deed: Deed, case: CaseFile) -> None:
    """Drafts of the file that have been issued lie in it as documents; nobody has to think of it."""
    issued = Document.objects.filter(draft__in_cases__case=case, issued_at__isnull=False).exclude(in_cases__case=case)
    for document in issued.order_by("issued_at"):
        order = case.documents.count() + 1
        CaseDocument.objects.create(case=case, document=document, order=order, by=deed.person, at=deed.at)
        index.refresh(document)
        tell(deed, case, "collected", id=str(document.pk), document=name_of(document))


def pages_known(case: CaseFile) -> int:
    """Pages of the documents as far as the register knows them."""
    return sum(row.document.pages or 0 for row in case.documents.select_related("document"))


@contextmanager
def changing(deed: Deed, case: CaseFile, act: Act) -> Iterator[CaseFile]:
    """The file's row, locked and allowed for this act, saved at the end: two acts on one file follow one another."""
    with transaction.atomic():
        held = CaseFile.objects.select_for_update().get(pk=case.pk)
        require(held, deed.standing, act)
        yield held
        held.save()


def _require_colleague(case: CaseFile, person: User) -> None:
    if person.agency != case.agency or not person.is_active:
        raise InvalidValue(f"{person.name}: ngoài cơ quan / outside the agency")


def _renumber(case: CaseFile, rows: list[CaseDocument]) -> None:
    for order, row in enumerate(rows, 1):
        CaseDocument.objects.filter(pk=row.pk, case=case).exclude(order=order).update(order=order)


def _time(row: CaseDocument) -> tuple[date, datetime]:
    return row.document.issued or timezone.localdate(row.document.came), row.document.came


def _need(text: str, what: str) -> None:
    if not text.strip():
        raise InvalidValue(f"thiếu {what} is missing")
