"""How much memory processes hold, as Linux counts it (proc_pid_status(5)): now, and the most since we looked."""

import re
from collections.abc import Iterable
from pathlib import Path

from lienthong.errors import Unavailable

_PEAK_RESET = "5"  # proc_pid_clear_refs(5): the high-water mark starts anew


def resident(pids: Iterable[int]) -> int:
    """Bytes of all of them now."""
    return sum(_field(pid, "VmRSS") for pid in pids)


def peak(pids: Iterable[int]) -> int:
    """The most bytes of each since `watch`, together."""
    return sum(_field(pid, "VmHWM") for pid in pids)


def watch(pids: Iterable[int]) -> int:
    """Forget the peaks so far; returns the bytes now."""
    return sum(map(_watched, pids))


def _watched(pid: int) -> int:
    try:
        Path(f"/proc/{pid}/clear_refs").write_text(_PEAK_RESET)
    except OSError as error:
        raise Unavailable(f"/proc/{pid}/clear_refs: {error.strerror}") from error
    return resident([pid])


def _field(pid: int, name: str) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError as error:
        raise Unavailable(f"/proc/{pid}/status: {error.strerror}") from error
    found = re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)
    if found is None:
        raise Unavailable(f"{name}: Linux /proc")
    return 1024 * int(found[1])
