"""Back-off and breaker."""

from datetime import timedelta

import pytest

from lienthong.delivery import Terms
from lienthong.delivery.retry import Breaker, breaker, failed, pause, succeeded
from lienthong.testing.world import DEDICATED, World

TERMS = Terms(first_retry=timedelta(seconds=2), longest_retry=timedelta(minutes=1), breaker_after=3)


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [(0, 0.0, 1), (0, 1.0, 2), (1, 0.0, 2), (3, 0.5, 12), (5, 1.0, 60), (1000, 0.0, 30), (1000, 1.0, 60)],
)
def test_pauses_double_to_a_limit_and_jitter_spreads_them(attempts: int, jitter: float, seconds: float) -> None:
    assert pause(TERMS, attempts, jitter) == timedelta(seconds=seconds)


async def test_a_breaker_opens_after_failures_in_a_row_and_success_closes_it() -> None:
    world = World()
    store, now = world.hop(DEDICATED).store, world.clock.now()
    pauses = []
    for _ in range(5):
        await store.write(lambda tx: failed(tx, "axis", TERMS, now, 1.0))  # noqa: B023  run before the next turn
        until = (await store.read(lambda view: breaker(view, "axis"))).open_until
        pauses.append(until and until - now)
        now = until or now  # the probe after the pause
    assert pauses == [None, None, *(timedelta(seconds=pause_) for pause_ in (2, 4, 8))]
    found = await store.read(lambda view: breaker(view, "axis"))
    assert not found.closed(now - timedelta(seconds=1))
    assert found.closed(now)
    await store.write(lambda tx: succeeded(tx, "axis"))
    assert await store.read(lambda view: breaker(view, "axis")) == Breaker()


async def test_calls_that_fail_together_make_one_short_pause() -> None:
    """Twenty at a time meet one bad moment, such as a clock that jumps: that is one failure, not twenty in a row."""
    world = World()
    store, now = world.hop(DEDICATED).store, world.clock.now()
    for _ in range(20):
        await store.write(lambda tx: failed(tx, "axis", TERMS, now, 1.0))
    found = await store.read(lambda view: breaker(view, "axis"))
    assert (found.failures, found.open_until) == (3, now + timedelta(seconds=2))


async def test_success_without_failures_writes_nothing() -> None:
    world = World()
    await world.hop(DEDICATED).store.write(lambda tx: succeeded(tx, "axis"))
    assert not world.stations[DEDICATED].store.disk.state.marks
