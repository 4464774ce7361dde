"""The overview of one's day: per role, each number leads to its list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.office.overview import figures
from apps.office.overview.notices import notices
from apps.staff.rights import WHOLE_AGENCY, asking


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
    }
    return render(request, "office/overview.html", told)
