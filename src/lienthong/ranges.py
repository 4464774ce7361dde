"""Files as faces serve them: streamed, by ranges (RFC 9110 §14), with the digest as their tag."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.response import Stream

from lienthong.delivery.ports import Objects

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to serve: its bytes, or where they lie in the object store."""

    media_type: str
    size: int
    sha256: str
    held: bytes | None = None


async def served(
    request: Request[Any, Any, Any], objects: Objects, source: Source, headers: Mapping[str, str] | None = None
) -> Stream:
    """The file, or the one range of it that is asked for. 416 for a range beyond it; NotFound."""
    if source.held is None:  # before the first byte, when a refusal can still be said
        await objects.size(source.sha256)
    start, stop = span(request.headers.get("range", ""), source.size)
    if "if-range" in request.headers and request.headers["if-range"] != f'"{source.sha256}"':
        start, stop = 0, source.size
    told = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(stop - start),
        "ETag": f'"{source.sha256}"',
        **(headers or {}),
    }
    part = (start, stop) != (0, source.size)
    if part:
        told["Content-Range"] = f"bytes {start}-{stop - 1}/{source.size}"
    pieces = opened(objects, source, stop, start)
    return Stream(pieces, status_code=206 if part else 200, media_type=source.media_type, headers=told)


def opened(objects: Objects, source: Source, stop: int | None = None, start: int = 0) -> AsyncIterator[bytes]:
    """The bytes of a file from start to stop. NotFound, EvidenceBroken, Unavailable."""
    if source.held is not None:
        return _held(source.held[start:stop])
    return objects.read(source.sha256, start, stop)


def span(text: str, size: int) -> tuple[int, int]:
    """Start and end (exclusive) of a `Range` header; the whole for none, or for one of several ranges."""
    found = _RANGE.fullmatch(text.strip())
    if found is None or (not found[1] and not found[2]):
        return 0, size
    if not found[1]:  # the last so many bytes
        start, stop = max(size - int(found[2]), 0), size
    else:
        start, stop = int(found[1]), min(int(found[2]) + 1 if found[2] else size, size)
    if start >= stop:
        raise HTTPException("Range", status_code=416, headers={"Content-Range": f"bytes */{size}"})
    return start, stop


async def _held(data: bytes) -> AsyncIterator[bytes]:
    yield data
