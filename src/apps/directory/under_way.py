"""How many documents wait for a code at the axis: asked as the console asks, by the token that only looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.utils.module_loading import import_string

from lienthong.client import Operations
from lienthong.document import OrganisationCode
from lienthong.errors import LienThongError

Waiting = Mapping[OrganisationCode, int]


def waiting(codes: Iterable[OrganisationCode]) -> Waiting | None:
    """How many wait for each of these codes that has any; None where nobody can be asked."""
    console = settings.CONFIG.console
    if console is None or not console.hop:
        return None
    opened: Callable[..., Operations] = import_string(console.hops)
    try:
        told = opened(console.hop[0], acts=False).waiting()
    except (LienThongError, OSError):  # the hop, or the file of its token
        return None
    return {code: number for code in codes if (number := told.get(str(code)))}
