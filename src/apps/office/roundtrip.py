"""The two one-time addresses a program on a person's machine uses: fetch the file, hand it back signed.

Nobody is logged in here: the address itself is the secret, random, for ten minutes and for one use.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from apps.office.hands import fetched, handed_back, room_for
from apps.ui.receiving import content_of
from lienthong.errors import LienThongError, SigningDiffers
from lienthong.signature.session.returned import differs

FORM_ROOM = 64 * 1024
"""What a form may take beside its file."""


@login_not_required
@require_GET
def fetch(_request: HttpRequest, ticket: str) -> HttpResponse:
    """The PDF to sign."""
    try:
        file = fetched(ticket)
    except LienThongError as problem:
        return _told(problem)
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    return response


@csrf_exempt
@login_not_required
@require_POST
def hand_back(request: HttpRequest, ticket: str) -> HttpResponse:
    """The signed PDF, as a form's file or as the body; the answer is in the program's own words."""
    try:
        room = room_for(ticket)
        length = int(request.headers.get("Content-Length") or 0)
        if not 0 < length <= room + FORM_ROOM:
            raise differs("too-large")
        handed_back(ticket, _file(request))
    except LienThongError as problem:
        return _told(problem)
    return JsonResponse({"Status": 0, "Message": "", "FileName": "", "FileServer": ""})


def _file(request: HttpRequest) -> bytes:
    if (request.content_type or "").startswith("multipart/"):
        files = list(request.FILES.values())
        if len(files) != 1 or isinstance(files[0], list):
            raise SigningDiffers("exactly one file")
        return content_of(files[0])
    return bytes(request.read())


def _told(problem: LienThongError) -> HttpResponse:
    said = {"Status": problem.kind.value, "Message": problem.sentence(), "FileName": "", "FileServer": ""}
    return JsonResponse(said, status=problem.kind.value)
