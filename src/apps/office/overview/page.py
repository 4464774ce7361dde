"""The overview of one's day: per role, each number leads to its list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.office.bell.count import forget
from apps.office.overview import figures
from apps.office.overview.notices import notices, unread
from apps.staff.rights import WHOLE_AGENCY, asking

SHOWN = 10
"""Notices the overview has room for; the bell leads to all."""


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Own work for everybody; the units' for heads; the shares for who sees the whole agency."""
    person, now = asking(request), timezone.now()
    whole = person.has(*WHOLE_AGENCY)
    forget(person)
    mine, everybody = figures.work(person, now)
    signed, electronic = figures.shares(person, now) if whole else (None, None)
    told = {
        "mine": mine,
        "everybody": everybody,
        "whole": whole,
        "holders": figures.holders(person, now),
        "longest": [(row, (now - row.given).days) for row in figures.longest(person)],
        "signed": signed,
        "electronic": electronic,
        "notices": unread(notices(person, SHOWN)),
    }
    return render(request, "office/overview.html", told)
