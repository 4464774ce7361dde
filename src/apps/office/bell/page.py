"""The list behind the bell, and by which way each kind of notice comes."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.office.bell.count import forget
from apps.office.models import Channel, Kind, Mailing
from apps.office.overview import mailing
from apps.office.overview.notices import mark_read, named, notices, unread, wishes_of
from apps.staff.rights import asking
from apps.ui.language import t
from lienthong.errors import InvalidValue


@require_http_methods(["GET", "POST"])
def notices_page(request: HttpRequest) -> HttpResponse:
    """Unread first; a POST marks one, or all that were shown, as read."""
    person = asking(request)
    if request.method == "POST":
        mark_read(person, request.POST.getlist("key"))
        forget(person)
        return redirect("notices")
    forget(person)
    found = notices(person)
    new, wishes = unread(found), wishes_of(person)
    told = {
        "new": new,
        "read": found[len(new) :],
        "wishes": wishes,
        "kinds": [(kind, [(channel, wishes.wants(channel, kind)) for channel in Channel]) for kind in Kind],
        "channels": list(Channel),
        "mails": bool(settings.CONFIG.site.mail),
        "now": timezone.now(),
    }
    return render(request, "office/notices.html", told)


@require_safe
def opened(request: HttpRequest) -> HttpResponse:
    """Lead to where it is done; it has been read. What is no notice any more leads to the list."""
    person, key = asking(request), request.GET.get("k", "")
    found = named(person, key)
    if found is None:
        return redirect("notices")
    if "prefetch" not in request.headers.get("Sec-Purpose", ""):  # a browser that looks ahead has read nothing
        mark_read(person, [key])
        forget(person)
    return redirect(found.address)


@require_safe
def fragment(request: HttpRequest) -> HttpResponse:
    """The bell alone, for a page that stays open."""
    return render(request, "office/bell.html")


@require_POST
def wishes(request: HttpRequest) -> HttpResponse:
    """Which kind comes by which way; an empty address ends all e-mail."""
    person, wanted = asking(request), set(request.POST.getlist("want"))
    known: Mailing = wishes_of(person)
    try:
        mailing.wish(person.person, request.POST.get("address", known.address), mailing.EVERY - wanted)
        messages.success(request, t("Đã lưu."))
    except InvalidValue:
        messages.error(request, t("Địa chỉ thư điện tử này không đúng; chưa lưu gì."))
    forget(person)
    return redirect("notices")
