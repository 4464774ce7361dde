"""How many documents wait for a code at the axis: asked through a port, since the directory knows no messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from lienthong.document import OrganisationCode

Waiting = Mapping[OrganisationCode, int]


def waiting(codes: Sequence[OrganisationCode]) -> Waiting | None:
    """How many wait for each; None where this site has nobody to ask, or nobody answers."""
    registry = settings.CONFIG.registry
    if registry is None or not registry.under_way:
        return None
    asked: Callable[[Sequence[OrganisationCode]], Waiting | None] = import_string(registry.under_way)
    return asked(codes)
