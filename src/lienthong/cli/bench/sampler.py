"""Where a process spends its time, by looking at it from inside: every few milliseconds, what does each thread do?

`python -m lienthong.cli.bench.sampler INTO MODULE CONFIG` runs a process of ours and writes, when it stops, the busiest
functions by themselves (`self`) and with all they call (`total`), in shares of the samples in which a thread worked.
"""

import sys
import threading
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import FrameType

EVERY = 0.003
SHOWN = 70
_IDLE = ("wait", "_wait_for_tstate_lock", "select", "get", "_worker", "poll", "accept")


class Sampler(threading.Thread):
    """Counts stacks until stopped."""

    def __init__(self) -> None:
        super().__init__(name="sampler", daemon=True)
        self._own: Counter[str] = Counter()
        self._total: Counter[str] = Counter()
        self._seen, self._stopped = 0, threading.Event()

    def run(self) -> None:
        """Sample until stopped."""
        while not self._stopped.wait(EVERY):
            for number, frame in sys._current_frames().items():  # noqa: SLF001  the only way to see other threads
                if number != self.ident:
                    self._count(frame)

    def _count(self, frame: FrameType) -> None:
        if frame.f_code.co_name in _IDLE:
            return
        self._seen += 1
        self._own[_name(frame)] += 1
        above: FrameType | None = frame
        names = set[str]()
        while above is not None:
            names.add(_name(above))
            above = above.f_back
        self._total.update(names)

    def told(self) -> str:
        """Both tables as text."""
        self._stopped.set()
        return "\n\n".join(
            self._table(title, counts) for title, counts in (("self", self._own), ("total", self._total))
        )

    def _table(self, title: str, counts: Counter[str]) -> str:
        rows = [f"{count / max(self._seen, 1):6.1%}  {name}" for name, count in counts.most_common(SHOWN)]
        return "\n".join([f"{title} ({self._seen} samples)", *rows])


def _name(frame: FrameType) -> str:
    code = frame.f_code
    return f"{'/'.join(Path(code.co_filename).parts[-3:])}:{code.co_qualname}"


def main() -> int:
    """Run the module's main under the sampler."""
    into, module, config = sys.argv[1:]
    sys.argv = [module, "--config", config]
    run = import_module(f"{module}.__main__").main
    sampler = Sampler()
    sampler.start()
    begun = time.monotonic()
    try:
        return int(run())
    finally:
        Path(into).write_text(f"{module}, {time.monotonic() - begun:.0f} s\n\n{sampler.told()}\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
