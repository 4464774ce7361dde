"""Bytes on their way in: a file per name that grows piece by piece, hashed while written, its good length beside it.

`<name>.part` holds the bytes, `<name>.size` how many of them are whole and on the disk: what a crash left beyond that
is written over by the next piece. A digest in the making does not outlive the process; it is taken again from the file.
"""

import asyncio
import hashlib
import os
import re
from collections import OrderedDict
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from lienthong.errors import Busy, InvalidValue, NotFound, UploadOffset

T = TypeVar("T")
BLOCK = 2**20
"""Bytes written, hashed or read in one go."""
_REMEMBERED = 1024
_NAME = re.compile(r"[0-9a-z-]{1,80}", re.ASCII)


class Staging:
    """A folder of growing files. Errors of the disk are raised as OSError, for the object store to word."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._digests: OrderedDict[str, tuple[int, Any]] = OrderedDict()  # hashlib's type has no public name
        self._growing: set[str] = set()

    def path(self, name: str) -> Path:
        """Where the bytes of a name lie."""
        return self._file(name, "part")

    async def size(self, name: str) -> int:
        """How many bytes are whole and durable; 0 for a name nothing was written to."""
        return await asyncio.to_thread(self._size, name)

    async def append(self, name: str, offset: int, pieces: AsyncIterable[bytes]) -> int:
        """Write at the end, all or nothing; the new size, durable. UploadOffset, Busy, OSError, as `pieces` raise."""
        if name in self._growing:
            raise Busy("đang có đoạn khác tải lên / another piece is on its way")
        self._growing.add(name)
        try:
            return await self._append(name, offset, pieces)
        finally:
            self._growing.discard(name)

    async def _append(self, name: str, offset: int, pieces: AsyncIterable[bytes]) -> int:
        digest = await _to_the_end(lambda: self._digest_at(name, offset))
        handle = await _to_the_end(lambda: self._opened(name, offset))
        size = offset
        try:
            async for block in gathered(pieces):
                await _to_the_end(lambda block=block: _written(handle, digest, block))  # type: ignore[misc]  # bound now
                size += len(block)
            await _to_the_end(lambda: os.fdatasync(handle))
        finally:
            os.close(handle)
        await _to_the_end(lambda: self._keep_size(name, size))
        self._remember(name, size, digest)
        return size

    async def digest(self, name: str) -> str:
        """Hex SHA-256 of what is there. NotFound, OSError."""
        size = await self.size(name)
        if not size and not self.path(name).exists():
            raise NotFound(name)
        found: str = (await asyncio.to_thread(self._digest_at, name, size)).hexdigest()
        return found

    async def discard(self, name: str) -> None:
        """Forget a name and its bytes; harmless when there are none."""
        await asyncio.to_thread(self._discard, name)

    # ---------------------------------------------------------------- on a thread

    def _file(self, name: str, kind: str) -> Path:
        if not _NAME.fullmatch(name):
            raise InvalidValue(f"staging {name[:80]!r}")
        return self._folder / f"{name}.{kind}"

    def _size(self, name: str) -> int:
        try:
            return int(self._file(name, "size").read_text("ascii") or "0")
        except FileNotFoundError:
            return 0

    def _opened(self, name: str, offset: int) -> int:
        path = self.path(name)
        new = not path.exists()
        if not new and path.stat().st_nlink > 1:  # it is an object too by now, and objects do not change
            raise UploadOffset(f"{name}: đã xong / complete")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(handle, offset)
        os.lseek(handle, offset, os.SEEK_SET)
        if new:
            self._keep_size(name, 0)
            sync_folder(self._folder)
        return handle

    def _keep_size(self, name: str, size: int) -> None:
        """Twenty digits in one sector: whole or not written."""
        handle = os.open(self._file(name, "size"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(handle, f"{size:020}".encode(), 0)
            os.fdatasync(handle)
        finally:
            os.close(handle)

    def _digest_at(self, name: str, offset: int) -> Any:
        """The digest of what is there, to go on from."""
        if self._size(name) != offset:
            raise UploadOffset(f"{offset} ≠ {self._size(name)}")
        size, digest = self._digests.get(name, (-1, None))
        if size == offset:
            return digest.copy()
        digest = hashlib.sha256()
        if offset:
            for block in blocks(self.path(name), 0, offset):
                digest.update(block)
        self._remember(name, offset, digest)
        return digest.copy()

    def _remember(self, name: str, size: int, digest: Any) -> None:
        self._digests[name] = (size, digest)
        self._digests.move_to_end(name)
        while len(self._digests) > _REMEMBERED:
            self._digests.popitem(last=False)

    def _discard(self, name: str) -> None:
        self._digests.pop(name, None)
        for kind in ("size", "part"):
            with suppress(FileNotFoundError):
                self._file(name, kind).unlink()


async def _to_the_end(work: Callable[[], T]) -> T:
    """Run on a thread, and wait for it even if we are cancelled: the file must not change behind the next piece."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Exception):
            await task
        raise


def _written(handle: int, digest: Any, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(handle, view) :]
    digest.update(block)


async def gathered(pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in blocks worth a thread's time."""
    held: list[bytes] = []
    size = 0
    async for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)


def blocks(path: Path, start: int, stop: int) -> "_Blocks":
    """The bytes of a file from start to stop, block by block; EOFError when it is shorter."""
    return _Blocks(path, start, stop)


class _Blocks:
    """An iterator that closes its file however it ends."""

    def __init__(self, path: Path, start: int, stop: int) -> None:
        self._handle = path.open("rb", buffering=0)
        self._handle.seek(start)
        self._left = stop - start

    def __iter__(self) -> "_Blocks":
        return self

    def __next__(self) -> bytes:
        if not self._left:
            self.close()
            raise StopIteration
        block = self._handle.read(min(BLOCK, self._left))
        if not block:
            self.close()
            raise EOFError
        self._left -= len(block)
        return block

    def close(self) -> None:
        """Close the file."""
        self._handle.close()


def sync_folder(folder: Path) -> None:
    """New entries of a folder are durable after this. OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
