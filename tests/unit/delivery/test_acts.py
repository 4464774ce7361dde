"""What operators and senders may stop, start anew and close; who did it and why stays in the log."""

from datetime import timedelta

import pytest

from lienthong.delivery import (
    AXIS,
    JourneyState,
    Order,
    Troubles,
    Work,
    cancel,
    close,
    expire_now,
    forward,
    hand_in,
    pull,
    requeue,
    requeue_cause,
    settle,
    wish,
    withdraw_all,
)
from lienthong.errors import IllegalMove, InvalidValue, NotFound, Unavailable
from lienthong.evidence import EventKind, ProofResult, Receipt, verify_receipt
from lienthong.testing.faults import Fault, Script, faulty
from lienthong.testing.world import DEDICATED, SHARED, World, handing

S = JourneyState
BY = Order("Lê Văn Mẫu", "gửi nhầm")


def of_axis(world: World, sent: object, kind: EventKind) -> list[Receipt]:
    steps = world.steps(DEDICATED, sent)  # type: ignore[arg-type]  # a package
    return [Receipt.from_json(step.receipt) for step in steps if step.hop == AXIS and step.kind == kind]


async def dead(world: World, hop: str) -> list[tuple[str, str]]:
    found = await world.hop(hop).store.read(lambda view: view.troubles(Troubles(dead=True)))
    return [(trouble.work, trouble.code) for trouble in found]


def test_an_act_nobody_answers_for_is_none() -> None:
    for who, why in (("", "lý do"), ("ai", " ")):
        with pytest.raises(InvalidValue):
            Order(who, why)


@pytest.mark.parametrize(("act", "state"), [(cancel, S.CANCELLED), (expire_now, S.EXPIRED)])
async def test_the_axis_ends_what_is_not_delivered_and_the_sender_can_prove_it(act: object, state: S) -> None:
    world = World()
    sent = await world.send("H29", ["G09", "H40"])
    await world.run()
    assert await act(world.axis, BY, sent.id) == 1  # type: ignore[operator]  # one of the two above
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is S.DELIVERED
    assert world.leg(DEDICATED, sent, "H40").state is state
    kind = EventKind.CANCELLED if state is S.CANCELLED else EventKind.EXPIRED
    (receipt,) = of_axis(world, sent, kind)
    assert receipt.event.text == "Lê Văn Mẫu: gửi nhầm"
    assert verify_receipt(receipt, None, world.pki.roots).result is ProofResult.PROVED
    orders = [event for event in await world.events(AXIS) if event.kind is EventKind.ORDERED]
    assert [(event.addressee, event.text) for event in orders] == [("H40", BY.text)]
    with pytest.raises(IllegalMove):
        await act(world.axis, BY, sent.id)  # type: ignore[operator]  # as above
    with pytest.raises(NotFound):
        await act(world.axis, BY, "0" * 32)  # type: ignore[operator]  # as above
    with pytest.raises(IllegalMove):
        await act(world.hop(DEDICATED), BY, sent.id)  # type: ignore[operator]  # as above


async def test_a_document_stored_but_not_confirmed_is_cancelled_on_both_sides() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    await pull(world.hop(SHARED), world.wire(SHARED))
    await cancel(world.axis, BY, sent.id)
    await settle(world.hop(SHARED), world.wire(SHARED))
    assert world.leg(SHARED, sent, "G09").state is S.CANCELLED
    assert await world.waiting("G09") == ()


async def test_a_sender_withdraws_what_the_axis_never_saw() -> None:
    world = World()
    sent = await world.send("H29", ["G09", "H34.7"])
    gateway, wire = world.hop(DEDICATED), world.wire(DEDICATED)
    assert await wish(gateway, BY, sent.id, "H29") == 2
    assert await forward(gateway, wire) == 0, "held back until the axis has answered"
    assert await withdraw_all(gateway, wire) == 1
    assert {world.leg(DEDICATED, sent, code).state for code in ("G09", "H34.7")} == {S.CANCELLED}
    assert [receipt.event.package for receipt in of_axis(world, sent, EventKind.CANCELLED)] == [sent.id] * 2
    await world.run()
    assert not world.stations[AXIS].store.disk.state.packages


async def test_a_copy_still_on_its_way_is_refused_afterwards() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    gateway, wire = world.hop(DEDICATED), world.wire(DEDICATED)
    state = world.stations[DEDICATED].store.disk.state
    await wish(gateway, BY, sent.id)
    await withdraw_all(gateway, wire)
    key = (sent.id, "out", "G09")
    recorded = next(leg for leg_key, leg in state.legs.items() if leg_key == key)
    world.stations[DEDICATED].store.disk.state.legs[recorded.key] = recorded  # as a backup of the gateway has it
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state in {S.CANCELLED, S.RECORDED}
    assert not world.stations[AXIS].store.disk.state.packages


