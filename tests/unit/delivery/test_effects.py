"""Recall, update, replacement: frozen at the sender at once, at the receiver on arrival, settled by 15 or 16."""

from dataclasses import replace
from typing import Any

import pytest

from lienthong.delivery import Lane, Package, Standing
from lienthong.delivery.effects import apply_status
from lienthong.document import OrganisationCode
from lienthong.envelope import BusinessType
from lienthong.errors import IllegalMove
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
