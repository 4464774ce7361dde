"""Fair shares and bounds of the gates, without a clock or a network: callers are tasks, moments are handed in."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.adapters.admission import LONGEST_PAUSE, Buckets, Count, Gate, Room
from lienthong.errors import Busy

FOREVER = 3600.0


async def served(gate: Gate, wanted: list[tuple[str, int]]) -> tuple[list[str], Counter[str]]:
    """Everybody asks at once while one unit's holder blocks the gate; in which order they were let in, who was refused."""
    order: list[str] = []
    refused: Counter[str] = Counter()

    async def one(caller: str, cost: int) -> None:
        try:
            held = await gate.enter(caller, cost)
        except Busy:
            refused[caller] += 1
            return
        order.append(caller)
        await asyncio.sleep(0)
        gate.leave(caller, held)

    whole = await gate.enter("the one inside", gate.room.units)
    tasks = [asyncio.ensure_future(one(*each)) for each in wanted]
    await asyncio.sleep(0)
    gate.leave("the one inside", whole)
    await asyncio.gather(*tasks)
    assert (gate.used, gate.waiting, gate.held) == (0, 0, {})
    return order, refused


async def test_a_flood_delays_another_by_one_turn() -> None:
    order, refused = await served(Gate(Room(1, 1000, FOREVER)), [("flood", 1)] * 500 + [("modest", 1)] * 3)
    assert [place for place, name in enumerate(order) if name == "modest"] == [1, 3, 5]
    assert not refused


async def test_who_waited_by_weight_is_served_by_weight() -> None:
    gate = Gate(Room(1, 1000, FOREVER), {"shared": 3.0})
    order, _ = await served(gate, [("single", 1)] * 100 + [("shared", 1)] * 100)
    assert Counter(order[:100]) == {"shared": 75, "single": 25}


async def test_a_full_line_refuses_the_longest_not_the_latest() -> None:
    order, refused = await served(Gate(Room(1, 10, FOREVER)), [("flood", 1)] * 50 + [("a", 1), ("b", 1), ("c", 1)])
    assert refused == {"flood": 43}
    assert Counter(order) == {"flood": 7, "a": 1, "b": 1, "c": 1}


async def test_costs_count_not_requests() -> None:
    order, _ = await served(Gate(Room(10, 1000, FOREVER)), [("large", 10)] * 10 + [("small", 1)] * 40)
    assert Counter(order[:22])["large"] == 2


async def test_the_refused_are_told_when_to_come_again() -> None:
    gate = Gate(Room(1, 0, FOREVER))
    await gate.enter("a")
    assert gate.hopeless("b")
    with pytest.raises(Busy) as told:
        await gate.enter("b")
    assert 1 <= int(told.value.facts["retry_after"]) <= LONGEST_PAUSE


async def test_patience_ends() -> None:
    gate = Gate(Room(1, 10, 0.0))
    held = await gate.enter("a")
    with pytest.raises(Busy):
        await gate.enter("a")
    gate.leave("a", held)
    assert (gate.used, gate.waiting) == (0, 0)


async def test_who_goes_away_leaves_no_place_taken() -> None:
    gate = Gate(Room(1, 10, FOREVER))
    held = await gate.enter("a")
    waiting = [asyncio.ensure_future(gate.enter("b")) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    gate.leave("a", held)  # the second's turn comes and it is cancelled in the same moment
    waiting[1].cancel()
    await asyncio.gather(*waiting[:2], return_exceptions=True)
    assert await waiting[2] == 1
    gate.leave("b", 1)
    assert (gate.used, gate.waiting, gate.held) == (0, 0, {})


async def test_who_holds_long_leaves_room() -> None:
    """Slow uploads of one caller never fill the memory: it may hold no more than then stays free."""
    gate = Gate(Room(100, 1000, FOREVER, spare=True))
    greedy = [asyncio.ensure_future(gate.enter("greedy", 10)) for _ in range(30)]
    await asyncio.sleep(0)
    assert gate.held == {"greedy": 50}
    assert await gate.enter("modest", 10) == 10
    for each in greedy:
        each.cancel()
    await asyncio.gather(*greedy, return_exceptions=True)


async def test_the_largest_package_passes_alone() -> None:
    gate = Gate(Room(100, 10, FOREVER, spare=True))
    assert await gate.enter("a", 10**12) == 100


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 12)), max_size=60), st.integers(0, 20), st.booleans())
def test_never_more_than_there_is(wanted: list[tuple[str, int]], line: int, spare: bool) -> None:
    """Whoever comes: bounds hold at every step, and everybody is answered in the end."""

    async def all_of_them() -> None:
        gate = Gate(Room(10, line, FOREVER, spare=spare))

        async def one(caller: str, cost: int) -> str:
            try:
                held = await gate.enter(caller, cost)
            except Busy:
                return "refused"
            assert 0 <= gate.used <= 10
            assert gate.waiting <= line
            await asyncio.sleep(0)
            gate.leave(caller, held)
            return "served"

        told = await asyncio.wait_for(asyncio.gather(*(one(*each) for each in wanted)), 60)
        assert len(told) == len(wanted)
        assert (gate.used, gate.waiting, gate.held) == (0, 0, {})

    asyncio.run(all_of_them())


def test_a_bucket_fills_with_time_and_by_weight() -> None:
    moment = 0.0
    buckets = Buckets(2.0, 4.0, now=lambda: moment)
    for _ in range(4):
        buckets.take("a")
    with pytest.raises(Busy) as told:
        buckets.take("a")
    assert told.value.facts == {"retry_after": "1", "policy": "rate"}
    left = buckets.take("b")
    assert left is not None
    assert dict(left.headers()) == {b"ratelimit-policy": b'"rate";q=4;w=2', b"ratelimit": b'"rate";r=3;t=1'}
    moment = 0.5
    buckets.take("a")
    for _ in range(8):
        buckets.take("heavy", 2.0)


def test_no_rate_is_no_limit() -> None:
    buckets = Buckets(0.0, 0.0, now=lambda: 0.0)
    assert {buckets.take("a") for _ in range(1000)} == {None}


def test_long_polls_are_counted_by_caller() -> None:
    count = Count(2, 3)
    for caller in ("a", "a", "b"):
        count.enter(caller)
    for caller in ("a", "b"):
        with pytest.raises(Busy):
            count.enter(caller)
    count.leave("a")
    count.enter("b")


def test_of_several_as_many_go_as_there_are_tokens_and_the_rest_is_told_when() -> None:
    moment = [0.0]
    buckets = Buckets(2.0, 10.0, lambda: moment[0])
    first = buckets.take("a", wanted=8)
    assert first is not None
    assert (first.taken, first.left) == (8, 2)
    second = buckets.take("a", wanted=8)
    assert second is not None
    assert (second.taken, second.left, second.rest().facts) == (2, 0, {"retry_after": "3", "policy": "rate"})
    with pytest.raises(Busy):
        buckets.take("a", wanted=8)
    moment[0] = 3.0
    third = buckets.take("a", wanted=6)
    assert third is not None
    assert third.taken == 6
