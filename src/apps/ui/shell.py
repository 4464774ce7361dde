"""The page as an app on a telephone: what its worker keeps in the device, and the page shown where there is no network.

Kept is the shell alone: styles, scripts, fonts, drawings, and the page that says there is no network. Never a
document, never a page of a person: those are `no-store`, and the worker does not touch them.
"""

import json
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.ui.assets import ROOT, address

KEPT = ("ui/*.js", "ui/*.css", "ui/*.svg", "ui/icon-192.png", "vendor/htmx/*.js", "vendor/be-vietnam-pro/*.woff2")
OFFLINE = "/khong-co-mang/"


@cache
def kept() -> tuple[str, ...]:
    """Addresses of the shell's files, each changing with its file."""
    found = sorted(path for pattern in KEPT for path in ROOT.glob(pattern))
    return tuple(address(path.relative_to(ROOT).as_posix()) for path in found)


@login_not_required
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that stands between the page and the network; it changes with every file it keeps."""
    told = {"offline": OFFLINE, "files": kept()}
    script = (ROOT / "ui" / "worker.js").read_text("utf-8")
    response = HttpResponse(f"const SHELL = {json.dumps(told)};\n{script}", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """There is no network: nobody's data stands on it, so that it may be kept."""
    return render(request, "ui/offline.html")
