"""Pages of the agency's administrator: people and units, one person, one unit, special days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.accounts.roles import Right, Role, asks, needs
from apps.staff import changes, handover
from apps.staff.changes import ACTS, Administrator, administrator
from apps.staff.models import Delegation, Duty, Post, SpecialDay, Unit, held_on
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import InvalidValue, NotAllowed


@asks(administrator)
@require_http_methods(["GET", "POST"])
@needs(Right.OFFICE)
def people(request: HttpRequest) -> HttpResponse:
    """The tree of units with who works in them; new people and new units."""
    by, problem = administrator(request), ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "unit":
                changes.save_unit(by, None, request.POST)
                return _saved(request, "staff")
            who, password = changes.add_person(by, request.POST)
            return render(request, "staff/password.html", {"who": who, "password": password})
        except (InvalidValue, NotAllowed) as error:
            problem = error.detail
    without = User.objects.filter(agency=by.agency, role=Role.CLERK).exclude(posts__in=_held(by)).order_by("name")
    told = _choices(by) | {"rows": _tree(by), "without": without, "problem": problem, "told": request.POST}
    return render(request, "staff/people.html", told, status=422 if problem else 200)


@asks(administrator)
@require_http_methods(["GET", "POST"])
@needs(Right.OFFICE)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One person: posts, what is open in them, delegations."""
    by, problem = administrator(request), ""
    who = get_object_or_404(User, pk=number, agency=by.agency, role=Role.CLERK)
    if request.method == "POST":
        try:
            return _done(by, who, request.POST.get("act", ""))
        except (InvalidValue, NotAllowed) as error:
            problem = error.detail
    told = _choices(by) | _about(by, who) | {"problem": problem, "told": request.POST}
    return render(request, "staff/person.html", told, status=422 if problem else 200)


def _done(by: Administrator, who: User, act: str) -> HttpResponse:
    told = by.request.POST
    if act == "password":
        _, password = changes.new_password(by, who.pk)
        return render(by.request, "staff/password.html", {"who": who, "password": password})
    acts: dict[str, Callable[[], object]] = {
        "post": lambda: changes.give_post(by, who.pk, told),
        "end": lambda: changes.end_post(by, _post(by, who, told.get("post", "")), told),
        "leave": lambda: changes.leave(by, who.pk),
        "delegate": lambda: changes.delegate(by, _post(by, who, told.get("post", "")).pk, told, told.getlist("acts")),
        "undelegate": lambda: changes.end_delegation(by, told.get("delegation", "")),
    }
    if act not in acts:
        raise NotAllowed(act[:40])
    acts[act]()
    return _saved(by.request, "staff-person", who.pk)


@asks(administrator)
@require_http_methods(["GET", "POST"])
@needs(Right.OFFICE)
def unit(request: HttpRequest, number: int) -> HttpResponse:
    """One unit: its name, its end."""
    by, problem = administrator(request), ""
    found = get_object_or_404(Unit, pk=number, agency=by.agency)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "close":
                changes.close_unit(by, found)
            else:
                changes.save_unit(by, found, request.POST)
            return _saved(request, "staff")
        except (InvalidValue, NotAllowed) as error:
            problem = error.detail
    told = {"unit": found, "problem": problem}
    return render(request, "staff/unit.html", told, status=422 if problem else 200)


@asks(administrator)
@require_http_methods(["GET", "POST"])
@needs(Right.OFFICE)
def days(request: HttpRequest) -> HttpResponse:
    """Holidays, and Saturdays worked to make up for one."""
    by, problem = administrator(request), ""
    if request.method == "POST":
        try:
            if drop := read_number(request.POST.get("drop", "")):
                changes.drop_day(by, drop)
            else:
                changes.set_day(by, request.POST)
            return _saved(request, "staff-days")
        except (InvalidValue, NotAllowed) as error:
            problem = error.detail
    shown = SpecialDay.objects.filter(agency__in=["", by.agency], day__year__gte=timezone.localdate().year)
    told = {"days": shown, "problem": problem, "told": request.POST}
    return render(request, "staff/days.html", told, status=422 if problem else 200)


def _saved(request: HttpRequest, to: str, *args: object) -> HttpResponse:
    messages.success(request, t("Đã lưu."))
    return redirect(to, *args)


def _post(by: Administrator, who: User, number: str) -> Post:
    return get_object_or_404(Post, pk=read_number(number), person=who, unit__agency=by.agency)


def _held(by: Administrator) -> Any:
    return Post.objects.filter(held_on(timezone.localdate()), unit__agency=by.agency)


def _choices(by: Administrator) -> dict[str, Any]:
    units = [(depth, each) for depth, each, _ in _tree(by)]
    return {"units": units, "duties": Duty.choices, "acts": ACTS, "today": timezone.localdate().isoformat()}


def _tree(by: Administrator) -> list[tuple[int, Unit, list[Post]]]:
    """Units in the order of the tree with their depth and who works in them today; two queries."""
    below: dict[int | None, list[Unit]] = {}
    for each in Unit.objects.filter(agency=by.agency, closed=None):
        below.setdefault(each.parent_id, []).append(each)
    posts: dict[int, list[Post]] = {}
    for post in _held(by).select_related("person"):
        posts.setdefault(post.unit_id, []).append(post)
    found: list[tuple[int, Unit, list[Post]]] = []

    def walk(parent: int | None, depth: int) -> None:
        for each in below.get(parent, []):
            found.append((depth, each, posts.get(each.pk, [])))
            walk(each.pk, depth + 1)

    walk(None, 0)
    return found


def _about(by: Administrator, who: User) -> dict[str, Any]:
    posts = [(post, handover.left_of(who, post.unit)) for post in changes.current_posts(who)]
    others = User.objects.filter(agency=by.agency, role=Role.CLERK, is_active=True).exclude(pk=who.pk).order_by("name")
    receivers, today = others.exclude(pk=by.person.pk), timezone.localdate()
    given = Delegation.objects.filter(giver__person=who, until__gte=today).select_related("receiver", "giver")
    return {
        "who": who,
        "mine": who == by.person,
        "posts": posts,
        "others": others,
        "receivers": receivers,
        "given": given,
    }
