"""Planned faults do what they say, and nothing to what is not asked."""

import asyncio
from itertools import pairwise

import pytest

from lienthong.errors import Busy, Unavailable
from lienthong.testing.clock import FakeClock
from lienthong.testing.faults import Dice, Fault, Faulty, Script, faulty


class Counter:
    def __init__(self) -> None:
        self.done = 0

    async def add(self, by: int = 1) -> int:
        self.done += by
        return self.done

    async def look(self) -> int:
        return self.done

    def name(self) -> str:
        return "counter"


async def test_before_after_and_twice() -> None:
    inner = Counter()
    counter = faulty(inner, script := Script(add=[Fault.BEFORE, Fault.AFTER, Fault.TWICE, None]))
    for done in (0, 1):
        with pytest.raises(Unavailable):
            await counter.add()
        assert inner.done == done
    assert await counter.add(by=10) == 21
    assert not script.over
    assert await counter.add() == 22
    assert script.over
    assert await counter.add() == 23


async def test_only_the_named_method_fails_and_the_rest_shows_through() -> None:
    counter = Faulty(Counter(), Script(add=[Fault.BEFORE]), error=Busy)
    assert (await counter.look(), counter.name(), counter.done) == (0, "counter", 0)
    with pytest.raises(Busy):
        await counter.add()
    assert counter.calls == [("look", None), ("add", Fault.BEFORE)]


async def test_late_by_the_clock() -> None:
    inner, clock = Counter(), FakeClock()
    counter = faulty(inner, Script(add=[Fault.LATE]), clock=clock, delay=30)
    answer = asyncio.create_task(counter.add())
    await asyncio.sleep(0)
    assert (inner.done, answer.done()) == (1, False)
    clock.advance(30)
    assert await answer == 1


async def test_late_without_a_clock_lets_others_go_first() -> None:
    counter, order = faulty(Counter(), Script(add=[Fault.LATE])), []
    late = asyncio.create_task(counter.add())
    late.add_done_callback(lambda _: order.append("late"))
    other = asyncio.create_task(asyncio.sleep(0))
    other.add_done_callback(lambda _: order.append("other"))
    await asyncio.gather(late, other)
    assert sorted(order) == ["late", "other"]


def test_dice_of_one_seed_fall_the_same() -> None:
    rates = {Fault.BEFORE: 0.2, Fault.AFTER: 0.2}
    throws = [[dice.next("write") for _ in range(500)] for dice in (Dice(7, rates), Dice(7, rates), Dice(8, rates))]
    assert [same == other for same, other in pairwise(throws)] == [True, False]
    assert set(throws[0]) == {None, Fault.BEFORE, Fault.AFTER}
    assert 60 < throws[0].count(Fault.BEFORE) < 140


def test_dice_leave_other_methods_alone() -> None:
    dice = Dice(1, {Fault.BEFORE: 1.0}, methods=["write"])
    assert (dice.next("read"), dice.next("write")) == (None, Fault.BEFORE)
