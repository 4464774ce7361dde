"""The document page: its data beside the PDF, what to do next, recipients, journey, proof."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.accounts.person import person
from apps.office.access import travelled
from apps.office.files import banner, tabs
from apps.office.journey import journey
from apps.office.models import Document as Register
from apps.office.models import Lane
from apps.office.mypart import my_part
from apps.office.outgoing.reminding_page import of_package
from apps.office.place import place_of
from apps.office.points import points
from apps.office.recipients import SHOWN, rows, tallies
from apps.staff.rights import asking
from lienthong.client import Desk, Document

VIEWER_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
)


@require_safe
def page(request: HttpRequest, package: str) -> HttpResponse:
    """One document as the gateway tells it; what stands in the register of incoming has its page there."""
    agency = person(request).agency
    known = Register.objects.filter(agency=agency, package=package, lane=Lane.INCOMING).first()
    if known is not None:
        query = request.META.get("QUERY_STRING", "")
        return redirect(reverse("incoming", args=[known.pk]) + (f"?{query}" if query else ""))
    desk, told = travelled(request, package)
    return render(request, "office/document.html", _shown(request, desk, told))


def _shown(request: HttpRequest, desk: Desk, document: Document) -> dict[str, object]:
    files = tabs(document, request.GET.get("tep", ""))
    chosen = next((tab for tab in files if tab.here), None)
    everyone = rows(document) if document.entry.lane == "out" else []
    return {
        "document": document,
        "entry": document.entry,
        "mine": my_part(document),
        "files": files,
        "chosen": chosen,
        "banner": banner(document, chosen) if chosen else None,
        "points": points(document.findings, chosen.label if chosen else ""),
        "address": chosen.address if chosen else "",
        "late": of_package(request, document) if everyone else None,
        "rows": everyone[:SHOWN],
        "others": everyone[SHOWN:],
        "tallies": tallies(document.entry) if len(everyone) > 1 else [],
        "journey": journey(document.steps),
        "place": place_of(request.GET, desk, asking(request), document.entry.id),
    }


@require_safe
@xframe_options_sameorigin
def part(request: HttpRequest, package: str, index: int) -> HttpResponse:
    """The bytes of one file: a PDF opens in place, anything else is downloaded and never interpreted."""
    desk, told = travelled(request, package)
    if index >= len(told.parts):
        raise Http404
    chosen = told.parts[index]
    return served(desk.part(package, chosen.name), chosen.name, chosen.media_type, download="tai" in request.GET)


def served(data: bytes, name: str, media_type: str, *, download: bool) -> HttpResponse:
    """A file for the browser: a PDF in place under a policy of its own, anything else as a download."""
    safe = media_type == "application/pdf"
    response = HttpResponse(data, content_type="application/pdf" if safe else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(download or not safe, name) or "attachment"
    response["Content-Security-Policy"] = VIEWER_POLICY
    response["Cache-Control"] = "private, max-age=600"
    return response
