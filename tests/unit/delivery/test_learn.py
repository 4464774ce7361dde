"""News are believed as far as they are proved; late, repeated and contradicting ones do no harm."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lienthong.delivery import AXIS, JourneyState, News, NewsPage, learn
from lienthong.delivery.learn import NEWS_MARK, UNPROVED
from lienthong.errors import RegistryStale
from lienthong.evidence import EventKind
from lienthong.testing.world import DEDICATED, SHARED, World


class Telling:
    """An uplink whose news are changed on the way."""

    def __init__(self, world: World, change: Callable[[News], News]) -> None:
        self._wire, self._change = world.wire(DEDICATED), change

    async def news(self, after: int) -> NewsPage:
        page = await self._wire.news(after)
        return replace(page, news=tuple(self._change(news) for news in page.news))


async def delivered() -> tuple[World, Any]:
    """Delivered at the axis; the sender's gateway has not asked yet."""
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.work(DEDICATED)[0]()
    await world.work(SHARED)[1]()
    await world.work(SHARED)[2]()
    return world, sent


async def test_news_bring_state_and_proofs_of_both_hops() -> None:
    world, sent = await delivered()
    assert await learn(world.hop(DEDICATED), world.wire(DEDICATED)) == 1
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED
    told = [(step.hop, step.kind) for step in world.steps(DEDICATED, sent)][2:]
    assert told == [(AXIS, EventKind.RELAYED), (SHARED, EventKind.CONSIGNED)]
    assert await learn(world.hop(DEDICATED), world.wire(DEDICATED)) == 0


async def test_two_workers_learn_the_same_page_once() -> None:
    world, sent = await delivered()
    hop, wire = world.hop(DEDICATED), world.wire(DEDICATED)

    class Slow(Telling):
        async def news(self, after: int) -> NewsPage:
            page = await wire.news(after)
            await learn(hop, wire)
            return page

    before = len(world.steps(DEDICATED, sent)) + 2
    await learn(hop, Slow(world, lambda news: news))  # type: ignore[arg-type]  # nothing is submitted
    assert len(world.steps(DEDICATED, sent)) == before


async def test_a_slow_worker_does_not_set_the_cursor_back() -> None:
    world, _ = await delivered()
    hop, wire = world.hop(DEDICATED), world.wire(DEDICATED)
    marks = []

    class Slow(Telling):
        async def news(self, after: int) -> NewsPage:
            page = await wire.news(after)
            await world.send("H29", ["H34.7"])
            await world.run()
            marks.append(world.stations[DEDICATED].store.disk.state.marks[NEWS_MARK])
            return page

    await learn(hop, Slow(world, lambda news: news))  # type: ignore[arg-type]  # nothing is submitted
    assert world.stations[DEDICATED].store.disk.state.marks[NEWS_MARK] == marks[0]


class Repeating(Telling):
    """An axis that forgets nothing and tells all of it every time."""

    def __init__(self, world: World) -> None:
        super().__init__(world, lambda news: news)
        self.told: tuple[News, ...] = ()

    async def news(self, after: int) -> NewsPage:
        page = await super().news(after)
        self.told += page.news
        return NewsPage(self.told, page.cursor)


async def test_old_news_told_again_change_nothing() -> None:
    world, sent = await delivered()
    hop, axis = world.hop(DEDICATED), Repeating(world)
    assert await learn(hop, axis) == 1  # type: ignore[arg-type]  # nothing is submitted
    await world.hand_over("G09")
    await world.work(SHARED)[3]()
    assert await learn(hop, axis) == 2  # type: ignore[arg-type]  # nothing is submitted
    steps, legs = world.steps(DEDICATED, sent), world.leg(DEDICATED, sent, "G09")
    assert await learn(hop, axis) == 2  # type: ignore[arg-type]  # nothing is submitted
    assert world.steps(DEDICATED, sent) == steps
    assert world.leg(DEDICATED, sent, "G09") == legs
    assert legs.state is JourneyState.HANDED_OVER


LIES: dict[str, Callable[[News], News]] = {
    "without proof": lambda news: replace(news, receipts=()),
    "with a broken proof": lambda news: replace(
        news, receipts=tuple(r.replace("consigned", "confined").replace("relayed", "delayed") for r in news.receipts)
    ),
    "with half the proof": lambda news: replace(news, receipts=news.receipts[1:]),
    "of another end": lambda news: replace(news, state=JourneyState.EXPIRED),
    "of the next step": lambda news: replace(news, state=JourneyState.HANDED_OVER),
    "of what is no end": lambda news: replace(news, state=JourneyState.ACCEPTED),
}


@pytest.mark.parametrize("lie", LIES)
async def test_unproved_news_is_noted_and_not_believed(lie: str) -> None:
    world, sent = await delivered()
    assert await learn(world.hop(DEDICATED), Telling(world, LIES[lie])) == 1  # type: ignore[arg-type]  # nothing is submitted
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.ACCEPTED
    assert world.steps(DEDICATED, sent)[-1].kind == UNPROVED


