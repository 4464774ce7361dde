"""The desk: hand in once, peek, take, acknowledge; locks run out; tenants see their own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lienthong.delivery import AXIS, Content, JourneyState, Lane, Package, acknowledge, hand_in, inbox, release, take
from lienthong.document import DocumentId, OrganisationCode
from lienthong.errors import (
    DocumentUnknown,
    DuplicateDiffers,
    IllegalMove,
    InvalidValue,
    LienThongError,
    LockLost,
    NotFound,
    RecipientClosed,
    RecipientUnknown,
    RegistryStale,
    SecretNotAllowed,
    SenderNotRepresented,
    StorageFull,
)
from lienthong.evidence import EventKind
from lienthong.testing.mishaps import Script, befallen
from lienthong.testing.world import DEDICATED, SHARED, World, handing


async def arrived(*recipients: str) -> tuple[World, Package]:
    world = World()
    sent = await world.send("H29", recipients or ("G09",))
    await world.run()
    return world, sent


def empty(world: World, hop: str = DEDICATED) -> bool:
    state = world.stations[hop].store.disk.state
    return not any([state.packages, state.legs, state.steps, state.contents, state.statuses, state.notices])


# ---------------------------------------------------------------- handing in


async def test_a_document_is_recorded_with_evidence_and_waits_for_the_axis() -> None:
    world = World()
    sent = await world.send("H29", ["G09", "H29.27"])
    legs = [world.leg(DEDICATED, sent, code, Lane.OUT) for code in ("G09", "H29.27")]
    assert [(leg.state, leg.next_hop, leg.recipient) for leg in legs] == [
        ("recorded", AXIS, "G09"),
        ("recorded", AXIS, "H29.131"),
    ]
    (event,) = await world.events(DEDICATED)
    assert (event.kind, event.package) == (EventKind.SUBMISSION_ACCEPTED, sent.id)


async def test_a_repeat_returns_the_first_even_when_the_world_has_changed() -> None:
    world = World()
    handed = handing("H29", world.edoc("H29", ["G09"]), "id-1")
    first = await hand_in(world.home("H29"), world.signer("H29"), handed)
    world.publish(world.newer(representations=(), expires_at=world.clock.now()), DEDICATED)
    world.clock.advance(timedelta(days=1))
    assert await hand_in(world.home("H29"), world.signer("H29"), handed) == first
    assert len(await world.events(DEDICATED)) == 1


async def test_two_at_the_same_time_under_one_id_are_one() -> None:
    """The second looked before the first was recorded: the commit decides."""
    world = World()
    handed = handing("H29", world.edoc("H29", ["G09"]), "id-1")
    hop, signer = world.home("H29"), world.signer("H29")

    class Racing:
        def __getattr__(self, name: str) -> Any:
            return getattr(hop.objects, name)

        async def keep(self, contents: Any) -> None:
            await hand_in(hop, signer, handed)

    again = await hand_in(replace(hop, objects=Racing()), signer, handed)
    assert again == await hand_in(hop, signer, handed)
    assert len(await world.events(DEDICATED)) == 1


async def test_other_content_under_the_same_id_is_refused() -> None:
    world = World()
    await world.hand_in("H29", world.edoc("H29", ["G09"]), "id-1")
    with pytest.raises(DuplicateDiffers, match="id-1"):
        await world.hand_in("H29", world.edoc("H29", ["G09"]), "id-1")
    assert len(world.stations[DEDICATED].store.disk.state.packages) == 1


async def test_the_same_id_of_two_tenants_is_two_packages() -> None:
    world = World()
    one = await world.hand_in("G09", world.edoc("G09", ["H29"]), "id-1")
    two = await world.hand_in("H34.7", world.edoc("H34.7", ["H29"]), "id-1")
    assert one.id != two.id


REFUSED: dict[str, tuple[type[LienThongError], dict[str, Any]]] = {
    "unknown recipient": (RecipientUnknown, {"recipients": ["X99", "X98"]}),
    "recipient without gateway": (RecipientUnknown, {"recipients": ["H50"]}),
    "closed recipient": (RecipientClosed, {"recipients": ["G09", "H29.28"]}),
    "secret": (SecretNotAllowed, {"subject": "Báo cáo (Tuyệt mật)"}),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_may_not_go_is_refused_at_the_desk_and_nothing_is_half_done(name: str) -> None:
    kind, told = REFUSED[name]
    world = World()
    message = world.edoc("H29", ["G09"], subject=told.get("subject", "V/v thử"))
    codes = told.get("recipients", ["G09"])
    message = replace(
        message, recipients=tuple(replace(message.recipients[0], code=OrganisationCode(c)) for c in codes)
    )
    with pytest.raises(kind) as caught:
        await world.hand_in("H29", message)
    assert all(code in caught.value.detail for code in codes if code != "G09" and kind is not SecretNotAllowed)
    assert empty(world)
    assert not await world.events(DEDICATED)


def test_a_stated_classification_is_refused_before_it_is_written() -> None:
    world = World()
    with pytest.raises(SecretNotAllowed, match="MẬT"):
        world.edoc("H29", ["G09"], secrecy="MẬT")


async def test_a_desk_sends_only_as_itself_and_through_its_own_gateway() -> None:
    world = World()
    with pytest.raises(SenderNotRepresented, match="G09 ≠ H29"):
        await hand_in(world.home("H29"), world.signer("H29"), handing("H29", world.edoc("G09", ["H34.7"]), "id-1"))
    with pytest.raises(SenderNotRepresented, match=DEDICATED):
        await hand_in(world.home("H29"), world.signer("G09"), handing("G09", world.edoc("G09", ["H34.7"]), "id-1"))
    assert empty(world)


async def test_a_stale_registry_or_a_full_store_takes_nothing_and_says_so() -> None:
    fate = Script(keep=[StorageFull()])
    world = World(around=lambda name, port: befallen(name, port, fate))
    with pytest.raises(StorageFull):
        await world.send("H29", ["G09"], files={"lon.pdf": bytes(70_000)})
    world.publish(world.newer(expires_at=world.clock.now()))
    with pytest.raises(RegistryStale):
        await world.send("H29", ["G09"])
    assert empty(world)


async def test_a_wish_for_a_longer_life_is_cut_to_the_longest() -> None:
    world = World()
    sent = await world.send("H29", ["G09"], time_to_live=timedelta(days=400))
    assert sent.expires_at == world.clock.now() + world.terms.longest_time_to_live
    await world.run()
    assert world.stations[AXIS].store.disk.state.packages[sent.id].expires_at == sent.expires_at


# ---------------------------------------------------------------- peek, take, acknowledge


async def test_looking_changes_nothing_and_taking_hides_from_others() -> None:
    world, sent = await arrived()
    assert await world.waiting("G09") == await world.waiting("G09")
    hop = world.home("G09")
    leg = await take(hop, "G09", sent.id, "G09")
    assert await world.waiting("G09") == ()
    with pytest.raises(LockLost):
        await take(hop, "G09", sent.id, "G09")
    done = await acknowledge(hop, "G09", sent.id, "G09", leg.lock)
    assert done.state is JourneyState.HANDED_OVER
    assert await acknowledge(hop, "G09", sent.id, "G09", leg.lock) == done
    assert [event.kind for event in await world.events(SHARED)].count(EventKind.HANDED_OVER) == 1


async def test_a_lock_that_ran_out_is_offered_again_and_the_old_one_is_worth_nothing() -> None:
    world, sent = await arrived()
    hop = world.home("G09")
    old = await take(hop, "G09", sent.id, "G09")
    world.clock.advance(world.terms.lock)
    assert len(await world.waiting("G09")) == 1
    new = await take(hop, "G09", sent.id, "G09")
    with pytest.raises(LockLost):
        await acknowledge(hop, "G09", sent.id, "G09", old.lock)
    await acknowledge(hop, "G09", sent.id, "G09", new.lock)
    with pytest.raises(LockLost):
        await acknowledge(hop, "G09", sent.id, "G09", old.lock)


async def test_a_lock_that_ran_out_still_counts_while_nobody_took_it() -> None:
    world, sent = await arrived()
    leg = await take(world.home("G09"), "G09", sent.id, "G09")
    world.clock.advance(world.terms.lock * 2)
    assert (await acknowledge(world.home("G09"), "G09", sent.id, "G09", leg.lock)).state is JourneyState.HANDED_OVER


async def test_a_document_put_back_is_offered_again_by_its_own_lock_only() -> None:
    world, sent = await arrived()
    hop = world.home("G09")
    leg = await take(hop, "G09", sent.id, "G09")
    await release(hop, "G09", sent.id, "G09", "foreign")
    assert await world.waiting("G09") == ()
    await release(hop, "G09", sent.id, "G09", leg.lock)
    assert len(await world.waiting("G09")) == 1
    with pytest.raises(LockLost):
        await acknowledge(hop, "G09", sent.id, "G09", leg.lock)


async def test_what_was_handed_over_is_neither_taken_nor_put_back() -> None:
    world, sent = await arrived()
    hop = world.home("G09")
    leg = await take(hop, "G09", sent.id, "G09")
    await acknowledge(hop, "G09", sent.id, "G09", leg.lock)
    await release(hop, "G09", sent.id, "G09", leg.lock)
    with pytest.raises(LockLost):
        await take(hop, "G09", sent.id, "G09")
    assert world.leg(SHARED, sent, "G09").state is JourneyState.HANDED_OVER


async def test_tenants_of_one_gateway_do_not_see_one_another() -> None:
    world, sent = await arrived("G09")
    hop = world.hop(SHARED)
    assert await inbox(hop, "H34.7", frozenset(Content)) == ()
    for work in (take(hop, "H34.7", sent.id, "G09"), release(hop, "H34.7", sent.id, "G09", "")):
        with pytest.raises(NotFound):
            await work
    with pytest.raises(NotFound):
        await acknowledge(hop, "H34.7", sent.id, "G09", "")
    with pytest.raises(NotFound):
        await take(hop, "G09", "0" * 32, "G09")


async def test_a_leg_without_its_package_hides_no_other() -> None:
    world, sent = await arrived()
    other = await world.send("H29", ["G09"])
    await world.run()
    del world.stations[SHARED].store.disk.state.packages[sent.id]
    assert [package.id for package, _ in await world.waiting("G09")] == [other.id]


# ---------------------------------------------------------------- statuses at the desk


async def test_a_status_walks_back_and_the_sender_sees_it() -> None:
    world, sent = await arrived()
    await world.report(sent, "03", "G09")
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").status == world.leg(SHARED, sent, "G09").status == "03"
    (report,) = world.stations[DEDICATED].store.disk.state.statuses.values()
    assert (report.code, report.recipient, report.lane) == ("03", "G09", Lane.OUT)
    assert [leg.content for _, leg in await world.waiting("H29")] == [Content.STATUS]


@pytest.mark.parametrize(
    ("codes", "wrong"), [((), "05"), (("03",), "02"), (("02",), "03"), (("03", "06"), "05"), ((), "15")]
)
async def test_a_status_outside_the_table_is_refused(codes: tuple[str, ...], wrong: str) -> None:
    world, sent = await arrived()
    for code in codes:
        await world.report(sent, code, "G09", "lý do")
    with pytest.raises(IllegalMove):
        await world.report(sent, wrong, "G09", "lý do")
    assert world.leg(SHARED, sent, "G09").status == (codes[-1] if codes else "")


async def test_a_refusal_without_a_reason_is_refused() -> None:
    world, sent = await arrived()
    with pytest.raises(InvalidValue, match="reason"):
        await world.report(sent, "02", "G09")


async def test_a_reserved_code_is_passed_on_and_moves_nothing() -> None:
    world, sent = await arrived()
    await world.report(sent, "09", "G09")
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").status == ""
    assert [report.code for report in world.stations[DEDICATED].store.disk.state.statuses.values()] == ["09"]


async def test_a_status_about_what_was_never_received_is_refused() -> None:
    world, sent = await arrived()
    unknown = world.status(sent, "03", "G09")
    unknown = replace(unknown, response=replace(unknown.response, document_id=DocumentId("chưa từng có")))
    with pytest.raises(DocumentUnknown, match="chưa từng có"):
        await world.hand_in("G09", unknown)
    with pytest.raises(DocumentUnknown, match=sent.head.document_id):
        await world.report(sent, "03", "H34.7")


async def test_a_status_about_what_arrived_but_was_not_confirmed_is_refused() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.work(DEDICATED)[0]()
    await world.work(SHARED)[1]()
    with pytest.raises(DocumentUnknown):
        await world.report(sent, "03", "G09")


async def sent_once_more() -> tuple[World, Package]:
    """The same document under a second message id, while the first is at its receiver; returns the second."""
    world = World()
    await world.send("H29", ["G09"], number="7")
    await world.run()
    return world, await world.send("H29", ["G09"], number="7")


async def test_a_status_is_taken_while_the_same_document_arrives_once_more() -> None:
    """The second copy is stored and not confirmed: the first is what the receiver works on until then."""
    world, second = await sent_once_more()
    await world.work(DEDICATED)[0]()
    await world.work(SHARED)[1]()
    assert world.leg(SHARED, second, "G09").state is JourneyState.ARRIVED
    [(first, _)] = await world.waiting("G09")
    await world.report(first, "01", "G09")
    await world.run()
    assert (world.leg(SHARED, first, "G09").status, world.leg(SHARED, second, "G09").status) == ("01", "")


async def test_a_copy_that_never_arrived_takes_no_status_from_the_one_that_did() -> None:
    world = World()
    first = await world.send("H29", ["G09"], number="7")
    await world.run()
    lost = await world.send("H29", ["G09"], number="7", time_to_live=timedelta(minutes=1))
    await world.work(DEDICATED)[0]()
    world.clock.advance(timedelta(minutes=2))
    await world.run()
    assert world.leg(DEDICATED, lost, "G09").state is JourneyState.EXPIRED
    await world.report(first, "03", "G09")
    await world.run()
    assert (world.leg(DEDICATED, first, "G09").status, world.leg(DEDICATED, lost, "G09").status) == ("03", "")


async def test_a_status_about_a_recall_alone_is_refused() -> None:
    """The recall came, the document itself had expired."""
    world = World()
    sent = await world.send("H29", ["G09"], time_to_live=timedelta(minutes=1))
    await world.work(DEDICATED)[0]()
    world.clock.advance(timedelta(minutes=2))
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is JourneyState.EXPIRED
    await world.recall(sent)
    await world.run()
    with pytest.raises(DocumentUnknown):
        await world.report(sent, "03", "G09")
