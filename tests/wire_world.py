"""The wire to the axis, twin and real, behind one face: two gateways whose hops run in the test, and a third one.

The real axis and its CA are processes of their own, spoken to over mutual TLS; the gateways' keys are in our hands.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

from lienthong.adapters.bootstrap import log_signer, root_certificates
from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.files import write_whole
from lienthong.adapters.identity import Caller
from lienthong.adapters.keys import SoftSigner, read_secret
from lienthong.adapters.wire import AxisWire, tls_context
from lienthong.cli.demo.build import Place, build, current_snapshot, origin
from lienthong.cli.demo.processes import Processes
from lienthong.delivery import AXIS, Hop, MailItem
from lienthong.delivery.dating import Dater
from lienthong.delivery.forward import Uplink
from lienthong.delivery.outbox import Listener
from lienthong.delivery.pull import Mailbox
from lienthong.document import package_id
from lienthong.envelope import frame
from lienthong.registry import Book, Snapshot, publish, thumbprint
from lienthong.seal import Signer
from lienthong.testing.memory import MemoryObjects, MemoryStore
from lienthong.testing.wire import InProcessWire
from lienthong.testing.world import SILENT, World
from running_country import letter, sealed

SENDER, RECEIVER = "gw-h29", "gw-g22"
HOME = {"H29": SENDER, "G09": RECEIVER}
PATIENCE = 20.0
"""Seconds the axis's own workers may take on a busy machine."""
T = TypeVar("T")


class Wire(Uplink, Mailbox, Listener, Dater, Protocol):
    """All a gateway says to the axis."""

    async def snapshot(self, version: int, *, deltas: bool = False) -> bytes | None:
        """The signed registry snapshot if it is newer than the version we have."""
        ...


@dataclass(frozen=True)
class Line:
    """Two hops, the axis as each of them and a third gateway reach it, and what the axis's surroundings can do."""

    hops: Mapping[str, Hop]
    wires: Mapping[str, Wire]
    third: Wire
    signer: Callable[[str], Signer]
    renew: Callable[[], Awaitable[int]]
    stamp: Callable[[], Awaitable[None]]

    @property
    def sender(self) -> Wire:
        return self.wires[SENDER]

    @property
    def receiver(self) -> Wire:
        return self.wires[RECEIVER]

    def package(self, *to: str, sender: str = "H29", message_id: str, **changes: object) -> tuple[str, bytes]:
        """The id and the wire form of a good letter; the same message id again makes another letter."""
        moment = self.hops[SENDER].clock.now()
        made = sealed(letter(to, sender, **changes), self.signer(sender), sender, message_id, moment)
        return package_id(sender, message_id), frame(*made)

    async def mail(self, package: str) -> MailItem:
        """The item of a package that waits for the receiver."""
        return await patiently(lambda: self._waiting(package))

    async def _waiting(self, package: str) -> MailItem | None:
        return next((item for item in await self.receiver.mailbox() if item.package == package), None)


async def patiently(look: Callable[[], Awaitable[T | None]]) -> T:
    """What `look` finds once it finds something."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await look()):  # noqa: ASYNC110  # another process does it: it must be asked anew
            await asyncio.sleep(0.05)
        return found


# ---------------------------------------------------------------- the twin


@asynccontextmanager
async def twin() -> AsyncIterator[Line]:
    """The country in one process."""
    world = World()

    async def renew() -> int:
        world.publish(world.newer())
        return world.registry.version

    third = InProcessWire(
        lambda: world.axis, SILENT, lambda: world.crash(AXIS), lambda: world.stations[AXIS].store, bytes
    )
    hops = {name: world.hop(name) for name in HOME.values()}
    yield Line(hops, {name: world.wire(name) for name in hops}, third, world.signer, renew, world.stamp)


# ---------------------------------------------------------------- the processes


@contextmanager
def axis_process(folder: Path) -> Iterator[Place]:
    """A built country of which only the axis and its CA run; checkpoints are stamped within moments."""
    place = build(folder)
    settings = folder / "axis.toml"
    settings.write_text(settings.read_text("utf-8").replace("seconds = 5.0", "seconds = 0.1"), "utf-8")
    processes = Processes(place)
    try:
        for name in ("ca", "axis"):
            processes.launch(name)
        for name in ("ca", "axis"):
            processes.await_ready(name)
        yield place
    finally:
        processes.stop()


@asynccontextmanager
async def real(place: Place) -> AsyncIterator[Line]:
    """The axis's own process over TLS."""
    async with AsyncExitStack() as stack:
        wires = {name: await stack.enter_async_context(axis_wire(place, name)) for name in HOME.values()}
        third = await stack.enter_async_context(axis_wire(place, "gw-h27"))
        book = Book(root_certificates(place.root))
        await _offered(book, wires[SENDER], 1)
        hops = {name: _hop(place, name, book) for name in HOME.values()}
        yield Line(
            hops, wires, third, lambda code: _seal(place, code), lambda: _renewed(place, book, wires[SENDER]), _waited
        )


def axis_wire(place: Place, gateway: str, url: str = "") -> AxisWire:
    """The wire as that gateway's process would have it."""
    key, certificate = place.folder / gateway / "hop.key", place.folder / gateway / "hop.pem"
    mark = thumbprint(root_certificates(certificate)[0])
    caller = Caller(gateway, read_secret(key), mark, AXIS, SystemClock(), SystemLots())
    return AxisWire(url or place.url("axis"), caller, tls_context(place.root, certificate, key))


def _hop(place: Place, name: str, book: Book) -> Hop:
    signer = log_signer(origin(name), place.folder / name / "log.key", place.folder / name / "log.pem")
    clock = SystemClock()
    roots = root_certificates(place.root)
    return Hop(name, MemoryStore(signer, clock), MemoryObjects(), clock, SystemLots(), book.directory, roots)


def _seal(place: Place, code: str) -> Signer:
    folder = place.folder / HOME[code] / "tenants" / code
    return SoftSigner.load(folder / "seal.key", folder / "seal.pem")


async def _renewed(place: Place, book: Book, wire: AxisWire) -> int:
    """Publish the next version; back once the axis hands it out and our hops have it."""
    before = current_snapshot(place)
    folder = place.folder / "registry"
    signer = SoftSigner.load(folder / "registry.key", folder / "registry.pem")
    write_whole(place.snapshot, publish(_next(before), signer))
    await _offered(book, wire, before.version + 1)
    return before.version + 1


def _next(before: Snapshot) -> Snapshot:
    return replace(before, version=before.version + 1, previous_digest=before.digest())


async def _offered(book: Book, wire: AxisWire, version: int) -> None:
    async def look() -> bool:
        if (signed := await wire.snapshot(book.version)) is not None:
            book.offer(signed, SystemClock().now())
        return book.version >= version

    await patiently(look)


async def _waited() -> None:
    """The axis's own worker stamps; whoever asks for dated receipts is patient."""
