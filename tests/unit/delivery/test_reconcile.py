"""The sweep: finds what is lost or stuck, mends what is safe, lists the rest, and takes it off when it is true no more."""

import asyncio
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest

from lienthong.delivery import (
    AXIS,
    JourneyState,
    Lane,
    Package,
    Sweep,
    Trouble,
    Troubles,
    forward,
    pull,
    settle,
    sweep,
    take,
)
from lienthong.delivery.hop import INLINE
from lienthong.delivery.journey import UNDELIVERED
from lienthong.delivery.retention import MARK
from lienthong.errors import Unavailable
from lienthong.testing.world import DEDICATED, SHARED, World

S = JourneyState


def codes(found: Sweep) -> list[str]:
    return sorted({finding.code for finding in found.findings})


async def dead(world: World, hop: str) -> list[Trouble]:
    return list(await world.hop(hop).store.read(lambda view: view.troubles(Troubles(dead=True))))


async def sweeps(world: World) -> dict[str, Sweep]:
    """One whole sweep at every hop."""
    found = {AXIS: await sweep(world.axis)}
    for name in world.gateways:
        found[name] = await sweep(world.hop(name), world.wire(name))
    return found


async def delivered(world: World, count: int = 3) -> list[Package]:
    sent = [await world.send("H29", ["G09"]) for _ in range(count)]
    await world.run()
    await world.hand_over("G09")
    await world.run()
    return sent


async def test_a_healthy_country_has_nothing_to_find() -> None:
    world = World()
    await delivered(world)
    world.clock.advance(timedelta(days=5))
    for found in (await sweeps(world)).values():
        assert found.findings == ()
        assert found.whole


async def test_a_sweep_goes_on_where_it_ended_and_begins_anew() -> None:
    world = World()
    await delivered(world, 5)
    assert [(await sweep(world.axis, limit=2)).seen for _ in range(4)] == [4, 4, 2, 4]


async def test_what_the_axis_cannot_be_asked_about_is_listed_while_it_lasts() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    assert codes(await sweep(world.hop(DEDICATED))) == []
    world.clock.advance(world.terms.stuck_after)
    assert codes(await sweep(world.hop(DEDICATED))) == ["unconfirmed"]
    (entry,) = await dead(world, DEDICATED)
    assert (entry.package, entry.since) == (sent.id, sent.recorded_at)
    world.clock.advance(timedelta(days=4))
    assert codes(await sweep(world.hop(DEDICATED))) == ["overdue"]
    (again,) = await dead(world, DEDICATED)
    assert (again.code, again.since) == ("overdue", entry.since)
    await world.run()
    assert world.leg(DEDICATED, sent, "G09").state is S.EXPIRED
    assert codes(await sweep(world.hop(DEDICATED))) == []
    assert await dead(world, DEDICATED) == []


async def test_news_that_was_lost_is_asked_for() -> None:
    world = World()
    sent = [await world.send("H29", ["G09", "H40"]) for _ in range(3)]
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    await pull(world.hop(SHARED), world.wire(SHARED))
    await settle(world.hop(SHARED), world.wire(SHARED))
    await world.hand_over("G09")
    await world.run()
    gateway = world.stations[DEDICATED].store.disk.state
    for leg in list(gateway.legs.values()):  # as if the axis's news had never come
        gateway.legs[leg.key] = replace(leg, state=S.ACCEPTED)
    gateway.steps[:] = [step for step in gateway.steps if step.kind == "submission-accepted"]
    world.clock.advance(timedelta(days=4))
    await world.run()
    found = await sweep(world.hop(DEDICATED), world.wire(DEDICATED))
    assert codes(found) == ["news-lost"]
    assert {world.leg(DEDICATED, package, "G09").state for package in sent} == {S.HANDED_OVER}
    assert {world.leg(DEDICATED, package, "H40").state for package in sent} == {S.EXPIRED}
    assert codes(await sweep(world.hop(DEDICATED), world.wire(DEDICATED))) == []


@pytest.mark.parametrize("until", ["accepted", "arrived", "delivered", "handed-over"])
async def test_an_axis_put_back_to_an_empty_backup_gets_everything_again(until: str) -> None:
    world = World(around=lambda _, port: port)
    backup = deepcopy(world.stations[AXIS].store.disk.state)
    sent = [await world.send("H29", ["G09"]) for _ in range(3)]
    shared, wire = world.hop(SHARED), world.wire(SHARED)
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    if until != "accepted":
        await pull(shared, wire)
    if until in {"delivered", "handed-over"}:
        await settle(shared, wire)
    if until == "handed-over":
        await world.hand_over("G09")
    world.stations[AXIS].store.disk.state = backup  # its log is kept elsewhere and was not lost
    world.clock.advance(world.terms.stuck_after)
    await world.run()
    for _ in range(3):
        await sweeps(world)
        await world.run()
        world.clock.advance(world.terms.stuck_after / 2)
    await world.hand_over("G09")
    await world.run()
    for hop in (AXIS, DEDICATED, SHARED):
        assert {world.leg(hop, package, "G09").state for package in sent} == {S.HANDED_OVER}, hop
    assert [step.kind for step in world.steps(SHARED, sent[0])].count("handed-over") == 1
    world.clock.advance(world.terms.stuck_after)
    await sweeps(world)
    assert await dead(world, DEDICATED) == []


