"""Pages of the archive: hand-overs, a new one, one with its lists and minutes; the package and list of a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.office.archive import handover, lists, package
from apps.office.archive.describe import day_of
from apps.office.archive.handover import Minutes
from apps.office.cases import forms, policy
from apps.office.cases.policy import Act, plans_for
from apps.office.deed import Deed, deed_of
from apps.office.models import CaseFile, Handover, HandoverState
from apps.office.sheets import organisation, shown
from apps.staff.models import Duty, Post, Unit
from apps.staff.rights import standing_of
from apps.ui.language import sentence_of, t
from lienthong.errors import IllegalMove, InvalidValue

SHOWN = 200


@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """What was given and what waits for the archive, newest first."""
    standing = standing_of(person(request))
    own = plans_for(standing) | {post.unit_id for post in standing.posts}
    told = {
        "handovers": handover.visible(standing)[:SHOWN],
        "units": [unit for unit in Unit.objects.filter(pk__in=own) if handover.to_offer(standing, unit).exists()],
    }
    return render(request, "office/archive/handovers.html", told)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose closed files of a unit and say what the minutes need."""
    deed, problem = deed_of(person(request)), ""
    unit = forms.unit_of(deed.person.agency, request.GET.get("don-vi", ""))
    cases = handover.to_offer(deed.standing, unit).select_related("keeper")
    if request.method == "POST":
        chosen = [case for case in cases if str(case.pk) in request.POST.getlist("case")]
        try:
            made = handover.offer(deed, unit, chosen, _minutes(request))
            return redirect("handover", made.pk)
        except (InvalidValue, IllegalMove) as error:
            problem = sentence_of(error)
    told = {"unit": unit, "cases": cases, "problem": problem, "told": request.POST}
    return render(request, "office/archive/new.html", told, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One hand-over; the archivist accepts or returns it."""
    deed, problem = deed_of(person(request)), ""
    found = get_object_or_404(handover.visible(deed.standing), pk=number)
    if request.method == "POST":
        try:
            _decide(deed, found, request)
            messages.success(request, t("Đã lưu."))
            return redirect("handover", found.pk)
        except (InvalidValue, IllegalMove) as error:
            problem = sentence_of(error)
    told = {
        "handover": found,
        "cases": lists.listed(found),
        "decides": deed.standing.has(Duty.ARCHIVIST) and found.state == HandoverState.OFFERED,
        "problem": problem,
    }
    return render(request, "office/archive/handover.html", told, status=422 if problem else 200)


def _decide(deed: Deed, found: Handover, request: HttpRequest) -> None:
    if request.POST.get("act") == "accept":
        handover.accept(deed, found)
    else:
        handover.give_back(deed, found, request.POST.get("reason", ""))


@require_safe
def list_of(request: HttpRequest, number: int) -> HttpResponse:
    """Its list of files, to print."""
    found = get_object_or_404(handover.visible(standing_of(person(request))), pk=number)
    return shown(request, lists.of_handover(found))


@require_safe
def minutes(request: HttpRequest, number: int) -> HttpResponse:
    """Its minutes, to print in two copies (Annex V V)."""
    found = get_object_or_404(handover.visible(standing_of(person(request))), pk=number)
    cases = lists.listed(found)
    files = sum(row.document.files.count() for case in cases for row in case.documents.select_related("document"))
    days = sorted(day for case in cases for day in _days(case))
    told = {
        "handover": found,
        "organisation": organisation(found.agency),
        "giver": _post(found.giver_id),
        "receiver": _post(found.receiver_id),
        "paper": [case for case in cases if case.sheets],
        "cases": cases,
        "files": files,
        "span": (days[0], days[-1]) if days else (),
    }
    return render(request, "office/archive/minutes.html", told)


@require_safe
def contents(request: HttpRequest, number: UUID) -> HttpResponse:
    """The list of documents in a file, to print."""
    return shown(request, lists.of_case(_case(request, number)))


@require_safe
def submission(request: HttpRequest, number: UUID) -> FileResponse:
    """The submission package of a closed file."""
    case = _case(request, number)
    if Act.PACK not in policy.acts(case, standing_of(person(request))):
        raise Http404
    packed = package.packed(case)
    return FileResponse(packed.body, as_attachment=True, filename=packed.name, content_type="application/zip")


def _case(request: HttpRequest, number: UUID) -> CaseFile:
    return get_object_or_404(policy.visible(standing_of(person(request))), pk=number)


def _days(case: CaseFile) -> list[date]:
    return [day_of(row.document) for row in case.documents.select_related("document")]


def _post(number: int | None) -> str:
    post = Post.objects.filter(person=number).order_by("-main").first() if number else None
    return post.title if post else ""


def _minutes(request: HttpRequest) -> Minutes:
    told = request.POST
    try:
        metres = Decimal(told.get("metres", "").strip().replace(",", ".") or 0)
    except InvalidOperation as error:
        raise InvalidValue("mét giá / running metres") from error
    if not 0 <= metres < 10_000:
        raise InvalidValue("mét giá / running metres")
    return Minutes(
        title=told.get("title", ""),
        basis=told.get("basis", ""),
        condition=told.get("condition", ""),
        boxes=forms.whole(told.get("boxes", "")),
        metres=metres,
    )
