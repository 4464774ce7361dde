"""What those who run an axis see and hold."""

from datetime import timedelta

import pytest

from lienthong.axis.doors import Doors
from lienthong.delivery import AXIS, Order
from lienthong.delivery.oversight import Hold, contact, days, held, hold, tally, waiting_for
from lienthong.document import VIETNAM
from lienthong.errors import GatewayHeld, NotFound
from lienthong.testing.world import DEDICATED, World

BY = Order("Lê Văn Mẫu", "bảo trì")


@pytest.fixture
def world() -> World:
    return World()


async def test_each_step_is_counted_once_in_its_day(world: World) -> None:
    await world.send("H29", ["G22"])
    await world.run()
    today = world.clock.now().astimezone(VIETNAM).date()
    while await tally(world.axis):
        pass
    first = await world.axis.store.read(lambda view: days(view, today, 2))
    await tally(world.axis)
    assert await world.axis.store.read(lambda view: days(view, today, 2)) == first
    assert first[today]["submission-accepted"] == 1
    assert first[today]["relayed"] == 1
    assert first[today - timedelta(days=1)] == {}


async def test_what_waits_is_told_by_gateway(world: World) -> None:
    sent = await world.send("H29", ["H40"])
    before = await world.axis.store.read(lambda view: view.waiting())
    assert sum(count for count, _ in before.values()) == 0
    await world.run()
    assert waiting_for(await world.axis.store.read(lambda view: view.waiting()), "nobody").count == 0
    assert sent.id


async def test_a_held_gateway_gets_nothing_but_its_registry_and_word_of_it(world: World) -> None:
    doors = Doors(world.axis)
    doors.hold(await hold(world.axis, BY, DEDICATED, Hold.PAUSED))
    for path in ("/v1/registry", "/v1/bell"):
        doors.enter(DEDICATED, path, "", takes=False)
    for path, takes in (("/v1/mailbox", False), ("/v1/packages", True)):
        with pytest.raises(GatewayHeld, match="bảo trì"):
            doors.enter(DEDICATED, path, "", takes=takes)
    doors.enter("another", "/v1/mailbox", "", takes=False)


async def test_a_draining_gateway_takes_and_hands_in_nothing_new(world: World) -> None:
    doors = Doors(world.axis)
    doors.hold(await hold(world.axis, BY, DEDICATED, Hold.DRAINING))
    doors.enter(DEDICATED, "/v1/mailbox", "", takes=False)
    with pytest.raises(GatewayHeld):
        doors.enter(DEDICATED, "/v1/packages", "", takes=True)


async def test_another_process_learns_it_and_who_came(world: World) -> None:
    here, there = Doors(world.axis), Doors(world.axis)
    await hold(world.axis, BY, DEDICATED, Hold.PAUSED)
    here.enter("another", "/v1/mailbox", "lienthong/1", takes=False)
    await here.refresh()
    await there.refresh()
    with pytest.raises(GatewayHeld):
        there.enter(DEDICATED, "/v1/mailbox", "", takes=False)
    came = await world.axis.store.read(lambda view: contact(view, "another"))
    assert came is not None
    assert (came.at, came.version) == (world.clock.now(), "lienthong/1")


async def test_letting_go_ends_it_and_both_orders_stand_in_the_log(world: World) -> None:
    await hold(world.axis, BY, DEDICATED, Hold.PAUSED)
    assert await hold(world.axis, BY, DEDICATED, None) == {}
    assert await world.axis.store.read(held) == {}
    steps = await world.axis.store.read(lambda view: view.steps(f"gateway:{DEDICATED}"))
    assert [(step.code, step.text) for step in steps] == [("paused", BY.text), ("resumed", BY.text)]
    assert all(step.index is not None for step in steps)


async def test_a_gateway_nobody_knows_is_not_held(world: World) -> None:
    with pytest.raises(NotFound):
        await hold(world.axis, BY, "gw-khong-co", Hold.PAUSED)
    assert world.axis.name == AXIS
