"""The list behind the bell, and by which way each kind of notice comes."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.office.bell.count import bell_of, forget
from apps.office.models import Channel, Kind, Mailing
from apps.office.overview import mailing
from apps.office.overview.notices import listing, mark_read, named, unread, wishes_of
from apps.staff.rights import asking
from apps.ui.language import t
from lienthong.errors import InvalidValue


@require_http_methods(["GET", "POST"])
def notices_page(request: HttpRequest) -> HttpResponse:
    """Unread first, page by page; a POST marks one, or all that there were when the page was made, as read."""
    person = asking(request)
    if request.method == "POST":
        mark_read(person, request.POST.getlist("key"), _moment(request.POST.get("shown", "")))
        forget(person)
        return redirect(request.get_full_path())
    forget(person)
    after = request.GET.get("sau", "")
    page, wishes = listing(person, after), wishes_of(person)
    new = unread(page.lines)
    told = {
        "new": new,
        "read": page.lines[len(new) :],
        "waiting": bell_of(person).count,
        "after": after,
        "next": page.next,
        "wishes": wishes,
        "kinds": [(kind, [(channel, wishes.wants(channel, kind)) for channel in Channel]) for kind in Kind],
        "channels": list(Channel),
        "mails": bool(settings.CONFIG.site.mail),
        "now": timezone.now(),
    }
    return render(request, "office/notices.html", told)


def _moment(text: str) -> datetime | None:
    """When a page was made, as it says itself; None for what is none."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo else None


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
