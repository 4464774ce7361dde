"""One request to a bus, and its faults mapped once: what may work later, what is about us or about this message."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from lienthong.errors import Busy, HandoverFailed, NotAllowed, NotFound, Unavailable

SECONDS = 60.0
LARGEST = 512 * 2**20
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The session is the caller's; no redirect is followed, or credentials would travel on."""

    session: aiohttp.ClientSession
    url: str

    async def ask(self, method: str, path: str, **request: Any) -> bytes:
        """The body of a good answer. Unavailable, Busy, NotAllowed (401, 403), NotFound (404), HandoverFailed (4xx)."""
        where = f"{urlsplit(self.url).netloc}{path}"
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self.session.request(
                method, self.url + path, timeout=timeout, allow_redirects=False, **request
            ) as answer:
                data = await _bounded(answer, where)
                _require_good(answer.status, data, answer.headers, where)
                return data
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable(f"{where}: {type(error).__name__}") from error


async def _bounded(answer: aiohttp.ClientResponse, where: str) -> bytes:
    data = bytearray()
    async for piece in answer.content.iter_chunked(1 << 16):
        data += piece
        if len(data) > LARGEST:
            raise HandoverFailed(f"{where}: > {LARGEST} B")
    return bytes(data)


def _require_good(status: int, data: bytes, headers: Mapping[str, str], where: str) -> None:
    if 200 <= status < 300:
        return
    if status == 429:
        raise Busy(retry_after=headers.get("Retry-After", "60"))
    if status in {401, 403}:
        raise NotAllowed(f"{where}: HTTP {status}")
    if status == 404:
        raise NotFound(where)
    if status in {408, 425} or status >= 500 or status < 400:
        raise Unavailable(f"{where}: HTTP {status}")
    raise HandoverFailed(f"{where}: HTTP {status} {data[:200].decode('utf-8', 'replace')}")


def told(data: bytes) -> Any:
    """The body as JSON. Unavailable for a body that is none: a proxy's page, half an answer."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unavailable(f"JSON: {error}") from error


def rows(answer: Any, *names: str) -> list[Any]:
    """A list, bare or under the first of these names. Unavailable for anything else."""
    found = answer
    if isinstance(answer, dict):
        found = next((answer[name] for name in names if answer.get(name) is not None), [])
    if not isinstance(found, list):
        raise Unavailable(f"{', '.join(names)}: {type(found).__name__}")
    return found


def ids(found: list[Any], *names: str) -> list[str]:
    """The ids of rows, each once: the row itself, or its first field of these names."""
    values = (next(filter(None, map(row.get, names)), "") if isinstance(row, dict) else row for row in found)
    return list(dict.fromkeys(str(value) for value in values if value))


def is_over(row: Any) -> bool:
    """Whether a row says that it waits no longer."""
    return isinstance(row, dict) and str(row.get("status", "")).lower() in {"done", "fail"}


def file_of(value: Any) -> bytes:
    """An edXML file told as text: itself, or its base64. HandoverFailed."""
    text = value if isinstance(value, str) else ""
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        return text.encode()
    try:
        data = base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError) as error:
        raise HandoverFailed(f"base64: {error}") from error
    if not data:
        raise HandoverFailed("tệp rỗng / empty file")
    return data
