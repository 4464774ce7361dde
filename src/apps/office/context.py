"""The rail: inboxes with their counts. A gateway that is down costs the counts, never the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.accounts.person import person
from apps.office.boxes import OUTGOING, Box
from apps.office.desk import desk_of
from apps.office.drafts import count_drafts
from apps.office.finding.saved import lines
from apps.office.incoming import lists as incoming
from apps.office.incoming.inboxes import Box as Inbox
from apps.office.lists import counts
from apps.office.outgoing.inboxes import shown_to
from apps.staff.models import Duty
from apps.staff.rights import Standing, asking
from lienthong.errors import LienThongError

PATH = {"in": "den", "out": "di"}


def rail(request: HttpRequest) -> dict[str, Any]:
    """Asked only by pages that draw the frame for someone logged in."""
    return {"rail": SimpleLazyObject(lambda: _rail(request))}


def _rail(request: HttpRequest) -> dict[str, Any]:
    standing = asking(request)
    staff = {"staff": standing.has(Duty.ADMINISTRATOR), "path": request.path}
    if standing.only_administers:
        return staff
    return staff | _inboxes(request, standing) | {"saved": lines(request, standing)}


def _inboxes(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    try:
        known = counts(desk_of(request), person(request).agency)
    except LienThongError:
        known = {}
    return {
        "incoming": [_line(request, box, number) for box, number in incoming.counts(standing)],
        "outgoing": [_line(request, box, str(known.get(box.holds) or "") if box.counted else "") for box in OUTGOING],
        "steps": shown_to(standing),
        "numbers": standing.has(Duty.CLERK, Duty.OFFICE_HEAD),
        "routes": standing.has(Duty.LEADER, Duty.OFFICE_HEAD),
        "drafts": count_drafts(person(request).agency),
    }


def _line(request: HttpRequest, box: Box | Inbox, count: str) -> dict[str, Any]:
    path = f"/{PATH[box.lane]}/{box.key}/"
    inside = request.GET.get("trong") == f"{PATH[box.lane]}/{box.key}"
    return {
        "box": box,
        "path": path,
        "count": count,
        "here": request.path == path or inside,
    }
