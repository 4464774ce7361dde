"""One run from an empty folder to the count."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.wire import tls_context
from lienthong.cli.chaos.deeds import Deeds
from lienthong.cli.chaos.desks import Receiver, Senders
from lienthong.cli.chaos.door import Door
from lienthong.cli.chaos.ground import Ground, ground
from lienthong.cli.chaos.logs import Audit, Watcher, audit
from lienthong.cli.chaos.papers import papers
from lienthong.cli.chaos.reckoning import Held, Reckoning, reckon, unsettled
from lienthong.cli.chaos.record import Record
from lienthong.cli.chaos.schedule import HOPS, PROCESSES, Wish, schedule
from lienthong.cli.demo.build import Place
from lienthong.cli.demo.country import WORKING
from lienthong.client.model import Entry
from lienthong.errors import LienThongError
from lienthong.evidence import ProofResult, read_evidence, verify_bundle

QUARTER = 900.0
"""Seconds by which all clocks go on when the breaking is over: retries, locks and short lives are not waited for."""
NOTHING_MOVES = 150.0
"""Seconds without any change after which what has no end is given up as lost."""
SENDING = 12
FETCHING = 8


@dataclass
class Run:
    """A run under way, for whoever looks on."""

    wish: Wish
    folder: Path
    record: Record = field(default_factory=Record)
    evidence: Path | None = None
    bundles: list[str] = field(default_factory=list)
    phase: str = "dựng đất nước mẫu / building the country"
    deeds: Deeds | None = None
    left: int = 0
    proved: int = 0
    begun: float = field(default_factory=time.monotonic)
    disks: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    async def work(self) -> Reckoning:
        """Build, load and break, mend, wait, count."""
        async with ground(self.folder, self.wish) as country:
            self.disks = {hop: disk.how for hop, disk in country.disks.items()}
            async with self._doors(country) as doors, aiohttp.ClientSession() as session:
                watcher = Watcher(country.place, session, HOPS)
                over = next(iter(doors.values())).over
                async with asyncio.TaskGroup() as group:
                    aside = [group.create_task(watcher.work()), group.create_task(country.supervise())]
                    people = [Receiver(code, door, self.record, self.wish.seed) for code, door in doors.items()]
                    desks = [group.create_task(person.work()) for person in people]
                    await self._break(country, doors)
                    held = await self._settle(country, doors)
                    over.set()
                    for task in (*aside, *desks):
                        task.cancel()
            self._phase("đọc nhật ký / reading the logs")
            await asyncio.to_thread(country.processes.stop)
            audits = [await audit(country.place, country.where(hop), hop, watcher.seen.get(hop, ())) for hop in HOPS]
        if self.evidence is not None:
            hand_out(self.evidence, country.place, audits, self.bundles)
        self._phase("xong / done")
        return reckon(self.record, held, audits, country.died)

    @asynccontextmanager
    async def _doors(self, country: Ground) -> AsyncIterator[Mapping[str, Door]]:
        """Every agency's own software, through the wire to its gateway."""
        over, place = asyncio.Event(), country.place
        connector = aiohttp.TCPConnector(ssl=tls_context(place.root), limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            yield {
                agency.code: Door(
                    session,
                    f"https://127.0.0.1:{country.wires[f'desk-{agency.gateway}'].port}",
                    (place.folder / "tokens" / agency.code).read_text("utf-8"),
                    self.record,
                    over,
                )
                for agency in WORKING
            }

    async def _break(self, country: Ground, doors: Mapping[str, Door]) -> None:
        self._phase("gửi và phá / sending and breaking")
        self.deeds = Deeds(country, self.record, schedule(self.wish))
        senders = Senders(doors, self.record, SENDING)
        await asyncio.gather(senders.work(papers(self.wish.documents, self.wish.seed)), self.deeds.work())
        country.heal()

    async def _settle(self, country: Ground, doors: Mapping[str, Door]) -> dict[str, Held]:
        """All is mended and the clocks have gone on: wait until every leg has its end, then take the proofs."""
        for name in PROCESSES:
            country.set_clock(name, QUARTER)
        self._phase("chờ mọi lượt gửi kết thúc / waiting for every leg to end")
        entries = await self._await_ends(doors)
        self._phase("kiểm chứng biên nhận / verifying receipts")
        return await self._proofs(country.place, doors, entries)

    async def _await_ends(self, doors: Mapping[str, Door]) -> dict[str, Entry]:
        moved, before = time.monotonic(), -1
        while True:
            entries = await self._entries(doors)
            self.left = sum(1 for _ in unsettled(self.record, entries))
            if self.left != before:
                moved, before = time.monotonic(), self.left
            if not self.left or time.monotonic() - moved > NOTHING_MOVES:
                return entries
            await asyncio.sleep(1.0)

    async def _entries(self, doors: Mapping[str, Door]) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for door in doors.values():
            found |= {entry.id: entry for entry in await door.listed("outgoing")}
        return found

    async def _proofs(self, place: Place, doors: Mapping[str, Door], entries: Mapping[str, Entry]) -> dict[str, Held]:
        roots = root_certificates(place.root)
        held: dict[str, Held] = {}
        waiting = iter([sent for sent in self.record.sent.values() if sent.package in entries])

        async def worker() -> None:
            for sent in waiting:
                data, found = await self._proof(doors[sent.sender], entries[sent.package], roots)
                if self.evidence is not None:
                    self.bundles.append(data.decode())
                held[sent.package] = found
                self.proved += 1

        await asyncio.gather(*(worker() for _ in range(FETCHING)))
        return held

    async def _proof(self, door: Door, entry: Entry, roots: Sequence[bytes]) -> tuple[bytes, Held]:
        """A document's receipts; one whose answer was lost is fetched later than its state, and waited for."""
        begun = time.monotonic()
        while True:
            data = await door.evidence(entry.id)
            found = await asyncio.to_thread(verified, entry, data, roots)
            if found.complete or time.monotonic() - begun > NOTHING_MOVES:
                return data, found
            await asyncio.sleep(1.0)

    def _phase(self, words: str) -> None:
        self.seconds[self.phase] = round(time.monotonic() - self.begun - sum(self.seconds.values()), 1)
        self.phase = words


def verified(entry: Entry, data: bytes, roots: Sequence[bytes]) -> Held:
    """The receipts a sender holds, each checked to the root without a server."""
    try:
        bundle = read_evidence(data.decode())
    except LienThongError:
        return Held(entry, 0, 1)
    whole = bundle.whole()
    if verify_bundle(bundle, None, roots).result is not ProofResult.PROVED:
        return Held(entry, 0, len(whole))
    return Held(entry, len(whole), 0, frozenset((each.event.kind, each.event.addressee or "") for each in whole))


def hand_out(folder: Path, place: Place, audits: Sequence[Audit], bundles: Sequence[str]) -> None:
    """Everything another verifier needs: the root, each log with what was shown of it, every sender's receipts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "root.pem").write_bytes(place.root.read_bytes())
    for each in audits:
        leaves = [leaf.decode() for leaf in each.leaves]
        told = {"keys": each.vkeys, "leaves": leaves, "checkpoints": each.notes}
        (folder / f"{each.hop}.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    for number, bundle in enumerate(bundles):
        (folder / f"bundle-{number}.json").write_text(bundle, "utf-8")
