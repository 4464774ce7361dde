"""A busy peer says when to come again: it is left alone so long, and that is no failure of it."""

from datetime import timedelta

import pytest

from lienthong.delivery.retry import asked_pause, breaker, rested
from lienthong.errors import Busy, LienThongError, Unavailable
from lienthong.testing.world import DEDICATED, World


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (Busy(retry_after="7"), 7),
        (Busy(), 1),
        (Busy(retry_after="0"), 1),
        (Busy(retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), 1),
        (Busy(retry_after="999999999"), 3600),
        (Unavailable(retry_after="7"), 0),
    ],
)
def test_what_is_asked(error: LienThongError, seconds: int) -> None:
    assert asked_pause(error) == timedelta(seconds=seconds)


async def test_a_rest_opens_the_breaker_for_a_while_and_counts_no_failure() -> None:
    world = World()
    store, now = world.hop(DEDICATED).store, world.clock.now()
    for _ in range(10):
        await store.write(lambda tx: rested(tx, "axis", now + timedelta(seconds=7)))
    found = await store.read(lambda view: breaker(view, "axis"))
    assert (found.failures, found.open_until) == (0, now + timedelta(seconds=7))
    assert not found.closed(now)
