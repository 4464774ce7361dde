"""The inventory of tokens, and the newest lines of the authority's log."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.record import record
from apps.authority.door import Desk, officers
from apps.authority.paging import LIMIT, further, place
from apps.authority.words import TOKENS
from apps.ui.language import sentence_of, t
from lienthong.errors import LienThongError, NotAllowed

MOVES = {"in-stock": ("hand-over", "loss"), "issued": ("return", "loss", "recovery"), "returned": (), "lost": ()}
"""Kinds of cases that can be opened about a token, by its state."""


@require_http_methods(["GET", "POST"])
@officers
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What lies in stock, who has which; a new one is taken in."""
    if request.method == "POST":
        return _stock(request, desk)
    asked, state = request.GET, request.GET.get("trang-thai", "")
    late, after = asked.get("qua-han") == "co", place(asked)
    wanted = {"state": state if state in TOKENS else "", "overdue": "true" if late else ""}
    found = desk.ca.tokens(**wanted, offset=after, limit=LIMIT)
    rows = [(each, MOVES.get(each.state, ()) if desk.has("request") else ()) for each in found]
    context = {
        "rows": rows,
        "state": state,
        "states": list(TOKENS),
        "may": desk.has("deliver"),
        "asks": desk.has("request"),
    }
    context |= {"late": late, "now": timezone.now(), "more": further(asked, found, after + LIMIT)}
    return render(request, "authority/tokens.html", context)


def _stock(request: HttpRequest, desk: Desk) -> HttpResponse:
    told = {name: request.POST.get(name, "").strip()[:80] for name in ("serial", "organisation", "model")}
    if not told["serial"] or not told["organisation"]:
        notices.error(request, t("Cần số thiết bị và mã cơ quan."))
        return redirect("ca-tokens")
    try:
        desk.ca.stock(**told)
    except LienThongError as error:
        record(request, "ca-stock", told["serial"], outcome="refused", code=error.code)
        notices.error(request, sentence_of(error))
        return redirect("ca-tokens")
    record(request, "ca-stock", told["serial"], organisation=told["organisation"])
    notices.success(request, t("Đã nhập kho thiết bị {serial}.", serial=told["serial"]))
    return redirect("ca-tokens")


@require_safe
@officers
def deeds(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The log, the newest first, for those whose duty is to audit; others learn whose page this is."""
    try:
        found = desk.ca.deeds()
    except NotAllowed:
        return render(request, "authority/deeds.html", {"found": None})
    return render(request, "authority/deeds.html", {"found": found[::-1], "people": desk.people()})
