"""Pages of a box: the gateway lists newest first by cursor, the box keeps what it holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from apps.office.boxes import INCOMING, OUTGOING, Box
from lienthong.client import Desk, Entry, Page

ENOUGH = 25  # lines that make a page
STRIDE = 50  # entries asked of the gateway at once
SCANS = 8  # requests at most for one page of a box
COUNTED = 200  # newest entries that the counts look at
COUNTS_LAST = 5  # seconds


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a box: its entries and the cursor that follows them, empty at the end."""

    entries: tuple[Entry, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many a box holds among the newest; `more` says that older ones were not looked at."""

    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number}{'+' if self.more and self.number else ''}"


def _page(desk: Desk, lane: str, after: str, limit: int) -> Page:
    return (desk.incoming if lane == "in" else desk.outgoing)(after=after, limit=limit)


def listing(desk: Desk, box: Box, after: str = "") -> Listing:
    """The next page of the box after a cursor; reads on until there is enough, the list ends or `SCANS` is reached."""
    found: list[Entry] = []
    for _ in range(SCANS):
        page = _page(desk, box.lane, after, STRIDE)
        found += [entry for entry in page.entries if box.holds(entry)]
        after = page.next
        if not after or len(found) >= ENOUGH:
            break
    return Listing(tuple(found), after)


def counts(desk: Desk, agency: str) -> dict[str, Count]:
    """The count of every counted box by 'lane/key', over the newest entries; kept a few seconds for the agency."""
    key = f"counts:{agency}"
    known: dict[str, Count] | None = cache.get(key)
    if known is None:
        known = {**_count(desk, "in", INCOMING), **_count(desk, "out", OUTGOING)}
        cache.set(key, known, COUNTS_LAST)
    return known


def forget_counts(agency: str) -> None:
    """After an act the counts are asked anew."""
    cache.delete(f"counts:{agency}")


def _count(desk: Desk, lane: str, boxes: tuple[Box, ...]) -> dict[str, Count]:
    page = _page(desk, lane, "", COUNTED)
    return {
        f"{lane}/{box.key}": Count(sum(map(box.holds, page.entries)), bool(page.next)) for box in boxes if box.counted
    }
