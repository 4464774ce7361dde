"""The tour: who may be tried out, and what to try as that person. Only on the machine the demo runs on."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.door import let_in
from apps.accounts.models import User
from apps.demo.tour import stops_of
from apps.staff.models import Post
from apps.staff.rights import asking

LEADER_AND_CLERK = 2
"""Of the smallest agencies."""


@login_not_required
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """The stops of who is signed in at an office; and everybody one may be."""
    _require_here(request)
    user = request.user if isinstance(request.user, User) and request.user.agency else None
    stops = stops_of(asking(request)) if user else []
    done = sum(stop.done for stop in stops)
    return render(request, "demo/tour.html", {"stops": stops, "done": done, "offices": _offices(), "me": user})


@login_not_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Be one of the sample people, without the password the terminal shows. Never somebody of the console."""
    _require_here(request)
    who = get_object_or_404(User, username=request.POST.get("username", ""), is_active=True, pk__in=_people())
    let_in(request, who, "demo")
    return redirect("tour")


def _require_here(request: HttpRequest) -> None:
    """Http404 for a request from elsewhere; such a site is refused at its start, too (`apps.config`)."""
    if not ip_address(request.META["REMOTE_ADDR"]).is_loopback:
        raise Http404


def _people() -> list[int]:
    """Those the demo made."""
    names = [login.username for agency in settings.CONFIG.agency for login in agency.login]
    return list(User.objects.filter(username__in=names).exclude(agency="").values_list("pk", flat=True))


def _offices() -> list[tuple[str, list[Post]]]:
    """Agencies in which officers work, too, each with its people in the order of their posts."""
    posts = Post.objects.filter(person__in=_people()).select_related("person", "unit").order_by("pk")
    found: dict[str, list[Post]] = {each.code: [] for each in settings.CONFIG.agency}
    for post in posts:
        found[post.unit.agency].append(post)
    return [
        (agency.name, found[agency.code])
        for agency in settings.CONFIG.agency
        if len(found.get(agency.code, [])) > LEADER_AND_CLERK
    ]
