"""A server of a test's own in a loop of its own, beside a browser that has this thread's."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
S = TypeVar("S", bound=AbstractAsyncContextManager[Any])
PATIENCE = 60
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Beside(Generic[S]):
    """The server, and its loop."""

    server: S
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of it in the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)


@contextmanager
def beside(server: S) -> Iterator[Beside[S]]:
    """The server while it runs."""
    found = Beside(server, asyncio.new_event_loop())
    thread = threading.Thread(target=found.loop.run_forever)
    thread.start()
    try:
        found.run(_opened(server))
        yield found
        found.run(_closed(server))
    finally:
        found.loop.call_soon_threadsafe(found.loop.stop)
        thread.join(PATIENCE)
        found.loop.close()


async def _opened(server: AbstractAsyncContextManager[Any]) -> None:
    await server.__aenter__()


async def _closed(server: AbstractAsyncContextManager[Any]) -> None:
    await server.__aexit__(None, None, None)
