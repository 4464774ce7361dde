"""Contents too large for a row, in a folder: `aa/bb/<sha256>`, whole or not there, on the disk before anyone is told.

Files are put in place by an atomic rename; then one barrier (`syncfs`) makes all of a call durable. Calls that come
while a barrier runs share the next one. What comes in piece by piece grows in a folder beside (`staging`) and is linked
into its place once it is whole.
"""

import asyncio
import ctypes
import errno
import os
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from hashlib import sha256 as digest_of
from pathlib import Path
from typing import Any, TypeVar

import obstore
from obstore.store import LocalStore

from lienthong.adapters.staging import Staging, blocks
from lienthong.adapters.stock import Stock, aside_key
from lienthong.errors import (
    EvidenceBroken,
    InvalidValue,
    LienThongError,
    NotFound,
    PartChanged,
    StorageFull,
    Unavailable,
)
from lienthong.evidence.manifest import is_digest

T = TypeVar("T")
_NO_SPACE = ("os error 28", "os error 122")  # ENOSPC, EDQUOT, as obstore words them


class LocalObjects:
    """The `Objects` port over a local folder. `staging` must lie on the same file system."""

    def __init__(self, folder: Path, staging: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._staging = Staging(staging or folder.with_name(f"{folder.name}-staging"))
        self._store = LocalStore(folder)
        self._barrier = Barrier(self._sync)
        self.stock = Stock(self._store, _stock_words, lambda key: os.utime(folder / key))

    async def keep(self, contents: Mapping[str, bytes]) -> None:
        """Store all, durable on return. InvalidValue for a wrong digest; StorageFull, Unavailable."""
        if not contents:
            return
        await asyncio.to_thread(self._put_all, contents)
        await self._barrier.passed(contents)

    async def fetch(self, sha256: str) -> bytes:
        """The bytes, their digest checked. NotFound, EvidenceBroken, Unavailable."""
        return await asyncio.to_thread(self._get, sha256)

    async def size(self, sha256: str) -> int:
        """Bytes of an object. NotFound, Unavailable."""
        return (await _worded(asyncio.to_thread((self._folder / object_key(sha256)).stat), sha256)).st_size

    async def read(self, sha256: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from start to stop in blocks, their digest not checked. NotFound, Unavailable."""
        path = self._there(sha256)
        size = (await _worded(asyncio.to_thread(path.stat), sha256)).st_size
        end = size if stop is None else min(stop, size)
        found = await _worded(asyncio.to_thread(blocks, path, start, max(start, end)), sha256)
        try:
            while block := await _worded(asyncio.to_thread(next, found, b""), sha256):
                yield block
        finally:
            found.close()

    async def staged(self, name: str) -> int:
        """How many bytes of a name are durable here."""
        return await _worded(self._staging.size(name), name)

    async def append(self, name: str, offset: int, pieces: AsyncIterable[bytes]) -> int:
        """Write at the end of a name, all or nothing. UploadOffset, Busy, StorageFull, Unavailable."""
        return await _worded(self._staging.append(name, offset, pieces), name)

    async def digest(self, name: str) -> str:
        """Hex SHA-256 of what a name holds. NotFound, Unavailable."""
        return await _worded(self._staging.digest(name), name)

    async def adopt(self, name: str, sha256: str) -> None:
        """Make what a name holds an object, durable on return; the name stays. NotFound, PartChanged, StorageFull."""
        if await self.digest(name) != sha256:
            raise PartChanged(f"object {sha256}")
        await _worded(asyncio.to_thread(self._link, self._staging.path(name), self._folder / object_key(sha256)), name)
        await self._barrier.passed([sha256])

    async def discard(self, name: str) -> None:
        """Forget a name; harmless when it holds nothing."""
        await _worded(self._staging.discard(name), name)

    async def room(self) -> int:
        """Bytes that still fit."""
        return (await _worded(asyncio.to_thread(shutil.disk_usage, self._folder), "")).free

    def _link(self, staged: Path, target: Path) -> None:
        """A second name of the same file: what is staged again later does not change the object."""
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.{staged.name}")
        fresh.unlink(missing_ok=True)
        os.link(staged, fresh)
        fresh.replace(target)
        fresh.unlink(missing_ok=True)  # where both were the same file already, a rename does nothing

    def _put_all(self, contents: Mapping[str, bytes]) -> None:
        check_digests(contents)
        try:
            for sha256, data in contents.items():
                obstore.put(self._store, object_key(sha256), data, use_multipart=False)
        except Exception as error:  # the library raises OSError and its own kinds alike
            raise _translated(error) from error

    def _there(self, sha256: str) -> Path:
        """Where an object is to be read: in its place, or aside (`stock`)."""
        place = self._folder / object_key(sha256)
        aside = self._folder / aside_key(sha256)
        return aside if not place.exists() and aside.exists() else place

    def _get(self, sha256: str) -> bytes:
        place = self._there(sha256)
        try:
            data = place.read_bytes()
        except FileNotFoundError as error:
            raise NotFound(sha256) from error
        except Exception as error:
            raise _translated(error) from error
        return checked(sha256, data)

    def _sync(self, contents: Iterable[str]) -> None:
        try:
            if not sync_filesystem(self._folder):
                sync_files(self._folder, contents)
        except OSError as error:
            raise _translated(error) from error


async def _worded(work: Awaitable[T], name: str) -> T:
    """The result, or the disk's refusal in our words."""
    try:
        return await work
    except FileNotFoundError as error:
        raise NotFound(name[:80]) from error
    except EOFError as error:
        raise EvidenceBroken(f"object {name}: bị cắt / cut short") from error
    except OSError as error:
        raise _translated(error) from error


class Barrier:
    """One barrier for all who wrote before it began."""

    def __init__(self, sync: Callable[[Iterable[str]], None]) -> None:
        self._sync = sync
        self._lock = asyncio.Lock()
        self._waiting: set[str] = set()

    async def passed(self, names: Iterable[str]) -> None:
        """Return once a sync that began after this call has succeeded; run it for everybody who waits by then."""
        mine = set(names)
        self._waiting |= mine
        async with self._lock:
            if not mine & self._waiting:
                return
            covered, self._waiting = self._waiting, set()
            try:
                await asyncio.to_thread(self._sync, covered)
            except BaseException:
                self._waiting |= covered
                raise


def sync_filesystem(folder: Path) -> bool:
    """`syncfs(2)` of the folder's file system; False where the system has none. OSError."""
    if _syncfs is None:
        return False
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if _syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)
    return True


def sync_files(folder: Path, contents: Iterable[str]) -> None:
    """Every file, then every folder on the way to one: its entry is durable only then. OSError."""
    files = [folder / object_key(sha256) for sha256 in contents]
    folders = {parent for file in files for parent in (file.parent, file.parent.parent)}
    for path in (*files, *sorted(folders, reverse=True), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def check_digests(contents: Mapping[str, bytes]) -> None:
    """That every content is what its name says. InvalidValue."""
    for sha256, data in contents.items():
        if digest_of(data).hexdigest() != sha256:
            raise InvalidValue(f"object {sha256[:80]!r}")


def checked(sha256: str, data: bytes) -> bytes:
    """The bytes if they are what their name says. EvidenceBroken."""
    if digest_of(data).hexdigest() != sha256:
        raise EvidenceBroken(f"object {sha256}")
    return data


def object_key(sha256: str) -> str:
    """Where an object lies; a digest and nothing else becomes a path."""
    if not is_digest(sha256):
        raise InvalidValue(f"object {sha256[:80]!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _translated(error: Exception) -> LienThongError:
    full = getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}
    if full or any(words in str(error) for words in _NO_SPACE):
        return StorageFull()
    return Unavailable(f"objects: {str(error).partition(chr(10))[0]}")


def _stock_words(error: Exception) -> LienThongError:
    return NotFound() if isinstance(error, FileNotFoundError) else _translated(error)


def _find_syncfs() -> Callable[[int], int] | None:
    found: Any = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    return None if found is None else lambda handle: int(found(handle))


_syncfs = _find_syncfs()
