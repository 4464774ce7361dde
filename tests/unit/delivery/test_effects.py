"""Recall, update, replacement: frozen at the sender at once, at the receiver on arrival, settled by 15 or 16."""

from dataclasses import replace
from typing import Any

import pytest

from lienthong.delivery import Lane, Package, Standing, desk, sweep
from lienthong.delivery.effects import apply_status
from lienthong.document import OrganisationCode
from lienthong.envelope import BusinessType
from lienthong.errors import IllegalMove
from lienthong.evidence import Event, EventKind, ProofResult, verify_receipt
from lienthong.testing.world import DEDICATED, SHARED, World


async def arrived(*recipients: str) -> tuple[World, Package]:
    world = World()
    sent = await world.send("H29", recipients or ("G09",))
    await world.run()
    return world, sent


def standings(world: World, sent: Package, code: str = "G09") -> tuple[Standing, Standing]:
    """At the sender, at the receiver."""
    hop = DEDICATED if code.startswith("H29") else SHARED
    return world.leg(DEDICATED, sent, code, Lane.OUT).standing, world.leg(hop, sent, code, Lane.IN).standing


async def test_a_recall_freezes_at_the_sender_at_once_and_at_the_receiver_when_it_comes() -> None:
    world, sent = await arrived()
    await world.recall(sent)
    assert standings(world, sent) == (Standing.FROZEN, Standing.IN_FORCE)
    await world.run()
    assert standings(world, sent) == (Standing.FROZEN, Standing.FROZEN)
    assert [step.code for step in world.steps(SHARED, sent) if step.kind == "asked"] == ["1"]


@pytest.mark.parametrize(("answer", "standing"), [("15", Standing.RECALLED), ("16", Standing.IN_FORCE)])
async def test_the_receivers_answer_settles_a_recall_on_both_sides(answer: str, standing: Standing) -> None:
    world, sent = await arrived()
    await world.report(sent, "03", "G09")
    await world.run()
    await world.recall(sent)
    await world.run()
    await world.report(sent, answer, "G09", "đang dùng")
    assert standings(world, sent) == (Standing.FROZEN, standing)
    await world.run()
    assert standings(world, sent) == (standing, standing)
    assert world.leg(DEDICATED, sent, "G09").status == "03"
    with pytest.raises(IllegalMove):  # nothing waits for an answer any more
        await world.report(sent, "15", "G09", "lại")


async def test_each_receiver_answers_for_itself() -> None:
    world, sent = await arrived("G09", "H34.7")
    await world.recall(sent)
    await world.run()
    await world.report(sent, "15", "G09")
    await world.report(sent, "16", "H34.7", "đã dùng")
    await world.run()
    assert standings(world, sent) == (Standing.RECALLED, Standing.RECALLED)
    assert standings(world, sent, "H34.7") == (Standing.IN_FORCE, Standing.IN_FORCE)


async def test_a_declined_recall_can_be_asked_again() -> None:
    world, sent = await arrived()
    for answer in ("16", "15"):
        await world.recall(sent)
        await world.run()
        await world.report(sent, answer, "G09", "lý do")
        await world.run()
    assert standings(world, sent) == (Standing.RECALLED, Standing.RECALLED)


async def test_a_recall_of_what_went_to_a_successor_reaches_the_successor() -> None:
    world, sent = await arrived("H29.27")
    await world.recall(sent)
    await world.run()
    await world.report(sent, "15", "H29.131")
    await world.run()
    assert standings(world, sent, "H29.27") == (Standing.RECALLED, Standing.RECALLED)


async def test_an_announced_recall_freezes_at_the_receiver() -> None:
    """13 is a status message of the issuer (vn-rules §6.5)."""
    world, sent = await arrived()
    message = world.status(sent, "13", "H29")
    message = replace(message, response=replace(message.response, organisation=OrganisationCode("G09")))
    await world.hand_in("H29", message)
    await world.run()
    assert world.leg(SHARED, sent, "G09").standing is Standing.FROZEN


# ---------------------------------------------------------------- updates


async def test_an_added_receiver_gets_the_document_by_the_update() -> None:
    world, sent = await arrived()
    update = await world.update(sent, add=["H34.7"])
    await world.run()
    assert {leg.addressee for _, leg in await world.waiting("H34.7")} == {"H34.7"}
    await world.report(sent, "03", "H34.7")
    await world.run()
    assert world.leg(DEDICATED, update, "H34.7").status == "03"
    await world.report(sent, "15", "G09")
    await world.run()
    assert standings(world, sent) == (Standing.IN_FORCE, Standing.IN_FORCE)


