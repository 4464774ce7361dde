"""How many documents wait for a code at the axis: asked as the console asks, by the token that only looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from lienthong.client import Operations
from lienthong.document import OrganisationCode
from lienthong.errors import LienThongError

Waiting = Mapping[OrganisationCode, int]
MOST_CODES, PAGE = 50, 200
"""A plan of thousands would be thousands of questions; of one code the newest page is counted."""


def waiting(codes: Sequence[OrganisationCode]) -> Waiting | None:
    """How many wait for each of these codes that has any; None where nobody can be asked, or too much was asked."""
    console = settings.CONFIG.console
    if console is None or not console.hop or len(codes) > MOST_CODES:
        return None
    opened: Callable[..., Operations] = import_string(console.hops)
    try:
        axis = opened(console.hop[0], acts=False)
        return {code: number for code in codes if (number := _waiting(axis, str(code)))}
    except (LienThongError, OSError):  # the hop, or the file of its token
        return None


def _waiting(axis: Operations, code: str) -> int:
    legs = (leg for each in axis.messages(agency=code, limit=PAGE).entries for leg in each.legs)
    return sum(leg.recipient == code and leg.state == "accepted" for leg in legs)
