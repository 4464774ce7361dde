"""A whole country in one process, on twins: an axis, a dedicated and a shared gateway, and one that never answers.

    world = World()
    sent = await world.send("H29", ["G09", "H29.01"], subject="…")
    await world.run()                      # forward, fetch, settle, tell, learn, expire, until nothing moves
    await world.hand_over("G09")           # the agency's software takes what waits
    world.crash("gw-h29")                  # its process dies and starts anew on what was durable

Every organisation of `ORGANISATIONS` has its sealing key in the registry; names and codes are samples.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from lienthong.delivery import (
    AXIS,
    NEVER,
    Bell,
    Content,
    Freight,
    HandIn,
    Hop,
    Lane,
    Leg,
    Package,
    RingingStore,
    Step,
    Terms,
    acknowledge,
    carry,
    expire,
    forward,
    hand_in,
    haul,
    inbox,
    learn,
    pull,
    relearn,
    settle,
    take,
    tell,
)
from lienthong.delivery.ports import Log
from lienthong.document import OrganisationCode
from lienthong.envelope import Edoc, Part, StatusMessage, pack, unpack
from lienthong.errors import LienThongError
from lienthong.evidence import Event
from lienthong.evidence.stamp import checkpoint_digest
from lienthong.gateway import composing
from lienthong.gateway.composing import File, Metadata
from lienthong.registry import (
    CertificateEntry,
    Directory,
    Gateway,
    GatewayKind,
    LogKey,
    Organisation,
    Purpose,
    Representation,
    Snapshot,
    certificate_entry,
    levels,
    publish,
)
from lienthong.seal import Signer
from lienthong.testing.clock import FakeClock, FixedLots
from lienthong.testing.memory import MemoryObjects, MemoryStore
from lienthong.testing.pki import Pki, pki
from lienthong.testing.stamping import MemoryTimestamper
from lienthong.testing.wire import InProcessWire

DEDICATED, SHARED, SILENT = "gw-h29", "gw-g22", "gw-h40"
OPEN = {
    "H29": ("Ủy ban nhân dân thành phố mẫu H29", "province", DEDICATED),
    "H29.01": ("Sở mẫu H29.01", "province", DEDICATED),
    "H29.131": ("Ủy ban nhân dân phường mẫu H29.131", "commune", DEDICATED),
    "G22": ("Cơ quan trung ương mẫu G22", "central", SHARED),
    "G09": ("Bộ mẫu G09", "central", SHARED),
    "H34": ("Ủy ban nhân dân tỉnh mẫu H34", "province", SHARED),
    "H34.7": ("Ủy ban nhân dân xã mẫu H34.7", "commune", SHARED),
    "H40": ("Ủy ban nhân dân tỉnh mẫu H40", "province", SILENT),
    "H50": ("Ủy ban nhân dân tỉnh mẫu H50, chưa có máy chủ", "province", ""),
}
CLOSED = {"H29.27": ("H29.131",), "H29.28": ("H29.131", "H29.01")}
"""Districts closed on 30 June 2025: the first has one successor, the second two."""

CLOSING_DAY = date(2025, 6, 30)


def origin(hop: str) -> str:
    """The name of a hop's evidence log."""
    return f"lienthong.example/log/{hop}"


def snapshot(keys: Pki, now: datetime, version: int = 1, more: Iterable[CertificateEntry] = ()) -> Snapshot:
    """The registry of this country."""
    return Snapshot(
        version=version,
        issued_at=now,
        expires_at=now + timedelta(days=60),
        levels=levels(),
        organisations=tuple(_organisations()),
        gateways=(
            Gateway(DEDICATED, "Máy chủ riêng mẫu", OrganisationCode("H29"), GatewayKind.DEDICATED),
            Gateway(SHARED, "Máy chủ dùng chung mẫu", OrganisationCode("G22"), GatewayKind.SHARED),
            Gateway(SILENT, "Máy chủ không trả lời", OrganisationCode("H40"), GatewayKind.DEDICATED),
        ),
        representations=tuple(
            Representation(gateway, OrganisationCode(code)) for code, (_, _, gateway) in OPEN.items() if gateway
        ),
        certificates=(
            *(certificate_entry(keys.seal(code).certificate, f"org:{code}", Purpose.PACKAGE_SEAL) for code in OPEN),
            *more,
        ),
        logs=tuple(LogKey(origin(hop), keys.vkey(origin(hop)), hop) for hop in (AXIS, DEDICATED, SHARED)),
    )


