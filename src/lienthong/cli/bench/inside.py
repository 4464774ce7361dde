"""An axis in this very process, on a real store: for figures that HTTP and TLS would drown."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lienthong.adapters.bootstrap import log_signer, root_certificates
from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.http import settle
from lienthong.adapters.ledger import LogSigner
from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.sql import SqlStore
from lienthong.cli.bench.packages import SENDER_GATEWAY
from lienthong.cli.demo.build import Place, origin
from lienthong.delivery import AXIS, Hop, accept, mailbox
from lienthong.registry import Directory

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Spent:
    """What so many calls took, each: wall clock and processor, in milliseconds."""

    wall: float
    cpu: float


@asynccontextmanager
async def axis_inside(place: Place, folder: Path, directory: Directory, url: str = "") -> AsyncIterator[Hop]:
    """The built country's axis, its memory in `folder`, or in the database a URL names."""
    settle()  # as whoever serves does
    clock = SystemClock()
    async with SqlStore.open(url or folder, axis_signer(place), clock) as store:
        objects = LocalObjects(folder / "objects")
        yield Hop(AXIS, store, objects, clock, SystemLots(), lambda: directory, root_certificates(place.root))


def axis_signer(place: Place) -> LogSigner:
    """Who signs the log of that axis."""
    keys = place.folder / AXIS
    return log_signer(origin(AXIS), keys / "log.key", keys / "log.pem")


async def accepting(hop: Hop, frames: Sequence[bytes]) -> Spent:
    """Accept all, many at a time, as senders come."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(frame: bytes) -> None:
        async with gate:
            await accept(hop, SENDER_GATEWAY, frame)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(one, frames))
    return _each(wall, cpu, len(frames))


async def looking(hop: Hop, gateway: str, times: int) -> Spent:
    """Open a gateway's mailbox again and again."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        await mailbox(hop, gateway)
    return _each(wall, cpu, times)


def _each(wall: float, cpu: float, times: int) -> Spent:
    scale = 1000 / times
    return Spent(scale * (time.perf_counter() - wall), scale * (time.process_time() - cpu))
