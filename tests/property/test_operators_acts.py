"""Desks, workers, operators and the reconciler in any order: every leg ends, and the sender and the axis agree how."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.delivery import (
    AXIS,
    JourneyState,
    Lane,
    Order,
    cancel,
    expire_now,
    requeue,
    sweep,
    wish,
    withdraw_all,
)
from lienthong.errors import LienThongError
from lienthong.testing.world import DEDICATED, World

BY = Order("Lê Văn Mẫu", "thử")
ENDS = {JourneyState.HANDED_OVER, JourneyState.REFUSED, JourneyState.EXPIRED, JourneyState.CANCELLED}
ACTS = ("wish", "cancel", "expire", "requeue", "withdraw", "sweep", "work", "hand over")


async def act(world: World, name: str, package: str, which: int) -> None:
    home, wire = world.hop(DEDICATED), world.wire(DEDICATED)
    hop = (home, world.axis)[which % 2]
    acts = {
        "wish": lambda: wish(home, BY, package),
        "cancel": lambda: cancel(world.axis, BY, package),
        "expire": lambda: expire_now(world.axis, BY, package),
        "requeue": lambda: requeue(hop, BY, package),
        "withdraw": lambda: withdraw_all(home, wire),
        "sweep": lambda: sweep(hop, None if hop is world.axis else wire),
        "work": world.work(world.gateways[which % 2])[which % 5],
        "hand over": lambda: world.hand_over("G09"),
    }
    with suppress(LienThongError):
        await acts[name]()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 9)), max_size=20))
async def test_every_leg_ends_and_both_agree(acts: list[tuple[str, int, int]]) -> None:
    world = World()
    sent = [await world.send("H29", ["G09", "H40"]) for _ in range(3)]
    for name, document, which in acts:
        await act(world, name, sent[document].id, which)
    await withdraw_all(world.hop(DEDICATED), world.wire(DEDICATED))
    await world.run()
    await world.hand_over("G09")
    world.clock.advance(timedelta(days=9))
    await world.run()
    through = world.stations[AXIS].store.disk.state.legs
    for package in sent:
        for code in ("G09", "H40"):
            leg = world.leg(DEDICATED, package, code)
            at_axis = through.get((package.id, Lane.THROUGH, code))
            assert leg.state in ENDS
            assert leg.state is (at_axis.state if at_axis else JourneyState.CANCELLED)
