"""The outbox: what the axis refuses for good holds nothing else up, is told again, and never spins."""

from dataclasses import replace
from typing import Any

import pytest

from lienthong.delivery import AXIS, JourneyState, News, Package, news_topic, tell
from lienthong.delivery.outbox import UNHEARD
from lienthong.errors import EvidenceBroken, LienThongError, NotFound, TokenInvalid, Unavailable
from lienthong.gateway.words import step_words
from lienthong.testing.world import DEDICATED, SHARED, World


class Deaf:
    """An axis that does not take reports of some packages."""

    def __init__(self, world: World, *packages: str, error: LienThongError | None = None) -> None:
        self._wire, self.packages, self.error = world.wire(SHARED), set(packages), error or EvidenceBroken("lạ / odd")
        self.heard: list[int] = []

    async def hear(self, news: tuple[News, ...]) -> None:
        self.heard.append(len(news))
        if self.packages & {told.package for told in news}:
            raise self.error
        await self._wire.hear(news)


async def handed_over(count: int = 3) -> tuple[World, list[Package]]:
    world = World()
    sent = [await world.send("H29", ["G09"]) for _ in range(count)]
    await world.run()
    await world.hand_over("G09")
    return world, sent


async def waiting(world: World) -> list[str]:
    look: Any = lambda view: view.notices(AXIS, 0, 100)  # noqa: E731  named for its sentence
    return [notice.package for notice in await world.hop(SHARED).store.read(look)]


def aside(world: World) -> list[str]:
    """What was refused and rests, in the order it began."""
    return [trouble.package for trouble in world.stations[SHARED].store.disk.state.troubles.values()]


def rest(world: World) -> None:
    world.clock.advance(world.terms.longest_retry)


def states(world: World, sent: list[Package]) -> list[JourneyState]:
    return [world.leg(AXIS, package, "G09").state for package in sent]


async def test_one_refused_report_holds_no_other_up() -> None:
    world, sent = await handed_over()
    axis = Deaf(world, sent[1].id)
    assert await tell(world.hop(SHARED), axis) == 2
    assert axis.heard == [3, 1, 1, 1]
    assert states(world, sent) == ["handed-over", "delivered", "handed-over"]
    assert await waiting(world) == []
    assert aside(world) == [sent[1].id]


async def test_a_refused_report_stands_in_nobodys_way_even_beyond_a_page() -> None:
    world, sent = await handed_over()
    axis = Deaf(world, sent[0].id, sent[1].id)
    assert await tell(world.hop(SHARED), axis, limit=2) == 0
    assert await waiting(world) == [sent[2].id]
    assert aside(world) == [sent[0].id, sent[1].id]
    assert await tell(world.hop(SHARED), axis, limit=2) == 1
    assert await waiting(world) == []


async def test_a_refused_report_is_told_again_ever_more_rarely_and_becomes_a_dead_letter() -> None:
    world, (sent,) = await handed_over(1)
    axis, rests = Deaf(world, sent.id), []
    for _ in range(world.terms.park_after):
        assert await tell(world.hop(SHARED), axis) == 0
        (trouble,) = world.stations[SHARED].store.disk.state.troubles.values()
        rests.append(trouble.due - world.clock.now())
        assert await tell(world.hop(SHARED), axis) == 0  # not yet
        world.clock.advance(rests[-1])
    assert len(axis.heard) == world.terms.park_after
    assert rests == sorted(rests)
    assert rests[0] < rests[-1] <= world.terms.longest_retry
    assert (trouble.dead, trouble.parked, trouble.code) == (True, False, "evidence-broken")
    axis.packages.clear()
    assert await tell(world.hop(SHARED), axis) == 1
    assert aside(world) == []


async def test_what_was_refused_is_heard_when_the_axis_changes_its_mind() -> None:
    world, sent = await handed_over()
    axis = Deaf(world, sent[2].id, error=NotFound())
    await tell(world.hop(SHARED), axis)
    axis.packages.clear()
    rest(world)
    assert await tell(world.hop(SHARED), axis) == 1
    assert await waiting(world) == aside(world) == []
    assert states(world, sent) == ["handed-over"] * 3


async def test_the_journey_tells_of_it_once_with_the_reason() -> None:
    world, (sent,) = await handed_over(1)
    axis = Deaf(world, sent.id)
    for _ in range(3):
        assert await tell(world.hop(SHARED), axis) == 0
        rest(world)
    assert axis.heard == [1, 1, 1]  # a page of one needs no second asking
    told = [step for step in world.steps(SHARED, sent) if step.kind == UNHEARD]
    assert [(step.hop, step.addressee, step.code, step.text) for step in told] == [
        (AXIS, "G09", "evidence-broken", "lạ / odd")
    ]
    vi, en = step_words(told[0], world.hop(SHARED).directory())
    assert "chưa nhận" in vi
    assert "not taken" in en
    assert all("lạ / odd" in words for words in (vi, en))
    assert not [step for step in world.steps(DEDICATED, sent) if step.kind == UNHEARD]


@pytest.mark.parametrize("error", [Unavailable(), TokenInvalid()])
async def test_what_says_nothing_of_the_reports_leaves_the_queue_as_it_is(error: LienThongError) -> None:
    world, sent = await handed_over()
    axis = Deaf(world, sent[0].id, error=error)
    with pytest.raises(type(error)):
        await tell(world.hop(SHARED), axis)
    assert axis.heard == [3]
    assert await waiting(world) == [package.id for package in sent]
    assert not [step for package in sent for step in world.steps(SHARED, package) if step.kind == UNHEARD]


async def test_putting_back_wakes_nobody_so_that_the_worker_pauses() -> None:
    world, sent = await handed_over()
    bell, topic = world.stations[SHARED].bell, news_topic(AXIS)
    heard = bell.rings(topic)
    await tell(world.hop(SHARED), Deaf(world, *(package.id for package in sent)))
    assert bell.rings(topic) == heard
    await world.send("H29", ["G09"])
    await world.run()
    await world.hand_over("G09")
    assert bell.rings(topic) == heard + 1


async def test_two_workers_put_one_report_back_once() -> None:
    world, (sent,) = await handed_over(1)
    hop = world.hop(SHARED)

    class Slow(Deaf):
        async def hear(self, news: tuple[News, ...]) -> None:
            await tell(hop, Deaf(world, sent.id))
            await super().hear(news)

    assert await tell(hop, Slow(world, sent.id)) == 0
    assert (await waiting(world), aside(world)) == ([], [sent.id])


async def test_a_report_of_a_leg_no_longer_kept_is_put_back_without_a_step() -> None:
    world, (sent,) = await handed_over(1)
    legs = world.stations[SHARED].store.disk.state.legs
    del legs[world.leg(SHARED, sent, "G09").key]
    before = world.steps(SHARED, sent)
    assert await tell(world.hop(SHARED), Deaf(world, sent.id)) == 0
    assert world.steps(SHARED, sent) == before
    assert aside(world) == [sent.id]


async def test_the_axis_that_lost_our_log_key_hears_all_once_it_has_it_again() -> None:
    world, sent = await handed_over()
    whole = world.registry
    world.publish(replace(world.newer(), logs=tuple(log for log in whole.logs if log.hop != SHARED)), AXIS)
    await world.run()
    assert states(world, sent) == ["delivered"] * 3
    world.publish(replace(whole, version=whole.version + 2))
    await world.run()
    assert states(world, sent) == ["handed-over"] * 3
    assert {world.leg(DEDICATED, package, "G09").state for package in sent} == {JourneyState.HANDED_OVER}
