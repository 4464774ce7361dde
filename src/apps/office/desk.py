"""The one place where a person's desk is made: the agency of the login chooses the token, nothing else does."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.module_loading import import_string

from apps.accounts.person import person
from apps.config import Agency
from apps.office.incoming import intake
from lienthong.client import Desk
from lienthong.errors import Unavailable

AT_ONCE = 50


def desk_of(request: HttpRequest) -> Desk:
    """The desk of the person's agency; raises `PermissionDenied` when the page doesn't serve it."""
    agency = settings.CONFIG.of(person(request).agency)
    if agency is None:
        raise PermissionDenied
    return desk_for(agency)


def desk_for(agency: Agency) -> Desk:
    """The desk of an agency of this site."""
    desk: Desk = import_string(settings.CONFIG.site.desk)(agency)
    return desk


def desk_at(code: str) -> Desk:
    """The same by its code. Unavailable when the site does not serve that agency."""
    agency = settings.CONFIG.of(code)
    if agency is None:
        raise Unavailable(code)
    return desk_for(agency)


def receive(desk: Desk, agency: str) -> None:
    """Take what waits at the gateway into the register and report 01, then what came in by other ways.

    Not for an agency whose own software takes its documents (`takes_in = false`).
    """
    known = settings.CONFIG.of(agency)
    if known is not None and known.takes_in:
        intake.receive(desk, agency, limit=AT_ONCE)
        intake.adopt(desk, agency)


def gateway_desk(agency: Agency) -> Desk:
    """The real desk: the agency's gateway, with the agency's own token."""
    return _connected(agency, agency.token_file.read_text("utf-8").strip())


@cache
def _connected(agency: Agency, token: str) -> Desk:
    """One connection per agency and token: a handshake per page would be felt."""
    return Desk(url=agency.gateway, token=token, ca=agency.ca_file)
