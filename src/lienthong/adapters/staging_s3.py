"""Bytes on their way into a bucket: each piece an object `staging/<name>/<offset>`, so that any process can go on.

Pieces are hashed while written; a process that did not see all of them reads them for their digest. Adopting reads them
in any case, since another process may have written what this one did not see, and joins them into one object, streamed;
nothing is ever held whole.
"""

import asyncio
import hashlib
import re
from collections import OrderedDict
from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import Any

import obstore
from obstore.store import S3Store

from lienthong.adapters.staging import BLOCK, gathered
from lienthong.errors import InvalidValue, LienThongError, NotFound, PartChanged, UploadOffset

_NAME = re.compile(r"[0-9a-z-]{1,80}", re.ASCII)
_WHOLE = "whole"
"""The mark of a name that is an object by now."""
_AT_ONCE = 2
"""Parts of one object that are sent side by side; each is held in memory."""
_PART = 8 * BLOCK
_REMEMBERED = 1024
Words = Callable[[Exception, str], LienThongError]


class S3Staging:
    """Names that grow in a bucket. `words` says what a refusal of the store means."""

    def __init__(self, store: S3Store, words: Words) -> None:
        self._store, self._words = store, words
        self._digests: OrderedDict[str, tuple[int, Any]] = OrderedDict()  # hashlib's type has no public name

    async def size(self, name: str) -> int:
        """How many bytes of a name are there."""
        return sum([size for _, size in await self._pieces(name)])

    async def append(self, name: str, offset: int, pieces: AsyncIterable[bytes]) -> int:
        """Write at the end, all or nothing. UploadOffset, StorageFull, Unavailable, as `pieces` raise."""
        if await self.size(name) != offset or await self._marked(name):
            raise UploadOffset(f"{name}: {offset}")
        source = _Source(pieces, self._seen(name, offset))
        first = await source.first()
        if first:
            await self._put(f"{_folder(name)}/{offset:020}", source)
        elif not offset:
            await self._put(f"{_folder(name)}/{0:020}", _Source(_pieces(b"")))
        self._remember(name, offset + source.size, source.digest)
        return offset + source.size

    async def digest(self, name: str) -> str:
        """Hex SHA-256 of what is there. NotFound."""
        seen = self._seen(name, await self.size(name)) if name in self._digests else None
        return await self._digest(name) if seen is None else str(seen.hexdigest())

    def _seen(self, name: str, size: int) -> Any:
        """The digest of so many bytes, if this process wrote them all; None."""
        known, digest = self._digests.get(name, (0, hashlib.sha256()))
        return digest.copy() if known == size else None

    def _remember(self, name: str, size: int, digest: Any) -> None:
        self._digests.pop(name, None)
        if digest is not None:
            self._digests[name] = (size, digest)
        while len(self._digests) > _REMEMBERED:
            self._digests.popitem(last=False)

    async def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        async for block in self._read(name):
            digest.update(block)
        return digest.hexdigest()

    async def adopt(self, name: str, sha256: str, key: str) -> None:
        """Join the pieces under a key. NotFound, PartChanged."""
        if await self._digest(name) != sha256:
            raise PartChanged(f"object {sha256}")
        source = _Source(self._read(name))
        await source.first()
        await self._put(key, source)
        await self._put(f"{_folder(name)}/{_WHOLE}", _Source(_pieces(b"")))

    async def discard(self, name: str) -> None:
        """Forget a name."""
        self._digests.pop(name, None)
        paths = [path for path, _ in await self._listed(name)]
        try:
            for path in paths:
                await obstore.delete_async(self._store, path)
        except FileNotFoundError:
            return
        except Exception as error:  # noqa: BLE001  the library raises OSError and its own kinds alike
            raise self._words(error, "") from None

    async def _put(self, key: str, source: "_Source") -> None:
        try:
            await obstore.put_async(self._store, key, source, chunk_size=_PART, max_concurrency=_AT_ONCE)
        except Exception as error:  # noqa: BLE001  as above; what the source raised comes back wrapped
            raise source.failure or self._words(error, "") from None

    async def _pieces(self, name: str) -> list[tuple[str, int]]:
        return [found for found in await self._listed(name) if not found[0].endswith(_WHOLE)]

    async def _marked(self, name: str) -> bool:
        return any(path.endswith(_WHOLE) for path, _ in await self._listed(name))

    async def _listed(self, name: str) -> list[tuple[str, int]]:
        try:
            found = [meta async for page in obstore.list(self._store, prefix=_folder(name)) for meta in page]
        except Exception as error:  # noqa: BLE001  as above
            raise self._words(error, "") from None
        return sorted((str(meta["path"]), int(meta["size"])) for meta in found)

    async def _read(self, name: str) -> AsyncIterator[bytes]:
        pieces = await self._pieces(name)
        if not pieces:
            raise NotFound(name)
        for path, _ in pieces:
            async for block in stream(self._store, path, self._words, name):
                yield block


class _Source:
    """Blocks for the library, which may wrap what they raise: the first failure is remembered. `digest` grows on."""

    def __init__(self, pieces: AsyncIterable[bytes], digest: Any = None) -> None:
        self._blocks, self.digest = aiter(gathered(pieces)), digest
        self._held: bytes | None = None
        self.failure: Exception | None = None
        self.size = 0

    async def first(self) -> bytes:
        """The first block, kept for the reader; empty when there is none."""
        self._held = await anext(self._blocks, b"")
        return self._held

    def __aiter__(self) -> "_Source":
        return self

    async def __anext__(self) -> bytes:
        if self._held:
            block, self._held = self._held, None
        else:
            try:
                block = await anext(self._blocks)
            except StopAsyncIteration:
                raise
            except Exception as error:
                self.failure = error
                raise
        self.size += len(block)
        if self.digest is not None:
            await asyncio.to_thread(self.digest.update, block)
        return block


async def stream(
    store: S3Store, key: str, words: Words, name: str, span: tuple[int, int] | None = None
) -> AsyncIterator[bytes]:
    """The bytes of an object, or of a span of it, in blocks."""
    options: Any = {"range": span} if span else None
    try:
        found = await obstore.get_async(store, key, options=options)
        async for block in found.stream(min_chunk_size=BLOCK):
            yield bytes(block)
    except Exception as error:  # noqa: BLE001  the library raises OSError and its own kinds alike
        raise words(error, name) from None


async def _pieces(*contents: bytes) -> AsyncIterator[bytes]:
    for content in contents:
        yield content


def _folder(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidValue(f"staging {name[:80]!r}")
    return f"staging/{name}"
