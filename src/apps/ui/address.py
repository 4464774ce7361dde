"""Where a request came from."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address; behind our own proxy the last one told, since earlier ones are the caller's to write."""
    told = request.headers.get("x-forwarded-for", "") if settings.CONFIG.site.behind_proxy else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR") or ""
