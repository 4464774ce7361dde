"""A report that waits for news of revocation is made again until it says more, and not for ever."""

from dataclasses import replace
from datetime import timedelta

from form_made import MAIN, report
from lienthong.delivery import Troubles, Work
from lienthong.gateway import desk
from lienthong.gateway.desk import Gateway
from lienthong.gateway.workers import ASKED_AGAIN, looking
from lienthong.signature import Report, Verdict
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import SHARED, World


class Judge:
    """Knows nothing of revocation until told so."""

    reason = "revocation-unknown"
    looks = 0

    async def __call__(self, _: bytes) -> Report:
        self.looks += 1
        made = report(MAIN)
        verdict = Verdict.VALID if self.reason == "valid" else Verdict.CANNOT_TELL
        told = tuple(replace(each, reason=self.reason, verdict=verdict) for each in made.signatures)
        return replace(made, conclusion=verdict, signatures=told)


async def arrived() -> tuple[World, Gateway, str]:
    world = World()
    package = await world.send("H29", ["G09"], files={"a.pdf": b"%PDF"})
    await world.run()
    station = world.stations[SHARED]
    house = Gateway(station.hop, station.store, station.bell, MemoryTenants(), station.wire)
    return world, house, package.id


async def conclusion(house: Gateway, package: str) -> str:
    told: str = (await desk.document(house, "G09", package)).reports["a.pdf"]["conclusion"]
    return told


async def test_it_is_made_again_until_it_says_more() -> None:
    world, house, package = await arrived()
    judge = Judge()
    await looking(house, judge)
    assert await conclusion(house, package) == "cannot tell"
    await looking(house, judge)
    assert judge.looks == 1  # it rests
    world.clock.advance(timedelta(minutes=1))
    await looking(house, judge)
    assert judge.looks == 2
    judge.reason = "valid"
    world.clock.advance(timedelta(minutes=15))
    await looking(house, judge)
    assert await conclusion(house, package) == "valid"
    world.clock.advance(timedelta(hours=1))
    await looking(house, judge)
    assert judge.looks == 3
    assert await _troubles(house) == 0


async def test_not_for_ever() -> None:
    world, house, package = await arrived()
    judge = Judge()
    await looking(house, judge)
    world.clock.advance(ASKED_AGAIN)
    for _ in range(3):
        await looking(house, judge)
        world.clock.advance(timedelta(hours=1))
    assert judge.looks == 2
    assert await conclusion(house, package) == "cannot tell"
    assert await _troubles(house) == 0


async def test_the_strict_policy_without_revocation_is_not_asked_again() -> None:
    _, house, _ = await arrived()
    judge = Judge()
    judge.reason = "revocation-not-checked"
    await looking(house, judge)
    assert await _troubles(house) == 0


async def _troubles(house: Gateway) -> int:
    found = await house.hop.store.read(lambda view: view.troubles(Troubles(work=Work.SIGNATURES)))
    return len(found)