async def test_a_withdrawal_that_comes_too_late_changes_nothing() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    gateway, wire = world.hop(DEDICATED), world.wire(DEDICATED)
    lost = faulty(wire, Script(submit=[Fault.AFTER]))
    await forward(gateway, lost)  # accepted, but nobody here knows
    await wish(gateway, BY, sent.id)
    await world.run()
    assert await withdraw_all(gateway, wire) == 1
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is S.DELIVERED
    with pytest.raises(IllegalMove):
        await wish(gateway, BY, sent.id)


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER, Fault.TWICE])
async def test_a_withdrawal_is_asked_until_it_is_answered(fault: Fault) -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    gateway = world.hop(DEDICATED)
    await wish(gateway, BY, sent.id)
    await wish(gateway, BY, sent.id)  # a repeat is the same wish
    wire = faulty(world.wire(DEDICATED), Script(withdraw=[fault]))
    await withdraw_all(gateway, wire)
    world.clock.advance(world.terms.longest_retry)
    await withdraw_all(gateway, wire)
    assert world.leg(DEDICATED, sent, "G09").state is S.CANCELLED
    cancelled = [event for event in await world.events(AXIS) if event.kind is EventKind.CANCELLED]
    assert len(cancelled) == 1
    assert await gateway.store.read(lambda view: view.troubles(Troubles())) == []


async def test_nobody_withdraws_for_another() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    with pytest.raises(NotFound):
        await wish(world.hop(DEDICATED), BY, sent.id, "H29.01")
    with pytest.raises(NotFound):
        await wish(world.hop(SHARED), BY, sent.id)


async def test_a_parked_package_is_requeued_alone_or_with_all_of_its_cause() -> None:
    world = World()
    sent = [await world.send("H29", ["G09"], files={"lon.pdf": bytes([n]) * 70_000}) for n in range(3)]
    station = world.stations[DEDICATED]
    kept = dict(station.objects.kept)
    station.objects.kept.clear()
    gateway, wire = world.hop(DEDICATED), world.wire(DEDICATED)
    for _ in range(world.terms.park_after):
        await forward(gateway, wire)
        world.clock.advance(world.terms.longest_retry)
    assert await dead(world, DEDICATED) == [(Work.FORWARD, "copy-unreadable")] * 3
    station.objects.kept.update(kept)
    await world.run()
    assert world.leg(DEDICATED, sent[0], "G09").state is S.RECORDED
    assert await requeue(gateway, BY, sent[0].id) == 1
    await world.run()
    assert world.leg(DEDICATED, sent[0], "G09").state is S.DELIVERED
    assert await requeue_cause(gateway, BY, "copy-unreadable") == 2
    await world.run()
    assert {world.leg(DEDICATED, package, "G09").state for package in sent} == {S.DELIVERED}
    assert await dead(world, DEDICATED) == []
    orders = [event for event in await world.events(DEDICATED) if event.kind is EventKind.ORDERED]
    assert [(event.code, event.package, event.text) for event in orders] == [
        ("requeue", package.id, BY.text) for package in sent
    ]
    with pytest.raises(IllegalMove):
        await requeue(gateway, BY, sent[0].id)


async def test_a_refusal_for_good_stays_on_the_list_until_it_is_closed() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    world.publish(world.newer(representations=()), AXIS)
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is S.REFUSED
    (entry,) = await world.hop(DEDICATED).store.read(lambda view: view.troubles(Troubles(dead=True)))
    assert (entry.code, entry.package) == ("sender-not-represented", sent.id)
    await close(world.hop(DEDICATED), BY, entry.key)
    assert await dead(world, DEDICATED) == []
    with pytest.raises(NotFound):
        await close(world.hop(DEDICATED), BY, entry.key)


async def test_the_same_id_is_not_taken_again_after_a_withdrawal() -> None:
    world = World()
    handed = handing("H29", world.edoc("H29", ["G09"]), "id-1", timedelta(hours=1))
    sent = await hand_in(world.hop(DEDICATED), world.signer("H29"), handed)
    await wish(world.hop(DEDICATED), BY, sent.id)
    await withdraw_all(world.hop(DEDICATED), world.wire(DEDICATED))
    assert (await hand_in(world.hop(DEDICATED), world.signer("H29"), handed)).id == sent.id
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is S.CANCELLED


async def test_an_axis_away_leaves_the_wish_standing() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])

    class Away:
        async def withdraw(self, withdrawal: object) -> object:
            raise Unavailable

    await wish(world.hop(DEDICATED), BY, sent.id)
    for _ in range(world.terms.park_after):
        await withdraw_all(world.hop(DEDICATED), Away())  # type: ignore[arg-type]  # never answers
        world.clock.advance(world.terms.longest_retry)
    assert await dead(world, DEDICATED) == [(Work.CANCEL, "unavailable")]
    assert world.leg(DEDICATED, sent, "G09").state is S.RECORDED
    assert await requeue(world.hop(DEDICATED), BY, sent.id) == 1  # the wish is taken back
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is S.DELIVERED


async def test_a_stranger_proves_no_order() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await wish(world.hop(DEDICATED), BY, sent.id)
    assert await withdraw_all(world.hop(DEDICATED), world.wire(SHARED)) == 0
    assert world.leg(DEDICATED, sent, "G09").state is S.RECORDED
    assert not world.stations[AXIS].store.disk.state.marks
