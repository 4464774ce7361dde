"""What the office's frame knows of whoever asks; asked only by pages that draw it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.office.bell.count import bell_of
from apps.office.frame.rail import rail_of
from apps.staff.rights import asking


def rail(request: HttpRequest) -> dict[str, Any]:
    """The rail and the bell, made when a page draws them."""
    return {
        "rail": SimpleLazyObject(lambda: rail_of(request, asking(request))),
        "bell": SimpleLazyObject(lambda: bell_of(asking(request))),
    }
