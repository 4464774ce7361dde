"""Processor time of running processes: on a machine that others use too it tells more than the clock does."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_USER, _SYSTEM = 11, 12
"""Fields 14 and 15 of proc_pid_stat(5), counted behind the name, which may hold blanks."""


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes and their children so far, all threads; 0 where there is no /proc."""
    ticks = sum(_ticks(Path(f"/proc/{pid}/stat")) for each in pids for pid in _family(each))
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> Iterator[int]:
    """A process and all below it (proc_pid_task_children(5))."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _children(path):
            yield from _family(child)


def _children(path: Path) -> list[int]:
    try:
        return [int(each) for each in path.read_text("ascii").split()]
    except OSError:  # the thread ended
        return []


def _ticks(path: Path) -> int:
    try:
        fields = path.read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:  # it ended, or this is no Linux
        return 0
    return int(fields[_USER]) + int(fields[_SYSTEM])
