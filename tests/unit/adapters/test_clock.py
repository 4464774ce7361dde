"""The machine's time and chance."""

import re
from datetime import UTC

from lienthong.adapters.clock import SystemClock, SystemLots


async def test_now_is_aware_and_moves_on() -> None:
    clock = SystemClock()
    before = clock.now()
    await clock.sleep(0)
    assert before.tzinfo is UTC
    assert clock.now() >= before


def test_tokens_differ_and_jitter_is_a_share() -> None:
    lots = SystemLots()
    tokens = {lots.token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    assert all(0 <= lots.jitter() < 1 for _ in range(100))
