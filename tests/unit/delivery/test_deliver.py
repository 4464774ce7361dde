"""The axis's mailboxes: only for their gateway, only on proof; the axis alone decides what is delivered or expired."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lienthong.delivery import (
    AXIS,
    Confirmation,
    JourneyState,
    News,
    Package,
    collect,
    confirm,
    expire,
    forget,
    forward,
    hear,
    mailbox,
    news_for,
    pull,
    tell,
)
from lienthong.envelope import unframe
from lienthong.errors import EvidenceBroken, NotFound, Unavailable
from lienthong.evidence import EventKind, ProofResult, Receipt, verify_receipt
from lienthong.testing.mishaps import Mishap, Script, befallen
from lienthong.testing.world import DEDICATED, SHARED, SILENT, World


async def waiting(*recipients: str, **how: Any) -> tuple[World, Any]:
    world = World()
    sent = await world.send("H29", recipients or ("G09",), **how)
    await world.work(DEDICATED)[0]()
    return world, sent


async def stored() -> tuple[World, Any, Confirmation]:
    """Stored at the recipient's gateway, and the word it would give."""
    world, sent = await waiting()
    await pull(world.hop(SHARED), world.wire(SHARED))
    receipt = await world.hop(SHARED).store.receipt(0)
    return world, sent, Confirmation(sent.id, "G09", JourneyState.DELIVERED, receipt.to_json())


# ---------------------------------------------------------------- the mailbox


async def test_a_mailbox_shows_what_waits_the_most_urgent_first() -> None:
    world, slow = await waiting("G09", "H40")
    quick = await world.send("H29", ["H34.7"], urgency=3)
    await world.work(DEDICATED)[0]()
    items = await mailbox(world.axis, SHARED)
    assert [(item.package, item.addressee) for item in items] == [(quick.id, "H34.7"), (slow.id, "G09")]
    assert items[0].registry == world.registry.version
    assert [item.addressee for item in await mailbox(world.axis, SILENT)] == ["H40"]
    assert await mailbox(world.axis, DEDICATED) == ()


async def test_what_expired_is_offered_no_more() -> None:
    world, _ = await waiting(time_to_live=timedelta(minutes=1))
    world.clock.advance(timedelta(minutes=1))
    assert await mailbox(world.axis, SHARED) == ()


async def test_a_package_is_given_as_it_came_and_only_to_its_gateways() -> None:
    world, sent = await waiting()
    seal, parts = unframe(await collect(world.axis, SHARED, sent.id))
    assert (seal, [part.name for part in parts]) == (sent.seal, [part.name for part in sent.parts])
    with pytest.raises(NotFound):
        await collect(world.axis, DEDICATED, sent.id)
    with pytest.raises(NotFound):
        await collect(world.axis, SHARED, "0" * 32)


# ---------------------------------------------------------------- confirmations


async def test_a_confirmed_leg_is_delivered_with_proof_for_both_sides() -> None:
    world, sent, word = await stored()
    (answer,) = await confirm(world.axis, SHARED, [word])
    assert answer.state is JourneyState.DELIVERED
    proof = Receipt.from_json(answer.receipt)
    assert (proof.event.kind, proof.event.addressee) == (EventKind.RELAYED, "G09")
    assert verify_receipt(proof, None, world.pki.roots).result is ProofResult.PROVED
    page = await news_for(world.axis, DEDICATED, 0)
    assert [Receipt.from_json(text).event.kind for text in page.news[0].receipts] == ["relayed", "consigned"]
    assert page.news[0].package == sent.id


async def test_a_repeated_confirmation_gets_the_same_answer() -> None:
    world, _, word = await stored()
    first = await confirm(world.axis, SHARED, [word])
    world.clock.advance(timedelta(minutes=1))
    assert await confirm(world.axis, SHARED, [word]) == first
    assert [event.kind for event in await world.events(AXIS)].count(EventKind.RELAYED) == 1


async def test_a_word_after_the_end_is_answered_with_expired() -> None:
    world, sent, word = await stored()
    world.clock.advance(timedelta(days=4))
    (answer,) = await confirm(world.axis, SHARED, [word])
    assert (answer.state, answer.refusal) == (JourneyState.EXPIRED, "delivery-expired")
    assert Receipt.from_json(answer.receipt).event.kind is EventKind.EXPIRED
    assert await confirm(world.axis, SHARED, [word]) == (answer,)
    assert world.leg(AXIS, sent, "G09").state is JourneyState.EXPIRED


