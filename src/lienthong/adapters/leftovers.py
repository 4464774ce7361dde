"""Whether rows and objects agree, looked at without touching anything: for operators and the reconciler."""

import asyncio
from dataclasses import dataclass

import sqlalchemy as sa

from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.objects_s3 import S3Objects
from lienthong.adapters.sql import retention as sql

_DIGITS = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Survey:
    """Digests named by rows and not there, digests there that no row names (or not yet), how many lie aside."""

    named: int
    missing: tuple[str, ...]
    left: tuple[str, ...]
    aside: int


async def survey(connection: sa.Connection, objects: LocalObjects | S3Objects) -> Survey:
    """Compare all. Unavailable. Leftovers younger than retention's grace may be on their way into a row."""
    named, aside = 0, 0
    missing: list[str] = []
    left: list[str] = []
    for digits in sql.passes(connection):
        known = sql.contents(connection, digits)
        named += len(known.large)
        prefixes = [first + second for first in digits for second in _DIGITS]
        here = await _digests(objects, prefixes, aside=False)
        put = await _digests(objects, prefixes, aside=True)
        missing += sorted(known.large - here - put)
        left += sorted(here - known.live - sql.named_since(connection, known))
        aside += len(put)
    return Survey(named, tuple(missing), tuple(left), aside)


async def _digests(objects: LocalObjects | S3Objects, prefixes: list[str], *, aside: bool) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(prefixes), 16):
        some = prefixes[start : start + 16]
        pages = await asyncio.gather(*(objects.stock.listing(prefix, aside=aside) for prefix in some))
        found |= {each.sha256 for page in pages for each in page}
    return found
