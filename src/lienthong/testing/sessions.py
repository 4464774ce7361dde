"""The twin of the place that keeps signing sessions: a dictionary and a list that outlive the service around them."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from lienthong.errors import NotFound
from lienthong.signature.session.keeping import Kept, Trace
from lienthong.signature.session.machine import OPEN


class MemorySessions:
    """The `Sessions` port."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}
        self._trail: list[Trace] = []

    async def begin(self, fresh: Sequence[Kept], trail: Sequence[Trace]) -> tuple[Kept, ...]:
        await asyncio.sleep(0)
        keys = [(each.session.tenant, each.session.id) for each in fresh]
        if found := tuple(self._kept[key] for key in keys if key in self._kept):
            return found
        self._kept |= dict(zip(keys, fresh, strict=True))
        self._trail += trail
        return tuple(fresh)

    async def get(self, tenant: str, id: str) -> Kept | None:
        await asyncio.sleep(0)
        return self._kept.get((tenant, id))

    async def batch(self, tenant: str, batch: str) -> tuple[Kept, ...]:
        await asyncio.sleep(0)
        return tuple(each for (owner, _), each in self._kept.items() if (owner, each.session.batch) == (tenant, batch))

    async def change(self, tenant: str, id: str, work: Callable[[Kept], Kept], *trail: Trace) -> Kept:
        await asyncio.sleep(0)
        known = self._kept.get((tenant, id))
        if known is None:
            raise NotFound(id[:80])
        new = work(known)
        if new != known:
            self._kept[tenant, id] = new
            self._trail += trail
        return new

    async def note(self, *trail: Trace) -> None:
        await asyncio.sleep(0)
        self._trail += trail

    async def trail(self, tenant: str, id: str) -> tuple[Trace, ...]:
        await asyncio.sleep(0)
        return tuple(each for each in self._trail if (each.tenant, each.session) == (tenant, id))

    async def open(self, limit: int) -> tuple[Kept, ...]:
        await asyncio.sleep(0)
        found = (each for each in self._kept.values() if each.session.state in OPEN)
        return tuple(sorted(found, key=_expires)[:limit])

    async def held(self, before: datetime, limit: int) -> tuple[Kept, ...]:
        await asyncio.sleep(0)
        found = (
            each
            for each in self._kept.values()
            if each.session.state not in OPEN
            and each.session.expires < before
            and (each.prepared_size or each.result_size)
        )
        return tuple(sorted(found, key=_expires)[:limit])


def _expires(kept: Kept) -> datetime:
    return kept.session.expires
