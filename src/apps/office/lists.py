"""Pages and counts of boxes: of those whose contents the gateway knows, and how all others are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.db.models import IntegerField, QuerySet, Subquery

from apps.accounts.models import User
from apps.office.boxes import OUTGOING, Box
from lienthong.client import Desk, Filter, Page

ENOUGH = 25  # lines that make a page
COUNTS_LAST = 5  # seconds
COUNTED = 100
"""A count stops here; whoever has more waiting knows that it is many."""


def spoken(number: int) -> str:
    """A count as the rail shows it; empty for nothing."""
    return f"{COUNTED - 1}+" if number >= COUNTED else str(number or "")


class Counted(Subquery):
    """How many rows a question has, as an expression; it counts as far as the question is limited."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def up_to(most: int, found: QuerySet[Any]) -> Counted:
    """How many there are, as an expression that stops counting there."""
    return Counted(found.order_by().values("pk")[:most])


def together(person: User, asked: Mapping[str, Counted]) -> dict[str, int]:
    """All of these counts in one question."""
    found: dict[str, int] = User.objects.filter(pk=person.pk).values(**asked).get() if asked else {}
    return found


def listing(desk: Desk, box: Box, after: str = "") -> Page:
    """The next page of the box after a cursor."""
    return desk.outgoing(after=after, limit=ENOUGH, where=Filter(box=box.holds))


def counts(desk: Desk, agency: str) -> dict[str, int]:
    """How many every counted box holds, by the gateway's name of it; kept a few seconds for the agency."""
    key = f"counts:{agency}"
    known: dict[str, int] | None = cache.get(key)
    if known is None:
        known = desk.boxes(*(box.holds for box in OUTGOING if box.counted))
        cache.set(key, known, COUNTS_LAST)
    return known


def forget_counts(agency: str) -> None:
    """After an act the counts are asked anew."""
    cache.delete(f"counts:{agency}")
