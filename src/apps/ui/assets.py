"""Our own static files: one folder, addresses that change with the content, kept by browsers for a year."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

ROOT = Path(__file__).parent / "static"
TYPES = {
    ".webmanifest": "application/manifest+json",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".bcmap": "application/octet-stream",
}


def _inside(name: str) -> Path | None:
    """The file of that name, if it lies in our folder."""
    path = (ROOT / name).resolve()
    return path if path.is_relative_to(ROOT.resolve()) and path.is_file() else None


@cache
def version(name: str) -> str:
    """A few letters that change with the file; empty when it is not there."""
    path = _inside(name)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path else ""


def address(name: str) -> str:
    """Where a static file is fetched; it changes with the file."""
    return f"/static/{name}?v={version(name)}"


@login_not_required
@require_safe
def asset(request: HttpRequest, name: str) -> HttpResponseBase:
    """One static file."""
    path = _inside(name)
    if path is None:
        raise Http404
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = FileResponse(path.open("rb"), content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if "v" in request.GET else "public, max-age=3600"
    return response
