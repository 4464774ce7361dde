"""Lists of what was sent: the boxes of the gateway."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.office.boxes import box_of
from apps.office.desk import desk_of
from apps.office.lists import listing


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
