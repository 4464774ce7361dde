"""What a desk is told while the axis has not confirmed, and stopping what it has not accepted."""

from datetime import timedelta
from typing import Any, Never

import pytest

from lienthong.delivery import JourneyState, Package, forward, withdraw_all
from lienthong.errors import IllegalMove, InvalidValue, NotFound, Unavailable
from lienthong.evidence import EventKind
from lienthong.gateway import desk
from lienthong.gateway.desk import Gateway
from lienthong.gateway.pending import Pending
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import DEDICATED, World


class Away:
    """An axis nobody reaches."""

    async def submit(self, _: bytes) -> Never:
        raise Unavailable

    async def withdraw(self, _: object) -> Never:
        raise Unavailable


def gateway(world: World) -> Gateway:
    station = world.stations[DEDICATED]
    return Gateway(station.hop, station.store, station.bell, MemoryTenants(), station.wire)


async def told(world: World, sent: Package) -> Pending | None:
    return (await desk.document(gateway(world), "H29", sent.id)).pending


async def test_a_desk_sees_what_is_not_confirmed_and_since_when_the_axis_is_away() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    begun = world.clock.now()
    found = await told(world, sent)
    assert found is not None
    assert (found.kind, found.since, found.axis_away_since) == ("sending", begun, None)
    world.clock.advance(timedelta(minutes=5))
    away: Any = Away()
    for _ in range(3):
        await forward(world.hop(DEDICATED), away)
        world.clock.advance(timedelta(hours=1))
    found = await told(world, sent)
    assert found is not None
    assert (found.since, found.axis_away_since) == (begun, begun + timedelta(minutes=5))
    assert "chưa liên lạc được" in found.text_vi
    await world.run()
    assert await told(world, sent) is None
    received = await desk.document(gateway(world), "H29", (await world.send("H29", ["G09"])).id)
    assert received.pending is not None
    assert received.pending.axis_away_since is None  # the axis answers again


async def test_a_desk_stops_what_the_axis_has_not_accepted() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    house, away = gateway(world), Away()
    for _ in range(2):
        await desk.cancel(house, "H29", sent.id, "gửi nhầm")
    found = await told(world, sent)
    assert found is not None
    assert (found.kind, found.axis_away_since) == ("stopping", None)
    assert await withdraw_all(world.hop(DEDICATED), away) == 0  # type: ignore[arg-type]  # all that is asked of it
    found = await told(world, sent)
    assert found is not None
    assert found.axis_away_since is not None
    world.clock.advance(timedelta(hours=1))
    assert await withdraw_all(world.hop(DEDICATED), world.wire(DEDICATED)) == 1
    assert await told(world, sent) is None
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.CANCELLED
    orders = [event.text for event in await world.events(DEDICATED) if event.kind is EventKind.ORDERED]
    assert orders == ["H29: gửi nhầm"]


async def test_a_desk_stops_only_its_own_and_only_in_time() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    house = gateway(world)
    with pytest.raises(NotFound):
        await desk.cancel(house, "H29.01", sent.id, "không phải của mình")
    with pytest.raises(InvalidValue):
        await desk.cancel(house, "H29", sent.id, " ")
    await world.run()
    with pytest.raises(IllegalMove):
        await desk.cancel(house, "H29", sent.id, "quá muộn")
