"""A console left alone is shut: the session ends after some minutes without a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.accounts.models import User
from apps.operator.preferences import preference

Answer = Callable[[HttpRequest], HttpResponse]


class Idle:
    """Moves the end of a console's session with every request; the office's sessions last a day's work."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before the view, so that one which logs out wins."""
        if isinstance(request.user, User) and request.user.in_console:
            request.session.set_expiry(60 * int(preference("idle")))
        return self.get_response(request)
