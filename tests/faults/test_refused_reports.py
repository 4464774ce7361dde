"""One report the axis will not take, and everything that can befall the others on their way around it."""

from collections.abc import Awaitable, Callable

import pytest

from lienthong.delivery import AXIS, JourneyState, Lane, News, Package, tell
from lienthong.delivery.outbox import UNHEARD
from lienthong.errors import EvidenceBroken, LienThongError
from lienthong.testing.mishaps import Crash, Mishap, befallen, catch_up
from lienthong.testing.wire import InProcessWire
from lienthong.testing.world import DEDICATED, SHARED, World

pytestmark = pytest.mark.faults


class Fated:
    """Mishaps by call, once reports begin; before that all is well."""

    def __init__(self, method: str, call: int, mishap: Mishap) -> None:
        self.late: list[Callable[[], Awaitable[object]]] = []
        self._wanted, self._left, self._mishap = method, call, mishap
        self.begun = False

    def next(self, port: str, method: str) -> Mishap | LienThongError:
        if not self.begun or f"{port}.{method}" != self._wanted:
            return Mishap.NONE
        self._left -= 1
        return self._mishap if self._left == -1 else Mishap.NONE

    @property
    def struck(self) -> bool:
        return self._left < 0


class Choosy:
    """The axis's ear, which refuses one package for good."""

    def __init__(self, wire: InProcessWire, refused: str) -> None:
        self._wire, self.refused = wire, refused

    async def hear(self, news: tuple[News, ...]) -> None:
        if self.refused in {told.package for told in news}:
            raise EvidenceBroken(self.refused)
        await self._wire.hear(news)


CALLS = [(f"{SHARED}.wire.hear", call) for call in range(2)]
"""The page and the refused one do not reach the wire: these are the two good ones, told alone."""
WRITES = [(f"{SHARED}.store.write", call) for call in range(3)]
"""Two good ones forgotten, the refused one put back."""
ON_THE_WIRE = [mishap for mishap in Mishap if mishap is not Mishap.NONE]
ON_THE_DISK = [mishap for mishap in ON_THE_WIRE if mishap not in {Mishap.TWICE, Mishap.LATE}]
CASES = [
    *((method, call, mishap) for method, call in CALLS for mishap in ON_THE_WIRE),
    *((method, call, mishap) for method, call in WRITES for mishap in ON_THE_DISK),
]


async def persist(world: World, fate: Fated, refused: str) -> None:
    """The worker, round after round, until nothing is heard any more; a dead gateway starts anew."""
    for _ in range(6):
        try:
            await tell(world.hop(SHARED), Choosy(world.wire(SHARED), refused))
        except Crash:
            world.crash(SHARED)
        except LienThongError:
            pass
        world.clock.advance(world.terms.longest_retry)
    await catch_up(fate)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize(("method", "call", "mishap"), CASES)
async def test_the_others_are_heard_once_and_the_refused_one_waits(
    method: str, call: int, mishap: Mishap, place: int
) -> None:
    fate = Fated(method, call, mishap)
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]
    await world.run()
    await world.hand_over("G09")
    fate.begun = True
    await persist(world, fate, sent[place].id)
    assert _states(world, sent) == [
        JourneyState.DELIVERED if at == place else JourneyState.HANDED_OVER for at in range(3)
    ]
    state = world.stations[SHARED].store.disk.state
    assert [notice for notice in state.notices if notice.to == AXIS] == []
    assert [trouble.package for trouble in state.troubles.values()] == [sent[place].id]
    assert fate.struck
    await persist(world, fate, "")
    assert _states(world, sent) == [JourneyState.HANDED_OVER] * 3
    await world.run()
    assert {world.leg(DEDICATED, package, "G09").state for package in sent} == {JourneyState.HANDED_OVER}
    for package in sent:
        _told_once(world, package, refused=package is sent[place])


def _states(world: World, sent: list[Package]) -> list[JourneyState]:
    return [world.leg(AXIS, package, "G09").state for package in sent]


def _told_once(world: World, package: Package, *, refused: bool) -> None:
    kinds = [step.kind for step in world.steps(SHARED, package) if step.lane is Lane.IN]
    assert kinds.count(UNHEARD) == refused
    assert [step.kind for step in world.steps(AXIS, package)].count("handed-over") == 1
    assert [step.kind for step in world.steps(DEDICATED, package)].count("handed-over") == 1
