"""Break what the schedule says, when it says so, and mend it again."""

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lienthong.cli.chaos.ground import Ground
from lienthong.cli.chaos.record import Record
from lienthong.cli.chaos.schedule import Deed, Kind
from lienthong.cli.demo.build import SNAPSHOT_LIFE

AT_A_TIME = 3
"""Deeds that go on at the same time."""
AHEAD = 12
"""Documents that may be answered beyond the moment of a deed that has not begun."""
KNOWN_FOR = 4.0
"""Seconds a registry of a week ago still holds when it comes into force."""


@dataclass
class Deeds:
    """Does the deeds of a schedule. `done` counts them, `now` tells what is broken at this moment."""

    ground: Ground
    record: Record
    schedule: Sequence[Deed]
    done: Counter[Kind] = field(default_factory=Counter)
    now: dict[int, Deed] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    _locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def work(self) -> None:
        """All deeds, each once so many documents were answered; returns when all is mended."""
        room = asyncio.Semaphore(AT_A_TIME)
        async with asyncio.TaskGroup() as group:
            for number, deed in enumerate(self.schedule):
                self.record.let(deed.after + AHEAD)
                await self.record.reaches(deed.after)
                await room.acquire()
                group.create_task(self._one(number, deed, room))
            self.record.let(math.inf)

    async def _one(self, number: int, deed: Deed, room: asyncio.Semaphore) -> None:
        try:
            async with self._locks[deed.target]:  # two deeds to one target would mend each other
                self.now[number] = deed
                self.told.append(f"{self.record.documents}: {deed}")
                await self._HOW[deed.kind](self, deed)
                self.done[deed.kind] += 1
        finally:
            self.now.pop(number, None)
            room.release()

    async def _kill(self, deed: Deed) -> None:
        await self.ground.kill(deed.target)
        await asyncio.sleep(deed.seconds)
        await self.ground.revive(deed.target)

    async def _wire(self, deed: Deed) -> None:
        wire = self.ground.wires[deed.target]
        if deed.kind is Kind.CUT:
            wire.cut()
        elif deed.kind is Kind.TORN:
            wire.tear(int(deed.much))
        elif deed.kind is Kind.SLOW:
            wire.slow(deed.much)
        else:
            wire.fall_silent()
        await asyncio.sleep(deed.seconds)
        wire.heal()

    async def _clock(self, deed: Deed) -> None:
        self.ground.set_clock(deed.target, deed.much)
        await asyncio.sleep(deed.seconds)
        self.ground.set_clock(deed.target, 0.0)

    async def _disk(self, deed: Deed) -> None:
        disk = self.ground.disks[deed.target]
        await asyncio.to_thread(disk.fill)
        await asyncio.sleep(deed.seconds)
        await asyncio.to_thread(disk.free)

    async def _registry(self, deed: Deed) -> None:
        """A registry nobody has renewed for a week: it holds its last seconds, then no more; then a fresh one comes."""
        ends = self.ground.publish(SNAPSHOT_LIFE - timedelta(seconds=KNOWN_FOR))
        await asyncio.sleep((ends - datetime.now(UTC)).total_seconds() + deed.seconds)
        self.ground.publish(timedelta())

    async def _objects(self, deed: Deed) -> None:
        if (bucket := self.ground.bucket) is None:
            return
        await asyncio.to_thread(bucket.kill)
        await asyncio.sleep(deed.seconds)
        await asyncio.to_thread(bucket.start)

    async def _database(self, deed: Deed) -> None:
        if (found := self.ground.database) is None:
            return
        await asyncio.to_thread(found.kill)
        await asyncio.sleep(deed.seconds)
        await asyncio.to_thread(found.fail_over if deed.kind is Kind.FAILOVER else found.start)

    _HOW: dict[Kind, Callable[["Deeds", Deed], Awaitable[None]]] = field(
        init=False,
        repr=False,
        default_factory=lambda: {
            Kind.KILL: Deeds._kill,
            Kind.CUT: Deeds._wire,
            Kind.TORN: Deeds._wire,
            Kind.SLOW: Deeds._wire,
            Kind.SILENT: Deeds._wire,
            Kind.CLOCK: Deeds._clock,
            Kind.DISK: Deeds._disk,
            Kind.REGISTRY: Deeds._registry,
            Kind.OBJECTS: Deeds._objects,
            Kind.DATABASE: Deeds._database,
            Kind.FAILOVER: Deeds._database,
        },
    )
