"""What an object store holds, and putting aside what nothing seems to name.

Nothing is thrown away at once: an object that no row names is put aside, under `aside/` in the same store. Readers
find it there too, so whoever names it a moment later loses nothing; the next round brings it back, or lets it go for
good once it has lain there long enough.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import obstore

from lienthong.errors import LienThongError
from lienthong.evidence.manifest import is_digest

ASIDE = "aside"
Words = Callable[[Exception], LienThongError]


@dataclass(frozen=True, slots=True)
class Stored:
    """One object: since when it lies where it lies."""

    sha256: str
    size: int
    at: datetime


class Stock:
    """Over a store of obstore's, local or S3; `touched` makes a key as old as now where a copy does not."""

    def __init__(self, store: Any, words: Words, touched: Callable[[str], None] = lambda _key: None) -> None:
        self._store, self._words, self._touched = store, words, touched

    async def listing(self, prefix: str, *, aside: bool = False) -> list[Stored]:
        """The objects whose digest begins with two hex digits. Unavailable."""
        found: list[Stored] = await self._done(lambda: self._list(f"{ASIDE}/{prefix}/" if aside else f"{prefix}/"))
        return found

    async def set_aside(self, sha256: str) -> None:
        """Out of the way, still found by readers. NotFound, Unavailable."""
        await self._done(lambda: self._moved(key(sha256), aside_key(sha256)))

    async def bring_back(self, sha256: str) -> None:
        """Back among the others. NotFound, Unavailable."""
        await self._done(lambda: self._moved(aside_key(sha256), key(sha256)))

    async def drop(self, sha256: str) -> None:
        """Let go for good what lies aside. Unavailable."""
        await self._done(lambda: obstore.delete(self._store, aside_key(sha256)))

    def _list(self, prefix: str) -> list[Stored]:
        found = [meta for page in obstore.list(self._store, prefix=prefix) for meta in page]
        named = [(str(meta["path"]).rpartition("/")[2], meta) for meta in found]
        return [Stored(name, meta["size"], meta["last_modified"]) for name, meta in named if is_digest(name)]

    def _moved(self, old: str, new: str) -> None:
        """Copied, then taken away: a crash between leaves both, which the next round puts right."""
        obstore.copy(self._store, old, new)
        self._touched(new)
        obstore.delete(self._store, old)

    async def _done(self, work: Callable[[], Any]) -> Any:
        try:
            return await asyncio.to_thread(work)
        except Exception as error:  # noqa: BLE001  the library raises OSError and its own kinds alike
            raise self._words(error) from None


def key(sha256: str) -> str:
    """Where an object lies."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def aside_key(sha256: str) -> str:
    """Where it lies once it was put aside."""
    return f"{ASIDE}/{key(sha256)}"
