"""Twins of the store and the object store in memory: the same answers, no disk.

To make one fail, wrap it (`lienthong.testing.faults`), or give the store a `committing` hook that raises.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256 as digest_of
from typing import TypeVar

from lienthong.adapters.ledger import LogSigner
from lienthong.delivery.ports import Clock, Transaction, View
from lienthong.errors import EvidenceBroken, InvalidValue, NotFound, PartChanged, UploadOffset
from lienthong.evidence import Receipt
from lienthong.testing.memory_log import LogRows, MemoryLog
from lienthong.testing.memory_state import MemoryTransaction, MemoryView, State

T = TypeVar("T")


@dataclass(slots=True)
class Disk:
    """What outlives a store: open another on it, and it remembers."""

    state: State = field(default_factory=State)
    log: LogRows = field(default_factory=LogRows)


class MemoryStore:
    """The `Store` and `Log` ports. Each work is a batch of its own.

    `committing` is called before each commit; what it raises is heard by the caller, and the work is undone.
    """

    def __init__(
        self,
        signer: LogSigner,
        clock: Clock,
        disk: Disk | None = None,
        committing: Callable[[], None] | None = None,
    ) -> None:
        self.disk = disk or Disk()
        self._log = MemoryLog(self.disk.log, signer)
        self._clock, self._committing = clock, committing

    async def write(self, work: Callable[[Transaction], T]) -> T:
        await asyncio.sleep(0)  # others run before a write is answered, as with a real store
        state = self.disk.state.copied()
        tx = MemoryTransaction(state, self._log.size)
        result = work(tx)
        growth = self._log.grown(tx.leaves) if tx.leaves else None
        if self._committing is not None:
            self._committing()
        self.disk.state = state
        if growth is not None:
            self._log.keep(growth, self._clock.now())
        return result

    async def read(self, work: Callable[[View], T]) -> T:
        await asyncio.sleep(0)
        return work(MemoryView(self.disk.state))

    async def receipt(self, index: int) -> Receipt:
        return self._log.receipt(index)

    async def checkpoint(self, shard: int = 0) -> str:
        return self._of(shard).checkpoint()

    async def stamped_receipt(self, index: int) -> Receipt | None:
        return self._log.stamped_receipt(index)

    async def unstamped(self) -> tuple[int, str, datetime] | None:
        return self._log.unstamped()

    async def keep_stamp(self, size: int, token: bytes) -> None:
        self._log.keep_stamp(size, token)

    async def stamped(self, shard: int = 0) -> tuple[int, str, bytes] | None:
        return self._of(shard).stamped()

    async def unstamped_since(self) -> datetime | None:
        return self._log.unstamped_since()

    async def tile(self, level: int, index: int, width: int, shard: int = 0) -> bytes:
        return self._of(shard).tile(level, index, width)

    async def leaves(self, start: int, count: int, shard: int = 0) -> Sequence[bytes]:
        return self._of(shard).leaves(start, count)

    async def consistency(self, old: int, new: int, shard: int = 0) -> Sequence[bytes]:
        return self._of(shard).consistency(old, new)

    def _of(self, shard: int) -> MemoryLog:
        if shard:
            raise NotFound(f"log {shard}")
        return self._log


class MemoryObjects:
    """The `Objects` port over dictionaries, open to tests as `kept` and `half`; `space` is the room left."""

    def __init__(self, space: int = 2**40) -> None:
        self.kept: dict[str, bytes] = {}
        self.half: dict[str, bytes] = {}
        self._whole: set[str] = set()
        self.space = space

    async def keep(self, contents: Mapping[str, bytes]) -> None:
        await asyncio.sleep(0)
        for digest, data in contents.items():
            if digest_of(data).hexdigest() != digest:
                raise InvalidValue(f"object {digest[:80]!r}")
        self.kept |= contents

    async def fetch(self, sha256: str) -> bytes:
        await asyncio.sleep(0)
        if sha256 not in self.kept:
            raise NotFound(sha256[:80])
        data = self.kept[sha256]
        if digest_of(data).hexdigest() != sha256:
            raise EvidenceBroken(f"object {sha256}")
        return data

    async def size(self, sha256: str) -> int:
        await asyncio.sleep(0)
        if sha256 not in self.kept:
            raise NotFound(sha256[:80])
        return len(self.kept[sha256])

    async def read(self, sha256: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        await self.size(sha256)
        if wanted := self.kept[sha256][start:stop]:
            yield wanted

    async def staged(self, name: str) -> int:
        await asyncio.sleep(0)
        return len(self.half.get(name, b""))

    async def append(self, name: str, offset: int, pieces: AsyncIterable[bytes]) -> int:
        if offset != await self.staged(name) or name in self._whole:
            raise UploadOffset(f"{offset} ≠ {len(self.half.get(name, b''))}")
        more = b"".join([piece async for piece in pieces])
        self.half[name] = self.half.get(name, b"") + more
        return len(self.half[name])

    async def digest(self, name: str) -> str:
        await asyncio.sleep(0)
        if name not in self.half:
            raise NotFound(name[:80])
        return digest_of(self.half[name]).hexdigest()

    async def adopt(self, name: str, sha256: str) -> None:
        if await self.digest(name) != sha256:
            raise PartChanged(f"object {sha256}")
        self.kept[sha256] = self.half[name]
        self._whole.add(name)

    async def discard(self, name: str) -> None:
        await asyncio.sleep(0)
        self.half.pop(name, None)
        self._whole.discard(name)

    async def room(self) -> int:
        await asyncio.sleep(0)
        return self.space
