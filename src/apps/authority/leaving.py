"""People who retire, leave or move: the list, and one person's departure, recorded, put off or taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.record import record
from apps.authority.asking import letter_of
from apps.authority.door import Desk, officers
from apps.authority.paging import LIMIT, further, place
from apps.authority.words import DEPARTURES, LEAVINGS
from apps.ui.language import sentence_of, t
from lienthong.client import Departure
from lienthong.errors import LienThongError, NotFound

RUNNING = ("waiting", "late")
"""States in which it can be taken back, as long as there is no case."""


@require_safe
@officers
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The soonest first, in one state or all; how many there are in each."""
    state, after = request.GET.get("trang-thai", ""), place(request.GET)
    state = state if state in DEPARTURES else ""
    found, counts = desk.ca.departures(state=state, offset=after, limit=LIMIT), desk.ca.counts().departures
    states = [("", sum(counts.values())), *((each, counts.get(each, 0)) for each in DEPARTURES)]
    context: dict[str, Any] = {"found": found, "state": state, "states": states, "may": desk.has("request")}
    context |= {"people": desk.people(), "more": further(request.GET, found, after + LIMIT)}
    return render(request, "authority/departures.html", context)


@require_http_methods(["GET", "POST"])
@officers
def one(request: HttpRequest, desk: Desk, issuer: str, serial: str) -> HttpResponse:
    """A person by one of their certificates: what is recorded, and the form while nothing is opened."""
    certificate = f"{issuer}/{serial}"
    if request.method == "POST":
        done = _stayed if request.POST.get("act") == "stay" else _recorded
        return done(request, desk, certificate)
    known = _known(desk, certificate)
    return _form(request, desk, certificate, known.notice if known else None)


def _known(desk: Desk, certificate: str) -> Departure | None:
    try:
        return desk.ca.departure(certificate)
    except NotFound:
        return None


def _form(
    request: HttpRequest, desk: Desk, certificate: str, told: Any, problem: str = "", status: int = 200
) -> HttpResponse:
    """`told`: what stands in the boxes."""
    known, held = _known(desk, certificate), desk.ca.certificate(*certificate.split("/")).certificate
    running = known is not None and known.state in RUNNING and not known.cases
    over = known is None or known.state in {"withdrawn", "refused"}
    context = {"known": known, "certificate": held, "told": told, "problem": problem, "reasons": list(LEAVINGS)}
    context["people"] = desk.people()
    context |= {"may_record": desk.has("request") and (running or over), "may_stay": desk.has("request") and running}
    return render(request, "authority/departure.html", context, status=status)


def _recorded(request: HttpRequest, desk: Desk, certificate: str) -> HttpResponse:
    told = {name: request.POST.get(name, "").strip()[:2000] for name in ("reason", "day", "to", "why")}
    letter, problem = letter_of(request)
    if problem := problem or _missing(told):
        return _form(request, desk, certificate, told, problem, 422)
    try:
        found = desk.ca.depart(certificate, told, letter)
    except LienThongError as error:
        record(request, "ca-depart", certificate, outcome="refused", code=error.code)
        return _form(request, desk, certificate, told, sentence_of(error), 422)
    record(request, "ca-depart", certificate, reason=told["reason"], day=told["day"])
    notices.success(request, t("Đã ghi. Đến ngày {day}, hồ sơ được lập dưới tên anh/chị.",
                               day=f"{found.notice.day:%d/%m/%Y}"))  # fmt: skip
    return redirect("ca-departures")


def _missing(told: dict[str, str]) -> str:
    if told["reason"] not in LEAVINGS:
        return t("Chọn lý do rời cơ quan.")
    try:
        date.fromisoformat(told["day"])
    except ValueError:
        return t("Cần ngày đầu tiên người này không còn ở cơ quan.")
    if (told["reason"] == "transfer") != bool(told["to"]):
        return t("Mã cơ quan mới: cần khi chuyển công tác, để trống khi nghỉ.")
    return ""


def _stayed(request: HttpRequest, desk: Desk, certificate: str) -> HttpResponse:
    try:
        desk.ca.stay(certificate)
    except LienThongError as error:
        record(request, "ca-stay", certificate, outcome="refused", code=error.code)
        notices.error(request, sentence_of(error))
    else:
        record(request, "ca-stay", certificate)
        notices.success(request, t("Đã rút lại: người này ở lại, không hồ sơ nào được lập."))
    return redirect("ca-departures")