async def test_proofs_of_another_leg_do_not_count() -> None:
    world = World()
    sent = await world.send("H29", ["G09", "H34.7"])
    await world.work(DEDICATED)[0]()
    await world.work(SHARED)[1]()
    await world.work(SHARED)[2]()
    swapped = {"G09": "H34.7", "H34.7": "G09"}
    change = lambda news: replace(news, addressee=swapped[news.addressee])  # noqa: E731  named for its sentence
    await learn(world.hop(DEDICATED), Telling(world, change))  # type: ignore[arg-type]  # nothing is submitted
    assert {world.leg(DEDICATED, sent, code).state for code in swapped} == {JourneyState.ACCEPTED}


async def test_news_that_contradicts_what_is_proved_is_noted_and_not_believed() -> None:
    world, sent = await delivered()
    key = world.leg(DEDICATED, sent, "G09").key
    legs = world.stations[DEDICATED].store.disk.state.legs
    legs[key] = replace(legs[key], state=JourneyState.EXPIRED)
    await learn(world.hop(DEDICATED), world.wire(DEDICATED))
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.EXPIRED
    assert world.steps(DEDICATED, sent)[-1].kind == UNPROVED


async def test_news_of_what_is_not_known_here_is_passed_over() -> None:
    world, sent = await delivered()
    del world.stations[DEDICATED].store.disk.state.legs[world.leg(DEDICATED, sent, "G09").key]
    assert await learn(world.hop(DEDICATED), world.wire(DEDICATED)) == 1
    assert int(world.stations[DEDICATED].store.disk.state.marks[NEWS_MARK]) > 0


# ---------------------------------------------------------------- a registry older than the axis's


async def behind() -> tuple[World, Any]:
    """Delivered, while the sender's gateway does not know the log of the recipient's yet; the axis does."""
    world = World()
    whole = world.registry
    world.publish(replace(whole, logs=tuple(log for log in whole.logs if log.hop != SHARED)), DEDICATED)
    world.publish(world.newer(), AXIS, SHARED)
    sent = await world.send("H29", ["G09"])
    await world.work(DEDICATED)[0]()
    await world.work(SHARED)[1]()
    await world.work(SHARED)[2]()
    return world, sent


def remembered(world: World, sent: Any) -> tuple[object, ...]:
    state = world.stations[DEDICATED].store.disk.state
    return world.leg(DEDICATED, sent, "G09"), world.steps(DEDICATED, sent), dict(state.marks)


async def test_a_page_says_by_which_registry_it_is_told() -> None:
    world, _ = await behind()
    assert (await world.wire(DEDICATED).news(0)).registry == world.registry.version == 2


async def test_news_of_a_gateway_not_known_yet_wait_for_the_newer_registry() -> None:
    world, sent = await behind()
    before = remembered(world, sent)
    for _ in range(2):
        with pytest.raises(RegistryStale, match="1 < 2"):
            await learn(world.hop(DEDICATED), world.wire(DEDICATED))
        assert remembered(world, sent) == before
    world.publish(world.registry)
    assert await learn(world.hop(DEDICATED), world.wire(DEDICATED)) == 1
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED
    assert [step.kind for step in world.steps(DEDICATED, sent)][2:] == [EventKind.RELAYED, EventKind.CONSIGNED]


async def test_a_hand_over_by_a_gateway_not_known_yet_waits_too() -> None:
    world, sent = await behind()
    await world.hand_over("G09")
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.ACCEPTED
    world.publish(world.registry)
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.HANDED_OVER
    assert UNPROVED not in [step.kind for step in world.steps(DEDICATED, sent)]


async def test_news_that_hold_by_the_older_registry_do_not_wait() -> None:
    world, sent = await delivered()
    world.publish(world.newer(), AXIS)
    assert await learn(world.hop(DEDICATED), world.wire(DEDICATED)) == 1
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED


async def test_what_no_newer_registry_can_prove_is_passed_over() -> None:
    world, sent = await behind()
    known = world.stations[DEDICATED].book[0].snapshot
    world.publish(replace(known, version=world.registry.version), DEDICATED)  # as new as the axis's, without that log
    await world.hand_over("G09")
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED  # the axis's word holds
    assert world.steps(DEDICATED, sent)[-1].kind == UNPROVED


async def test_lies_wait_for_no_registry_the_axis_does_not_have_itself() -> None:
    world, sent = await delivered()
    world.publish(world.newer(), DEDICATED)
    assert await learn(world.hop(DEDICATED), Telling(world, LIES["with a broken proof"])) == 1  # type: ignore[arg-type]  # nothing is submitted
    assert world.steps(DEDICATED, sent)[-1].kind == UNPROVED