def _organisations() -> Iterable[Organisation]:
    for code, (name, level, _) in OPEN.items():
        legacy = OrganisationCode("000.00.00.H29") if code == "H29" else None
        yield Organisation(OrganisationCode(code), name, level, legacy_code=legacy)
    for code, successors in CLOSED.items():
        name = f"Ủy ban nhân dân huyện mẫu {code}"
        yield Organisation(
            OrganisationCode(code),
            name,
            "district",
            valid_to=CLOSING_DAY,
            successors=tuple(map(OrganisationCode, successors)),
        )


Ports = Callable[[str, object], object]
"""Puts something (faults, a count) around a port: name of the port, the port, and back comes its like."""


@dataclass(slots=True)
class Station:
    """What of a hop outlives its process, and the process as it runs now."""

    name: str
    store: MemoryStore
    objects: MemoryObjects
    book: list[Directory]
    hop: Hop = field(init=False)
    bell: Bell = field(init=False)
    wire: InProcessWire = field(init=False)


class World:
    """The country. `around` may wrap every port: "HOP.store", "HOP.objects", "HOP.wire"."""

    def __init__(
        self,
        terms: Terms | None = None,
        around: Ports = lambda _, port: port,
        freight: Freight | None = None,
    ) -> None:
        self.pki, self.clock, self.lots = pki(), FakeClock(), FixedLots()
        self.terms, self._around = terms or Terms(), around
        self.freight = freight or Freight()
        self.timestamper = MemoryTimestamper(self.pki.tsa(), self.clock)
        self._directory = Directory(snapshot(self.pki, self.clock.now() - timedelta(days=1)))
        self._sent = self._messages = 0
        self.stations = {name: self._station(name) for name in (AXIS, DEDICATED, SHARED)}

    # ------------------------------------------------------------ hops

    @property
    def axis(self) -> Hop:
        return self.stations[AXIS].hop

    def hop(self, name: str) -> Hop:
        return self.stations[name].hop

    def home(self, code: str) -> Hop:
        """The gateway of an organisation."""
        return self.hop(OPEN[code][2])

    def wire(self, gateway: str) -> InProcessWire:
        """The axis as that gateway reaches it, faults included."""
        return self.stations[gateway].wire

    def signer(self, code: str) -> Signer:
        return self.pki.seal(code)

    def publish(self, changed: Snapshot, *hops: str) -> None:
        """A newer registry comes into force at these hops, or at all."""
        for name in hops or self.stations:
            self.stations[name].book[:] = [Directory(changed)]

    def newer(self, **changes: Any) -> Snapshot:
        """The next version of the registry."""
        return replace(self.registry, version=self.registry.version + 1, **changes)

    @property
    def registry(self) -> Snapshot:
        """The newest registry, as the axis has it."""
        return self.stations[AXIS].book[0].snapshot

    def crash(self, name: str) -> None:
        """The process dies and starts anew on what was durable."""
        self._start(self.stations[name])

    def _station(self, name: str) -> Station:
        store = MemoryStore(self.pki.log(origin(name)), self.clock)
        station = Station(name, store, MemoryObjects(), [self._directory])
        self._start(station)
        return station

    def _start(self, station: Station) -> None:
        station.bell = Bell()
        store = self._wrapped(f"{station.name}.store", station.store)
        station.hop = Hop(
            name=station.name,
            store=RingingStore(store, station.bell),
            objects=self._wrapped(f"{station.name}.objects", station.objects),
            clock=self.clock,
            lots=self.lots,
            directory=lambda: station.book[0],
            roots=self.pki.roots,
            terms=self.terms,
            freight=self.freight,
        )
        station.wire = self._wrapped(
            f"{station.name}.wire",
            InProcessWire(lambda: self.axis, station.name, lambda: self.crash(AXIS), self._axis_log, self._signed),
        )

    def _axis_log(self) -> Log:
        return self.stations[AXIS].store

    def _signed(self) -> bytes:
        return publish(self.registry, self.pki.registry())

    def _wrapped(self, name: str, port: Any) -> Any:
        return self._around(name, port)

    # ------------------------------------------------------------ desks

    async def send(
        self,
        sender: str,
        recipients: Sequence[str],
        *,
        files: Mapping[str, bytes] | None = None,
        message_id: str = "",
        time_to_live: timedelta | None = None,
        **metadata: Any,
    ) -> Package:
        """Hand in a document at the sender's gateway; `metadata` as `gateway.composing.Metadata`."""
        message = self.edoc(sender, recipients, files=files, **metadata)
        return await self.hand_in(sender, message, message_id, time_to_live)

    def edoc(
        self, sender: str, recipients: Sequence[str], *, files: Mapping[str, bytes] | None = None, **metadata: Any
    ) -> Edoc:
        """The message of a new document with a number of its own."""
        self._sent += 1
        told = {"number": str(self._sent), "notation": "CV-M", "subject": "V/v thử nghiệm"} | metadata
        contents = {"cong-van.pdf": b"%PDF-1.7 sample"} if files is None else files
        attached = [File(name, "application/pdf", data) for name, data in contents.items()]
        known = self.home(sender).directory()
        return composing.edoc(
            Metadata(recipients=tuple(recipients), **told), attached, self.organisation(sender), known, self.clock.now()
        )

    async def hand_in(
        self, sender: str, message: Edoc | StatusMessage, message_id: str = "", time_to_live: timedelta | None = None
    ) -> Package:
        """Hand in a message as it is; without an id it gets the next one."""
        self._messages += 1
        handed = handing(sender, message, message_id or f"{sender}-{self._messages}", time_to_live)
        return await hand_in(self.home(sender), self.signer(sender), handed)

    async def recall(self, package: Package, reason: str = "ban hành nhầm") -> Package:
        """The sender recalls a document."""
        return await self.hand_in(package.sender, await self.recalling(package, reason))

    async def recalling(self, package: Package, reason: str = "ban hành nhầm") -> Edoc:
        """The message of a recall: to everybody the document went to, those an update added too."""
        hop, document = self.home(package.sender), package.head.document_id
        known = await hop.store.read(lambda view: view.packages_of(package.sender, document))
        added = [code for found in known for code in found.head.added]
        return composing.recalled(await self._edoc_of(package), reason, added, hop.directory(), self.clock.now())

    async def update(self, package: Package, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Package:
        """The sender adds and removes receivers."""
        return await self.hand_in(package.sender, await self.updating(package, add, remove))

    async def updating(self, package: Package, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Edoc:
        """The message of an update."""
        original, known = await self._edoc_of(package), self.home(package.sender).directory()
        return composing.updated(original, "đổi nơi nhận", add, remove, known, self.clock.now())

    async def report(
        self, package: Package, code: str, recipient: str, reason: str = "", message_id: str = ""
    ) -> Package:
        """A recipient reports a business status."""
        return await self.hand_in(recipient, self.status(package, code, recipient, reason), message_id)

    def status(self, package: Package, code: str, recipient: str, reason: str = "") -> StatusMessage:
        """The message of a status about a document."""
        now = self.clock.now()
        return composing.status(package, self.organisation(recipient), code, reason, "Trần Thị Ví Dụ", now)

    async def waiting(self, code: str) -> tuple[tuple[Package, Leg], ...]:
        """What an agency's software sees in its inbox."""
        return await inbox(self.home(code), code, frozenset(Content))

    async def hand_over(self, code: str) -> int:
        """An agency's software takes and acknowledges all that waits; returns how much."""
        found = await self.waiting(code)
        for package, leg in found:
            locked = await take(self.home(code), code, package.id, leg.addressee)
            await acknowledge(self.home(code), code, package.id, leg.addressee, locked.lock)
        return len(found)

    def organisation(self, code: str) -> Organisation:
        """A row of the registry."""
        found = self.stations[AXIS].book[0].organisation(OrganisationCode(code))
        if found is None:
            raise KeyError(code)
        return found

    async def _edoc_of(self, package: Package) -> Edoc:
        hop = self.home(package.sender)
        frame = await hop.store.read(lambda view: {ref.sha256: view.content(ref.sha256) for ref in package.parts})
        parts = [
            Part(ref.name, ref.media_type, frame[ref.sha256] or await hop.objects.fetch(ref.sha256))
            for ref in package.parts
        ]
        message = unpack(parts).message
        if not isinstance(message, Edoc):
            raise TypeError(package.id)
        return message

    # ------------------------------------------------------------ workers

    async def round(self) -> int:
        """Each worker of each hop once; returns how much moved. Faults of ports are for the next round."""
        moved = await _worked(expire(self.axis))
        for name in self.gateways:
            for work in self.work(name):
                moved += await _worked(work())
        return moved

    @property
    def gateways(self) -> tuple[str, ...]:
        """The gateways that answer."""
        return tuple(name for name in self.stations if name != AXIS)

    def work(self, name: str) -> tuple[Callable[[], Awaitable[int]], ...]:
        """The workers of a gateway."""
        hop, wire = self.hop(name), self.wire(name)
        return (
            lambda: forward(hop, wire),
            lambda: pull(hop, wire),
            lambda: settle(hop, wire),
            lambda: tell(hop, wire),
            lambda: relearn(hop),
            lambda: learn(hop, wire),
            lambda: carry(hop, wire),
            lambda: haul(hop, wire),
        )

    async def run(self, retries: int = 40) -> None:
        """Until nothing moves; what waits for another try gets its time, so often."""
        for _ in range(retries):
            while await self.round():
                pass
            if not self._retrying():
                return
            self.clock.advance(self.terms.longest_retry)

    def _retrying(self) -> bool:
        states = [station.store.disk.state for station in self.stations.values()]
        legs = (leg.due for state in states for leg in state.legs.values())
        troubles = (trouble.due for state in states for trouble in state.troubles.values())
        return any(self.clock.now() < due < NEVER for due in (*legs, *troubles))

    async def stamp(self) -> None:
        """Have the axis's newest checkpoint time-stamped, as its worker does."""
        store = self.stations[AXIS].store
        if (found := await store.unstamped()) is not None:
            size, note, _ = found
            await store.keep_stamp(size, await self.timestamper.stamp(checkpoint_digest(note)))

    # ------------------------------------------------------------ looking

    def leg(self, hop: str, package: Package | str, addressee: str, lane: Lane | None = None) -> Leg:
        """The leg as a hop sees it; KeyError if it has none."""
        package_id = package if isinstance(package, str) else package.id
        lanes = [lane] if lane else ([Lane.THROUGH] if hop == AXIS else [Lane.OUT, Lane.IN])
        legs = self.stations[hop].store.disk.state.legs
        return next(legs[key] for each in lanes if (key := (package_id, each, addressee)) in legs)

    def steps(self, hop: str, package: Package) -> list[Step]:
        """The timeline of a package at a hop."""
        return [step for step in self.stations[hop].store.disk.state.steps if step.package == package.id]

    async def events(self, hop: str) -> list[Event]:
        """All a hop has testified to."""
        return [Event.from_leaf(leaf) for leaf in await self.stations[hop].store.leaves(0, 1 << 30)]


def handing(
    sender: str, message: Edoc | StatusMessage, message_id: str, time_to_live: timedelta | None = None
) -> HandIn:
    """A message as a desk hands it in."""
    parts = pack(message)
    request = composing.request_digest(message_id, [(part.name, part.sha256) for part in parts])
    return HandIn(sender, message_id, parts, unpack(parts), request, time_to_live)


async def _worked(work: Awaitable[int]) -> int:
    try:
        return await work
    except LienThongError:
        return 0
