"""Many gateways that wait for whatever concerns them, in one process: what `bench memory` lets an axis hold.

Each has a key, a certificate and connections of its own, as if it stood in a commune's office. Reads its task as JSON;
says `{"waiting": N}` on a line once all wait, and goes when its standard input ends.
"""

import asyncio
import json
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.identity import Caller
from lienthong.adapters.keys import KeyPair
from lienthong.adapters.wire import AxisWire, tls_context
from lienthong.cli.demo.build import Place
from lienthong.errors import LienThongError
from lienthong.seal import thumbprint

LONGEST = 30.0
_TRIES = 60
_SETTLED = 3.0
"""Seconds after the last greeting until every wait has reached the axis."""


def name_of(number: int) -> str:
    """The id of an idle gateway."""
    return f"gw-idle-{number:05}"


async def wait_all(place: Place, count: int) -> None:
    """Open all connections, tell, hold them until nobody listens any more."""
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(_wire(place, name_of(number))) for number in range(count)]
        gate = asyncio.Semaphore(16)
        tasks = await asyncio.gather(*(_greeting(wire, gate) for wire in wires))
        await asyncio.sleep(_SETTLED)
        sys.stdout.write(json.dumps({"waiting": count}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _wire(place: Place, name: str) -> AxisWire:
    folder = place.folder / name
    pair = KeyPair.load(folder / "hop.key", folder / "hop.pem")
    key = (folder / "hop.key").read_bytes()
    caller = Caller(name, key, thumbprint(pair.certificate), "axis", SystemClock(), SystemLots())
    return AxisWire(place.url("axis"), caller, tls_context(place.root, folder / "hop.pem", folder / "hop.key"))


async def _greeting(wire: AxisWire, gate: asyncio.Semaphore) -> asyncio.Task[None]:
    """The first answer comes at once, a few at a time, so that handshakes do not come together; then it waits at once.

    Who stood idle until all are greeted would be closed for it, and connect again while memory is looked at.
    """
    async with gate:
        heard = await _heard(wire)
    return asyncio.create_task(_listen(wire, heard))


async def _heard(wire: AxisWire) -> str:
    """Once the axis has read the registry that names this gateway."""
    for _ in range(_TRIES):
        with suppress(LienThongError):
            return (await wire.listen("", LONGEST)).heard
        await asyncio.sleep(0.5)
    return (await wire.listen("", LONGEST)).heard


async def _listen(wire: AxisWire, heard: str) -> None:
    """As a gateway does, on the same connection: one wait for all that may concern it."""
    while True:
        with suppress(LienThongError):
            heard = (await wire.listen(heard, LONGEST)).heard
        await asyncio.sleep(0.1)


def main() -> None:
    """`python -m lienthong.cli.bench.idlers`: a line of JSON on standard input, then until it ends."""
    task = json.loads(sys.stdin.readline())
    asyncio.run(wait_all(Place.read(Path(task["folder"])), task["count"]))


if __name__ == "__main__":
    main()
