"""Passing on to the axis: what is final, what is tried again, and what a yes must prove."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from lienthong.delivery import AXIS, Accepted, JourneyState, Lane, NewsPage, forward, learn
from lienthong.delivery.evidence import event_of
from lienthong.errors import (
    Busy,
    ClockSkewed,
    DeliveryExpired,
    LienThongError,
    NotFound,
    PackageTooLarge,
    RegistryStale,
    SenderNotRepresented,
    TokenInvalid,
    TokenReplayed,
    Unavailable,
)
from lienthong.evidence import EventKind
from lienthong.testing.mishaps import Mishap, Script, befallen
from lienthong.testing.world import DEDICATED, World

TRY_AGAIN = [
    Unavailable(),
    Busy(),
    RegistryStale(),
    ClockSkewed(),
    TokenInvalid(),
    TokenReplayed(),
    NotFound(),
    LienThongError(),
]
FINAL = [SenderNotRepresented("H29"), PackageTooLarge("9 > 8")]


class Uplink:
    """The axis, with another answer than its own."""

    def __init__(self, world: World, change: Callable[[Accepted], Accepted] | LienThongError) -> None:
        self._wire, self._change, self.asked = world.wire(DEDICATED), change, 0

    async def submit(self, frame: bytes) -> Accepted:
        self.asked += 1
        if isinstance(self._change, LienThongError):
            raise self._change
        return self._change(await self._wire.submit(frame))

    async def submit_all(self, frames: Sequence[bytes]) -> Sequence[Accepted | LienThongError]:
        self.asked += 1
        if isinstance(self._change, LienThongError):
            raise self._change
        answers = await self._wire.submit_all(frames)
        return [self._change(each) if isinstance(each, Accepted) else each for each in answers]

    async def news(self, after: int) -> NewsPage:
        return await self._wire.news(after)


async def test_an_accepted_package_holds_the_axiss_receipt() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    assert await forward(world.hop(DEDICATED), world.wire(DEDICATED)) == 1
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.ACCEPTED
    assert [(step.hop, step.kind) for step in world.steps(DEDICATED, sent)][1:] == [(AXIS, "submission-accepted")]
    assert await forward(world.hop(DEDICATED), world.wire(DEDICATED)) == 0


@pytest.mark.parametrize("error", TRY_AGAIN, ids=lambda error: error.code)
async def test_a_failure_that_says_nothing_of_the_package_is_tried_again(error: LienThongError) -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    assert await forward(world.hop(DEDICATED), Uplink(world, error)) == 0
    leg = world.leg(DEDICATED, sent, "G09")
    assert (leg.state, leg.attempts, leg.detail) == (JourneyState.RECORDED, 1, error.code)
    assert leg.due > world.clock.now()
    await world.run()
    leg = world.leg(DEDICATED, sent, "G09")
    assert (leg.state, leg.detail) == (JourneyState.DELIVERED, "")


@pytest.mark.parametrize("error", FINAL, ids=lambda error: error.code)
async def test_a_final_refusal_goes_to_the_desk_with_its_reason(error: LienThongError) -> None:
    world = World()
    sent = await world.send("H29", ["G09", "H34.7"])
    assert await forward(world.hop(DEDICATED), Uplink(world, error)) == 1
    for addressee in ("G09", "H34.7"):
        leg = world.leg(DEDICATED, sent, addressee)
        assert (leg.state, leg.refusal, leg.detail) == (JourneyState.REFUSED, error.code, error.detail)
    last = (await world.events(DEDICATED))[-1]
    assert (last.kind, last.code) == (EventKind.RELAY_REJECTED, error.code)


async def test_a_package_that_expired_before_the_axis_took_it_is_expired_not_refused() -> None:
    world = World()
    sent = await world.send("H29", ["G09"], time_to_live=timedelta(minutes=1))
    world.clock.advance(timedelta(minutes=2))
    await world.run()
    leg = world.leg(DEDICATED, sent, "G09")
    assert (leg.state, leg.refusal) == (JourneyState.EXPIRED, DeliveryExpired.code)
    assert (await world.events(DEDICATED))[-1].kind is EventKind.EXPIRED
    assert not world.stations[AXIS].store.disk.state.legs


async def test_a_refusal_heard_late_changes_nothing_any_more() -> None:
    """Another worker was answered meanwhile."""
    world = World()
    sent = await world.send("H29", ["G09"])
    hop, wire = world.hop(DEDICATED), world.wire(DEDICATED)

    class Slow:
        async def submit(self, frame: bytes) -> Accepted:
            await forward(hop, wire)
            raise PackageTooLarge

    assert await forward(hop, Slow()) == 1  # type: ignore[arg-type]  # no news here
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.ACCEPTED
    assert EventKind.RELAY_REJECTED not in [event.kind for event in await world.events(DEDICATED)]


UNPROVED: dict[str, Callable[[Accepted], Accepted]] = {
    "no receipt": lambda yes: replace(yes, receipt=""),
    "broken receipt": lambda yes: replace(yes, receipt=yes.receipt.replace("submission", "admission")),
    "receipt of a leg": lambda yes: replace(yes, receipt=yes.legs[0].receipt),
    "receipt under another addressee": lambda yes: replace(
        yes, legs=(replace(yes.legs[0], addressee="G09"), *yes.legs[1:])
    ),
}


@pytest.mark.parametrize("lie", UNPROVED)
async def test_a_yes_without_its_proof_is_asked_again(lie: str) -> None:
    world = World()
    sent = await world.send("H29", ["H29.27", "G09"])
    assert await forward(world.hop(DEDICATED), Uplink(world, UNPROVED[lie])) == 0
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.RECORDED
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED


async def test_another_packages_receipt_is_no_proof() -> None:
    world = World()
    await world.send("H29", ["G09"])
    known: list[Accepted] = []
    await forward(world.hop(DEDICATED), Uplink(world, lambda yes: known.append(yes) or yes))  # type: ignore[func-returns-value]  # a list's append, for its effect
    sent = await world.send("H29", ["G09"])
    assert await forward(world.hop(DEDICATED), Uplink(world, lambda _: known[0])) == 0
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.RECORDED


async def test_another_event_about_the_package_is_no_yes() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    event = event_of(EventKind.RECALLED, AXIS, world.clock.now(), sent)
    index = await world.axis.store.write(lambda tx: tx.record(event))
    other = (await world.axis.store.receipt(index)).to_json()
    assert await forward(world.hop(DEDICATED), Uplink(world, lambda yes: replace(yes, receipt=other))) == 0
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.RECORDED


async def test_a_leg_the_axis_refused_is_refused_only_with_its_proof() -> None:
    world = World()
    older = world.registry
    world.publish(
        world.newer(representations=tuple(r for r in older.representations if str(r.organisation) != "H40")), AXIS
    )
    sent = await world.send("H29", ["G09", "H40", "H29.27"])
    await world.work(DEDICATED)[0]()
    assert world.leg(DEDICATED, sent, "H40").refusal == "recipient-unknown"
    told = {step.kind: step for step in world.steps(DEDICATED, sent) if step.receipt}
    assert told["refused"].addressee == "H40"
    assert (told["redirected"].addressee, told["redirected"].text) == ("H29.27", "H29.131")
    assert world.leg(DEDICATED, sent, "H29.27").redirected


async def test_a_leg_the_answer_does_not_name_is_accepted_with_the_whole() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await forward(world.hop(DEDICATED), Uplink(world, lambda yes: replace(yes, legs=())))
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.ACCEPTED


async def test_a_refused_leg_without_proof_counts_as_accepted_until_news_come() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    refused = lambda yes: replace(yes, legs=(replace(yes.legs[0], state=JourneyState.REFUSED, refusal="busy"),))  # noqa: E731  named for its sentence
    await forward(world.hop(DEDICATED), Uplink(world, refused))
    leg = world.leg(DEDICATED, sent, "G09")
    assert (leg.state, leg.refusal) == (JourneyState.ACCEPTED, "")


# ---------------------------------------------------------------- our own copy, and the breaker


async def test_our_own_unreadable_copy_is_no_answer_of_the_axis() -> None:
    world = World()
    sent = await world.send("H29", ["G09"], files={"lon.pdf": bytes(70_000)})
    kept = dict(world.stations[DEDICATED].objects.kept)
    world.stations[DEDICATED].objects.kept.clear()
    uplink = Uplink(world, Unavailable())
    assert await forward(world.hop(DEDICATED), uplink) == 0
    assert uplink.asked == 0
    leg = world.leg(DEDICATED, sent, "G09")
    assert (leg.state, leg.detail) == (JourneyState.RECORDED, "copy-unreadable")
    assert not world.stations[DEDICATED].store.disk.state.marks.get("breaker:axis")
    world.stations[DEDICATED].objects.kept.update(kept)
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED


async def test_a_failure_ends_the_round_so_that_a_dead_axis_costs_one_wait() -> None:
    world = World()
    for _ in range(3):
        await world.send("H29", ["G09"])
    uplink = Uplink(world, Unavailable())
    assert await forward(world.hop(DEDICATED), uplink) == 0
    assert uplink.asked == 1


async def test_after_many_failures_the_axis_is_left_alone_then_probed() -> None:
    world = World()
    for _ in range(world.terms.breaker_after + 2):
        await world.send("H29", ["G09"])
    dead = Uplink(world, Unavailable())
    for _ in range(world.terms.breaker_after):
        world.clock.advance(world.terms.first_retry)
        await forward(world.hop(DEDICATED), dead)
    assert dead.asked == world.terms.breaker_after
    await forward(world.hop(DEDICATED), dead)
    assert dead.asked == world.terms.breaker_after
    world.clock.advance(world.terms.longest_retry)
    alive = Uplink(world, lambda yes: yes)
    assert await forward(world.hop(DEDICATED), alive) == world.terms.breaker_after + 2
    assert not world.stations[DEDICATED].store.disk.state.marks["breaker:axis"]


# ---------------------------------------------------------------- receipts first


async def test_news_of_a_package_whose_receipt_was_lost_fetches_the_receipt_first() -> None:
    fate = Script(submit=[Mishap.AFTER])
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = await world.send("H29", ["G09"])
    await world.round()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.RECORDED
    await world.work("gw-g22")[1]()
    await world.work("gw-g22")[2]()
    await learn(world.hop(DEDICATED), world.wire(DEDICATED))
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.DELIVERED
    kinds = [step.kind for step in world.steps(DEDICATED, sent)]
    assert kinds.count(EventKind.SUBMISSION_ACCEPTED) == 2  # our own leaf, and the axis's receipt


async def test_news_waits_while_the_receipt_cannot_be_had_but_not_for_ever() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    hop = world.hop(DEDICATED)
    deaf = Uplink(world, Unavailable())

    class Lost(Uplink):
        async def submit(self, frame: bytes) -> Accepted:
            await self._wire.submit(frame)
            raise Unavailable

    await forward(hop, Lost(world, deaf._change))
    await world.work("gw-g22")[1]()
    await world.work("gw-g22")[2]()
    tries = 0
    while not await learn(hop, deaf):
        tries += 1
        assert world.leg(DEDICATED, sent, "G09").state is JourneyState.RECORDED
    assert tries == world.terms.breaker_after - 1
    assert world.leg(DEDICATED, sent, "G09", Lane.OUT).state is JourneyState.DELIVERED
