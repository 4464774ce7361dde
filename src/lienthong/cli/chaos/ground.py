"""The country that is put to the test: its processes, its wires, its clocks and disks, all in our hands."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import SoftSigner
from lienthong.cli.chaos.database import Database, database
from lienthong.cli.chaos.disk import Disk, Limit, in_memory
from lienthong.cli.chaos.proxy import Wire
from lienthong.cli.chaos.schedule import HOPS, PROCESSES, Wish
from lienthong.cli.demo.build import SNAPSHOT_LIFE, Place, build, current_snapshot
from lienthong.cli.demo.processes import MODULES, Processes
from lienthong.cli.servers.s3 import S3Server
from lienthong.errors import LienThongError, Unavailable
from lienthong.registry import publish

SMALL = 5_000
"""Documents up to which the axis's data may lie in memory too."""
TRIES = 30


@dataclass
class Moved(Processes):
    """The demo's processes, each under a clock of its own."""

    def _command(self, name: str) -> list[str]:
        config = self.place.folder / f"{name}.toml"
        words = [sys.executable, "-m", "lienthong.cli.chaos.launcher", str(self.clock(name)), MODULES[name]]
        return [*words, "--config", str(config)]

    def clock(self, name: str) -> Path:
        """The file that moves a process's clock."""
        return self.place.folder / "clocks" / name

    def pid(self, name: str) -> int:
        """The process's id."""
        return self._running[name].pid


@dataclass
class Ground:
    """Everything a deed can touch."""

    place: Place
    processes: Moved
    wires: dict[str, Wire]
    disks: dict[str, Disk] = field(default_factory=dict)
    bucket: S3Server | None = None
    database: Database | None = None
    down: set[str] = field(default_factory=set)
    died: list[str] = field(default_factory=list)

    def set_clock(self, name: str, seconds: float) -> None:
        """So many seconds off from now on."""
        write_whole(self.processes.clock(name), str(seconds).encode())

    def where(self, hop: str) -> Path | str:
        """Where a hop's memory is: its folder, or its database."""
        return self.database.url(hop) if self.database else self.place.folder / hop / "data"

    def heal(self) -> None:
        """Everything as it should be, but for processes that are down."""
        for wire in self.wires.values():
            wire.heal()
        for disk in self.disks.values():
            disk.free()

    async def kill(self, name: str) -> None:
        """SIGKILL."""
        self.down.add(name)
        await asyncio.to_thread(self.processes.kill, name)

    async def revive(self, name: str) -> None:
        """Start it as a service manager does: again and again until it stays."""
        for _ in range(TRIES):
            self.processes.launch(name)
            try:
                await asyncio.to_thread(self.processes.await_ready, name)
            except LienThongError:
                if self.processes.alive(name):
                    break  # it runs; that it is not ready is the reckoning's to judge
                await asyncio.sleep(1.0)
            else:
                break
        self.down.discard(name)
        if not self.processes.alive(name):
            raise Unavailable(f"{name}: không khởi động lại được / does not start again")

    async def supervise(self) -> None:
        """What ends by itself is a fault of ours; it is noted and started again."""
        while True:
            for name in PROCESSES:
                if name not in self.down and not self.processes.alive(name):
                    self.died.append(name)
                    self.down.add(name)
                    await self.revive(name)
            await asyncio.sleep(0.5)

    def publish(self, age: timedelta) -> datetime:
        """The registry anew, as one that was issued that long ago; when it ends."""
        issued = datetime.now(UTC) - age
        before = current_snapshot(self.place)
        newer = replace(
            before,
            version=before.version + 1,
            issued_at=issued,
            expires_at=issued + SNAPSHOT_LIFE,
            previous_digest=before.digest(),
        )
        folder = self.place.folder / "registry"
        signer = SoftSigner.load(folder / "registry.key", folder / "registry.pem")
        write_whole(self.place.snapshot, publish(newer, signer))
        return newer.expires_at


@asynccontextmanager
async def ground(folder: Path, wish: Wish) -> AsyncIterator[Ground]:
    """A fresh country that runs; at the end nothing of it runs any more, and its folder lies as it stood."""
    place = await asyncio.to_thread(build, folder)
    async with AsyncExitStack() as stack:
        wires = {name: await stack.enter_async_context(Wire(name, target)) for name, target in _targets(place).items()}
        _rewire(place, wires)
        processes = Moved(place)
        country = Ground(place, processes, wires)
        for name in PROCESSES:
            processes.clock(name).parent.mkdir(exist_ok=True)
            country.set_clock(name, 0.0)
        for hop in HOPS:
            memory = stack.enter_context(in_memory(place.folder / hop / "data")) if hop in _light(wish) else None
            country.disks[hop] = memory or Limit(partial(processes.pid, hop))
        if wish.objects == "s3":
            country.bucket = await _bucket(stack, place)
        if wish.store == "postgresql":
            country.database = stack.enter_context(database(HOPS))
            for hop in HOPS:
                _settle(place, hop, "store", {"url": country.database.url(hop)})
        stack.callback(processes.stop)
        await asyncio.to_thread(processes.start)
        yield country
        country.heal()


async def _bucket(stack: AsyncExitStack, place: Place) -> S3Server:
    """One S3 server for all; each hop under a prefix of its own."""
    server = S3Server(place.folder / "s3")
    stack.callback(server.stop)
    await asyncio.to_thread(server.start)
    for hop in HOPS:
        _settle(place, hop, "objects", server.table(f"{hop}/"))
    return server


def _settle(place: Place, hop: str, table: str, values: Mapping[str, object]) -> None:
    """One more table in a hop's settings."""
    words = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    path = place.folder / f"{hop}.toml"
    write_whole(path, f"{path.read_text('utf-8')}\n[{table}]\n{words}".encode(), mode=0o600)


def _light(wish: Wish) -> Sequence[str]:
    """Whose data may lie in memory: what is kept twice over is not to eat the machine."""
    return ("axis", "gw-g22") if wish.documents <= SMALL else ("gw-g22",)


def _targets(place: Place) -> dict[str, tuple[str, int]]:
    """Every wire between two parts of the country."""
    hosts = {
        "gw-h29-axis": "axis",
        "gw-g22-axis": "axis",
        "axis-ca": "ca",
        "desk-gw-h29": "gw-h29",
        "desk-gw-g22": "gw-g22",
    }
    return {name: ("127.0.0.1", place.ports[host]) for name, host in hosts.items()}


def _rewire(place: Place, wires: dict[str, Wire]) -> None:
    """Settings in which each speaks to the other through our wire."""
    changes = [
        ("gw-h29", place.url("axis"), f"https://127.0.0.1:{wires['gw-h29-axis'].port}"),
        ("gw-g22", place.url("axis"), f"https://127.0.0.1:{wires['gw-g22-axis'].port}"),
        ("axis", place.url("ca"), f"http://127.0.0.1:{wires['axis-ca'].port}"),
        ("axis", 'data = "axis/data"\n', 'data = "axis/data"\nkeep_free = 0\n'),  # so that its writers meet a full disk
        ("gw-h29", "poll_seconds = 10.0", "poll_seconds = 3.0"),
        ("gw-g22", "poll_seconds = 10.0", "poll_seconds = 3.0"),
    ]
    for name, old, new in changes:
        path = place.folder / f"{name}.toml"
        text = path.read_text("utf-8")
        if old not in text:
            raise Unavailable(f"{path}: {old}")
        write_whole(path, text.replace(old, new).encode(), mode=0o600)
