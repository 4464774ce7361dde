"""What comes by itself, on one page: folders, mailboxes, recognition; how each is, what came, what was refused."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.office.bringing.rounds import inlets
from apps.office.finding.reading import reader
from apps.office.models import Brought, Content, Inlet, Recognition
from apps.staff.models import Duty
from apps.staff.rights import Standing, asking

SHOWN = 50


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """For clerks and the head of the office."""
    who = asking(request)
    if not who.has(Duty.CLERK, Duty.UNIT_CLERK, Duty.OFFICE_HEAD):
        raise PermissionDenied
    agency = settings.CONFIG.of(who.agency)
    rows = [inlet for inlet, _, _ in inlets(agency)] if agency else []
    told = {"inlets": rows, "brought": _brought(rows, who), "recognition": recognition(who.agency)}
    return render(request, "office/sources.html", told)


def _brought(rows: list[Inlet], who: Standing) -> list[Brought]:
    """The newest first; a unit's clerk sees documents of the unit alone."""
    found = Brought.objects.filter(inlet__in=rows).select_related("document", "inlet")
    if not who.has(Duty.CLERK, Duty.OFFICE_HEAD):
        found = found.filter(document__assignments__unit__in=who.units).distinct()
    return list(found[:SHOWN])


def recognition(agency: str) -> dict[str, Any]:
    """Whether scans are recognised here, how many files of the agency wait, and how many could not be."""
    mine = Content.objects.filter(files__document__agency=agency)
    rows = Recognition.objects.filter(content__in=mine)
    with reader() as reads:
        able = reads.recognises
    wanted = settings.CONFIG.site.recognise > 0
    return {
        "able": able,
        "wanted": wanted,
        "waiting": rows.filter(due__isnull=False).count(),
        "failed": rows.filter(due=None).exclude(why="").count(),
    }
