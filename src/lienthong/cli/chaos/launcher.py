"""Start one of our processes under a clock that a file can move: `… launcher CLOCK MODULE --config FILE`.

The file holds seconds, to be added to the machine's time; it is looked at anew whenever the time is asked, so that the
clock of a running process jumps as it does when somebody sets it. Nothing of this is in the processes themselves: what
runs in earnest has no setting that moves its clock (docs/decisions/0026).
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from lienthong.adapters.clock import SystemClock


def moved(clock: Path) -> Callable[[], datetime]:
    """The machine's time and what the file says beyond it."""
    seen, offset = -1, timedelta()

    def now() -> datetime:
        nonlocal seen, offset
        if (changed := clock.stat().st_mtime_ns) != seen:
            seen, offset = changed, timedelta(seconds=float(clock.read_text("utf-8") or "0"))
        return datetime.now(UTC) + offset

    return now


class Moved(SystemClock):
    """The system's clock, but for what it says."""

    def __init__(self, told: Callable[[], datetime]) -> None:
        self._told = told

    def now(self) -> datetime:
        """The moved moment."""
        return self._told()


def main() -> int:
    """The process itself, with only its idea of the time changed."""
    now, name = moved(Path(sys.argv[1])), sys.argv[2]
    sys.argv = [name, *sys.argv[3:]]
    module: Any = import_module(f"{name}.__main__")
    if name == "lienthong.ca":
        module._now = now  # noqa: SLF001  # the authority asks the time through this function
    else:
        module.SystemClock = partial(Moved, now)
    ended: int = module.main()
    return ended


if __name__ == "__main__":
    sys.exit(main())
