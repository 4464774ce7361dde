"""A hop's memory in a database: the `Store` and `Log` ports."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import sqlalchemy as sa

from lienthong.adapters.ledger import LogSigner
from lienthong.adapters.sql import log
from lienthong.adapters.sql.engine import Ownership, make_engine, translated
from lienthong.adapters.sql.migrate import upgrade
from lienthong.adapters.sql.view import SqlView
from lienthong.adapters.sql.writer import Limits, Writer
from lienthong.delivery.ports import Clock, Transaction, View
from lienthong.errors import NotFound
from lienthong.evidence import Receipt

T = TypeVar("T")
FILE = "hop.sqlite3"
READERS = 4


class SqlStore:
    """One hop's memory and log. One process owns it; open it with `async with SqlStore.open(...)`."""

    def __init__(
        self,
        url: str,
        owned: Ownership,
        signer: LogSigner,
        clock: Clock,
        limits: Limits,
        committed: Callable[[int], None] | None,
    ) -> None:
        self._owned = owned
        self._engine = make_engine(url, writer=True)
        upgrade(self._engine)
        self._readers = make_engine(url, writer=False)
        self._threads = ThreadPoolExecutor(READERS, "store-reader")
        self._writer = Writer(self._engine, signer, clock, limits, committed)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        folder: Path,
        signer: LogSigner,
        clock: Clock,
        *,
        limits: Limits | None = None,
        committed: Callable[[int], None] | None = None,
    ) -> AsyncIterator[Self]:
        """The memory kept in a folder, made or brought up to date; what waits is written before it closes.

        `committed` hears the number of works of each durable batch, in the writer's thread. ConfigurationInvalid if
        another process owns it; EvidenceBroken if the log is not what its newest checkpoint says.
        """
        owned = await asyncio.to_thread(Ownership, folder / f"{FILE}.lock")
        try:
            url = f"sqlite:///{folder / FILE}"
            store = await asyncio.to_thread(cls, url, owned, signer, clock, limits or Limits(), committed)
        except BaseException:
            owned.release()
            raise
        try:
            yield store
        finally:
            await store.close()

    async def close(self) -> None:
        """Write and answer what waits, then let the database go."""
        await self._writer.close()
        await asyncio.to_thread(self._threads.shutdown)
        self._readers.dispose()
        self._engine.dispose()
        self._owned.release()

    # ------------------------------------------------------------ Store

    async def write(self, work: Callable[[Transaction], T]) -> T:
        return cast("T", await self._writer.submit(work))

    async def read(self, work: Callable[[View], T]) -> T:
        return await self._read(lambda connection: work(SqlView(connection)))

    async def receipt(self, index: int) -> Receipt:
        recent = self._writer.ledger.receipt(index)
        if recent is not None:
            return recent
        return await self._read(lambda connection: log.receipt(connection, index))

    # ------------------------------------------------------------ Log

    async def checkpoint(self) -> str:
        return await self._read(log.checkpoint)

    async def stamped_receipt(self, index: int) -> Receipt | None:
        return await self._read(lambda connection: log.stamped_receipt(connection, index))

    async def unstamped(self) -> tuple[int, str, datetime] | None:
        return await self._read(log.unstamped)

    async def keep_stamp(self, size: int, token: bytes) -> None:
        """A repeat is harmless: the first stamp stands. NotFound if no checkpoint has that size."""
        if not await self._writer.submit(lambda tx: tx.keep_stamp(size, token)):
            raise NotFound(f"checkpoint of {size} leaves")

    async def stamped(self) -> tuple[int, str, bytes] | None:
        return await self._read(log.stamped)

    async def unstamped_since(self) -> datetime | None:
        return await self._read(log.unstamped_since)

    async def tile(self, level: int, index: int, width: int) -> bytes:
        return await self._read(lambda connection: log.tile(connection, level, index, width))

    async def leaves(self, start: int, count: int) -> Sequence[bytes]:
        return await self._read(lambda connection: log.leaves(connection, start, count))

    async def consistency(self, old: int, new: int) -> Sequence[bytes]:
        return await self._read(lambda connection: log.consistent(connection, old, new))

    async def _read(self, work: Callable[[sa.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._in_snapshot, work)

    def _in_snapshot(self, work: Callable[[sa.Connection], Any]) -> Any:
        try:
            with self._readers.connect() as connection:
                return work(connection)
        except sa.exc.OperationalError as error:
            raise translated(error) from error
