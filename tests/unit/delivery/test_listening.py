"""One wait for all that concerns a gateway: nothing rung is missed, and what lies there is told at the end."""

import asyncio
from datetime import timedelta

import pytest

from lienthong.delivery import REGISTRY_TOPIC, Bell, Concern, forward, freight_lane, listen, news_topic
from lienthong.testing.world import DEDICATED, SHARED, World

EVERYTHING = tuple(Concern)
TOPICS = dict(zip(Concern, (SHARED, freight_lane(SHARED), news_topic(SHARED), REGISTRY_TOPIC), strict=True))
NOTHING = "this:0:0:0:0"


@pytest.fixture
def bell() -> Bell:
    return Bell("this")


@pytest.mark.parametrize("heard", ["", "that:0:0:0:0", "this", "this:0:0:0", "this:0:0:0:0:0", "::::", "\x00"])
async def test_who_heard_nothing_of_this_bell_is_told_to_look_everywhere(bell: Bell, heard: str) -> None:
    rung = await listen(World().axis, bell, SHARED, heard, 60)
    assert (rung.heard, rung.concerns) == (NOTHING, EVERYTHING)


@pytest.mark.parametrize("concern", Concern)
async def test_a_ring_while_one_was_away_is_told_at_once(bell: Bell, concern: Concern) -> None:
    heard = (await listen(World().axis, bell, SHARED, "", 0)).heard
    bell.ring([TOPICS[concern]])
    rung = await listen(World().axis, bell, SHARED, heard, 60)
    assert rung.concerns == (concern,)
    assert (await listen(World().axis, bell, SHARED, rung.heard, 0)).concerns == ()


@pytest.mark.parametrize("concern", [Concern.MAIL, Concern.FREIGHT, Concern.NEWS])
async def test_a_ring_wakes_who_listens_and_nobody_else(bell: Bell, concern: Concern) -> None:
    world = World()
    mine = asyncio.create_task(listen(world.axis, bell, SHARED, NOTHING, 60))
    other = asyncio.create_task(listen(world.axis, bell, DEDICATED, NOTHING, 60))
    await asyncio.sleep(0)
    bell.ring([TOPICS[concern]])
    assert (await mine).concerns == (concern,)
    assert not other.done()
    bell.close()
    assert (await other).concerns == ()
    assert not bell._waiting


async def test_what_cannot_be_offered_hides_nothing_behind_it(bell: Bell) -> None:
    world = World()
    await world.send("H29", ["G09"], urgency=3, time_to_live=timedelta(hours=1))
    await world.send("H29", ["G09"])
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    world.clock.advance(timedelta(hours=2))  # the first has run out, and nobody has swept it yet
    assert (await listen(world.axis, bell, SHARED, NOTHING, 0)).concerns == (Concern.MAIL,)


async def test_a_newer_registry_wakes_everybody(bell: Bell) -> None:
    world = World()
    everybody = [asyncio.create_task(listen(world.axis, bell, hop, NOTHING, 60)) for hop in (SHARED, DEDICATED)]
    await asyncio.sleep(0)
    bell.ring([REGISTRY_TOPIC])
    assert [(await one).concerns for one in everybody] == [(Concern.REGISTRY,)] * 2


async def test_what_lies_there_is_told_at_the_end_though_nothing_rang(bell: Bell) -> None:
    world = World()
    await world.send("H29", ["G09"])
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    assert (await listen(world.axis, bell, SHARED, NOTHING, 0)).concerns == (Concern.MAIL,)
    await world.run()
    assert (await listen(world.axis, bell, SHARED, NOTHING, 0)).concerns == ()
