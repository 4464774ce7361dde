"""Rings across processes: LISTEN and NOTIFY. It only wakes: what it loses is found by looking again.

Notices go over connections of their own, after the commit: a transaction that notifies would hold up every other one
at its commit (PostgreSQL, async.c), and nothing may depend on them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import psycopg

from lienthong.adapters.sql.postgresql import settings

CHANNEL = "lienthong"
LONGEST = 7000
"""Bytes of a notice; PostgreSQL takes less than 8,000."""
PAUSE = 1.0
"""Seconds between two attempts to reach the server."""
Ring = Callable[[Iterable[str]], None]


@asynccontextmanager
async def messenger(url: str, ring: Ring) -> AsyncIterator[Ring]:
    """A call that tells topics to the other processes; `ring` hears theirs. Nothing is raised: news may be lost."""
    post = _Post(settings(url), ring)
    tasks = [asyncio.create_task(post.listen()), asyncio.create_task(post.send())]
    try:
        yield post.announce
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Post:
    def __init__(self, told: dict[str, Any], ring: Ring) -> None:
        self._told, self._ring = told, ring
        self._name = uuid4().hex
        self._waiting: set[str] = set()
        self._some = asyncio.Event()

    def announce(self, topics: Iterable[str]) -> None:
        self._waiting.update(topics)
        self._some.set()

    async def listen(self) -> None:
        while True:
            with suppress(psycopg.Error, OSError):
                async with await self._connected() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    async for notice in connection.notifies():
                        self._hear(notice.payload)
            await asyncio.sleep(PAUSE)

    def _hear(self, payload: str) -> None:
        name, *topics = payload.split("\n")
        if name != self._name:
            self._ring(topics)

    async def send(self) -> None:
        while True:
            with suppress(psycopg.Error, OSError):
                async with await self._connected() as connection:
                    await self._send_all(connection)
            await asyncio.sleep(PAUSE)

    async def _send_all(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """One statement at a time: what rings meanwhile goes together with the next."""
        while True:
            await self._some.wait()
            self._some.clear()
            topics, self._waiting = self._waiting, set()
            for payload in payloads(self._name, topics):
                await connection.execute(b"SELECT pg_notify(%s, %s)", (CHANNEL, payload))

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(**self._told, autocommit=True)


def payloads(name: str, topics: Iterable[str]) -> list[str]:
    """Notices of a bounded length: the teller's name, then topics, a line each."""
    notices, size = [[name]], 0
    for topic in sorted(topics):
        length = len(topic.encode()) + 1
        if size + length > LONGEST and len(notices[-1]) > 1:
            notices.append([name])
            size = 0
        notices[-1].append(topic)
        size += length
    return ["\n".join(notice) for notice in notices if len(notice) > 1]
