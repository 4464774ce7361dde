"""The bell wakes who waits, misses nothing between looking and waiting, and keeps nothing of who left."""

import asyncio
from dataclasses import replace

import pytest

from lienthong.delivery import AXIS, Bell, JourneyState, Lane, RingingStore, desk_topic, freight_lane, news_topic
from lienthong.delivery.model import Notice
from lienthong.testing.world import DEDICATED, SHARED, World


async def test_a_ring_wakes_everyone_who_waits_for_the_topic() -> None:
    bell = Bell()
    waiters = [asyncio.create_task(bell.wait({"a": bell.rings("a")}, 60)) for _ in range(2)]
    other = asyncio.create_task(bell.wait({"b": 0}, 60))
    await asyncio.sleep(0)
    bell.ring(["a"])
    await asyncio.gather(*waiters)
    assert not other.done()
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    assert not bell._waiting


async def test_a_ring_between_looking_and_waiting_is_not_missed() -> None:
    bell = Bell()
    heard = bell.rings("a")
    bell.ring(["a"])
    await bell.wait({"a": heard}, 60)
    assert bell.rings("a") == 1


async def test_waiting_ends_by_itself_and_leaves_nothing_behind() -> None:
    bell = Bell()
    await bell.wait({"a": 0}, 0.001)
    await bell.wait({"a": 0}, 0)
    assert not bell._waiting


async def test_who_left_does_not_disturb_who_stayed() -> None:
    bell = Bell()
    stayed, left = (asyncio.create_task(bell.wait({"a": 0}, 60)) for _ in range(2))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    bell.ring(["a"])
    await stayed


async def test_a_ring_for_one_whose_wait_is_just_over_is_harmless() -> None:
    bell = Bell()
    waiter = asyncio.create_task(bell.wait({"a": 0}, 60))
    await asyncio.sleep(0)
    (future,) = bell._waiting["a"]
    future.cancel()
    bell.ring(["a"])
    with pytest.raises(asyncio.CancelledError):
        await waiter


async def test_legs_ring_for_their_next_hop_and_news_for_theirs_once_durable() -> None:
    world = World()
    await world.send("H29", ["G09"])
    assert world.stations[DEDICATED].bell.rings(AXIS) > 0
    await world.run()
    axis = world.stations[AXIS].bell
    assert (axis.rings(SHARED) > 0, axis.rings(news_topic(DEDICATED)) > 0) == (True, True)
    desks = world.stations[SHARED].bell
    assert (desks.rings(desk_topic("G09")) > 0, desks.rings(desk_topic("G22"))) == (True, 0)


@pytest.mark.parametrize(("lane", "heard"), [(SHARED, 0), (freight_lane(SHARED), 1)])
async def test_a_leg_that_came_wakes_the_quick_lane_only_from_the_slow_one(lane: str, heard: int) -> None:
    """A recall may wait for it there; who confirmed a small one knows."""
    world, bell = World(), Bell()
    sent = await world.send("H29", ["G09"])
    await world.run()
    leg = await world.axis.store.read(lambda view: view.legs(sent.id, Lane.THROUGH)[0])
    came = replace(leg, next_hop=lane, state=JourneyState.HANDED_OVER)
    await RingingStore(world.axis.store, bell).write(lambda tx: tx.put_leg(came))
    assert bell.rings(SHARED) == heard


async def test_what_failed_rings_for_nobody() -> None:
    world, bell = World(), Bell()
    store = RingingStore(world.stations[DEDICATED].store, bell)

    def fail(tx: object) -> None:
        tx.add_notice(Notice("x", "p", "{}"))  # type: ignore[attr-defined]  # a transaction
        raise KeyError

    with pytest.raises(KeyError):
        await store.write(fail)
    assert bell.rings(news_topic("x")) == 0
