"""Start one of our processes under a fate: one call of one port meets its mishap, for real.

    python fated_process.py FATE.json MODULE --config FILE

Counting begins once the file named `armed` is there; a file named `struck` says that it happened. Of a transaction's
method the first call waits for the file named `go`, and says so by one named `held`.
"""

import asyncio
import json
import os
import signal
import sys
import time  # noqa: TID251  # the writer's thread of a real process waits
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql import store as sql_store
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.adapters.wire import AxisWire
from lienthong.errors import StorageFull, Unavailable
from lienthong.testing.mishaps import Mishap

PORTS: dict[str, Any] = {
    "store": SqlStore,
    "objects": LocalObjects,
    "wire": AxisWire,
    "transaction": SqlTransaction,
}
Call = Callable[[], Awaitable[Any]]


class Fate:
    """Which call meets its mishap, and the files that tell."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.mishap, self._nth, self.count = str(told["mishap"]), int(told["nth"]), 0
        self._armed, self._struck, self._held, self._go = (
            Path(told[word]) for word in ("armed", "struck", "held", "go")
        )

    def due(self) -> bool:
        """Whether it is this call's turn."""
        if not self._armed.exists() or self._struck.exists():
            return False
        self.count += 1
        if self.count > self._nth:
            self._struck.touch()
        return self.count > self._nth

    def wait(self) -> None:
        """Until somebody lets it go on."""
        self._held.touch()
        while not self._go.exists():
            time.sleep(0.02)


def strike(told: dict[str, Any]) -> None:
    """Put the mishap around the method of every adapter of that port."""
    fate, kind, method = Fate(told), PORTS[told["port"]], told["method"]
    around = torn if kind is SqlTransaction else fated
    setattr(kind, method, around(fate, getattr(kind, method)))


def fated(fate: Fate, real: Any) -> Any:
    """A port's call, which may meet the mishap."""

    async def call(self: Any, *args: Any, **named: Any) -> Any:
        if not fate.due():
            return await real(self, *args, **named)
        return await meet(fate.mishap, lambda: real(self, *args, **named))

    return call


def torn(fate: Fate, real: Any) -> Any:
    """A call inside a batch, where death finds it not durable yet. Each work has its own, so works before it are."""
    sql_store.Limits = partial(sql_store.Limits, works=1)  # type: ignore[misc,assignment]  # a function does as well

    def call(self: Any, *args: Any, **named: Any) -> Any:
        if fate.due():
            os.kill(os.getpid(), signal.SIGKILL)
        if fate.count == 1:
            fate.wait()
        return real(self, *args, **named)

    return call


LATE: set[asyncio.Task[Any]] = set()


async def meet(mishap: str, call: Call) -> Any:
    """As `lienthong.testing.mishaps` does with twins; death is SIGKILL."""
    if mishap == "full":
        raise StorageFull
    if mishap == "refused":
        raise Unavailable(mishap)
    found = Mishap[mishap]
    if found is Mishap.CRASH_BEFORE:
        os.kill(os.getpid(), signal.SIGKILL)
    if found is Mishap.LATE:
        LATE.add(asyncio.ensure_future(later(call)))
        raise Unavailable(mishap)
    if found is Mishap.TWICE:
        await call()
    answer = await call()
    if found is Mishap.CRASH_AFTER:
        os.kill(os.getpid(), signal.SIGKILL)
    if found is Mishap.AFTER:
        raise Unavailable(mishap)
    return answer


async def later(call: Call) -> None:
    """Done when nobody waits any more."""
    await asyncio.sleep(1.5)
    await call()


if __name__ == "__main__":
    strike(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    name = sys.argv[2]
    sys.argv = [name, *sys.argv[3:]]
    sys.exit(import_module(f"{name}.__main__").main())
