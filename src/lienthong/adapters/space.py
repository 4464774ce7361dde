"""Room on the disk: below a threshold no new package is taken, while what was taken is still delivered."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from lienthong.errors import StorageFull


def free_bytes(folder: Path) -> int:
    """Bytes an ordinary user may still write where the folder lies, or will lie once something is in it. OSError."""
    return room(folder)[0]


def room(folder: Path) -> tuple[int, int]:
    """The same, and all bytes of that disk. OSError."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    usage = shutil.disk_usage(there)
    return usage.free, usage.total


class Space:
    """Asks how much is free, at most once in `every` seconds: a flood of requests must not become one of questions."""

    def __init__(
        self,
        folder: Path,
        keep_free: int,
        now: Callable[[], float],
        probe: Callable[[Path], int] = free_bytes,
        every: float = 1.0,
    ) -> None:
        self._folder, self._keep_free, self._now = folder, keep_free, now
        self._probe, self._every = probe, every
        self._asked_at, self._free = float("-inf"), 0

    def require(self) -> None:
        """Raises StorageFull below the threshold, or when the file system does not answer."""
        if self._now() - self._asked_at >= self._every:
            try:
                self._free = self._probe(self._folder)
            except OSError as error:
                raise StorageFull(str(error.strerror)) from error
            self._asked_at = self._now()
        if self._free < self._keep_free:
            raise StorageFull(f"{self._free} B < {self._keep_free} B")

    async def spared(self, job: Callable[[], Awaitable[object]]) -> object:
        """A job that takes in new packages, done only while there is room. Raises StorageFull."""
        self.require()
        return await job()
