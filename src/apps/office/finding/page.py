"""The box: results with chips; everything it shows is in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.office.desk import desk_of
from apps.office.finding.language import EXAMPLES, LONGEST, Term
from apps.office.finding.results import Found, look
from apps.office.finding.saved import may_pin, views_of
from apps.staff.rights import asking


@dataclass(frozen=True, slots=True)
class Chip:
    """A term, and the query without it."""

    term: Term
    without: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The register of the person's agency, and what only the gateway holds."""
    query, after = request.GET.get("q", "").strip()[:LONGEST], request.GET.get("sau", "")
    standing = asking(request)
    found = look(desk_of(request), standing, query, after) if query else Found()
    kept = views_of(standing).filter(query=query) if query else ()
    told = _shown(query, after, found) | {"may_pin": may_pin(standing), "kept": kept}
    return render(request, "office/search.html", told)


def _shown(query: str, after: str, found: Found) -> dict[str, Any]:
    asked = {"sau": after} if after else {}
    return {
        "query": query,
        "found": found,
        "chips": [Chip(term, without(found.terms, at)) for at, term in enumerate(found.terms)],
        "place": urlencode({"tim": query, **asked}),
        "next": urlencode({"q": query, "sau": found.next}) if found.next else "",
        "after": after,
        "examples": EXAMPLES,
    }


def without(terms: list[Term], at: int) -> str:
    """The query's address less one term."""
    left = " ".join(term.raw for place, term in enumerate(terms) if place != at)
    return urlencode({"q": left})
