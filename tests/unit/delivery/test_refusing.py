"""A refusal at the axis's door: its receipt comes back with it, and only the right one is kept as proof."""

from dataclasses import replace
from typing import Never

import pytest

from lienthong.delivery import AXIS, JourneyState, Package, Step, accept, forward
from lienthong.delivery.deliver import framed
from lienthong.delivery.refusing import RECEIPT
from lienthong.errors import LienThongError, PackageTooLarge, RecipientUnknown, SenderNotRepresented, Unavailable
from lienthong.evidence import EventKind, ProofResult, Receipt, verify_receipt
from lienthong.testing.world import DEDICATED, SHARED, World


def proofs(world: World, sent: Package) -> list[Step]:
    return [step for step in world.steps(DEDICATED, sent) if step.hop == AXIS]


async def frame(world: World, sent: Package) -> bytes:
    hop = world.hop(DEDICATED)
    small = await hop.store.read(lambda view: {part.sha256: view.content(part.sha256) for part in sent.parts})
    return await framed(hop, sent, {sha256: data for sha256, data in small.items() if data is not None})


def closed_to_all(world: World) -> None:
    """At the axis nobody has a gateway any more but the sender."""
    known = [each for each in world.registry.representations if each.gateway == DEDICATED]
    world.publish(world.newer(representations=tuple(known)), AXIS)


async def test_a_sender_can_prove_that_the_axis_refused() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    closed_to_all(world)
    await world.run()
    leg = world.leg(DEDICATED, sent, "G09")
    assert (leg.state, leg.refusal) == (JourneyState.REFUSED, RecipientUnknown.code)
    (step,) = proofs(world, sent)
    receipt = Receipt.from_json(step.receipt)
    assert verify_receipt(receipt, None, world.pki.roots).result is ProofResult.PROVED
    told = receipt.event
    assert (told.kind, told.code) == (EventKind.SUBMISSION_REJECTED, RecipientUnknown.code)
    assert (told.package, told.sender, told.message, told.digest) == (sent.id, "H29", sent.message_id, sent.digest)
    assert (await world.events(DEDICATED))[-1].kind is EventKind.RELAY_REJECTED  # and our own witness


async def test_a_strangers_package_is_not_named() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    with pytest.raises(SenderNotRepresented) as caught:
        await accept(world.axis, SHARED, await frame(world, sent))
    (event,) = await world.events(AXIS)
    assert (event.package, event.sender, event.message) == ("", "", "")
    assert RECEIPT not in caught.value.facts


class Lying:
    """An axis that refuses, with something in place of the receipt."""

    def __init__(self, receipt: str, error: type[LienThongError] = RecipientUnknown) -> None:
        self._refusal = error("G09", **{RECEIPT: receipt})

    async def submit(self, _: bytes) -> Never:
        raise self._refusal


async def test_what_proves_something_else_is_not_kept() -> None:
    world = World()
    closed_to_all(world)
    first = await world.send("H29", ["G09"])
    await world.run()
    (proof,) = proofs(world, first)
    receipt = Receipt.from_json(proof.receipt)
    changed = replace(receipt, size=receipt.size + 1)
    for text in ("", "{}", "no receipt", proof.receipt, changed.to_json()):
        sent = await world.send("H29", ["G09"])
        await forward(world.hop(DEDICATED), Lying(text))  # type: ignore[arg-type]  # all that is asked of it
        assert world.leg(DEDICATED, sent, "G09").state is JourneyState.REFUSED
        assert proofs(world, sent) == []


async def test_a_receipt_of_another_refusal_is_not_kept() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    closed_to_all(world)
    with pytest.raises(RecipientUnknown) as caught:
        await accept(world.axis, DEDICATED, await frame(world, sent))
    other = Lying(caught.value.facts[RECEIPT], PackageTooLarge)
    await forward(world.hop(DEDICATED), other)  # type: ignore[arg-type]  # as above
    assert world.leg(DEDICATED, sent, "G09").refusal == PackageTooLarge.code
    assert proofs(world, sent) == []


async def test_a_refusal_stands_although_its_receipt_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    closed_to_all(world)

    async def away(*_: object) -> Never:
        raise Unavailable

    data = await frame(world, sent)
    monkeypatch.setattr(type(world.stations[AXIS].store), "receipt", away)
    with pytest.raises(RecipientUnknown) as caught:
        await accept(world.axis, DEDICATED, data)
    assert RECEIPT not in caught.value.facts
