"""The overview of one's day: per role, each number leads to its list."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.person import person as asker
from apps.office.models import Mailing
from apps.office.overview import figures, mailing
from apps.office.overview.notices import notices
from apps.staff.rights import WHOLE_AGENCY, asking
from apps.ui.language import t
from lienthong.errors import InvalidValue


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Own work for everybody; the units' for heads; the shares for who sees the whole agency."""
    person, now = asking(request), timezone.now()
    whole = person.has(*WHOLE_AGENCY)
    told = {
        "mine": figures.mine(person, now),
        "everybody": figures.everybody(person, now),
        "whole": whole,
        "holders": figures.holders(person, now),
        "longest": [(row, (now - row.given).days) for row in figures.longest(person)],
        "signed": figures.signed_going_out(person, now) if whole else None,
        "electronic": figures.came_electronically(person, now) if whole else None,
        "notices": notices(person),
        "mailing": Mailing.objects.filter(person=person.person).first(),
        "mails": bool(settings.CONFIG.site.mail),
    }
    return render(request, "office/overview.html", told)


@require_POST
def mails(request: HttpRequest) -> HttpResponse:
    """Where one wants notices by e-mail; an empty address ends them."""
    told = request.POST
    try:
        mailing.wish(asker(request), told.get("address", ""), digest="digest" in told, urgent="urgent" in told)
        messages.success(request, t("Đã lưu."))
    except InvalidValue:
        messages.error(request, t("Địa chỉ thư điện tử này không đúng; chưa lưu gì."))
    return redirect("overview")
