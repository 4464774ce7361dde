"""The twin country with SQLite below every hop instead of memory."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from lienthong.adapters.sql import SqlStore
from lienthong.delivery import AXIS
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from lienthong.testing.world import DEDICATED, SHARED, Ports, Station, World, origin

HOPS = (AXIS, DEDICATED, SHARED)


class SqlWorld(World):
    """A death loses the process's own mind; the store below goes on, as the file does."""

    def __init__(self, stores: dict[str, Any], around: Ports, reopen: Any) -> None:
        self._stores, self.reopen = stores, reopen
        super().__init__(around=around)

    def _station(self, name: str) -> Station:
        station = super()._station(name)
        station.store = self._stores[name]
        self._start(station)
        return station

    async def run(self, retries: int = 4) -> None:
        """What waits for another try gets its time, whether any does or not."""
        for _ in range(retries):
            while await self.round():
                pass
            self.clock.advance(self.terms.longest_retry)


@asynccontextmanager
async def sql_world(empty: Path, folder: Path, around: Ports) -> AsyncIterator[SqlWorld]:
    """A country on copies of empty stores; the folder is its disk."""
    stores: dict[str, Any] = {}
    async with AsyncExitStack() as stack:

        async def open_all() -> None:
            for hop in HOPS:
                opened = SqlStore.open(folder / hop, pki().log(origin(hop)), FakeClock())
                stores[hop] = await stack.enter_async_context(opened)

        async def reopen() -> None:
            await stack.aclose()
            await open_all()

        for hop in HOPS:
            shutil.copytree(empty, folder / hop)
        await open_all()
        yield SqlWorld(stores, around, reopen)
