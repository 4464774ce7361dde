"""The console's first page: what goes on now, by day, what is late, what runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.person import person
from apps.accounts.roles import Right, needs
from apps.operator import charts, hops
from apps.operator.preferences import number
from apps.operator.standing import WORDS, Region, Standing, by_region, standing
from lienthong.client import Ending, Overview
from lienthong.errors import LienThongError

SERIES = (
    charts.Series("accepted", "Trục nhận", ("submission-accepted",)),
    charts.Series("delivered", "Đã giao", ("relayed",)),
    charts.Series("refused", "Từ chối", ("refused", "submission-rejected")),
    charts.Series("expired", "Hết hạn", ("expired",)),
)
"""What is counted by day: the kinds of steps of the axis that stand behind each word."""
DAYS = 14


@dataclass(frozen=True, slots=True)
class Now:
    """The axis at this moment, with its gateways; `problem` says why nothing is known."""

    overview: Overview | None = None
    regions: tuple[Region, ...] = ()
    problem: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many gateways are up, late, down, held, silent."""
        rows = [each.standing for region in self.regions for each in region.gateways]
        return {kind.value: rows.count(kind) for kind in Standing}


@require_safe
@needs(Right.LOOK)
def page(request: HttpRequest) -> HttpResponse:
    """All of it on one page; an axis that does not answer costs its numbers, not the page."""
    now = _now(request)
    standings = [(kind.value, *WORDS[kind]) for kind in Standing]
    dead = sum(now.overview.dead.values()) if now.overview else 0
    context: dict[str, Any] = {"now": now, "dead": dead, "standings": standings}
    if now.overview:
        context |= {
            "chart": charts.days(now.overview.days, SERIES),
            "ending": _ending(now.overview),
            "stale": _late(now.overview.unstamped_since),
        }
    return render(request, "operator/overview.html", context)


def _now(request: HttpRequest) -> Now:
    if not hops.names():
        return Now(problem="")
    try:
        axis = hops.axis(person(request))
        rows = [standing(each, timezone.now()) for each in axis.gateways()]
        return Now(axis.overview(DAYS), by_region(rows))
    except LienThongError as error:
        return Now(problem=error.sentence())


def _ending(overview: Overview) -> list[Ending]:
    soon = timezone.now() + timedelta(days=number("ending"))
    return [each for each in overview.ending if each.valid_to <= soon]


def _late(since: datetime | None) -> bool:
    """Whether checkpoints wait too long for their time stamp."""
    return since is not None and timezone.now() - since > timedelta(minutes=number("late"))
