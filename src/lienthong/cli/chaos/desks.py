"""The people and their software: senders who hand in and change their minds, receivers who take in and answer."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from lienthong.cli.chaos.door import Door, GivenUp
from lienthong.cli.chaos.papers import ENDED, Paper, digests
from lienthong.cli.chaos.record import Received, Record, Sent
from lienthong.client.model import Document, Entry
from lienthong.errors import DuplicateDiffers, LienThongError, LockLost

AT_A_TIME = 6
"""Documents one agency's software takes in at a time."""
LOOK = 3.0


@dataclass
class Senders:
    """Hand in every paper, and later change some."""

    doors: Mapping[str, Door]
    record: Record
    at_a_time: int
    _changes: list[tuple[int, Paper]] = field(default_factory=list)

    async def work(self, papers: Iterable[Paper]) -> None:
        """Until every paper was answered and every change was made."""
        waiting = iter(papers)

        async def worker() -> None:
            for paper in waiting:
                await self.record.room()
                await self._send(paper)
                await self._due_changes()

        await asyncio.gather(*(worker() for _ in range(self.at_a_time)))
        await asyncio.gather(*(self._change(paper) for _, paper in self._changes))

    async def _send(self, paper: Paper) -> None:
        door, files = self.doors[paper.sender], paper.files()
        try:
            document = await door.hand_in(paper.name, paper.metadata(), files, paper.ttl)
        except LienThongError as error:  # nothing that breaks around a gateway makes a good document a bad one
            self.record.wrong.append(f"{paper.name}: refused, {error.code} {error.detail}")
            return
        self._note(paper, document, "new")
        if paper.again:
            await self._again(paper, document)
        if paper.other:
            await self._other(paper)
        if paper.change:
            self._changes.append((self.record.documents + paper.change.later, paper))

    def _note(self, paper: Paper, document: Document, kind: str) -> None:
        entry = document.entry
        files = digests(paper.files()) if kind == "new" else tuple((part.name, part.sha256) for part in document.parts)
        self.record.note(Sent(entry.message_id, entry.id, paper.sender, files, entry.document_id, kind))

    async def _again(self, paper: Paper, first: Document) -> None:
        """The same once more: the same document is answered."""
        second = await self.doors[paper.sender].hand_in(paper.name, paper.metadata(), paper.files(), paper.ttl)
        if second.entry.id != first.entry.id:
            self.record.wrong.append(f"{paper.name}: one id, two documents")

    async def _other(self, paper: Paper) -> None:
        """Other content under the same id: refused, and the first stands."""
        try:
            await self.doors[paper.sender].hand_in(paper.name, paper.metadata(subject="khác"), paper.files(), paper.ttl)
        except DuplicateDiffers:
            return
        self.record.wrong.append(f"{paper.name}: other content was taken under a known id")

    async def _due_changes(self) -> None:
        now = self.record.documents
        due = [each for each in self._changes if each[0] <= now]
        self._changes = [each for each in self._changes if each[0] > now]
        for _, paper in due:
            await self._change(paper)

    async def _change(self, paper: Paper) -> None:
        change, original = paper.change, self.record.sent[paper.name]
        if change is None:
            return
        name, path = f"{paper.name}-{change.kind}", f"/v1/documents/{original.package}/{change.kind}"
        told = {"reason": "Thử thách (mẫu)", "message_id": name}
        try:
            if change.kind == "replace":
                await self._replace(paper, original)
                return
            if change.kind == "update":
                told |= {"add": change.add, "remove": change.remove}  # type: ignore[dict-item]  # JSON arrays
                self.record.removed[original.package] = change.remove
            document = await self.doors[paper.sender].post(path, told)
        except LienThongError as error:
            self.record.declined.append(f"{change.kind} {paper.name}: {error.code} {error.detail}")
            return
        self._note(paper, document, change.kind)

    async def _replace(self, paper: Paper, original: Sent) -> None:
        new = paper.replacement()
        told = new.metadata(business=3, replaces=(original.document_id,), reason="Thay thế (mẫu)")
        document = await self.doors[paper.sender].hand_in(new.name, told, new.files())
        entry = document.entry
        self.record.note(Sent(new.name, entry.id, new.sender, digests(new.files()), entry.document_id, "replace"))


