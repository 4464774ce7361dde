"""A code is closed on a day while documents are under way: what was begun ends well, nothing new begins."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lienthong.delivery import AXIS, JourneyState, Lane, MailItem, accept, mailbox, pull, reaim, settle
from lienthong.document import OrganisationCode
from lienthong.errors import SenderNotRepresented
from lienthong.evidence import EventKind
from lienthong.registry import Representation, close
from lienthong.testing.world import DEDICATED, SHARED, World
from packages_made import framed

DAY = date(2026, 12, 1)
EVE = datetime(2026, 11, 30, 9, tzinfo=UTC)


def a_world() -> World:
    world = World()
    world.clock.advance(EVE - world.clock.now())
    world.publish(world.newer(issued_at=EVE, expires_at=EVE + timedelta(days=60)))
    return world


def merge(world: World, code: str, into: str) -> None:
    """From the day on the code is closed and its gateway speaks for it no more."""
    wanted = OrganisationCode(code)
    organisations = tuple(
        close((each,), DAY, (OrganisationCode(into),))[0] if each.code == wanted else each
        for each in world.registry.organisations
    )
    spoken = tuple(
        replace(each, valid_to=DAY - timedelta(days=1)) if each.organisation == wanted else each
        for each in world.registry.representations
    )
    world.publish(world.newer(organisations=organisations, representations=spoken))
    world.clock.advance(timedelta(hours=12))


async def test_a_document_accepted_before_still_arrives_and_is_answered() -> None:
    world = a_world()
    sent = await world.send("H29", ["H34.7"])
    await world.work(DEDICATED)[0]()
    merge(world, "H34.7", "H34")
    assert await pull(world.hop(SHARED), world.wire(SHARED)) == 1
    await settle(world.hop(SHARED), world.wire(SHARED))
    assert await world.hand_over("H34.7") == 1
    told = await world.report(sent, "03", "H34.7")
    await world.work(SHARED)[0]()
    assert await world.axis.store.read(lambda view: view.package(told.id)) is not None
    legs = await world.axis.store.read(lambda view: view.legs(sent.id, Lane.THROUGH))
    assert [leg.state for leg in legs] == [JourneyState.DELIVERED]


async def test_a_document_sealed_before_is_still_accepted() -> None:
    world = a_world()
    sealed_before = framed(world, world.edoc("H29", ["G09"]))
    merge(world, "H29", "H29.01")
    assert (await accept(world.axis, DEDICATED, sealed_before)).receipt
    with pytest.raises(SenderNotRepresented):  # nor may another gateway bring it
        await accept(world.axis, SHARED, framed(world, world.edoc("H29", ["G09"])))


async def test_nothing_new_begins_from_a_closed_code() -> None:
    world = a_world()
    merge(world, "H29", "H29.01")
    with pytest.raises(SenderNotRepresented):
        await accept(world.axis, DEDICATED, framed(world, world.edoc("H29", ["G09"])))
    with pytest.raises(SenderNotRepresented):
        await world.send("H29", ["G09"])


async def test_a_gateway_that_never_spoke_for_it_winds_up_nothing() -> None:
    world = a_world()
    merge(world, "H34.7", "H34")
    directory, now = world.axis.directory(), world.clock.now()
    code = OrganisationCode("H34.7")
    assert directory.winds_up(SHARED, code, now)
    assert not directory.winds_up(DEDICATED, code, now)
    assert not directory.winds_up(SHARED, OrganisationCode("H34"), now)
    world.publish(world.newer(representations=(Representation(SHARED, code, None, date(2026, 1, 1)),)))
    assert not world.axis.directory().winds_up(SHARED, code, now)


async def test_from_that_day_the_successor_gets_it_visibly() -> None:
    world = a_world()
    merge(world, "H34.7", "H34")
    sent = await world.send("H29", ["H34.7"])
    await world.work(DEDICATED)[0]()
    (leg,) = await world.axis.store.read(lambda view: view.legs(sent.id, Lane.THROUGH))
    assert (leg.addressee, leg.recipient, leg.redirected) == ("H34.7", "H34", True)
    assert EventKind.REDIRECTED in {event.kind for event in await world.events(AXIS)}


def move(world: World, code: str, to: str) -> None:
    """The agency has another gateway from that day on, and the one before is done."""
    wanted = OrganisationCode(code)
    kept = tuple(
        replace(each, valid_to=DAY - timedelta(days=1)) if each.organisation == wanted else each
        for each in world.registry.representations
    )
    world.publish(world.newer(representations=(*kept, Representation(to, wanted, DAY))))


async def states(world: World, package: str) -> list[tuple[str, JourneyState]]:
    legs = await world.axis.store.read(lambda view: view.legs(package, Lane.THROUGH))
    return [(leg.next_hop, leg.state) for leg in legs]


async def test_what_waits_when_an_agency_has_moved_goes_to_its_new_gateway() -> None:
    world = a_world()
    sent = await world.send("H29", ["H34.7"])
    await world.work(DEDICATED)[0]()
    move(world, "H34.7", DEDICATED)
    assert await reaim(world.axis) == 0, "nothing before the day"
    world.clock.advance(timedelta(hours=12))
    assert await pull(world.hop(SHARED), world.wire(SHARED)) == 0, "nor is it offered to the one before, to be refused"
    assert await reaim(world.axis) == 1
    assert await reaim(world.axis) == 0
    assert await states(world, sent.id) == [(DEDICATED, JourneyState.ACCEPTED)]
    assert await pull(world.hop(DEDICATED), world.wire(DEDICATED)) == 1
    await settle(world.hop(DEDICATED), world.wire(DEDICATED))
    assert await states(world, sent.id) == [(DEDICATED, JourneyState.DELIVERED)]
    steps = await world.axis.store.read(lambda view: view.steps(sent.id))
    assert [step.text for step in steps if step.kind == "aimed"] == [f"{SHARED} → {DEDICATED}"]


async def test_a_refusal_that_comes_after_the_move_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_world()
    sent = await world.send("H29", ["H34.7"])
    await world.work(DEDICATED)[0]()
    move(world, "H34.7", DEDICATED)
    hop, wire = world.hop(SHARED), world.wire(SHARED)
    offered = await mailbox(world.axis, SHARED)

    async def before() -> tuple[MailItem, ...]:
        return offered

    monkeypatch.setattr(wire, "mailbox", before)
    world.clock.advance(timedelta(hours=12))
    assert await pull(hop, wire) == 1, "offered before, refused after"
    await settle(hop, wire)
    assert await states(world, sent.id) == [(SHARED, JourneyState.ACCEPTED)]
    assert await reaim(world.axis) == 1
    assert await pull(world.hop(DEDICATED), world.wire(DEDICATED)) == 1
