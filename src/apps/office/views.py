"""Lists: the boxes of both lanes, and search over everything."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from apps.office.boxes import box_of
from apps.office.desk import desk_of
from apps.office.lists import listing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A clerk's day starts with what waits to be registered."""
    return redirect("box", lane="den", key="cho-tiep-nhan")


@require_safe
def box(request: HttpRequest, lane: str, key: str) -> HttpResponse:
    """One page of one box."""
    chosen = box_of(lane, key)
    if chosen is None:
        raise Http404
    after = request.GET.get("sau", "")
    page = listing(desk_of(request), chosen, after)
    place = urlencode({"trong": f"{lane}/{key}", **({"sau": after} if after else {})})
    return render(request, "office/box.html", {"box": chosen, "page": page, "after": after, "place": place})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Both lanes, by number, notation, words of the subject, agency or any id."""
    query = request.GET.get("q", "").strip()[:200]
    page = desk_of(request).search(query) if query else None
    place = urlencode({"tim": query})
    return render(request, "office/search.html", {"query": query, "page": page, "place": place})
