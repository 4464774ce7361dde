"""The one place where a person's desk is made: the agency of the login chooses the token, nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import import_string

from lienthong.client import Desk

if TYPE_CHECKING:
    from django.http import HttpRequest

    from apps.config import Agency


def desk_of(request: HttpRequest) -> Desk:
    """The desk of the person's agency; raises `PermissionDenied` when the page doesn't serve it."""
    agency = settings.CONFIG.of(request.user.agency)
    if agency is None:
        raise PermissionDenied
    desk: Desk = import_string(settings.CONFIG.site.desk)(agency)
    return desk


def gateway_desk(agency: Agency) -> Desk:
    """The real desk: the agency's gateway, with the agency's own token."""
    return Desk(url=agency.gateway, token=agency.token_file.read_text("utf-8").strip(), ca=agency.ca_file)
