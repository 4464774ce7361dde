"""The report on the signatures of a file: a page to read or print, and the one the gateway signed."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from apps.office.access import registered, travelled
from apps.office.desk import desk_of
from lienthong.client import Desk
from lienthong.signature import Report
from lienthong.signature.reporting import MEDIA_TYPE, as_html

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_safe
def page(request: HttpRequest, package: str, index: int) -> HttpResponse:
    """Judged now by the gateway; with `tai` as a signed file for others to check."""
    desk, told = travelled(request, package)
    if index >= len(told.parts):
        raise Http404
    part = told.parts[index]
    return _told(request, desk, part.sha256, part.name)


@require_safe
def of_register(request: HttpRequest, number: UUID, file: int) -> HttpResponse:
    """The same for a file of the register."""
    document, _ = registered(request, number)
    found = get_object_or_404(document.files, pk=file)
    return _told(request, desk_of(request), found.content_id, found.name)


def _told(request: HttpRequest, desk: Desk, sha256: str, name: str) -> HttpResponse:
    if "tai" in request.GET:
        return _signed(desk, sha256, name)
    found = desk.known_file(sha256).report
    if found is None:
        raise Http404
    shown = as_html(msgspec.convert(found, Report), name=name, service=desk.me().gateway)
    response = HttpResponse(shown, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def _signed(desk: Desk, sha256: str, name: str) -> HttpResponse:
    response = HttpResponse(desk.signature_report(sha256), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{name}.jws") or "attachment"
    )
    return response
