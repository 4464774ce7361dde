"""A gateway sleeps at the axis's bell and wakes the workers that are meant."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from lienthong.delivery import Bell, Concern, Rung
from lienthong.errors import NotFound
from lienthong.gateway import workers


class Clock:
    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Axis:
    """Answers what it is told to, and remembers what it was told."""

    def __init__(self, answer: Rung | None) -> None:
        self._answer, self.heard = answer, list[str]()

    async def listen(self, heard: str, wait: float) -> Rung:
        self.heard.append(f"{heard}/{wait:g}")
        if self._answer is None:
            raise NotFound("/v1/bell")
        return self._answer


@pytest.fixture
def gateway() -> Any:
    return SimpleNamespace(bell=Bell(), hop=SimpleNamespace(clock=Clock()))


def rung(gateway: Any) -> list[str]:
    return [concern for concern in Concern if gateway.bell.rings(f"came:{concern}")]


async def test_who_is_meant_is_woken_and_what_was_heard_is_said_next_time(gateway: Any) -> None:
    axis, ear = Axis(Rung("x:1:0:2", ("mail", "news", "something newer"))), workers.Ear()
    for _ in range(2):
        await workers.listening(gateway, axis, ear, 20)  # type: ignore[arg-type]  # as much of an axis as listens
    assert (rung(gateway), axis.heard) == (["mail", "news"], ["/20", "x:1:0:2/20"])
    assert not gateway.hop.clock.slept


async def test_an_axis_without_a_bell_is_asked_for_everything_now_and_then(gateway: Any) -> None:
    await workers.listening(gateway, Axis(None), workers.Ear(), 20)  # type: ignore[arg-type]  # as above
    assert (rung(gateway), gateway.hop.clock.slept) == (list(Concern), [20])


async def test_a_newer_registry_is_asked_for_when_the_bell_tells_of_it(
    gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    async def nothing_newer(*_: object) -> int:
        asked.append(gateway.bell.rings("came:registry"))
        return 0

    monkeypatch.setattr(workers, "renew", nothing_newer)
    waiting = asyncio.create_task(workers.registering(gateway, Axis(None), None, None, 60))  # type: ignore[arg-type]  # as above
    await asyncio.sleep(0)
    await workers.listening(gateway, Axis(Rung("x", ("registry",))), workers.Ear(), 20)  # type: ignore[arg-type]  # as above
    await waiting
    await workers.registering(gateway, Axis(None), None, None, 0)  # type: ignore[arg-type]  # as above
    assert asked == [0, 1]


async def test_a_gateway_that_leaves_does_not_ask_without_a_pause(
    gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> int:
        return 0

    monkeypatch.setattr(workers, "pull", nothing)
    gateway.bell.close()
    await workers.fetching(gateway, Axis(None))  # type: ignore[arg-type]  # as above
    assert gateway.hop.clock.slept == [workers.IDLE]
