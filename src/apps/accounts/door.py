"""Through the door: who has shown a password but not yet the second factor, and how a session begins."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.models import User, forget_failures
from apps.audit.record import record
from apps.ui.address import address_of

HALF = "half"
HALF_LASTS = 600
"""Seconds between the password and the code."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


def wanted(request: HttpRequest, fallback: str) -> str:
    """Where to go on: only within this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else fallback


def served(user: User) -> bool:
    """Whether this site has a place for the person."""
    if user.in_console:
        return settings.CONFIG.console is not None
    return settings.CONFIG.of(user.agency) is not None


def half_way(request: HttpRequest, user: User) -> None:
    """The password was right; the second factor is asked for next. Nothing else opens meanwhile."""
    request.session.cycle_key()
    request.session[HALF] = {"user": user.pk, "at": timezone.now().timestamp(), "next": wanted(request, "")}


def waiting(request: HttpRequest) -> User | None:
    """Who is half way in, for ten minutes."""
    told = request.session.get(HALF)
    if not told or timezone.now().timestamp() - told["at"] > HALF_LASTS:
        return None
    return User.objects.filter(pk=told["user"], is_active=True).first()


def let_in(request: HttpRequest, user: User, way: str) -> str:
    """Begin the session; where to go. `way` says how the person was known: password, app, recovery, provider."""
    forget_failures(user.username, address_of(request))
    told = request.session.pop(HALF, {})
    language = request.session.get("language")
    login(request, user, backend=BACKEND)
    if language:
        request.session["language"] = language
    if user.in_console:
        record(request, "signed-in", user.username, way=way)
    return str(told.get("next") or wanted(request, "/"))
