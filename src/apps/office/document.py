"""The document page: its data beside the PDF, what to do next, recipients, journey, proof."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.accounts.person import person
from apps.office.desk import desk_of
from apps.office.files import banner, tabs
from apps.office.journey import journey
from apps.office.mypart import my_part
from apps.office.place import place_of
from apps.office.points import points
from apps.office.recipients import SHOWN, rows, tallies
from lienthong.client import Desk, Document

VIEWER_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
)


@require_safe
def page(request: HttpRequest, package: str) -> HttpResponse:
    """One document."""
    desk = desk_of(request)
    return show(request, desk, desk.document(package))


def show(request: HttpRequest, desk: Desk, document: Document, status: int = 200, **more: object) -> HttpResponse:
    """The page of a document already at hand; `more` carries what a refused act wants kept."""
    files = tabs(document, request.GET.get("tep", ""))
    chosen = next((tab for tab in files if tab.here), None)
    everyone = rows(document) if document.entry.lane == "out" else []
    context = {
        "document": document,
        "entry": document.entry,
        "mine": my_part(document),
        "files": files,
        "chosen": chosen,
        "banner": banner(document, chosen) if chosen else None,
        "points": points(document.findings, chosen.part.name if chosen else ""),
        "address": reverse("part", args=[document.entry.id, chosen.index]) if chosen else "",
        "rows": everyone[:SHOWN],
        "others": everyone[SHOWN:],
        "tallies": tallies(document.entry) if len(everyone) > 1 else [],
        "journey": journey(document),
        "place": place_of(request.GET, desk, person(request), document.entry.id),
    }
    return render(request, "office/document.html", context | more, status=status)


@require_safe
@xframe_options_sameorigin
def part(request: HttpRequest, package: str, index: int) -> HttpResponse:
    """The bytes of one file: a PDF opens in place, anything else is downloaded and never interpreted."""
    desk = desk_of(request)
    parts = desk.document(package).parts
    if index >= len(parts):
        raise Http404
    chosen = parts[index]
    safe = chosen.media_type == "application/pdf"
    kind = "application/pdf" if safe else "application/octet-stream"
    response = HttpResponse(desk.part(package, chosen.name), content_type=kind)
    download = not safe or "tai" in request.GET
    response["Content-Disposition"] = content_disposition_header(download, chosen.name) or "attachment"
    response["Content-Security-Policy"] = VIEWER_POLICY
    response["Cache-Control"] = "private, max-age=600"
    return response