@pytest.mark.parametrize(("answer", "standing"), [("15", Standing.RECALLED), ("16", Standing.IN_FORCE)])
async def test_a_removed_receiver_that_agrees_holds_it_no_longer(answer: str, standing: Standing) -> None:
    world, sent = await arrived("G09", "H34.7")
    await world.update(sent, remove=["G09"])
    await world.run()
    assert standings(world, sent) == (Standing.FROZEN, Standing.FROZEN)
    await world.report(sent, answer, "G09", "lý do")
    await world.report(sent, "15", "H34.7")
    await world.run()
    assert standings(world, sent) == (standing, standing)
    assert standings(world, sent, "H34.7") == (Standing.IN_FORCE, Standing.IN_FORCE)


# ---------------------------------------------------------------- replacements


async def replaced(world: World, sent: Package, *recipients: str) -> Package:
    return await world.send(
        "H29",
        recipients or ("G09",),
        business=int(BusinessType.REPLACE),
        replaces=(sent.head.document_id,),
        reason="sai số liệu",
    )


@pytest.mark.parametrize(("answer", "standing"), [("15", Standing.REPLACED), ("16", Standing.IN_FORCE)])
async def test_a_replaced_document_gives_way_when_the_receiver_agrees(answer: str, standing: Standing) -> None:
    world, sent = await arrived()
    newer = await replaced(world, sent)
    assert standings(world, sent) == (Standing.FROZEN, Standing.IN_FORCE)
    await world.run()
    assert standings(world, sent) == (Standing.FROZEN, Standing.FROZEN)
    assert standings(world, newer) == (Standing.IN_FORCE, Standing.IN_FORCE)
    await world.report(sent, answer, "G09", "lý do")
    await world.run()
    assert standings(world, sent) == (standing, standing)


async def test_a_replacement_touches_only_those_it_goes_to() -> None:
    world, sent = await arrived("G09", "H34.7")
    await replaced(world, sent, "G09")
    await world.run()
    assert standings(world, sent, "H34.7") == (Standing.IN_FORCE, Standing.IN_FORCE)


# ---------------------------------------------------------------- one asks while another waits


async def asking(world: World, sent: Package, what: str) -> Package:
    """Ask for something and let it arrive."""
    asks = {"update": lambda: world.update(sent, remove=["G09"]), "replacement": lambda: replaced(world, sent)}
    asked = await asks.get(what, lambda: world.recall(sent, what))()
    await world.run()
    return asked


def waits_for(world: World, sent: Package) -> list[tuple[int, str]]:
    """What the copies at the sender and at the receiver wait for, and who asked."""
    legs = world.leg(DEDICATED, sent, "G09", Lane.OUT), world.leg(SHARED, sent, "G09", Lane.IN)
    return [(leg.asked, leg.asked_by) for leg in legs]


@pytest.mark.parametrize("first", ["update", "replacement"])
@pytest.mark.parametrize(("answer", "standing"), [("15", Standing.RECALLED), ("16", Standing.IN_FORCE)])
async def test_a_recall_goes_before_what_still_waits(first: str, answer: str, standing: Standing) -> None:
    world, sent = await arrived()
    await asking(world, sent, first)
    recall = await asking(world, sent, "ban hành nhầm")
    assert waits_for(world, sent) == [(BusinessType.RECALL, recall.id)] * 2
    await world.report(sent, answer, "G09", "lý do")
    await world.run()
    assert standings(world, sent) == (standing, standing)
    assert waits_for(world, sent) == [(0, recall.id)] * 2
    with pytest.raises(IllegalMove):  # one answer for both: nothing waits any more
        await world.report(sent, "15", "G09")


@pytest.mark.parametrize("second", ["lần hai", "update", "replacement"])
async def test_nothing_goes_before_a_recall_that_waits(second: str) -> None:
    world, sent = await arrived()
    recall = await asking(world, sent, "lần một")
    await asking(world, sent, second)
    assert waits_for(world, sent) == [(BusinessType.RECALL, recall.id)] * 2
    asked = [(step.code, step.text) for step in world.steps(SHARED, sent) if step.kind == "asked"]
    assert asked == [("1", "lần một")]
    await world.report(sent, "15", "G09")
    await world.run()
    assert standings(world, sent) == (Standing.RECALLED, Standing.RECALLED)


