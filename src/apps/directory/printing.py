"""Publications: what was signed, until when it may be relied on, the next one, and the registry's next key."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.directory import press, publishing
from apps.directory.done import done
from apps.directory.models import Publication, Statement
from apps.ui.language import t
from apps.ui.numbers import read_number
from apps.ui.receiving import content_of
from lienthong.errors import InvalidValue, LienThongError, NotAllowed

MOST_BYTES = 64 * 1024


@require_http_methods(["GET", "POST"])
@needs(Right.LOOK)
def page(request: HttpRequest) -> HttpResponse:
    """Look; ask for the next version; name the next key."""
    if request.method != "POST":
        return _page(request)
    if not may(person(request).role, Right.PUBLISH):
        raise NotAllowed
    try:
        _act(request)
    except LienThongError as error:
        return _page(request, error.detail or error.sentence("vi"))
    return redirect("publications")


def _act(request: HttpRequest) -> None:
    if request.POST.get("act") == "rotate":
        file = request.FILES.get("certificate")
        named(request, content_of(file, MOST_BYTES) if file else b"")
        messages.success(request, t("Đã ghi khóa kế tiếp. Cài khóa đó vào nơi ký rồi phát hành."))
        return
    days = request.POST.get("days", "")
    made = asked(request, read_number(days))
    words = (
        t("Đã phát hành phiên bản {version}.", version=made.version)
        if made.version
        else t("Đã ghi; nơi ký sẽ phát hành.")
    )
    messages.success(request, words)


def asked(request: HttpRequest, days: int) -> Publication:
    """The next version, signed at once where this process holds the key. Raises InvalidValue."""
    made = done(request, "registry-asked", str(days), lambda: publishing.ask(person(request), days))
    if press.here():
        publishing.print_waiting(press.press())
        made.refresh_from_db()
    return made


def named(request: HttpRequest, pem: bytes) -> Statement:
    """The registry's next key by its certificate (PEM). Raises InvalidValue, NotAllowed where the key is not here."""
    if not press.here():
        raise NotAllowed(t("Trang này không giữ khóa của danh bạ; làm việc này ở nơi ký."))
    certificate = _certificate(pem)
    der = certificate.public_bytes(Encoding.DER)
    subject = certificate.subject.rfc4514_string()
    return done(request, "registry-key-named", subject, lambda: publishing.rotate(person(request), press.press(), der))


def _certificate(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise InvalidValue(t("Tệp này không phải chứng thư PEM.")) from error


def _page(request: HttpRequest, problem: str = "") -> HttpResponse:
    rows = Publication.objects.select_related("person").defer("signed", "delta").order_by("-pk")[:50]
    registry = settings.CONFIG.registry
    context: dict[str, Any] = {
        "rows": rows,
        "newest": publishing.newest(),
        "due": publishing.due(),
        "mine": may(person(request).role, Right.PUBLISH),
        "days": registry.days if registry else 7,
        "statements": Statement.objects.select_related("person").order_by("pk"),
        "problem": problem,
    }
    return render(request, "directory/publications.html", context, status=422 if problem else 200)


@require_safe
@needs(Right.LOOK)
def file(_request: HttpRequest, version: int) -> HttpResponse:
    """The signed file of a version."""
    return signed(version)


def signed(version: int) -> HttpResponse:
    """The signed file; only the newest two are kept whole, Http404 for others."""
    found = get_object_or_404(Publication, version=version)
    if not found.signed:
        raise Http404
    answer = HttpResponse(bytes(found.signed), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="registry-{version}.snapshot"'
    return answer
