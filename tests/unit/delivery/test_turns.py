"""What agencies of one gateway have waiting for the axis goes on in turn, however much of it is one agency's."""

from lienthong.delivery import AXIS, JourneyState, Lane, Package, forward
from lienthong.testing.world import SHARED, World

FLOOD, MODEST, LATE = "G09", "H34", "H34.7"


async def handed_in(world: World, sender: str, count: int, urgency: int = 0) -> list[str]:
    """Ids, each a millisecond after the one before."""
    found: list[Package] = []
    for _ in range(count):
        world.clock.advance(0.001)
        found.append(await world.send(sender, ["H29"], urgency=urgency))
    return [package.id for package in found]


async def line(world: World) -> list[str]:
    """The packages that wait for the axis, in the order in which they go."""
    waiting, now = frozenset({JourneyState.RECORDED}), world.clock.now()
    legs = await world.hop(SHARED).store.read(lambda view: view.due(Lane.OUT, AXIS, waiting, now, 1000))
    return [leg.package for leg in legs]


def places(order: list[str], packages: list[str]) -> list[int]:
    return [order.index(package) for package in packages]


async def test_a_flood_delays_another_agency_by_one_turn_and_keeps_its_own_order() -> None:
    world = World()
    flood = await handed_in(world, FLOOD, 50)
    modest = await handed_in(world, MODEST, 3)
    more = await handed_in(world, FLOOD, 5)
    order = await line(world)
    assert places(order, modest) == [2, 4, 6]
    assert [package for package in order if package not in modest] == [*flood, *more]


async def test_who_comes_later_is_not_behind_what_came_before() -> None:
    world = World()
    await handed_in(world, FLOOD, 40)
    modest = await handed_in(world, MODEST, 10)
    await forward(world.hop(SHARED), world.wire(SHARED), limit=16)
    late = await handed_in(world, LATE, 2)
    order = await line(world)
    assert len(order) == 36
    assert max(places(order, late)) < 6
    assert max(places(order, modest[7:])) < 12


async def test_urgent_ones_have_a_line_of_their_own_before_all_others() -> None:
    world = World()
    await handed_in(world, FLOOD, 20)
    flash = await handed_in(world, FLOOD, 20, urgency=3)
    modest = await handed_in(world, MODEST, 2)
    order = await line(world)
    assert order[:20] == flash
    assert places(order, modest) == [22, 24]


async def test_while_nobody_waits_nothing_is_counted() -> None:
    world = World()
    for sender in (FLOOD, MODEST):
        [package] = await handed_in(world, sender, 1)
        [leg] = [leg for leg in world.stations[SHARED].store.disk.state.legs.values() if leg.package == package]
        assert leg.due == world.clock.now()
        await world.run()
    assert not [name for name in world.stations[SHARED].store.disk.state.marks if name.startswith("turn:")]
