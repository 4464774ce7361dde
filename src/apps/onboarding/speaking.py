"""Representation: which gateway speaks for which organisation, from one day through another; handed over, or ended."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.audit.record import record
from apps.directory import book, models, scope
from apps.onboarding.acts import HANDOVER
from apps.ui.language import t
from apps.ui.onward import onward
from apps.ui.times import read_day, today
from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue, LienThongError
from lienthong.registry import Representation

PAGE = 50


@require_http_methods(["GET", "POST"])
@needs(Right.LOOK)
def page(request: HttpRequest) -> HttpResponse:
    """Who speaks, spoke and will speak; by the code of an organisation or the id of a gateway (`q`)."""
    if request.method == "POST":
        return _act(request)
    query = request.GET.get("q", "").strip()[:60]
    rows = book.believed(models.Representation).order_by("organisation", book.FROM)
    if query:
        rows = rows.filter(Q(organisation__startswith=query) | Q(gateway=query))
    shown = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": shown,
        "more": onward(request.GET, "trang", shown.has_next() and shown.next_page_number()),
        "query": query,
        "today": today(),
        "may_change": may(person(request).role, Right.CHANGE_DIRECTORY),
        "handover": HANDOVER.days,
    }
    return render(request, "onboarding/speaking.html", context)


def _act(request: HttpRequest) -> HttpResponse:
    who = person(request)
    if not may(who.role, Right.CHANGE_DIRECTORY):
        raise PermissionDenied
    organisation, gateway = (request.POST.get(name, "").strip()[:60] for name in ("organisation", "gateway"))
    try:
        day = read_day(request.POST.get("day", "")) or today()
        if request.POST.get("act") == "end":
            end(who, organisation, gateway, day)
        else:
            hand_over(who, organisation, gateway, day)
    except LienThongError as error:
        record(request, "representation", organisation, outcome="refused", gateway=gateway, code=error.code)
        notices.error(request, error.detail or error.sentence())
    else:
        record(request, "representation", organisation, gateway=gateway, day=str(day))
        notices.success(request, t("Đã ghi; có hiệu lực từ bản phát hành kế tiếp."))
    return redirect(f"{request.path}?q={organisation}")


def hand_over(who: User, organisation: str, gateway: str, day: date) -> None:
    """From a day on this gateway speaks; one that does now goes on for a week more. InvalidValue, NotAllowed."""
    scope.require(who, [organisation])
    code = OrganisationCode.parse(organisation)
    _from_today(day)
    if not book.history(code):
        raise InvalidValue(t("Danh bạ không có mã {code}.", code=organisation))
    if not book.Around([]).has_gateway(gateway):
        raise InvalidValue(t("Danh bạ không có máy chủ {gateway}.", gateway=gateway or "–"))
    spoken = book.representations([code]).get(code, [])
    if any((each.valid_from or date.min) >= day for each in spoken):
        raise InvalidValue(t("Đã có máy chủ bắt đầu từ ngày đó hoặc sau đó."))
    now = [each for each in spoken if each.covers(day)]
    if any(each.gateway == gateway for each in now):
        raise InvalidValue(t("Máy chủ này đang đại diện cho cơ quan."))
    with transaction.atomic():
        change = book.begin(who, "representation", f"{organisation} {gateway}")
        book.stop(change, now, day + HANDOVER + timedelta(days=1))
        book.speak(change, [Representation(gateway, code, day)])


def end(who: User, organisation: str, gateway: str, day: date) -> None:
    """That day is the last on which this gateway speaks for the organisation. InvalidValue, NotAllowed."""
    scope.require(who, [organisation])
    code = OrganisationCode.parse(organisation)
    _from_today(day)
    spoken = book.representations([code]).get(code, [])
    ending = [each for each in spoken if each.gateway == gateway and each.covers(day)]
    if not ending:
        raise InvalidValue(t("Ngày đó máy chủ này không đại diện cho cơ quan."))
    with transaction.atomic():
        change = book.begin(who, "representation", f"{organisation} {gateway}")
        book.stop(change, ending, day + timedelta(days=1))


def _from_today(day: date) -> None:
    """The past is what gateways acted on; it is not changed."""
    if day < today():
        raise InvalidValue(t("Chỉ đổi được từ hôm nay trở đi."))
