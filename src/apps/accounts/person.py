"""Who asks: the logged-in person behind a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apps.accounts.models import User


def person(request: HttpRequest) -> User:
    """The person; raises `PermissionDenied` for nobody, though the login middleware lets nobody come here."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
