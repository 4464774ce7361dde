"""What every answer carries: strict headers, the reader's language, failures told in words."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone, translation

from apps.ui.errors import page, told
from lienthong.document import VIETNAM
from lienthong.errors import LienThongError

Answer = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; "
    "object-src 'self'; "
    "img-src 'self' data:; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)


class Headers:
    """A content policy without exceptions for every page; a view may set a narrower one of its own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add what the view did not say."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Language:
    """Vietnamese unless the session says otherwise; Vietnam's time always."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's language."""
        language = request.session.get("language", settings.LANGUAGE_CODE)
        with translation.override(language), timezone.override(VIETNAM):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


class Failures:
    """A refusal of the exchange becomes a page that says what happened, what was kept, what to do.

    So does an address that takes forms alone: the door leads there when a session ended while a form was written.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep which methods the address takes (RFC 9110, 15.5.6)."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.method != "GET":
            return response
        said = page(request, HTTPStatus.METHOD_NOT_ALLOWED)
        said["Allow"] = response["Allow"]
        return said

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Only our own tree; anything else is a fault for Django."""
        return told(request, error) if isinstance(error, LienThongError) else None