async def test_a_lock_long_over_is_taken_off_and_its_owner_may_still_acknowledge() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.run()
    taken = await take(world.hop(SHARED), "G09", sent.id, "G09")
    world.clock.advance(world.terms.lock + world.terms.stuck_after)
    found = await sweep(world.hop(SHARED), world.wire(SHARED))
    assert [(finding.code, finding.mended) for finding in found.findings] == [("lock-lost", True)]
    leg = world.leg(SHARED, sent, "G09")
    assert (leg.locked_until, leg.lock) == (None, taken.lock)


async def test_what_lacks_its_other_half_is_listed() -> None:
    world = World()
    sent = await delivered(world)
    state = world.stations[AXIS].store.disk.state
    del state.packages[sent[0].id]
    del state.legs[sent[1].id, Lane.THROUGH, "G09"]
    step = next(step for step in state.steps if step.package == sent[2].id and step.index is not None)
    state.steps[state.steps.index(step)] = replace(step, index=10_000)
    assert codes(await sweep(world.axis)) == ["evidence-missing", "journey-lost", "package-lost"]
    assert {entry.package for entry in await dead(world, AXIS)} == {package.id for package in sent}
    state = world.stations[AXIS].store.disk.state
    state.packages[sent[0].id] = sent[0]
    assert codes(await sweep(world.axis)) == ["evidence-missing", "journey-lost"]
    assert {entry.package for entry in await dead(world, AXIS)} == {package.id for package in sent[1:]}


async def test_a_receipt_that_is_missing_is_fetched_again() -> None:
    world = World()
    (sent,) = await delivered(world, 1)
    state = world.stations[DEDICATED].store.disk.state
    state.steps[:] = [step for step in state.steps if not step.receipt]
    assert codes(await sweep(world.hop(DEDICATED))) == ["evidence-missing"]
    assert codes(await sweep(world.hop(DEDICATED), world.wire(DEDICATED))) == ["news-lost"]
    kinds = {step.kind for step in world.steps(DEDICATED, sent) if step.receipt}
    assert {"submission-accepted", "relayed", "consigned", "handed-over"} <= kinds
    assert await dead(world, DEDICATED) == []


async def test_news_nobody_fetches_and_reports_nobody_hears_are_listed() -> None:
    world = World()
    await world.send("H29", ["G09"])
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    await pull(world.hop(SHARED), world.wire(SHARED))
    await settle(world.hop(SHARED), world.wire(SHARED))
    await world.hand_over("G09")
    world.clock.advance(world.terms.stuck_after)
    assert [(each.code, each.addressee) for each in (await sweep(world.axis)).findings] == [("unconfirmed", DEDICATED)]
    found = await sweep(world.hop(SHARED), world.wire(SHARED))
    assert [(each.code, each.addressee) for each in found.findings] == [("unconfirmed", AXIS)]
    await world.run()
    await sweeps(world)
    assert await dead(world, AXIS) == await dead(world, SHARED) == []


async def test_two_sweeps_at_once_do_no_harm() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.run()
    world.clock.advance(timedelta(days=5))
    await asyncio.gather(*(sweep(world.hop(SHARED), world.wire(SHARED)) for _ in range(2)))
    assert world.leg(SHARED, sent, "G09").state not in UNDELIVERED


async def test_a_large_content_that_is_not_there_is_listed_until_it_is_back() -> None:
    world = World()
    sent = await world.send("H29", ["G09"], files={"lon.pdf": b"%PDF" + b"x" * 2 * INLINE})
    small = await world.send("H29", ["G09"])
    await world.run()
    objects, hop = world.stations[DEDICATED].objects, world.hop(DEDICATED)
    (digest,) = [part.sha256 for part in sent.parts if part.size > INLINE]
    kept = await objects.fetch(digest)
    del objects.kept[digest]
    for _ in range(2):
        assert [(each.code, each.package) for each in (await sweep(hop)).findings] == [("copy-unreadable", sent.id)]
        (listed,) = await dead(world, DEDICATED)
        assert (listed.package, listed.detail.endswith(digest)) == (sent.id, True)
    await objects.keep({digest: kept})
    assert (await sweep(hop)).findings == ()
    assert await dead(world, DEDICATED) == []
    assert small.id != sent.id


async def test_an_object_store_that_cannot_be_asked_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    await world.send("H29", ["G09"], files={"lon.pdf": b"%PDF" + b"x" * 2 * INLINE})
    await world.run()

    async def away(*_: object) -> int:
        raise Unavailable

    monkeypatch.setattr(type(world.stations[DEDICATED].objects), "size", away)
    assert (await sweep(world.hop(DEDICATED))).findings == ()


async def test_what_went_to_the_archive_is_not_missed() -> None:
    world = World()
    sent = await world.send("H29", ["G09"], files={"lon.pdf": b"%PDF" + b"x" * 2 * INLINE})
    await world.run()
    (digest,) = [part.sha256 for part in sent.parts if part.size > INLINE]
    del world.stations[DEDICATED].objects.kept[digest]
    await world.hop(DEDICATED).store.write(lambda tx: tx.set_mark(MARK + sent.id, "archived"))
    assert (await sweep(world.hop(DEDICATED))).findings == ()
