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
from lienthong.adapters.sql.copying import refuse_held
from lienthong.adapters.sql.engine import Ownership, broken, make_engine, translated
from lienthong.adapters.sql.migrate import prepare
from lienthong.adapters.sql.seats import Seats
from lienthong.adapters.sql.transaction import SqlTransaction
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
        owned: Ownership | None,
        signers: Sequence[LogSigner],
        clock: Clock,
        limits: Limits,
        committed: Callable[[int], None] | None,
    ) -> None:
        self._owned = owned
        self.shards = len(signers)
        self._engine = make_engine(url, writer=True)
        try:
            prepare(self._engine)
            with self._engine.connect() as connection:
                refuse_held(connection)
            self._writer = Writer(self._engine, Seats(signers), clock, limits, committed)
        except sa.exc.DBAPIError as error:
            self._engine.dispose()
            raise translated(error) from error
        except BaseException:
            self._engine.dispose()
            raise
        self._readers = make_engine(url, writer=False)
        self._threads = ThreadPoolExecutor(READERS, "store-reader")

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        where: Path | str,
        signer: LogSigner,
        clock: Clock,
        *,
        others: Sequence[LogSigner] = (),
        limits: Limits | None = None,
        committed: Callable[[int], None] | None = None,
    ) -> AsyncIterator[Self]:
        """The memory kept in a folder, or in the PostgreSQL database a URL names; what waits is written before it
        closes.

        On PostgreSQL many processes may have it open, each writing one log of `signer` and `others` (shard 0, 1, …);
        one that finds all taken stands by (`seated`). `committed` hears the number of works of each durable batch, in
        the writer's thread. ConfigurationInvalid if another process owns a folder, or the tables are too old or too
        new; EvidenceBroken if the log is not what its newest checkpoint says; Unavailable without the server.
        """
        if isinstance(where, str):
            url, owned = where, None
        else:
            url, owned = f"sqlite:///{where / FILE}", await asyncio.to_thread(Ownership, where / f"{FILE}.lock")
        try:
            signers = (signer, *others) if owned is None else (signer,)
            store = await asyncio.to_thread(cls, url, owned, signers, clock, limits or Limits(), committed)
        except BaseException:
            if owned is not None:
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
        if self._owned is not None:
            self._owned.release()

    @property
    def seated(self) -> bool:
        """Whether this process can write; otherwise it stands by until another one leaves."""
        return self._writer.seat is not None

    @property
    def waiting(self) -> int:
        """How many writes wait for their batch."""
        return self._writer.waiting

    @property
    def on_duty(self) -> bool:
        """Whether this process is the one that does the hop's background work."""
        return self._writer.on_duty

    # ------------------------------------------------------------ Store

    async def write(self, work: Callable[[Transaction], T]) -> T:
        return cast("T", await self._writer.submit(work))

    async def read(self, work: Callable[[View], T]) -> T:
        return await self._read(lambda connection: work(SqlView(connection)))

    async def receipt(self, index: int) -> Receipt:
        recent = self._writer.receipt(index)
        if recent is not None:
            return recent
        return await self._read(lambda connection: log.receipt(connection, index))

    async def look(self, work: Callable[[sa.Connection], T]) -> T:
        """Run the work on the tables themselves, in one moment; for jobs of the store itself."""
        return await self._read(work)

    async def change(self, work: Callable[[SqlTransaction], T]) -> T:
        """As `write`, for jobs of the store itself."""
        return cast("T", await self._writer.submit(work))

    # ------------------------------------------------------------ Log

    async def checkpoint(self, shard: int = 0) -> str:
        return await self._read(lambda connection: log.checkpoint(connection, shard))

    async def stamped_receipt(self, index: int) -> Receipt | None:
        return await self._read(lambda connection: log.stamped_receipt(connection, index))

    async def unstamped(self) -> tuple[int, str, datetime] | None:
        return await self._read(lambda connection: log.unstamped(connection, self.shards))

    async def keep_stamp(self, size: int, token: bytes) -> None:
        """A repeat is harmless: the first stamp stands. NotFound if no checkpoint has that size."""
        if not await self._writer.submit(lambda tx: tx.keep_stamp(size, token)):
            raise NotFound(f"checkpoint of {size} leaves")

    async def stamped(self, shard: int = 0) -> tuple[int, str, bytes] | None:
        return await self._read(lambda connection: log.stamped(connection, shard))

    async def unstamped_since(self) -> datetime | None:
        return await self._read(lambda connection: log.unstamped_since(connection, self.shards))

    async def tile(self, level: int, index: int, width: int, shard: int = 0) -> bytes:
        return await self._read(lambda connection: log.tile(connection, level, index, width, shard))

    async def leaves(self, start: int, count: int, shard: int = 0) -> Sequence[bytes]:
        return await self._read(lambda connection: log.leaves(connection, start, count, shard))

    async def consistency(self, old: int, new: int, shard: int = 0) -> Sequence[bytes]:
        return await self._read(lambda connection: log.consistent(connection, old, new, shard))

    async def _read(self, work: Callable[[sa.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._in_snapshot, work)

    def _in_snapshot(self, work: Callable[[sa.Connection], Any]) -> Any:
        """Reads are repeatable: once more if the connection had died since the last one."""
        try:
            try:
                return self._once(work)
            except sa.exc.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            return self._once(work)
        except sa.exc.DBAPIError as error:
            if not broken(error):
                raise
            raise translated(error) from error

    def _once(self, work: Callable[[sa.Connection], Any]) -> Any:
        """Begun here: a statement that goes to the driver by itself begins nothing."""
        with self._readers.begin() as connection:
            return work(connection)
