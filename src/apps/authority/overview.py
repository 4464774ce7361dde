"""The authority in numbers: what is issued, in force, about to end; by day, agency, level; how long people wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.authority.door import Desk, officers
from apps.authority.words import STATES, TARGETS
from apps.operator import charts
from lienthong.client import Counts

SERIES = (
    charts.Series("asked", "Hồ sơ lập", ("open",)),
    charts.Series("issued", "Chứng thư cấp", ("issue",)),
    charts.Series("stopped", "Tạm dừng, thu hồi", ("revocation", "suspension", "loss")),
)
"""What is counted by day: acts of the history behind each word."""
ENDING = ("30", "60", "90")
HOUR, DAY = 3600, 86400


@dataclass(frozen=True, slots=True)
class Step:
    """Cases that wait in a state: how many, how many of them too long, and for how long they should at most."""

    state: str
    count: int
    overdue: int
    target: int


@require_safe
@officers
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All of a scope on one page."""
    counts = desk.ca.counts()
    context: dict[str, Any] = {
        "desk": desk,
        "counts": counts,
        "chart": charts.days(counts.days, SERIES),
        "ending": [(days, counts.ending_within.get(days, 0)) for days in ENDING],
        "steps": _steps(counts),
        "wait": _span(counts.waits.median_seconds),
    }
    return render(request, "authority/overview.html", context)


def _steps(counts: Counts) -> list[Step]:
    late, held = counts.overdue_by_state, counts.cases
    return [Step(each, held[each], late.get(each, 0), TARGETS.get(each, 0)) for each in STATES if each in held]


def _span(seconds: int | None) -> tuple[str, int] | None:
    """A time in its natural unit: "minutes", "hours" or "days", and how many."""
    if seconds is None:
        return None
    if seconds < HOUR:
        return "minutes", max(1, round(seconds / 60))
    return ("hours", round(seconds / HOUR)) if seconds < 2 * DAY else ("days", round(seconds / DAY))
