"""The officer's access token: shown by an administrator of the authority once, entered here once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.person import person
from apps.accounts.roles import Right, needs
from apps.audit.record import record
from apps.authority.door import Desk, desk_with, keep_token, token_of
from apps.authority.models import Access
from apps.ui.language import sentence_of, t
from lienthong.errors import InvalidValue, LienThongError


@require_http_methods(["GET", "POST"])
@needs(Right.CERTIFICATES)
def page(request: HttpRequest) -> HttpResponse:
    """Who the authority says I am; another token; none."""
    if request.method == "POST":
        return _taken(request)
    return render(request, "authority/access.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    secret = token_of(person(request))
    if not secret:
        return {}
    try:
        return {"desk": desk_with(secret)}
    except LienThongError as error:
        return {"problem": sentence_of(error)}


def _taken(request: HttpRequest) -> HttpResponse:
    who, secret = person(request), request.POST.get("token", "").strip()[:200]
    if request.POST.get("act") == "forget":
        Access.objects.filter(user=who).delete()
        record(request, "ca-access-forgotten", who.username)
        return redirect("ca-access")
    try:
        desk = _tried(secret)
    except LienThongError as error:
        record(request, "ca-access", who.username, outcome="refused", code=error.code)
        return render(request, "authority/access.html", {"problem": sentence_of(error)}, status=422)
    keep_token(who, secret)
    record(request, "ca-access", who.username, officer=desk.me.officer, authority=desk.me.authority)
    notices.success(request, t("Đã nối với dịch vụ chứng thư: {name}, {authority}.",
                               name=desk.me.name, authority=desk.me.authority_name))  # fmt: skip
    return redirect("ca-overview")


def _tried(secret: str) -> Desk:
    if not secret:
        raise InvalidValue(t("Chưa nhập mã truy cập."))
    return desk_with(secret)
