"""Pages of files: the list, a new one, one file with what may be done in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.office.archive import handover
from apps.office.archive.periods import FOR_EVER, OFFERED
from apps.office.archive.refusals import refusals
from apps.office.cases import acts, catalogue, forms
from apps.office.cases.policy import Act, plans_for, visible
from apps.office.cases.policy import acts as offered
from apps.office.cases.story import LINES, MOST, story
from apps.office.deed import Deed, deed_of
from apps.office.drafts import drafts_of
from apps.office.finding.language import read
from apps.office.finding.results import matching
from apps.office.models import CaseDocument, CaseFile, CaseState, CaseTask, Document, Draft, Use
from apps.staff.models import Unit
from apps.staff.rights import standing_of
from apps.ui.language import sentence_of, t
from apps.ui.numbers import read_number
from lienthong.errors import IllegalMove, InvalidValue

SHOWN = 200
FOUND = 12
LISTS = {
    "mo": ("Đang mở", CaseState.OPEN),
    "du-kien": ("Dự kiến", CaseState.PLANNED),
    "ket-thuc": ("Đã kết thúc", CaseState.CLOSED),
    "nop": ("Đang giao nộp", CaseState.OFFERED),
    "luu-tru": ("Đã vào lưu trữ", CaseState.ARCHIVED),
}


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Files one may see, by where they stand; those to hand over soon on top."""
    standing, chosen = standing_of(person(request)), request.GET.get("loc", "mo")
    if chosen not in LISTS:
        raise Http404
    found = visible(standing).filter(state=LISTS[chosen][1]).select_related("unit", "keeper")
    told = {
        "lists": [(key, label, key == chosen) for key, (label, _) in LISTS.items()],
        "cases": found.annotate(held=Count("documents")).order_by("-year", "sign", "number")[:SHOWN],
        "due": handover.due_soon(standing, timezone.localdate()),
        "year": timezone.localdate().year,
    }
    return render(request, "office/cases/cases.html", told)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A file that no list foresaw, or a new line of a year's list."""
    deed, problem = deed_of(person(request)), ""
    year = forms.year_of(request.GET.get("nam", ""), timezone.localdate().year)
    planning = "du-kien" in request.GET
    if request.method == "POST":
        try:
            line = forms.planned(deed.person.agency, request.POST)
            case = catalogue.plan(deed, year, line) if planning else acts.start(deed, year, line)
            return redirect("catalogue", year) if planning else redirect("case", case.pk)
        except InvalidValue as error:
            problem = sentence_of(error)
    told = _choices(deed) | {
        "case": CaseFile(title=""),
        "problem": problem,
        "told": request.POST,
        "year": year,
        "planning": planning,
    }
    return render(request, "office/cases/new.html", told, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, number: UUID) -> HttpResponse:
    """One file: its documents, drafts, opinions, tasks, story; each button is one act."""
    deed = deed_of(person(request))
    found = get_object_or_404(visible(deed.standing), pk=number)
    if request.method != "POST":
        return _show(request, deed, found)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act(deed, found, request)
    except (InvalidValue, IllegalMove) as error:
        return _show(request, deed, found, sentence_of(error))
    messages.success(request, t("Đã lưu."))
    return redirect("case", found.pk)


def _show(request: HttpRequest, deed: Deed, case: CaseFile, problem: str = "") -> HttpResponse:
    may = offered(case, deed.standing)
    query = request.GET.get("tim", "")
    lines, older = story(case, deed.standing, MOST if "nhat-ky" in request.GET else LINES)
    told = {
        "case": case,
        "may": {act.name.lower(): act in may for act in Act},
        "rows": case.documents.select_related("document").order_by("order"),
        "drafts": case.drafts.select_related("draft"),
        "opinions": case.opinions.select_related("author"),
        "tasks": case.tasks.select_related("person", "giver"),
        "members": case.members.order_by("name"),
        "story": lines,
        "older": older,
        "query": query,
        "found": _found(deed, case, query) if Act.COLLECT in may else (),
        "own_drafts": drafts_of(case.agency).exclude(in_cases__case=case)[:FOUND] if Act.COLLECT in may else (),
        "pages": acts.pages_known(case) if Act.CLOSE in may else 0,
        "findings": refusals(case) if Act.PACK in may else (),
        "problem": problem,
        "told": request.POST,
        "me": deed.person,
    }
    return render(request, "office/cases/case.html", _choices(deed) | told, status=422 if problem else 200)


def _found(deed: Deed, case: CaseFile, query: str) -> list[Document]:
    """Documents a search offers to put in, but those that lie there."""
    terms = read(query, deed.standing) if query.strip() else []
    if not any(term.understood for term in terms):
        return []
    return list(matching(terms, deed.standing, ~Q(in_cases__case=case), most=FOUND))


def _choices(deed: Deed) -> dict[str, Any]:
    own = plans_for(deed.standing) | {post.unit_id for post in deed.standing.posts}
    return {
        "units": Unit.objects.filter(pk__in=own, closed=None),
        "people": forms.colleagues(deed.person.agency),
        "periods": OFFERED,
        "for_ever": FOR_EVER,
        "uses": Use.choices,
        "me": deed.person,
    }


def _put_in(deed: Deed, case: CaseFile, request: HttpRequest) -> None:
    for each in request.POST.getlist("document")[:FOUND]:
        acts.put_in(deed, case, get_object_or_404(Document, pk=_uuid(each), agency=case.agency))


def _take_out(deed: Deed, case: CaseFile, request: HttpRequest) -> None:
    row = get_object_or_404(CaseDocument.objects.select_related("document"), pk=_int(request, "row"), case=case)
    acts.take_out(deed, case, row, request.POST.get("reason", ""))


def _draft(deed: Deed, case: CaseFile, request: HttpRequest) -> None:
    draft = get_object_or_404(Draft, pk=_uuid(request.POST.get("draft", "")), agency=case.agency)
    acts.put_draft_in(deed, case, draft)


def _task(deed: Deed, case: CaseFile, request: HttpRequest) -> None:
    told = request.POST
    who = forms.colleague(case.agency, told.get("person", ""))
    acts.give_task(deed, case, told.get("text", ""), who, forms.deadline(case.agency, told.get("due", "")))


def _task_done(deed: Deed, case: CaseFile, request: HttpRequest) -> None:
    task = get_object_or_404(CaseTask, pk=_int(request, "task"), case=case)
    acts.finish_task(deed, case, task, request.POST.get("result", ""))


ACTS: dict[str, Callable[[Deed, CaseFile, HttpRequest], object]] = {
    "open": lambda deed, case, _request: acts.open_(deed, case),
    "put-in": _put_in,
    "take-out": _take_out,
    "draft": _draft,
    "say": lambda deed, case, request: acts.say(deed, case, request.POST.get("text", "")[:5000]),
    "task": _task,
    "task-done": _task_done,
    "share": lambda deed, case, request: acts.share(
        deed, case, forms.colleague(case.agency, request.POST.get("person", ""))
    ),
    "unshare": lambda deed, case, request: acts.unshare(
        deed, case, forms.colleague(case.agency, request.POST.get("person", ""))
    ),
    "close": lambda deed, case, request: acts.close(deed, case, forms.counts(request.POST)),
    "reopen": lambda deed, case, request: acts.reopen(deed, case, request.POST.get("reason", "")),
    "amend": lambda deed, case, request: catalogue.amend(deed, case, forms.planned(case.agency, request.POST)),
}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _int(request: HttpRequest, name: str) -> int:
    return read_number(request.POST.get(name, ""))