@dataclass
class Receiver:
    """The software and the clerk of one agency. Its register survives; its attempts need not."""

    code: str
    door: Door
    record: Record
    seed: int
    clock: Callable[[], float] = time.monotonic
    _busy: set[tuple[str, str]] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def work(self) -> None:
        """Look, take in what is new, until nobody tries any more."""
        room = asyncio.Semaphore(AT_A_TIME)
        while not self.door.over.is_set():
            asked = self.clock()
            try:
                found = await self.door.inbox(LOOK, 50)
            except GivenUp:
                return
            fresh = [entry for entry in found if self._fresh(entry, asked)]
            for entry in fresh:
                self._busy.add(_place(entry))
                task = asyncio.create_task(self._take_in(entry, room))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            if not fresh:
                await asyncio.sleep(0.1)

    def _fresh(self, entry: Entry, asked: float) -> bool:
        """Whether to take it. What was acknowledged before we asked must not be offered again."""
        place = _place(entry)
        known = self.record.received.get(place)
        if known is not None and known.acknowledged and known.acknowledged < asked:
            known.offered += 1
            return False
        return place not in self._busy

    async def _take_in(self, entry: Entry, room: asyncio.Semaphore) -> None:
        try:
            async with room:
                await self._one(entry)
        except (LockLost, GivenUp):  # it is offered again, or all is over
            pass
        except LienThongError as error:
            self.record.wrong.append(f"{self.code} {entry.message_id}: {error.code} {error.detail}")
        finally:
            self._busy.discard(_place(entry))

    async def _one(self, entry: Entry) -> None:
        package, addressee = _place(entry)
        lots = random.Random(f"{self.seed} {package} {addressee}")
        known = self.record.received.get((package, addressee))
        taken = await self.door.lock(package, addressee)
        if known is None and lots.random() < 0.02:
            self.record.received[package, addressee] = Received(self.code)
            return  # the software fell over here; the lock runs out
        files = await self._files(entry)
        known = self.record.received.setdefault((package, addressee), Received(self.code))
        known.files = files
        await self.door.acknowledge(package, addressee, taken.lock)
        known.acknowledged = self.clock()
        await self._answer(entry, lots)

    async def _files(self, entry: Entry) -> tuple[tuple[str, str], ...]:
        parts = (await self.door.document(entry.id)).parts
        return tuple([(part.name, await self._digest(entry, part.name)) for part in parts])

    async def _digest(self, entry: Entry, name: str) -> str:
        return sha256(await self.door.file(entry.id, name)).hexdigest()

    async def _answer(self, entry: Entry, lots: random.Random) -> None:
        """To a document sometimes a status; to a recall, an update or a replacement yes."""
        if entry.business:
            await self._agree(entry)
        if entry.business not in {1, 2} and lots.random() < 0.3:
            await self._report(entry.id, entry.recipients[0].addressee, lots.choice(("01", "03", "02")))

    async def _report(self, package: str, addressee: str, code: str) -> None:
        reason = "Không thuộc thẩm quyền (mẫu)" if code == "02" else ""
        if await self._told(package, code, reason):
            self.record.statuses[package, addressee] = code

    async def _agree(self, entry: Entry) -> None:
        """15 for the document this one speaks of, if it lies here."""
        name = entry.message_id.rpartition("-")[0]
        original = self.record.sent.get(name)
        if original is None:
            return
        places = [(original.package, addressee) for addressee in (self.code, ENDED)]
        mine = [place for place in places if self._lies_here(place)]
        if mine and await self._told(original.package, "15", "Đồng ý"):
            # an update takes it from those it removes; the others only learn of it
            gone = entry.business != 2 or self.code in self.record.removed.get(original.package, ())
            self.record.agreed.update(mine if gone else ())

    def _lies_here(self, place: tuple[str, str]) -> bool:
        known = self.record.received.get(place)
        return known is not None and known.agency == self.code

    async def _told(self, package: str, code: str, description: str) -> bool:
        body = {"code": code, "description": description, "staff": "Văn thư Mẫu", "message_id": ""}
        try:
            await self.door.post(f"/v1/documents/{package}/statuses", body)
        except LienThongError as error:
            self.record.declined.append(f"{code} {package} {self.code}: {error.code} {error.detail}")
            return False
        return True


def _place(entry: Entry) -> tuple[str, str]:
    return entry.id, entry.recipients[0].addressee
