"""Time that moves when told to."""

import asyncio
from datetime import timedelta

import pytest

from lienthong.testing.clock import START, FakeClock, FixedLots


async def test_sleepers_wake_when_the_hand_has_passed() -> None:
    clock, woken = FakeClock(), []

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    tasks = [asyncio.create_task(sleep(seconds)) for seconds in (9, 5, 0)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (woken, clock.sleepers) == ([0], 2)
    assert clock.advance(5) == START + timedelta(seconds=5)
    await asyncio.sleep(0)
    assert woken == [0, 5]
    clock.advance(timedelta(hours=1))
    await asyncio.gather(*tasks)
    assert woken == [0, 5, 9]


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = FakeClock()
    task = asyncio.create_task(clock.sleep(5))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert clock.sleepers == 0


def test_lots_are_known_beforehand() -> None:
    lots = FixedLots([0.1, 0.9])
    assert [lots.token(), lots.token()] == ["0" * 31 + "1", "0" * 31 + "2"]
    assert [lots.jitter() for _ in range(3)] == [0.1, 0.9, 0.1]
