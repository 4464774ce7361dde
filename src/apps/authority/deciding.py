"""Deciding a case: the order as it will be signed, then the order signed."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.audit.record import record
from apps.authority import signing
from apps.authority.door import Desk, officers
from apps.authority.words import ORDERS, STATES
from apps.ui.language import sentence_of, t
from lienthong.client import Case, OrderStatement
from lienthong.errors import LienThongError

REASONED = ("return", "refuse", "stop")
"""Acts that need a reason."""


@require_http_methods(["GET", "POST"])
@officers
def order(request: HttpRequest, desk: Desk, id: str) -> HttpResponse:
    """What will be signed, about the case as the officer saw it; if it has changed meanwhile they look again."""
    act, why = request.POST.get("act", ""), request.POST.get("why", "").strip()[:1000]
    if request.method != "POST":
        return redirect("ca-case", id)
    if act not in ORDERS or act == "put":
        raise Http404
    case = desk.ca.case(id).case
    if (request.POST.get("digest"), request.POST.get("seen")) != (case.digest, case.state):
        notices.error(request, t("Hồ sơ đã đổi từ khi anh/chị xem. Xem lại rồi quyết định; chưa có gì thay đổi."))
        return redirect("ca-case", id)
    if act in REASONED and not why:
        notices.error(request, t("Cần ghi lý do; người lập sẽ đọc lý do này."))
        return redirect("ca-case", id)
    return _page(request, signing.statement(desk, act, id, case.digest, case.state, why), case)


def _page(request: HttpRequest, told: OrderStatement, case: Case, problem: str = "", status: int = 200) -> HttpResponse:
    shown = {
        "to": reverse("ca-decide", args=[case.id]),
        "back": reverse("ca-case", args=[case.id]),
        "over": t("Hồ sơ chứng thư"),
        "case": case,
    }
    return signing.page(request, told, shown, problem, status)


@require_http_methods(["GET", "POST"])
@officers
def decide(request: HttpRequest, desk: Desk, id: str) -> HttpResponse:
    """Send the signed order. What was wrong with it is told, and the same order can be signed again."""
    if request.method != "POST":
        return redirect("ca-case", id)
    told = signing.stated(request, desk)
    try:
        case = desk.ca.decide(id, signing.signed(request, told))
    except LienThongError as error:
        record(request, "ca-order", id, outcome="refused", order=told.act, code=error.code)
        return _page(request, told, desk.ca.case(id).case, sentence_of(error), 422)
    record(request, "ca-order", id, order=told.act)
    notices.success(request, t("Lệnh đã được thực hiện: hồ sơ {state}.", state=t(STATES[case.state][0])))
    return redirect("ca-case", id)
