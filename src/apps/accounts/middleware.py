"""Before any view: whether the person's role opens it. A page that names no right opens to nobody."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from apps.accounts.models import User
from apps.accounts.roles import Right, may
from apps.audit.record import record
from apps.staff.rights import asking

Answer = Callable[[HttpRequest], HttpResponse]
OFFICE = "apps.office."
COMMON = ("apps.accounts.", "apps.ui.", "apps.unsent.")
"""Views of the door and the frame: for everybody who is in."""


class Gate:
    """Asks the table of roles. A refusal of the console is kept in the audit."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing on the way in or out."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any) -> None:
        """Raises `PermissionDenied` for whom the view is not."""
        if getattr(view, "login_required", True):  # else it is open to all, or looks itself
            enter(request, view)


def enter(request: HttpRequest, view: Callable[..., Any]) -> None:
    """Raises `PermissionDenied` for whom the view is not; nobody at all is the login middleware's to turn away."""
    if not isinstance(request.user, User) or _is_for(request, request.user, view):
        return
    if request.user.in_console:
        record(request, "refused", request.path[:200], outcome="refused")
    raise PermissionDenied


def _is_for(request: HttpRequest, user: User, view: Callable[..., Any]) -> bool:
    right = right_of(view)
    if right is None and not hasattr(view, "right") and view.__module__.startswith(COMMON):
        return True
    if right is None or not may(user.role, right):
        return False
    shows = view.__module__.startswith(OFFICE) and not getattr(view, "shows_no_document", False)
    return not (shows and asking(request).only_administers)


def opens(request: HttpRequest, address: str) -> bool:
    """Whether the page would open to who asks: by its role, its duties, and what it asks itself (`roles.asks`)."""
    view = resolve(address).func
    guard: Callable[[HttpRequest], object] | None = getattr(view, "asks", None)
    if not isinstance(request.user, User) or not _is_for(request, request.user, view):
        return False
    try:
        if guard is not None:
            guard(request)
    except PermissionDenied:
        return False
    return True


def right_of(view: Callable[..., Any]) -> Right | None:
    """What the view asks for; every page of the office asks for the office."""
    if view.__module__.startswith(OFFICE):
        return Right.OFFICE
    found = getattr(view, "right", None)
    return found if isinstance(found, Right) else None
