"""A session begins: it knows whether its person left something unsent, so that no page has to ask of it."""

from __future__ import annotations

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from apps.accounts.models import User
from apps.unsent import keeping


@receiver(user_logged_in)
def look(request: HttpRequest, user: User, **_told: object) -> None:
    """Mark the session, if something waits."""
    if keeping.of(user).exists():
        request.session[keeping.WAITING] = True
