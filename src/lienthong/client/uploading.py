# Made from aio/uploading.py by tools/blocking_client.py: change that one.
"""Watching an upload: the body goes out in small pieces, and somebody is told how far it got."""

from collections.abc import Callable, Iterator

import httpx

from lienthong.client.model import Watch

PIECE = 64 << 10


class Watched(httpx.SyncByteStream):
    """A request's body that tells how far it got."""

    def __init__(self, body: httpx.SyncByteStream, total: int, watch: Watch) -> None:
        self._body, self._total, self._watch = body, total, watch

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        for piece in _pieces(self._body):
            yield piece
            sent += len(piece)
            self._watch(sent, self._total)

    def close(self) -> None:
        """Close the body."""
        self._body.close()


def watching(watch: Watch) -> Callable[[httpx.Request], None]:
    """A hook for the client's requests: those that carry files are watched."""

    def hook(request: httpx.Request) -> None:
        total = int(request.headers.get("content-length", "0"))
        if request.method == "PUT" and total and isinstance(request.stream, httpx.SyncByteStream):
            request.stream = Watched(request.stream, total, watch)

    return hook


def _pieces(body: httpx.SyncByteStream) -> Iterator[bytes]:
    for chunk in body:
        for start in range(0, len(chunk), PIECE):
            yield chunk[start : start + PIECE]