LIES: dict[str, Callable[[World, Confirmation], Confirmation]] = {
    "no receipt": lambda _, word: replace(word, receipt=""),
    "another end than the receipt's": lambda _, word: replace(word, state=JourneyState.REFUSED),
    "expired by its own will": lambda _, word: replace(word, state=JourneyState.EXPIRED),
    "cancelled by its own will": lambda _, word: replace(word, state=JourneyState.CANCELLED),
    "handed over at once": lambda _, word: replace(word, state=JourneyState.HANDED_OVER),
    "of another addressee": lambda _, word: replace(word, addressee="H34.7"),
    "of another package": lambda _, word: replace(word, package="0" * 32),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_word_without_its_proof_is_not_taken(lie: str) -> None:
    world, sent, word = await stored()
    with pytest.raises(EvidenceBroken):
        await confirm(world.axis, SHARED, [LIES[lie](world, word)])
    assert world.leg(AXIS, sent, "G09").state is JourneyState.ACCEPTED


async def test_another_gateway_cannot_confirm_even_with_the_true_receipt() -> None:
    world, sent, word = await stored()
    with pytest.raises(EvidenceBroken):
        await confirm(world.axis, DEDICATED, [word])
    assert world.leg(AXIS, sent, "G09").state is JourneyState.ACCEPTED


async def _of_another(change: Callable[[Package], Package]) -> None:
    world, sent, word = await stored()
    packages = world.stations[AXIS].store.disk.state.packages
    packages[sent.id] = change(packages[sent.id])
    with pytest.raises(EvidenceBroken):
        await confirm(world.axis, SHARED, [word])


async def test_a_receipt_for_other_content_is_not_taken() -> None:
    await _of_another(lambda package: replace(package, digest="0" * 64))


async def test_a_receipt_that_names_another_document_is_not_taken() -> None:
    """Whoever fetched the package knows which one it is; its mailbox does not say."""
    await _of_another(lambda package: replace(package, head=replace(package.head, document_id="khác")))


async def test_a_leg_that_never_was_is_not_found() -> None:
    world, sent, word = await stored()
    legs = world.stations[AXIS].store.disk.state.legs
    del legs[world.leg(AXIS, sent, "G09").key]
    with pytest.raises(NotFound):
        await confirm(world.axis, SHARED, [word])


async def test_a_leg_without_its_package_hides_no_other() -> None:
    world, sent, _ = await stored()
    other = await world.send("H29", ["H34.7"])
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    del world.stations[AXIS].store.disk.state.packages[sent.id]
    assert [item.package for item in await mailbox(world.axis, SHARED)] == [other.id]


async def test_a_gateway_without_a_listed_log_proves_nothing() -> None:
    world, _, word = await stored()
    world.publish(world.newer(logs=()), AXIS)
    with pytest.raises(EvidenceBroken, match=SHARED):
        await confirm(world.axis, SHARED, [word])


# ---------------------------------------------------------------- expiry


async def test_what_ran_out_ends_with_evidence_and_once() -> None:
    world, sent = await waiting("G09", "H40", time_to_live=timedelta(minutes=1))
    assert await expire(world.axis) == 0
    world.clock.advance(timedelta(minutes=1))
    assert await expire(world.axis) == 2
    assert await expire(world.axis) == 0
    told = [event for event in await world.events(AXIS) if event.kind is EventKind.EXPIRED]
    assert {event.addressee for event in told} == {"G09", "H40"}
    page = await news_for(world.axis, DEDICATED, 0)
    assert {(news.addressee, news.state) for news in page.news} == {("G09", "expired"), ("H40", "expired")}
    assert sent.id == page.news[0].package


async def test_what_was_delivered_does_not_expire() -> None:
    world, sent, word = await stored()
    await confirm(world.axis, SHARED, [word])
    world.clock.advance(timedelta(days=4))
    assert await expire(world.axis) == 0
    assert world.leg(AXIS, sent, "G09").state is JourneyState.DELIVERED


async def test_delivery_and_expiry_at_the_same_time_end_in_one_state() -> None:
    """The worker looked while the leg waited; by the time it writes, the leg was delivered."""
    world, sent, word = await stored()
    world.clock.advance(timedelta(days=4))
    axis = world.axis

    class Busy:
        """A store where another request comes between looking and writing."""

        def __getattr__(self, name: str) -> Any:
            return getattr(axis.store, name)

        async def read(self, work: Any) -> Any:
            found = await axis.store.read(work)
            world.clock.advance(-timedelta(days=4))
            await confirm(axis, SHARED, [word])
            return found

    assert await expire(replace(axis, store=Busy())) == 0  # type: ignore[arg-type]  # the rest is the real one
    assert world.leg(AXIS, sent, "G09").state is JourneyState.DELIVERED


# ---------------------------------------------------------------- hand-overs reported


async def handed_over() -> tuple[World, Any, News]:
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.run()
    await world.hand_over("G09")
    page = await news_for(world.hop(SHARED), AXIS, 0)
    return world, sent, page.news[0]


async def test_a_report_is_passed_on_and_its_repeats_are_harmless() -> None:
    world, sent, news = await handed_over()
    await hear(world.axis, SHARED, [news, news])
    await hear(world.axis, SHARED, [news])
    assert world.leg(AXIS, sent, "G09").state is JourneyState.HANDED_OVER
    page = await news_for(world.axis, DEDICATED, 0)
    assert [found.state for found in page.news] == ["handed-over"]


REPORT_LIES: dict[str, Callable[[News], News]] = {
    "without proof": lambda news: replace(news, receipts=()),
    "with a broken proof": lambda news: replace(news, receipts=("{}",)),
    "of an end that is not its own": lambda news: replace(news, state=JourneyState.EXPIRED),
    "of another addressee": lambda news: replace(news, addressee="H34.7"),
}


@pytest.mark.parametrize("lie", REPORT_LIES)
async def test_a_report_without_its_proof_is_not_taken(lie: str) -> None:
    world, sent, news = await handed_over()
    with pytest.raises(EvidenceBroken):
        await hear(world.axis, SHARED, [REPORT_LIES[lie](news)])
    assert world.leg(AXIS, sent, "G09").state is JourneyState.DELIVERED


async def test_an_outbox_is_emptied_only_when_heard() -> None:
    fate = Script(hear=[Mishap.BEFORE, Mishap.AFTER])
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = await world.send("H29", ["G09"])
    await world.run()
    await world.hand_over("G09")
    for _ in range(2):
        with pytest.raises(Unavailable):
            await tell(world.hop(SHARED), world.wire(SHARED))
    assert await tell(world.hop(SHARED), world.wire(SHARED)) == 1
    assert await tell(world.hop(SHARED), world.wire(SHARED)) == 0
    assert world.leg(AXIS, sent, "G09").state is JourneyState.HANDED_OVER


async def test_news_are_paged() -> None:
    world = World()
    for _ in range(3):
        await world.send("H29", ["G09"])
    await _settled(world)
    first = await news_for(world.axis, DEDICATED, 0, limit=2)
    rest = await news_for(world.axis, DEDICATED, first.cursor)
    assert (len(first.news), len(rest.news)) == (2, 1)
    assert await news_for(world.axis, DEDICATED, rest.cursor) == replace(rest, news=())


async def _settled(world: World) -> None:
    """Delivered at the axis; the sender's gateway has not asked yet."""
    await world.work(DEDICATED)[0]()
    await world.work(SHARED)[1]()
    await world.work(SHARED)[2]()


async def test_news_are_kept_until_their_gateway_asks_beyond_them_and_only_its_own() -> None:
    world = World()
    for sender, recipient in (("H29", "G09"), ("H29", "H34.7"), ("G09", "H34")):
        await world.send(sender, [recipient])
    await world.work(SHARED)[0]()
    await _settled(world)
    page, others = await news_for(world.axis, DEDICATED, 0), await news_for(world.axis, SHARED, 0)
    first = (await news_for(world.axis, DEDICATED, 0, limit=1)).cursor
    await forget(world.axis, DEDICATED, first)
    assert (await news_for(world.axis, DEDICATED, 0)).news == page.news[1:]
    await forget(world.axis, DEDICATED, page.cursor)
    await forget(world.axis, DEDICATED, first)  # a slow repeat
    assert (await news_for(world.axis, DEDICATED, 0)).news == ()
    assert len(others.news) == 1
    assert await news_for(world.axis, SHARED, 0) == others
