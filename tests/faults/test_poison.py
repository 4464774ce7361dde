"""One package on which a worker explodes, wherever it is: the others go on, it is counted, rests, and is parked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lienthong.axis import workers as axis_workers
from lienthong.delivery import (
    AXIS,
    JourneyState,
    Package,
    Trouble,
    Work,
    expire,
    forward,
    learn,
    pull,
    relearn,
    settle,
    tell,
    tell_again,
)
from lienthong.errors import EvidenceBroken, LienThongError, Unavailable
from lienthong.testing.faults import Poison
from lienthong.testing.pki import key_pair, pki
from lienthong.testing.stamping import MemoryTimestamper
from lienthong.testing.world import DEDICATED, SHARED, World

pytestmark = pytest.mark.faults
S = JourneyState
Job = Callable[[World], Awaitable[object]]


class Case:
    """Which worker, at which hop, what comes before it, and where the others are to stand afterwards."""

    def __init__(self, work: Work, hop: str, before: list[Job], job: Job, good: tuple[str, S]) -> None:
        self.work, self.hop, self.before, self.job, self.good = work, hop, before, job, good


def sending(world: World) -> Awaitable[object]:
    return forward(world.hop(DEDICATED), world.wire(DEDICATED))


def fetching(world: World) -> Awaitable[object]:
    return pull(world.hop(SHARED), world.wire(SHARED))


def settling(world: World) -> Awaitable[object]:
    return settle(world.hop(SHARED), world.wire(SHARED))


async def learning(world: World) -> object:
    await relearn(world.hop(DEDICATED))
    return await learn(world.hop(DEDICATED), world.wire(DEDICATED))


async def ending(world: World) -> None:
    await expire(world.axis)


async def days_later(world: World) -> None:
    world.clock.advance(timedelta(days=4))


CASES = [
    Case(Work.FORWARD, DEDICATED, [], sending, (DEDICATED, S.ACCEPTED)),
    Case(Work.PULL, SHARED, [sending], fetching, (SHARED, S.ARRIVED)),
    Case(Work.SETTLE, SHARED, [sending, fetching], settling, (SHARED, S.DELIVERED)),
    Case(Work.NEWS, DEDICATED, [sending, fetching, settling], learning, (DEDICATED, S.DELIVERED)),
    Case(Work.EXPIRE, AXIS, [sending, days_later], ending, (AXIS, S.EXPIRED)),
]


def poisoned(hop: str) -> tuple[World, Callable[[], Poison]]:
    made: list[Poison] = []

    def around(name: str, port: Any) -> Any:
        if name != f"{hop}.store":
            return port
        made.append(Poison(port, "add_step", "steps"))
        return made[-1]

    return World(around=around), lambda: made[-1]


def troubles(world: World, hop: str) -> list[Trouble]:
    return list(world.stations[hop].store.disk.state.troubles.values())


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.work.value)
async def test_the_others_go_on_and_the_bad_one_is_parked(case: Case, place: int) -> None:
    world, poison = poisoned(case.hop)
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]
    for step in case.before:
        await step(world)
    bad = sent[place]
    poison().package = bad.id
    await case.job(world)
    hop, state = case.good
    for other in sent:
        if other is not bad:
            assert world.leg(hop, other, "G09").state is state
    (found,) = troubles(world, case.hop)
    assert (found.work, found.package, found.code, found.attempts) == (case.work, bad.id, "work-failed", 1)
    assert (found.detail, found.dead) == ("RuntimeError", False)
    for _ in range(world.terms.park_after + 2):
        await case.job(world)  # it rests: nobody tries before it is due
        assert len(troubles(world, case.hop)) == 1
        world.clock.advance(world.terms.longest_retry)
        await case.job(world)
    (found,) = troubles(world, case.hop)
    assert (found.attempts, found.dead, found.parked) == (world.terms.park_after, True, True)
    poison().package = ""
    world.clock.advance(timedelta(days=1))
    await case.job(world)
    assert troubles(world, case.hop) == [found], "parked is parked until somebody asks"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.work.value)
async def test_once_the_cause_is_gone_it_goes_on_by_itself_and_is_forgotten(case: Case) -> None:
    world, poison = poisoned(case.hop)
    sent = [await world.send("H29", ["G09"]) for _ in range(2)]
    for step in case.before:
        await step(world)
    poison().package = sent[0].id
    await case.job(world)
    poison().package = ""
    world.clock.advance(world.terms.longest_retry)
    await case.job(world)
    assert world.leg(case.good[0], sent[0], "G09").state is case.good[1]
    assert troubles(world, case.hop) == []


async def handed_over(world: World) -> list[Package]:
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]
    await world.run()
    await world.hand_over("G09")
    return sent


async def test_a_report_nobody_can_read_holds_no_other_up() -> None:
    world = World()
    sent = await handed_over(world)
    state = world.stations[SHARED].store.disk.state
    state.notices[:] = [
        replace(notice, body="{") if notice.package == sent[1].id else notice for notice in state.notices
    ]
    await tell(world.hop(SHARED), world.wire(SHARED))
    assert [world.leg(AXIS, package, "G09").state for package in sent] == [S.HANDED_OVER, S.DELIVERED, S.HANDED_OVER]
    (found,) = troubles(world, SHARED)
    assert (found.work, found.package, found.code) == (Work.OUTBOX, sent[1].id, "work-failed")


async def test_news_the_axis_cannot_tell_holds_no_other_up_and_is_told_later() -> None:
    world = World()
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]
    await sending(world)
    await fetching(world)
    await settling(world)
    state = world.stations[AXIS].store.disk.state
    good = list(state.notices)
    state.notices[:] = [
        replace(notice, body="{") if notice.package == sent[1].id else notice for notice in state.notices
    ]
    await learning(world)
    await learning(world)
    assert [world.leg(DEDICATED, package, "G09").state for package in sent] == [S.DELIVERED, S.ACCEPTED, S.DELIVERED]
    (found,) = troubles(world, AXIS)
    assert (found.work, found.addressee) == (Work.NEWS, DEDICATED)
    state = world.stations[AXIS].store.disk.state
    state.troubles[found.key] = replace(found, body=good[1].body)
    world.clock.advance(world.terms.longest_retry)
    assert await tell_again(world.axis) == 1
    await learning(world)
    assert world.leg(DEDICATED, sent[1], "G09").state is S.DELIVERED
    assert troubles(world, AXIS) == []


async def test_a_copy_the_axis_cannot_read_rests_and_is_listed_at_the_axis() -> None:
    world = World()
    large = await world.send("H29", ["G09"], files={"lon.pdf": bytes(70_000)})
    small = await world.send("H29", ["G09"])
    await sending(world)
    kept = dict(world.stations[AXIS].objects.kept)
    world.stations[AXIS].objects.kept.clear()
    assert await fetching(world) == 1
    assert world.leg(SHARED, small, "G09").state is S.ARRIVED
    (found,) = troubles(world, AXIS)
    assert (found.work, found.package, found.code) == (Work.COLLECT, large.id, "copy-unreadable")
    assert world.leg(AXIS, large, "G09").due > world.clock.now()
    world.stations[AXIS].objects.kept.update(kept)
    await world.run()
    assert world.leg(AXIS, large, "G09").state is S.DELIVERED
    assert troubles(world, AXIS) == []


async def test_a_gateway_that_fails_on_a_package_is_not_offered_it_again_at_once() -> None:
    world, poison = poisoned(SHARED)
    sent = await world.send("H29", ["G09"])
    await sending(world)
    poison().package = sent.id
    await fetching(world)
    (found,) = troubles(world, AXIS)
    assert (found.work, found.package, found.detail) == (Work.PULL, sent.id, f"{SHARED}: work-failed")
    assert await world.wire(SHARED).mailbox() == ()
    world.clock.advance(world.terms.longest_retry)
    assert [item.package for item in await world.wire(SHARED).mailbox()] == [sent.id]


async def test_a_package_on_which_the_axis_fails_opens_no_breaker() -> None:
    world = World()
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]

    class Failing:
        async def submit(self, frame: bytes) -> Any:
            if sent[0].seal.encode() in frame:
                raise LienThongError
            return await world.wire(DEDICATED).submit(frame)

        async def submit_all(self, frames: Sequence[bytes]) -> Any:
            raise LienThongError  # the fault takes the whole request with it

    for _ in range(world.terms.breaker_after + 1):
        await forward(world.hop(DEDICATED), Failing())  # type: ignore[arg-type]  # news are not asked for here
        world.clock.advance(world.terms.longest_retry)
    assert not world.stations[DEDICATED].store.disk.state.marks.get("breaker:axis")
    states = [world.leg(DEDICATED, package, "G09").state for package in sent]
    assert states == [S.RECORDED, S.ACCEPTED, S.ACCEPTED]


async def test_a_stamp_nobody_will_believe_is_no_stamp() -> None:
    """Of an authority that leads to no root of ours: kept, it would stand for ever, and no alarm would be heard."""
    world = World()
    await world.send("H29", ["G09"])
    await sending(world)
    store, stranger = world.stations[AXIS].store, MemoryTimestamper(key_pair(pki().stranger.tsa), world.clock)
    with pytest.raises(EvidenceBroken):
        await axis_workers.stamping(world.axis, store, stranger)
    assert await store.unstamped_since() is not None
    (found,) = troubles(world, AXIS)
    assert (found.work, found.code) == (Work.STAMP, "evidence-broken")
    await axis_workers.stamping(world.axis, store, world.timestamper)
    assert await store.unstamped_since() is None
    assert troubles(world, AXIS) == []


async def test_a_stamp_that_fails_is_counted_and_forgotten() -> None:
    world = World()
    await world.send("H29", ["G09"])
    await sending(world)

    class Broken:
        async def stamp(self, digest: bytes) -> bytes:
            raise Unavailable("tsa")

    store = world.stations[AXIS].store
    for _ in range(2):
        with pytest.raises(Unavailable):
            await axis_workers.stamping(world.axis, store, Broken())
    (found,) = troubles(world, AXIS)
    assert (found.work, found.attempts, found.code) == (Work.STAMP, 2, "unavailable")
    await axis_workers.stamping(world.axis, store, world.timestamper)
    assert troubles(world, AXIS) == []
