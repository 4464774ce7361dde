"""Both desks of `bench journey` and `bench latency`, in one process of their own: they talk to their gateways only.

Desk A hands documents in; desk B waits at its inbox, takes each, downloads its files, acknowledges, reports 03; a
document has arrived home when A's own list shows 03. Reads its task as JSON, tells what it found as JSON.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec

from lienthong.adapters.wire import problem, tls_context
from lienthong.cli.bench.packages import RECIPIENT, RECIPIENT_GATEWAY, SENDER, SENDER_GATEWAY
from lienthong.cli.bench.proofs import prove
from lienthong.cli.demo.build import Place
from lienthong.client import Metadata
from lienthong.client.model import Document, Entry, Page, Taken
from lienthong.errors import Unavailable

FILE = "mau.bin"
LOOK_EVERY = 0.2
"""Seconds between two looks of A at its own list."""
GIVEN_UP = 60.0
"""Seconds without any progress after which a run is given up."""
PROVED = 3


@dataclass(frozen=True, slots=True)
class Task:
    """What to do. `rate`: documents a second, 0 for as many as go."""

    folder: str
    name: str
    sizes: tuple[int, ...]
    concurrency: int
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Door:
    """A desk's connection."""

    session: aiohttp.ClientSession
    url: str
    token: str

    async def ask(self, method: str, path: str, **how: Any) -> bytes:
        """One call; the gateway's refusals are raised."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.request(method, self.url + path, headers=headers, **how) as answer:
            body = await answer.read()
            if answer.status >= 400:
                raise problem(answer.status, body)
            return body


@dataclass
class Trip:
    """The documents of one run and when each reached what."""

    task: Task
    sender: Door
    receiver: Door
    sent: dict[str, float] = field(default_factory=dict)  # package id → hand-in begun
    seen: dict[str, float] = field(default_factory=dict)  # package id → shown at desk B
    home: set[str] = field(default_factory=set)

    async def run(self) -> float:
        """Seconds from the first hand-in to the last 03 at A."""
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            reception = group.create_task(self._receive(group))
            group.create_task(self._send())
            await self._watch()
            reception.cancel()
        return time.perf_counter() - begun

    async def _send(self) -> None:
        waiting = iter(enumerate(self.task.sizes))
        if self.task.rate:
            await self._send_paced()
            return

        async def worker() -> None:
            for place, size in waiting:
                await self._hand_in(place, size)

        await asyncio.gather(*(worker() for _ in range(self.task.concurrency)))

    async def _send_paced(self) -> None:
        """Each at its own moment, whatever became of the others: a slow answer must not thin out the load."""
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for place, size in enumerate(self.task.sizes):
                await asyncio.sleep(begun + place / self.task.rate - time.perf_counter())
                group.create_task(self._hand_in(place, size))

    async def _hand_in(self, place: int, size: int) -> None:
        message = f"{self.task.name}-{place}"
        said = Metadata(str(place + 1), "UBND-MẪU", "V/v đo tốc độ (văn bản mẫu)", (RECIPIENT,), document_id=message)
        told = msgspec.to_builtins(said)
        del told["ttl_seconds"]
        form = aiohttp.FormData()
        form.add_field("metadata", msgspec.json.encode(told).decode())
        content = random.Random(message).randbytes(size)
        form.add_field("files", content, filename=FILE, content_type="application/octet-stream")
        begun = time.perf_counter()
        answer = await self.sender.ask("PUT", f"/v1/outgoing/{quote(message)}", data=form)
        self.sent[msgspec.json.decode(answer, type=Document).entry.id] = begun

    async def _receive(self, group: asyncio.TaskGroup) -> None:
        """Desk B: look, take in what is new."""
        while True:
            query = {"seconds": "10", "limit": "100"}
            body = await self.receiver.ask("GET", "/v1/inbox", params=query)
            now = time.perf_counter()
            fresh = [each for each in msgspec.json.decode(body, type=tuple[Entry, ...]) if each.id not in self.seen]
            self.seen.update((each.id, now) for each in fresh)
            for each in fresh:
                group.create_task(self._take(each))
            if not fresh:  # all on their way to be taken
                await asyncio.sleep(0.02)

    async def _take(self, entry: Entry) -> None:
        leg = f"/v1/inbox/{entry.id}/{quote(entry.recipients[0].addressee)}"
        taken = msgspec.json.decode(await self.receiver.ask("POST", f"{leg}/lock"), type=Taken)
        document = msgspec.json.decode(await self.receiver.ask("GET", f"/v1/documents/{entry.id}"), type=Document)
        for part in document.parts:
            await self.receiver.ask("GET", f"/v1/documents/{entry.id}/files/{quote(part.name, safe='')}")
        await self.receiver.ask("POST", f"{leg}/acknowledge", json={"lock": taken.lock})
        report = {"code": "03", "description": "", "staff": "", "message_id": ""}
        await self.receiver.ask("POST", f"/v1/documents/{entry.id}/statuses", json=report)

    async def _watch(self) -> None:
        """Desk A: look at the list until every document shows 03. Unavailable when nothing moves any more."""
        moved = time.perf_counter()
        while len(self.home) < len(self.task.sizes):
            await asyncio.sleep(LOOK_EVERY)
            before = (len(self.sent), len(self.seen), len(self.home))
            await self._look()
            if before != (len(self.sent), len(self.seen), len(self.home)):
                moved = time.perf_counter()
            elif time.perf_counter() - moved > GIVEN_UP:
                raise Unavailable(f"sent, seen, home: {before}")

    async def _look(self) -> None:
        """Newest first, page by page, as far as this run's documents reach."""
        after, looked = "", 0
        while looked < len(self.task.sizes):
            body = await self.sender.ask("GET", "/v1/outgoing", params={"limit": "100", "after": after})
            page = msgspec.json.decode(body, type=Page)
            mine = [each for each in page.entries if each.message_id.startswith(self.task.name + "-")]
            self.home.update(each.id for each in mine if each.recipients[0].status == "03")
            looked, after = looked + len(page.entries), page.next
            if not after:
                return


def main() -> None:
    """`python -m lienthong.cli.bench.desks`, with the task on standard input."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    seconds, waits = asyncio.run(_travel(task))
    json.dump({"seconds": seconds, "latencies": waits}, sys.stdout)


async def _travel(task: Task) -> tuple[float, Sequence[float]]:
    place = Place.read(Path(task.folder))
    connector = aiohttp.TCPConnector(ssl=tls_context(place.root), limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        sender, receiver = (
            Door(session, place.url(gateway), (place.folder / "tokens" / code).read_text("utf-8"))
            for code, gateway in ((SENDER, SENDER_GATEWAY), (RECIPIENT, RECIPIENT_GATEWAY))
        )
        trip = Trip(task, sender, receiver)
        seconds = await trip.run()
        for package in list(trip.sent)[:: max(len(trip.sent) // PROVED, 1)]:
            prove(await trip.sender.ask("GET", f"/v1/documents/{package}/evidence"), place)
        return seconds, [trip.seen[package] - begun for package, begun in trip.sent.items()]


if __name__ == "__main__":
    main()