@pytest.mark.parametrize("second", ["update", "replacement"])
async def test_an_update_and_a_replacement_wait_for_their_turn(second: str) -> None:
    world, sent = await arrived()
    first = await asking(world, sent, "replacement" if second == "update" else "update")
    await asking(world, sent, second)
    assert {asked_by for _, asked_by in waits_for(world, sent)} == {first.id}


@pytest.mark.parametrize("second", ["lần hai", "update", "replacement"])
async def test_what_was_recalled_is_asked_for_no_more(second: str) -> None:
    world, sent = await arrived()
    await asking(world, sent, "lần một")
    await world.report(sent, "15", "G09")
    await world.run()
    await asking(world, sent, second)
    assert standings(world, sent) == (Standing.RECALLED, Standing.RECALLED)
    assert {asked for asked, _ in waits_for(world, sent)} == {0}


# ---------------------------------------------------------------- two legs of one recipient


async def test_a_status_stands_on_both_legs_of_a_closed_code_and_its_successor() -> None:
    world, sent = await arrived("H29.27", "H29.131")
    await world.report(sent, "03", "H29.131")
    await world.run()
    for lane in (Lane.OUT, Lane.IN):
        assert [world.leg(DEDICATED, sent, code, lane).status for code in ("H29.27", "H29.131")] == ["03", "03"]
    await world.recall(sent)
    await world.run()
    await world.report(sent, "15", "H29.131")
    await world.run()
    for code in ("H29.27", "H29.131"):
        assert standings(world, sent, code) == (Standing.RECALLED, Standing.RECALLED)
    for name in world.stations:
        assert (await sweep(world.hop(name))).findings == ()


# ---------------------------------------------------------------- answers and requests that cross


@pytest.mark.parametrize(
    ("first", "answer", "at_receiver"),
    [
        ("addition", "16", Standing.FROZEN),
        ("addition", "15", Standing.FROZEN),
        ("removal", "16", Standing.FROZEN),
        ("removal", "15", Standing.RECALLED),
        ("replacement", "16", Standing.FROZEN),
        ("replacement", "15", Standing.REPLACED),
    ],
)
@pytest.mark.parametrize("last", ["15", "16"])
async def test_an_answer_that_crosses_a_recall_answers_only_what_it_names(
    first: str, answer: str, at_receiver: Standing, last: str
) -> None:
    world, sent = await arrived()
    asks = {"addition": lambda: world.update(sent, add=["H34.7"]), "replacement": lambda: replaced(world, sent)}
    asked = await asks.get(first, lambda: world.update(sent, remove=["G09"]))()
    await world.run()
    carrier = await world.report(sent, answer, "G09", "lý do")  # still here when the recall is written
    assert carrier.head.answers == (asked.id,)
    await world.recall(sent)
    await world.run()
    assert standings(world, sent) == (at_receiver, at_receiver)
    if at_receiver is Standing.FROZEN:
        await world.report(sent, last, "G09", "lý do")
        await world.run()
        ended = Standing.RECALLED if last == "15" else Standing.IN_FORCE
        assert standings(world, sent) == (ended, ended)


async def test_a_peer_that_names_no_request_answers_the_one_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "requests", lambda *_: ())
    world, sent = await arrived()
    await asking(world, sent, "update")
    await world.recall(sent)
    await world.run()
    carrier = await world.report(sent, "15", "G09")
    await world.run()
    assert carrier.head.answers == ()
    assert standings(world, sent) == (Standing.RECALLED, Standing.RECALLED)


async def test_a_request_nobody_made_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    world, sent = await arrived()
    other = await world.send("G22", ["G09"])
    await world.recall(sent)
    await world.run()
    for named in ("0" * 32, sent.id, other.id):
        monkeypatch.setattr(desk, "requests", lambda *_, found=named: (found,))
        await world.report(sent, "15", "G09", message_id=f"tr-{named}")
        await world.run()
        assert standings(world, sent) == (Standing.FROZEN, Standing.FROZEN)


# ---------------------------------------------------------------- evidence


async def proofs(world: World, hop: str, package: Package, *kinds: EventKind) -> list[Event]:
    """The events our own log tells of a package; each receipt verified down to the root and beside its step."""
    found = []
    for step in world.steps(hop, package):
        if step.index is None:
            continue
        receipt = await world.hop(hop).store.receipt(step.index)
        assert verify_receipt(receipt, None, world.pki.roots, world.clock.now()).result is ProofResult.PROVED
        assert receipt.event.package == package.id
        assert receipt.event.addressee == (step.addressee or None)
        found += [receipt.event] if receipt.event.kind in kinds else []
    return found


