"""The report on the signatures of a file: a page to read or print, and the one the gateway signed."""

from __future__ import annotations

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from apps.office.desk import desk_of
from lienthong.client import Desk, Part
from lienthong.signature import Report
from lienthong.signature.reporting import MEDIA_TYPE, as_html

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_safe
def page(request: HttpRequest, package: str, index: int) -> HttpResponse:
    """Judged now by the gateway; with `tai` as a signed file for others to check."""
    desk = desk_of(request)
    part = _part(desk, package, index)
    if "tai" in request.GET:
        return _signed(desk, part)
    found = desk.known_file(part.sha256).report
    if found is None:
        raise Http404
    shown = as_html(msgspec.convert(found, Report), name=part.name, service=desk.me().gateway)
    response = HttpResponse(shown, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def _part(desk: Desk, package: str, index: int) -> Part:
    parts = desk.document(package).parts
    if index >= len(parts):
        raise Http404
    return parts[index]


def _signed(desk: Desk, part: Part) -> HttpResponse:
    response = HttpResponse(desk.signature_report(part.sha256), content_type=MEDIA_TYPE)
    name = content_disposition_header(as_attachment=True, filename=f"{part.name}.jws")
    response["Content-Disposition"] = name or "attachment"
    return response
