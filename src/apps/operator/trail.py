"""The audit page: who did what, for whom, from where; searched, and taken out with its proof."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.roles import Right, Role, needs
from apps.audit.key import key
from apps.audit.models import Entry, Head
from apps.audit.prove import bundle
from apps.audit.record import record
from apps.operator.deeds import DEEDS, OUTCOMES
from apps.ui.numbers import CURSOR, read_number
from apps.ui.onward import onward

PAGE = 50
MOST = 20_000
"""Entries one file takes."""


@require_safe
@needs(Right.AUDIT)
def page(request: HttpRequest) -> HttpResponse:
    """Newest first, by cursor."""
    found = list(_wanted(request.GET)[: PAGE + 1])
    rows = [_shown(each) for each in found[:PAGE]]
    last = found[PAGE - 1].index if len(found) > PAGE else None
    head = Head.objects.filter(pk=1).first()
    context = {
        "rows": rows,
        "asked": request.GET,
        "deeds": DEEDS.items(),
        "more": onward(request.GET, "truoc", last),
        "size": head.size if head else 0,
        "vkey": str(key().verifier),
    }
    return render(request, "operator/audit.html", context)


@require_safe
@needs(Right.AUDIT)
def export(request: HttpRequest) -> HttpResponse:
    """What the page finds, as a file that proves itself; taking it out is an act of its own."""
    record(request, "audit-exported", request.GET.urlencode()[:200])
    told = bundle(_wanted(request.GET)[:MOST])
    answer = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="nhat-ky-{timezone.now():%Y%m%d-%H%M%S}.json"'
    return answer


def _wanted(asked: QueryDict) -> QuerySet[Entry]:
    """Entries asked for: by whom (`ai`), what (`viec`), on what (`gi`), from one day (`tu`) through another (`den`)."""
    found = Entry.objects.order_by("-index")
    for name, column in (
        ("ai", "actor"),
        ("viec", "act"),
        ("gi", "subject"),
        ("tu", "at__date__gte"),
        ("den", "at__date__lte"),
    ):
        if value := asked.get(name, "").strip()[:200]:
            found = found.filter(**{column: value})
    before = read_number(asked.get("truoc", ""), CURSOR)
    return found.filter(index__lt=before) if before else found


def _shown(entry: Entry) -> dict[str, Any]:
    told = json.loads(entry.leaf)
    role = dict(Role.choices).get(entry.role, "")
    return {
        "entry": entry,
        "role": role,
        "deed": DEEDS.get(entry.act, entry.act),
        "outcome": OUTCOMES.get(entry.outcome, entry.outcome),
        "detail": sorted(told["detail"].items()),
    }
