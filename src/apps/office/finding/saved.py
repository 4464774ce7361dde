"""Saved views: any search may be kept in one's rail, or by the head of the office in everybody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from apps.accounts.person import person
from apps.office.finding.language import LONGEST, read, understood
from apps.office.finding.results import count
from apps.office.lists import COUNTED, COUNTS_LAST, spoken, together
from apps.office.models import View
from apps.staff.models import Duty
from apps.staff.rights import Standing, standing_of
from apps.ui.language import t

MOST = 20
"""Views of one person, and of one agency: a rail is to be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One view in the rail. `count` is what this person would find, as words; empty for nothing."""

    view: View
    path: str
    count: str
    here: bool


def views_of(standing: Standing) -> QuerySet[View]:
    """The agency's views, then the person's own."""
    return View.objects.filter(Q(owner=None) | Q(owner=standing.person), agency=standing.agency).order_by(
        F("owner").asc(nulls_first=True), "id"
    )


def lines(request: HttpRequest, standing: Standing) -> list[Line]:
    """What the rail shows."""
    asked = request.GET.get("q", "").strip() if request.path == "/tim/" else request.GET.get("tim", "")
    views = list(views_of(standing))
    counts = _counts((view.query for view in views), standing)
    return [
        Line(view, "/tim/?" + urlencode({"q": view.query}), spoken(counts[view.query]), asked == view.query)
        for view in views
    ]


def may_pin(standing: Standing) -> bool:
    """Whether the person keeps views for the whole agency."""
    return standing.has(Duty.OFFICE_HEAD)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep this search under a label."""
    standing, everybody = standing_of(person(request)), bool(request.POST.get("everybody"))
    if everybody and not may_pin(standing):
        raise PermissionDenied
    query, label = (request.POST.get(name, "").strip() for name in ("q", "label"))
    owner = None if everybody else standing.person
    kept = View.objects.filter(agency=standing.agency, owner=owner)
    if not label.isprintable() or not label or not understood(read(query, standing)):
        messages.error(request, t("Cần một tên và một câu tìm hiểu được; chưa lưu gì."))
    elif kept.exclude(query=query).count() >= MOST:
        messages.error(request, t("Đã có {n} cách tìm được lưu; xin bỏ bớt trước.", n=MOST))
    else:
        View.objects.update_or_create(
            agency=standing.agency, owner=owner, query=query[:LONGEST], defaults={"label": label[:60]}
        )
    return redirect("/tim/?" + urlencode({"q": query[:LONGEST]}))


@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Take a view out of the rail: one's own, or the agency's by who may keep one there."""
    standing = standing_of(person(request))
    view = get_object_or_404(views_of(standing), pk=number)
    if view.owner_id is None and not may_pin(standing):
        raise PermissionDenied
    if rule := view.rules.first():
        messages.error(request, t("Quy tắc “{rule}” đang dùng cách tìm này làm điều kiện; chưa bỏ.", rule=rule.name))
    else:
        view.delete()
    return redirect("/tim/?" + urlencode({"q": view.query}))


def _counts(queries: Iterable[str], standing: Standing) -> dict[str, int]:
    """What this person would find by each; those not known from just now are counted in one question."""
    keys = {query: _key(query, standing) for query in queries}
    known: dict[str, int] = cache.get_many(keys.values())
    missing = {f"view{n}": query for n, query in enumerate(keys) if keys[query] not in known}
    terms = {name: read(query, standing) for name, query in missing.items()}
    asked = {name: count(each, standing, COUNTED) for name, each in terms.items() if understood(each)}
    told = dict.fromkeys(missing, 0) | together(standing.person, asked)
    cache.set_many({keys[query]: told[name] for name, query in missing.items()}, COUNTS_LAST)
    return {query: known.get(key, 0) for query, key in keys.items()} | {missing[name]: n for name, n in told.items()}


def _key(query: str, standing: Standing) -> str:
    return f"view:{standing.agency}:{standing.person.pk}:{sha256(query.encode()).hexdigest()}"
