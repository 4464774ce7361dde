"""Processes of a server that has many: found, and seen to be gone."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def children(parent: int) -> list[int]:
    """Processes whose parent this is (proc(5), /proc/pid/stat)."""
    found = []
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError, ValueError):
            if int(_stat(folder)[1]) == parent:
                found.append(int(folder.name))
    return found


def _stat(folder: Path) -> list[str]:
    """State, parent, … : what follows the name in brackets, which may hold anything."""
    return (folder / "stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()


def vanished(processes: Iterable[int], patience: float) -> bool:
    """Wait until none of them runs any more; False when one still does after that many seconds."""
    deadline = time.monotonic() + patience
    left = set(processes)
    while left and time.monotonic() < deadline:
        left = {each for each in left if _runs(each)}
        time.sleep(0.01)
    return not left


def _runs(process: int) -> bool:
    try:
        return _stat(_PROC / str(process))[0] not in {"Z", "X"}
    except (OSError, IndexError):
        return False
