"""Disks that can be full, and never the machine's own: a small file system in memory, or a limit on file sizes."""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lienthong.errors import FileUnusable

ROOM = 3 << 30
"""Bytes a file system in memory may grow to; it takes only what is in it."""


class Disk(Protocol):
    """Where a hop keeps its data."""

    @property
    def how(self) -> str:
        """What makes it full."""
        ...

    def fill(self) -> None:
        """From now on nothing more fits."""
        ...

    def free(self) -> None:
        """There is room again."""
        ...


@dataclass(frozen=True, slots=True)
class Memory:
    """A tmpfs of its own: filled by making it as small as what it holds, so that writers hear ENOSPC."""

    folder: Path
    how: str = "tmpfs"

    def fill(self) -> None:
        """The limit goes down to what is used; whoever writes meanwhile makes the first try too small."""
        for more in (0, 64 << 10, 512 << 10, 4 << 20):
            used = os.statvfs(self.folder)
            size = (used.f_blocks - used.f_bfree) * used.f_frsize + more
            if _mount("-o", f"remount,size={size}", str(self.folder)):
                return

    def free(self) -> None:
        """Back to where it was."""
        _mount("-o", f"remount,size={ROOM}", str(self.folder))


@dataclass(frozen=True, slots=True)
class Limit:
    """RLIMIT_FSIZE of the running process: no file of its may be written beyond the first kilobytes (EFBIG)."""

    pid: Callable[[], int]
    how: str = "RLIMIT_FSIZE"

    def fill(self) -> None:
        """Growing is over."""
        self._set(4096)

    def free(self) -> None:
        """As before."""
        self._set(resource.RLIM_INFINITY)

    def _set(self, most: int) -> None:
        with suppress(ProcessLookupError):  # killed meanwhile: its successor starts without a limit
            resource.prlimit(self.pid(), resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@contextmanager
def in_memory(folder: Path) -> Iterator[Memory | None]:
    """A file system in memory at that folder, or None where this machine permits no mount."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _mount("-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", str(folder)):
        yield None
        return
    try:
        yield Memory(folder)
    finally:
        keep(folder)


def keep(folder: Path) -> None:
    """What lies in memory is put where it would have been on the disk, and the mount is gone."""
    beside = folder.with_name(f"{folder.name}.kept")
    with suppress(OSError):
        shutil.copytree(folder, beside)
    if subprocess.run(["umount", str(folder)], capture_output=True, check=False).returncode:  # noqa: S603, S607  Debian's own
        raise FileUnusable(f"umount {folder}")
    if beside.exists():
        folder.rmdir()
        beside.rename(folder)


def _mount(*words: str) -> bool:
    if os.geteuid() != 0:
        return False
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0  # noqa: S603, S607  as above
