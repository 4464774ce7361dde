"""Large parts: brought and fetched piece by piece, in a lane of their own, resumed after whatever befalls."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from lienthong.delivery import (
    AXIS,
    Freight,
    JourneyState,
    Package,
    Standing,
    carry,
    collect,
    forward,
    framed,
    haul,
    pull,
)
from lienthong.delivery.deliver import MailLane, mailbox, part_for
from lienthong.delivery.uploads import begin, sweep_uploads
from lienthong.envelope import PartRef, unframe
from lienthong.errors import LienThongError, NotFound, PartMissing, StorageFull, Unavailable
from lienthong.evidence import EventKind
from lienthong.testing.mishaps import Mishap, Script, befallen
from lienthong.testing.world import DEDICATED, SHARED, World

SMALL = Freight(apart=1000, piece=300, turn=600)
LARGE = bytes(range(256)) * 8
DIGEST = sha256(LARGE).hexdigest()
PIECES = 7  # of 2048 bytes


def world(script: Script | None = None, port: str = "") -> World:
    """Anything above 1000 bytes is large; `script` befalls one port."""
    wrap = lambda name, found: befallen(name, found, script) if script and name == port else found  # noqa: E731  it is handed on as a value
    return World(freight=SMALL, around=wrap)


async def sent(country: World, **changes: object) -> Package:
    return await country.send("H29", ["G09"], files={"ban-do.tif": LARGE}, **changes)


async def settled(country: World, package: Package, *, left: bool = False) -> None:
    """Delivered, and nothing half is `left` anywhere, at the latest when uploads run out."""
    for _ in range(4):  # a round whose only work failed looks like rest
        await country.run()
    assert country.leg(DEDICATED, package, "G09").state is JourneyState.DELIVERED
    assert await country.home("G09").objects.fetch(DIGEST) == LARGE
    country.clock.advance(SMALL.life if left else timedelta())
    for hop in (AXIS, DEDICATED, SHARED):
        assert await sweep_uploads(country.hop(hop)) <= left
        station = country.stations[hop]
        assert not station.objects.half, hop
        assert not [name for name, value in station.store.disk.state.marks.items() if "uploads:" in name and value], hop


async def test_a_large_part_arrives_without_ever_being_in_a_frame() -> None:
    country = world()
    package = await sent(country)
    await settled(country, package)
    _, parts = unframe(await collect(country.axis, SHARED, package.id))
    assert parts[1] == PartRef("tep-1", "application/pdf", len(LARGE), DIGEST)
    _, whole = unframe(await collect(country.axis, SHARED, package.id, whole=True))
    assert [part.sha256 for part in whole] == [part.sha256 for part in parts]
    assert await country.hand_over("G09") == 1


@pytest.mark.parametrize(
    "mishap", [Mishap.BEFORE, Mishap.AFTER, Mishap.TWICE, Mishap.LATE], ids=lambda mishap: mishap.name
)
@pytest.mark.parametrize("at", range(PIECES))
@pytest.mark.parametrize("method", ["extend", "part"])
async def test_whatever_befalls_a_piece_the_rest_goes_on(method: str, at: int, mishap: Mishap) -> None:
    script = Script(**{method: [Mishap.NONE] * at + [mishap]})
    country = world(script, f"{DEDICATED if method == 'extend' else SHARED}.wire")
    package = await sent(country)
    await settled(country, package)
    assert script.over


async def until(country: World, hop: str, bytes_staged: int) -> None:
    """Work until so much of the part is staged at a hop."""
    while sum(map(len, country.stations[hop].objects.half.values())) < bytes_staged:
        assert await country.round()


@pytest.mark.parametrize("dead", [AXIS, DEDICATED, SHARED])
async def test_a_crash_in_the_middle_costs_no_more_than_a_turn(dead: str) -> None:
    country = world()
    package = await sent(country)
    for hop in (AXIS, SHARED):
        await until(country, hop, 600)
        before = dict(country.stations[hop].objects.half)
        country.crash(dead)
        assert country.stations[hop].objects.half == before
    await settled(country, package)


@pytest.mark.parametrize("method", ["append", "adopt", "digest"])
@pytest.mark.parametrize("hop", [AXIS, SHARED])
async def test_an_object_store_that_fails_is_tried_again(hop: str, method: str) -> None:
    script = Script(**{method: [Mishap.BEFORE, Mishap.AFTER]})
    country = world(script, f"{hop}.objects")
    package = await sent(country)
    await settled(country, package, left=True)
    assert script.over


async def test_a_small_one_passes_a_large_one_on_both_ways() -> None:
    country = world()
    large, small = await sent(country), await country.send("H29", ["G09"])
    sender, receiver = country.hop(DEDICATED), country.hop(SHARED)
    assert await carry(sender, country.wire(DEDICATED)) == 1
    assert await forward(sender, country.wire(DEDICATED)) == 1
    assert country.leg(DEDICATED, small, "G09").state is JourneyState.ACCEPTED
    assert country.leg(DEDICATED, large, "G09").state is JourneyState.RECORDED
    while country.leg(DEDICATED, large, "G09").state is JourneyState.RECORDED:
        assert await carry(sender, country.wire(DEDICATED))
    assert await haul(receiver, country.wire(SHARED)) == 1
    assert await pull(receiver, country.wire(SHARED)) == 1
    assert not [key for key in country.stations[SHARED].store.disk.state.legs if key[0] == large.id]
    assert country.leg(SHARED, small, "G09").state is JourneyState.ARRIVED
    await settled(country, large)


async def test_the_urgent_one_goes_first_in_the_slow_lane_too() -> None:
    country = world()
    slow = await sent(country)
    sender = country.hop(DEDICATED)
    assert await carry(sender, country.wire(DEDICATED)) == 1
    flash = await country.send("H29", ["G09"], files={"hoa-toc.pdf": LARGE[::-1]}, urgency=3)
    while country.leg(DEDICATED, flash, "G09").state is JourneyState.RECORDED:
        assert await carry(sender, country.wire(DEDICATED))
    assert country.leg(DEDICATED, slow, "G09").state is JourneyState.RECORDED
    await settled(country, slow)


async def test_a_recall_waits_for_its_own_large_document_only() -> None:
    country = world()
    large = await sent(country)
    recall = await country.recall(large)
    other = await country.send("H29", ["G09"])
    sender, receiver = country.hop(DEDICATED), country.hop(SHARED)
    assert await forward(sender, country.wire(DEDICATED)) == 1
    assert country.leg(DEDICATED, other, "G09").state is JourneyState.ACCEPTED
    assert country.leg(DEDICATED, recall, "G09").state is JourneyState.RECORDED
    while country.leg(DEDICATED, large, "G09").state is JourneyState.RECORDED:
        assert await carry(sender, country.wire(DEDICATED))
    assert await forward(sender, country.wire(DEDICATED)) == 1
    assert [item.package for item in await mailbox(country.axis, SHARED, lane=MailLane.QUICK)] == [other.id]
    assert await pull(receiver, country.wire(SHARED)) == 1
    await country.run()
    assert country.leg(SHARED, large, "G09").standing is Standing.FROZEN


async def test_an_update_brings_the_large_part_to_who_is_added() -> None:
    country = world()
    large = await sent(country)
    await country.run()
    await country.update(large, add=["H29.01"])
    await country.run()
    assert len(await country.waiting("H29.01")) == 1
    assert await country.home("H29.01").objects.fetch(DIGEST) == LARGE


# ---------------------------------------------------------------- what must not be


async def refused(country: World, package: Package) -> LienThongError:
    """What the axis answers to the frame alone."""
    hop = country.hop(DEDICATED)
    _, parts = unframe(await _own_frame(country, package))
    assert any(isinstance(part, PartRef) for part in parts)
    with pytest.raises(LienThongError) as caught:
        await country.wire(DEDICATED).submit(await _own_frame(country, package))
    assert hop.name == DEDICATED
    return caught.value


async def _own_frame(country: World, package: Package) -> bytes:
    hop = country.hop(DEDICATED)
    small = await hop.store.read(lambda view: {ref.sha256: view.content(ref.sha256) for ref in package.parts})
    return await framed(hop, package, {digest: data for digest, data in small.items() if data is not None})


async def test_knowing_a_digest_gives_nobody_the_content() -> None:
    country = world()
    await begin(country.axis, SHARED, len(LARGE), DIGEST)
    upload, _ = await begin(country.axis, SHARED, len(LARGE), DIGEST)
    country.stations[AXIS].objects.kept[DIGEST] = LARGE
    country.stations[AXIS].objects.half[upload.id] = LARGE
    assert isinstance(await refused(country, await sent(country)), PartMissing)
    last = (await country.events(AXIS))[-1]
    assert (last.kind, last.code) == (EventKind.SUBMISSION_REJECTED, PartMissing.code)


async def test_a_half_upload_is_no_part() -> None:
    country = world()
    package = await sent(country)
    assert await carry(country.hop(DEDICATED), country.wire(DEDICATED)) == 1
    assert isinstance(await refused(country, package), PartMissing)
    await settled(country, package)


async def test_an_upload_that_ran_out_is_brought_again() -> None:
    country = world()
    package = await sent(country)
    assert await carry(country.hop(DEDICATED), country.wire(DEDICATED)) == 1
    assert await sweep_uploads(country.axis) == 0
    country.clock.advance(SMALL.life + timedelta(seconds=1))
    assert await sweep_uploads(country.axis) == 1
    assert not country.stations[AXIS].objects.half
    await settled(country, package)


async def test_parts_are_given_to_whom_the_package_is_for_only() -> None:
    country = world()
    package = await sent(country)
    while country.leg(DEDICATED, package, "G09").state is JourneyState.RECORDED:
        assert await carry(country.hop(DEDICATED), country.wire(DEDICATED))
    assert (await part_for(country.axis, SHARED, package.id, DIGEST))[0].size == len(LARGE)
    for gateway, digest in ((DEDICATED, DIGEST), (SHARED, "0" * 64)):
        with pytest.raises(NotFound):
            await part_for(country.axis, gateway, package.id, digest)


async def test_an_axis_that_gives_other_content_is_not_believed() -> None:
    country = world()
    package = await sent(country)
    while country.leg(DEDICATED, package, "G09").state is JourneyState.RECORDED:
        assert await carry(country.hop(DEDICATED), country.wire(DEDICATED))
    country.stations[AXIS].objects.kept[DIGEST] = LARGE[::-1]
    for _ in range(3):  # so many turns bring all but the last piece
        assert await haul(country.hop(SHARED), country.wire(SHARED)) == 1
    with pytest.raises(Unavailable):  # what was here before may be what is wrong
        await haul(country.hop(SHARED), country.wire(SHARED))
    codes = [event.code for event in await country.events(SHARED) if event.kind is EventKind.SUBMISSION_REJECTED]
    assert codes == ["part-changed"]
    assert DIGEST not in country.stations[SHARED].objects.kept
    country.stations[AXIS].objects.kept[DIGEST] = LARGE
    await settled(country, package)


async def test_without_room_nothing_is_begun_and_all_goes_on_once_there_is() -> None:
    country = world()
    package = await sent(country)
    country.stations[SHARED].objects.space = SMALL.reserve
    while country.leg(DEDICATED, package, "G09").state is JourneyState.RECORDED:
        assert await carry(country.hop(DEDICATED), country.wire(DEDICATED))
    with pytest.raises(StorageFull):
        await haul(country.hop(SHARED), country.wire(SHARED))
    assert not country.stations[SHARED].objects.half
    country.stations[SHARED].objects.space = 2**40
    await settled(country, package)


async def test_a_setting_that_changed_under_way_loses_nothing() -> None:
    """What was queued as large is small by now, or the other way round."""
    country = world()
    package = await sent(country)
    for hop in (AXIS, SHARED):
        station = country.stations[hop]
        station.hop = replace(station.hop, freight=Freight())
    await country.run()
    assert country.leg(DEDICATED, package, "G09").state is JourneyState.DELIVERED
