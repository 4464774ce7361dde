"""Start one of our processes under a fate: one call of one port meets its mishap, for real.

    python fated_process.py FATE.json MODULE --config FILE

Counting begins once the file named `armed` is there; a file named `struck` says that it happened.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.wire import AxisWire
from lienthong.errors import StorageFull, Unavailable
from lienthong.testing.mishaps import Mishap

PORTS: dict[str, Any] = {"store": SqlStore, "objects": LocalObjects, "wire": AxisWire}
Call = Callable[[], Awaitable[Any]]


def strike(fate: dict[str, Any]) -> None:
    """Put the mishap around the method of every adapter of that port."""
    kind, method, count = PORTS[fate["port"]], fate["method"], 0
    real = getattr(kind, method)
    armed, struck = Path(fate["armed"]), Path(fate["struck"])

    def due() -> bool:
        nonlocal count
        if not armed.exists() or struck.exists():
            return False
        count += 1
        if count > fate["nth"]:
            struck.touch()
        return count > fate["nth"]

    async def fated(self: Any, *args: Any, **named: Any) -> Any:
        if not due():
            return await real(self, *args, **named)
        return await meet(fate["mishap"], lambda: real(self, *args, **named))

    setattr(kind, method, fated)


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
