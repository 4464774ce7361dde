"""What an agency sets for what goes out: its steps per kind of document, and numbers kept free or given up."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.accounts.person import person
from apps.accounts.roles import asks, shows_no_document
from apps.audit.record import record
from apps.office import numbers
from apps.office.books import books_of
from apps.office.models import Book, Lane, Number, NumberState, Role, Route
from apps.office.outgoing import routes
from apps.office.outgoing.dispatching import papers_beside
from apps.office.outgoing.policy import CHECKS
from apps.staff.models import Duty, Unit
from apps.staff.rights import standing_of
from apps.ui.errors import STATUS
from apps.ui.language import sentence_of, t
from apps.ui.numbers import read_number
from lienthong.document import KINDS
from lienthong.errors import InvalidValue, LienThongError

MOST_STEPS, MOST_NUMBERS, SHOWN = 5, 20, 60


def _router(request: HttpRequest) -> str:
    return _allowed(request, Duty.LEADER, Duty.OFFICE_HEAD, Duty.ADMINISTRATOR)


@asks(_router)
@shows_no_document
def steps(request: HttpRequest) -> HttpResponse:
    """The agency's routes; whoever leads it, its office or its people sets them."""
    agency = _router(request)
    problem = _tried(request, agency, {"save": _save_route, "drop": _drop_route})
    if request.method == "POST" and not problem:
        return redirect("outgoing-steps")
    known = [(route, _read(agency, route)) for route in Route.objects.filter(agency=agency)]
    context = {
        "routes": known,
        "problem": problem,
        "kinds": [kind.name_vi for kind in KINDS],
        "roles": [(role.value, role.label) for role in map(Role, CHECKS)],
        "units": Unit.objects.filter(agency=agency, closed=None).exclude(parent=None),
        "places": range(MOST_STEPS),
        "usual": _usual(agency),
    }
    return render(request, "office/outgoing_steps.html", context, status=422 if problem else 200)


def book(request: HttpRequest) -> HttpResponse:
    """Numbers of the outgoing books this year: given, kept free with a reason, given up with a reason."""
    agency = _allowed(request, Duty.CLERK, Duty.OFFICE_HEAD)
    problem = _tried(request, agency, {"reserve": _reserve, "skip": _skip})
    if request.method == "POST" and not problem:
        return redirect("outgoing-numbers")
    year = timezone.localdate().year
    known = [(each, _numbers(each, year)) for each in books_of(agency, Lane.OUTGOING)]
    beside = papers_beside(agency)
    context = {
        "books": known,
        "beside": beside,
        "year": year,
        "problem": problem,
        "kept": request.POST if problem else {},
    }
    return render(request, "office/outgoing_numbers.html", context, status=422 if problem else 200)


# ---------------------------------------------------------------- steps


def _save_route(request: HttpRequest, agency: str) -> None:
    told, kind = request.POST, request.POST.get("kind", "")
    if kind and kind not in {each.name_vi for each in KINDS}:
        raise InvalidValue(t("Xin chọn một loại trong danh sách."))
    chosen = [(told.get(f"role-{at}", ""), told.get(f"unit-{at}", "")) for at in range(MOST_STEPS)]
    wanted: list[dict[str, Any]] = [{"role": role, "unit": _unit(agency, unit)} for role, unit in chosen if role]
    routes.check(agency, wanted)
    with transaction.atomic():
        Route.objects.update_or_create(agency=agency, kind=kind, defaults={"steps": wanted})
        record(request, "route-set", kind or "*", agency=agency, steps=str(wanted))


def _drop_route(request: HttpRequest, agency: str) -> None:
    with transaction.atomic():
        Route.objects.filter(agency=agency, kind=request.POST.get("kind", "")).delete()
        record(request, "route-dropped", request.POST.get("kind", "") or "*", agency=agency)


def _unit(agency: str, told: str) -> str | int:
    if told in {routes.OWN, routes.AGENCY}:
        return told
    found = Unit.objects.filter(agency=agency, closed=None, pk=read_number(told)).first()
    if found is None:
        raise InvalidValue(t("Xin chọn một đơn vị của cơ quan."))
    return int(found.pk)


def _read(agency: str, route: Route) -> list[str]:
    units = {str(unit.pk): unit.name for unit in Unit.objects.filter(agency=agency)}
    names = {routes.OWN: t("đơn vị soạn thảo"), routes.AGENCY: t("cơ quan")}
    labels = {role.value: t(str(role.label)) for role in Role}
    return [
        f"{labels[step['role']]}, {names.get(step['unit']) or units.get(str(step['unit']), '–')}"
        for step in route.steps
    ]


def _usual(agency: str) -> list[str]:
    return _read(agency, Route(agency=agency, steps=list(routes.DEFAULT)))


# ---------------------------------------------------------------- numbers


def _numbers(book: Book, year: int) -> list[Number]:
    return list(book.numbers.filter(year=year).select_related("document", "by")[:SHOWN])


def _reserve(request: HttpRequest, agency: str) -> None:
    count = read_number(request.POST.get("count", "1"))
    if not 1 <= count <= MOST_NUMBERS:
        raise InvalidValue(t("Mỗi lần giữ từ 1 đến {n} số.", n=MOST_NUMBERS))
    with transaction.atomic():
        numbers.reserve(_book(request, agency), count, person(request), timezone.now(), request.POST.get("reason", ""))


def _skip(request: HttpRequest, agency: str) -> None:
    told = request.POST.get("number", "")
    waiting = Number.objects.filter(book__agency=agency, book__lane=Lane.OUTGOING, state=NumberState.RESERVED)
    found = waiting.filter(pk=read_number(told)).first()
    if found is None:
        raise InvalidValue(t("Số này không còn được giữ."))
    numbers.skip(found, person(request), timezone.now(), request.POST.get("reason", ""))


def _book(request: HttpRequest, agency: str) -> Book:
    told = request.POST.get("book", "")
    found = next((each for each in books_of(agency, Lane.OUTGOING) if str(each.pk) == told), None)
    if found is None:
        raise InvalidValue(t("Không có sổ nào đang mở cho loại văn bản này."))
    return found


# ---------------------------------------------------------------- both


def _allowed(request: HttpRequest, *duties: str) -> str:
    if not standing_of(person(request)).has(*duties):
        raise PermissionDenied
    return person(request).agency


def _tried(request: HttpRequest, agency: str, acts: dict[str, Any]) -> str:
    """Do what the button says; the sentence of what stood in the way."""
    if request.method != "POST":
        return ""
    try:
        acts[request.POST.get("act", "")](request, agency)
    except KeyError:
        return t("Việc này không có trong danh sách.")
    except LienThongError as error:
        if error.kind in STATUS:
            raise
        return sentence_of(error)
    return ""
