"""Lists page by page: `sau` says where to go on."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from apps.ui.numbers import CURSOR, read_number
from apps.ui.onward import onward

LIMIT = 50
"""Rows on a page."""


def place(asked: QueryDict) -> int:
    """Where the page begins; 0 for the first, and for what is no place."""
    return read_number(asked.get("sau", ""), CURSOR)


def further(asked: QueryDict, found: Sequence[object], at: int) -> str:
    """The same question for the next page, which begins there; nothing on the last."""
    return onward(asked, "sau", at if len(found) == LIMIT else 0)
