"""Run as a process: writes without end, and tells of each write only once it was answered."""

import asyncio
import sys
from base64 import b64encode
from itertools import count
from pathlib import Path

from lienthong.adapters.sql import SqlStore
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from store_world import accept, package


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(folder: Path) -> None:
    numbers = count()
    tell(b64encode(pki().roots[0]).decode())

    async def writer() -> None:
        for number in numbers:
            made = package(f"killed/{number}")
            index = await store.write(accept(made))
            tell(f"{index} {made.id}")

    async with SqlStore.open(folder, pki().log(), FakeClock()) as store:
        await asyncio.gather(*(writer() for _ in range(16)))


asyncio.run(main(Path(sys.argv[1])))
