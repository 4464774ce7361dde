"""An inbox with a document that cannot be shown: the others are, the fault is counted, and forgotten once it is mended."""

from typing import Any

import pytest

from lienthong.delivery import Content, Trouble, Troubles, Work
from lienthong.errors import WorkFailed
from lienthong.gateway import desk, views
from lienthong.gateway.desk import Gateway
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import SHARED, World

ALL = frozenset(Content)


def gateway(world: World, name: str = SHARED) -> Gateway:
    station = world.stations[name]
    return Gateway(station.hop, station.store, station.bell, MemoryTenants(), station.wire)


async def troubles(world: World) -> list[Trouble]:
    return list(await world.hop(SHARED).store.read(lambda view: view.troubles(Troubles(work=Work.INBOX))))


async def test_one_document_that_cannot_be_shown_does_not_close_the_inbox(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    sent = [await world.send("H29", ["G09"]) for _ in range(4)]
    await world.run()
    house, bad, real = gateway(world), sent[0].id, views.entry

    def exploding(package: Any, *rest: Any) -> views.Entry:
        if package.id == bad:
            raise RuntimeError(bad)
        return real(package, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(views, "entry", exploding)
        for _ in range(world.terms.park_after + 2):
            shown = await desk.waiting(house, "G09", ALL, 2, 0)
            assert [entry.id for entry in shown] == [sent[1].id, sent[2].id]
        (told,) = await troubles(world)
        assert (told.package, told.addressee, told.code, told.attempts) == (
            bad,
            "G09",
            WorkFailed.code,
            world.terms.park_after,
        )
        assert told.dead
    assert [entry.id for entry in await desk.waiting(house, "G09", ALL, 9, 0)] == [each.id for each in sent]
    assert await troubles(world) == []


async def test_an_inbox_in_order_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    await world.send("H29", ["G09"])
    await world.run()
    house = gateway(world)

    async def never(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(type(house.hop.store), "write", never)
    assert len(await desk.waiting(house, "G09", ALL, 9, 0)) == 1
