"""Packages, legs and works for tests of stores, and stores to try them on."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from lienthong.adapters.sql import SqlStore
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Content, Head, Lane, Leg, Package, PartRef, Step
from lienthong.delivery.ports import Log, Store, Transaction
from lienthong.evidence import Event, EventKind
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.memory import Disk, MemoryStore
from lienthong.testing.pki import pki

HOP = "axis"
NOW = START


class StoreAndLog(Store, Log, Protocol):
    """What both adapters are."""


@dataclass(frozen=True)
class Shelf:
    """A place a store can be opened on again and again."""

    clock: FakeClock
    open: Callable[[], AbstractAsyncContextManager[StoreAndLog]]


def memory_shelf(_folder: Path) -> Shelf:
    clock, disk = FakeClock(), Disk()

    @asynccontextmanager
    async def opened() -> AsyncIterator[StoreAndLog]:
        yield MemoryStore(pki().log(), clock, disk)

    return Shelf(clock, opened)


def sql_shelf(folder: Path) -> Shelf:
    clock = FakeClock()
    return Shelf(clock, lambda: SqlStore.open(folder, pki().log(), clock))


def server_shelf(url: str) -> Shelf:
    """A store on PostgreSQL, in an empty database."""
    clock = FakeClock()
    return Shelf(clock, lambda: SqlStore.open(url, pki().log(), clock))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def package(name: str = "a", *, sender: str = "G09", at: datetime = NOW, **head: object) -> Package:
    """A package of that name; keywords go to its head."""
    told: dict[str, object] = {"content": Content.EDOC, "document_id": f"doc-{name}", "subject": f"Văn bản {name}"}
    return Package(
        id=digest(name)[:32],
        sender=sender,
        message_id=f"message-{name}",
        head=Head(**(told | head)),  # type: ignore[arg-type]  # keywords of the test's own
        digest=digest(name),
        parts=(PartRef("message.edxml", "application/xml", len(name), digest(name)),),
        seal=f"seal of {name}",
        came_from="gateway-1",
        recorded_at=at,
        expires_at=at + timedelta(days=3),
    )


def leg(of: Package, addressee: str = "H26", lane: Lane = Lane.THROUGH, **more: object) -> Leg:
    """A leg of a package, waiting since it was recorded; keywords are its fields."""
    told: dict[str, object] = {
        "next_hop": "gateway-2",
        "state": JourneyState.ACCEPTED,
        "since": of.recorded_at,
        "due": of.recorded_at,
        "expires_at": of.expires_at,
        "content": of.head.content,
    }
    return Leg(of.id, lane, addressee, addressee, **(told | more))  # type: ignore[arg-type]  # as above


def inbound(of: Package, addressee: str = "H26", **more: object) -> Leg:
    """A leg delivered to a desk."""
    told: dict[str, object] = {"next_hop": "desk", "state": JourneyState.DELIVERED}
    return leg(of, addressee, Lane.IN, **(told | more))


def event(of: Package, kind: EventKind = EventKind.SUBMISSION_ACCEPTED) -> Event:
    return Event(kind, HOP, of.recorded_at, of.id, of.sender, of.message_id, of.head.document_id, of.digest)


def accept(of: Package) -> Callable[[Transaction], int]:
    """The typical work: look, record, keep the package with a small part, its step and one leg."""

    def work(tx: Transaction) -> int:
        known = tx.package(of.id)
        if known is not None and known.index is not None:
            return known.index
        index = tx.record(event(of))
        tx.add_package(replace(of, index=index), {of.parts[0].sha256: of.message_id.encode()})
        tx.add_step(Step(of.id, of.recorded_at, HOP, EventKind.SUBMISSION_ACCEPTED, index=index))
        tx.put_leg(leg(of))
        return index

    return work