async def test_every_reported_status_is_proved_on_both_sides_with_code_and_words() -> None:
    world, sent = await arrived()
    for code in ("03", "04", "06"):
        await world.report(sent, code, "G09", f"ghi chú {code}")
    await world.run()
    for hop in (SHARED, DEDICATED):
        told = await proofs(world, hop, sent, EventKind.STATUS)
        assert [(event.code, event.text, event.recipient) for event in told] == [
            (code, f"ghi chú {code}", "G09") for code in ("03", "04", "06")
        ]
        assert {event.hop for event in told} == {hop}
        assert {event.document for event in told} == {sent.head.document_id}


async def test_statuses_of_one_second_are_steps_and_proofs_of_their_own() -> None:
    world, sent = await arrived()
    for code in ("03", "04", "04"):
        await world.report(sent, code, "G09")
        world.clock.advance(0.2)
    await world.run()
    for hop in (SHARED, DEDICATED):
        steps = [step for step in world.steps(hop, sent) if step.kind == "status"]
        assert [step.code for step in steps] == ["03", "04", "04"]
        assert len({step.at.replace(microsecond=0) for step in steps}) == 1
        assert len({step.index for step in steps}) == 3
        assert [event.code for event in await proofs(world, hop, sent, EventKind.STATUS)] == ["03", "04", "04"]


ASKED = {"lý do mẫu": EventKind.RECALLED, "update": EventKind.UPDATED, "replacement": EventKind.REPLACED}


@pytest.mark.parametrize("what", ASKED)
async def test_what_was_asked_and_answered_is_proved_on_both_sides(what: str) -> None:
    world, sent = await arrived()
    asked = await asking(world, sent, what)
    await world.report(sent, "16", "G09", "đang dùng")
    await world.run()
    for hop in (SHARED, DEDICATED):
        told = await proofs(world, hop, sent, ASKED[what], EventKind.STATUS)
        assert [(event.kind, event.code, event.text) for event in told] == [
            (ASKED[what], None, asked.head.reason),
            (EventKind.STATUS, "16", "đang dùng"),
        ]


# ---------------------------------------------------------------- late, repeated, unknown


async def test_statuses_in_any_order_and_repeated_end_the_same() -> None:
    """The three reports reach the sender's gateway last first."""
    world, sent = await arrived()
    reports = [await world.report(sent, code, "G09") for code in ("03", "04", "06")]
    await world.work(SHARED)[0]()
    legs = world.stations["axis"].store.disk.state.legs
    for urgency, report in enumerate(reports):
        leg = world.leg("axis", report, "H29")
        legs[leg.key] = replace(leg, urgency=urgency)
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").status == "06"
    heard = [report.code for report in world.stations[DEDICATED].store.disk.state.statuses.values()]
    assert heard == ["06", "04", "03"]


async def test_a_status_about_what_the_sender_no_longer_holds_is_passed_over() -> None:
    world, sent = await arrived()
    await world.report(sent, "03", "G09")
    del world.stations[DEDICATED].store.disk.state.packages[sent.id]
    await world.run()
    assert not world.stations[DEDICATED].store.disk.state.statuses


async def test_a_shared_gateway_keeps_both_sides_of_one_document() -> None:
    world = World()
    sent = await world.send("G09", ["H34.7"])
    await world.run()
    await world.report(sent, "03", "H34.7")
    assert [world.leg(SHARED, sent, "H34.7", lane).status for lane in (Lane.OUT, Lane.IN)] == ["", "03"]
    await world.run()
    assert [world.leg(SHARED, sent, "H34.7", lane).status for lane in (Lane.OUT, Lane.IN)] == ["03", "03"]
    await world.recall(sent)
    assert [world.leg(SHARED, sent, "H34.7", lane).standing for lane in (Lane.OUT, Lane.IN)] == ["frozen", "in-force"]


def kinds(steps: list[Any]) -> list[str]:
    return [step.kind for step in steps]


async def test_a_repeated_carrier_is_remembered_once() -> None:
    world, sent = await arrived()
    told = await world.report(sent, "03", "G09")
    await world.run()
    before = kinds(world.steps(DEDICATED, sent))
    again = await world.hop(DEDICATED).store.write(
        lambda tx: apply_status(tx, DEDICATED, told, Lane.OUT, world.clock.now())
    )
    assert again == 0
    assert kinds(world.steps(DEDICATED, sent)) == before
