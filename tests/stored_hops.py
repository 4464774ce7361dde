"""Hops at rest with something in them, as settings name them, for moving, backup and restoring."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import pytest

from lienthong.adapters.installation import at_rest
from lienthong.adapters.keys import SoftNoteSigner
from lienthong.adapters.object_settings import ObjectSettings, open_objects
from lienthong.adapters.sql import SqlStore
from lienthong.cli.servers.postgres import Postgres
from lienthong.delivery.model import Notice, Package, PartRef, StatusReport
from lienthong.delivery.ports import Transaction
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from s3_world import s3_settings
from store_world import NOW, accept, package

LARGE = 3


@dataclass(frozen=True)
class Server:
    """The database server; an embedded database when the URL is empty."""

    url: str = ""


@dataclass(frozen=True)
class Place:
    """What the settings of a hop say of its memory."""

    data: Path
    objects: ObjectSettings = field(default_factory=ObjectSettings)
    store: Server = field(default_factory=Server)

    @property
    def where(self) -> Path | str:
        return self.store.url or self.data


def outgrown(request: pytest.FixtureRequest, folder: Path) -> Place:
    """A place on a database of its own on PostgreSQL, and a prefix of its own on S3."""
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"hop_{sha256(str(folder).encode()).hexdigest()[:16]}"
    postgres.ask(f"CREATE DATABASE {name}", database="postgres")
    return Place(folder, s3_settings(request.getfixturevalue("s3_server"), name), Server(postgres.url_of(name)))


def quiet(_what: str, _done: int) -> None:
    """Hears of progress, tells nobody."""


def large(number: int) -> bytes:
    return f"large {number % LARGE} ".encode() * 20_000


def of(number: int) -> Package:
    """A package with a small part and a large one; some share the large one."""
    made, data = package(f"Văn bản {number}"), large(number)
    message = made.message_id.encode()
    first = PartRef("message.edxml", "application/xml", len(message), sha256(message).hexdigest())
    return replace(made, parts=(first, PartRef("annex.pdf", "application/pdf", len(data), sha256(data).hexdigest())))


async def fill(place: Place, numbers: Sequence[int], signer: SoftNoteSigner | None = None) -> list[str]:
    """Let a hop take packages; the receipts it gave, as JSON."""
    objects = open_objects(place.objects, place.data)
    async with SqlStore.open(place.where, signer or pki().log(), FakeClock()) as store:
        for number in numbers:
            data = large(number)
            await objects.keep({sha256(data).hexdigest(): data})
        indexes = await asyncio.gather(*(store.write(accept(of(number))) for number in numbers))
        await store.write(lambda tx: extras(tx, of(numbers[0])))
        return [(await store.receipt(index)).to_json() for index in indexes]


def extras(tx: Transaction, about: Package) -> None:
    """A row of every other kind, and a notice that is already gone: its number must not come again."""
    tx.set_mark("cursor", "17")
    tx.put_report(about.id, "annex.pdf", "{}")
    tx.add_status(StatusReport(about.id, about.id, "H26", "H26", "03", NOW))
    for word in ("one", "two", "three"):
        tx.add_notice(Notice("gateway-1", about.id, word))


async def drop_newest_notices(place: Place) -> int:
    """Forget all news; the last number that was given out."""
    async with SqlStore.open(place.where, pki().log(), FakeClock()) as store:
        last = (await store.read(lambda view: view.notices("gateway-1", 0, 100)))[-1].seq
        await store.write(lambda tx: tx.drop_notices("gateway-1", last))
        return last


async def receipts(place: Place, count: int, signer: SoftNoteSigner | None = None) -> list[str]:
    """The receipts a hop serves of its first leaves."""
    async with SqlStore.open(place.where, signer or pki().log(), FakeClock()) as store:
        return [(await store.receipt(index)).to_json() for index in range(count)]


def execute(place: Place, statement: str) -> None:
    """Do harm to a hop at rest."""
    with at_rest(place) as found, found.engine.begin() as connection:
        connection.exec_driver_sql(statement)
