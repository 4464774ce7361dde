"""Watching an upload: the body goes out in small pieces, and somebody is told how far it got."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx

from lienthong.client.model import Watch

PIECE = 64 << 10


class AsyncWatched(httpx.AsyncByteStream):
    """A request's body that tells how far it got."""

    def __init__(self, body: httpx.AsyncByteStream, total: int, watch: Watch) -> None:
        self._body, self._total, self._watch = body, total, watch

    async def __aiter__(self) -> AsyncIterator[bytes]:
        sent = 0
        async for piece in _pieces(self._body):
            yield piece
            sent += len(piece)
            self._watch(sent, self._total)

    async def aclose(self) -> None:
        """Close the body."""
        await self._body.aclose()


def watching(watch: Watch) -> Callable[[httpx.Request], Awaitable[None]]:
    """A hook for the client's requests: those that carry files are watched."""

    async def hook(request: httpx.Request) -> None:
        total = int(request.headers.get("content-length", "0"))
        if request.method == "PUT" and total and isinstance(request.stream, httpx.AsyncByteStream):
            request.stream = AsyncWatched(request.stream, total, watch)

    return hook


async def _pieces(body: httpx.AsyncByteStream) -> AsyncIterator[bytes]:
    async for chunk in body:
        for start in range(0, len(chunk), PIECE):
            yield chunk[start : start + PIECE]
