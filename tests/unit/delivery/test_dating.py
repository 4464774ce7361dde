"""Dated evidence: for both sides of a package and nobody else, once there is any, and never on a forged word."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lienthong.adapters.keys import KeyPair
from lienthong.delivery import AXIS, Package, date, dated_receipts, forward
from lienthong.errors import LienThongError, NotFound, Unavailable
from lienthong.evidence import EventKind, ProofResult, Receipt, verify_receipt
from lienthong.evidence.stamp import check, checkpoint_digest
from lienthong.testing.pki import MOMENT, key_pair, pki
from lienthong.testing.stamping import MemoryTimestamper
from lienthong.testing.world import DEDICATED, SHARED, SILENT, World

NOBODY = "0" * 32


async def delivered(*recipients: str) -> tuple[World, Package]:
    world = World()
    sent = await world.send("H29", recipients or ("G09",))
    await world.run()
    return world, sent


async def asked(world: World, gateway: str, package: str) -> list[Receipt]:
    found = await dated_receipts(world.axis, world.stations[AXIS].store, gateway, package)
    return [Receipt.from_json(text) for text in found]


class Axis:
    """The axis as asked for dated receipts; what it answers may be changed, and it counts."""

    def __init__(self, world: World, gateway: str, change: Callable[[Receipt], Receipt] = lambda each: each) -> None:
        self._wire, self._change, self.asked = world.wire(gateway), change, 0

    async def dated(self, package_id: str) -> tuple[str, ...]:
        self.asked += 1
        found = await self._wire.dated(package_id)
        return tuple(self._change(Receipt.from_json(text)).to_json() for text in found)


# ---------------------------------------------------------------- at the axis


async def test_there_is_nothing_before_a_checkpoint_was_stamped() -> None:
    world, sent = await delivered()
    assert await asked(world, DEDICATED, sent.id) == []
    assert await date(world.hop(DEDICATED), world.wire(DEDICATED), sent.id) == {}
    await world.stamp()
    assert len(await asked(world, DEDICATED, sent.id)) == 2


@pytest.mark.parametrize("gateway", [DEDICATED, SHARED])
async def test_both_sides_get_receipts_dated_by_the_authority(gateway: str) -> None:
    world, sent = await delivered()
    await world.stamp()
    found = await asked(world, gateway, sent.id)
    assert [receipt.event.kind for receipt in found] == [EventKind.SUBMISSION_ACCEPTED, EventKind.RELAYED]
    for receipt in found:
        assert receipt.stamp is not None
        assert verify_receipt(receipt, None, world.pki.roots, world.clock.now()).result is ProofResult.PROVED
        facts = check(receipt.stamp, checkpoint_digest(receipt.checkpoint), world.pki.roots)
        assert facts.time == world.clock.now()


async def test_a_recipients_gateway_hears_of_its_own_legs_only() -> None:
    world, sent = await delivered("G09", "H29.131")
    await world.stamp()
    assert {receipt.event.addressee for receipt in await asked(world, SHARED, sent.id)} == {None, "G09"}
    assert {receipt.event.addressee for receipt in await asked(world, DEDICATED, sent.id)} == {None, "G09", "H29.131"}


@pytest.mark.parametrize("stamped", [False, True])
async def test_a_foreign_gateway_and_an_unknown_package_are_not_found(stamped: bool) -> None:
    world, sent = await delivered()
    if stamped:
        await world.stamp()
    for gateway, package in ((SILENT, sent.id), (DEDICATED, NOBODY), (SHARED, NOBODY)):
        with pytest.raises(NotFound):
            await asked(world, gateway, package)


async def test_what_came_after_the_last_stamp_is_not_dated_yet() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.work(DEDICATED)[0]()
    await world.stamp()
    await world.run()
    assert [found.event.kind for found in await asked(world, DEDICATED, sent.id)] == [EventKind.SUBMISSION_ACCEPTED]


# ---------------------------------------------------------------- at a gateway


async def test_what_the_axis_told_later_is_asked_for_again() -> None:
    """Dated right after acceptance, the later delivery would otherwise stay undated for good."""
    world = World()
    sent = await world.send("H29", ["G09"])
    await forward(world.hop(DEDICATED), world.wire(DEDICATED))
    await world.stamp()
    axis = Axis(world, DEDICATED)
    assert len(await date(world.hop(DEDICATED), axis, sent.id)) == 1
    await world.run()
    world.clock.advance(60)
    await world.stamp()
    assert len(await date(world.hop(DEDICATED), axis, sent.id)) == 2
    assert len(await date(world.hop(DEDICATED), axis, sent.id)) == 2
    assert axis.asked == 2


@pytest.mark.parametrize("gateway", [DEDICATED, SHARED])
async def test_a_gateway_asks_once_and_keeps_the_first_answer(gateway: str) -> None:
    world, sent = await delivered()
    hop, axis = world.hop(gateway), Axis(world, gateway)
    assert await date(hop, axis, sent.id) == {}  # an empty answer is no answer
    await world.stamp()
    found = await date(hop, axis, sent.id)
    assert {receipt.event.kind for receipt in found.values()} == {EventKind.SUBMISSION_ACCEPTED, EventKind.RELAYED}
    assert all(leaf == receipt.leaf and receipt.stamp for leaf, receipt in found.items())
    assert axis.asked == 2
    world.crash(gateway)
    assert await date(world.hop(gateway), axis, sent.id) == found
    assert axis.asked == 2


@pytest.mark.parametrize("error", [Unavailable(), NotFound()])
async def test_without_the_axis_evidence_is_undated(error: LienThongError) -> None:
    world, sent = await delivered()
    await world.stamp()

    class Away:
        async def dated(self, package_id: str) -> tuple[str, ...]:
            raise error

    hop = world.hop(DEDICATED)
    assert await date(hop, Away(), sent.id) == {}
    assert len(await date(hop, world.wire(DEDICATED), sent.id)) == 2
    assert len(await date(hop, Away(), sent.id)) == 2  # the first answer is kept here


FORGED: dict[str, Callable[[Receipt], Receipt]] = {
    "without a stamp": lambda each: replace(each, stamp=None),
    "with a stamp that is none": lambda each: replace(each, stamp=b"0\x03\x02\x01\x01"),
    "with an empty stamp": lambda each: replace(each, stamp=b""),
    "of another event": lambda each: replace(each, leaf=each.leaf.replace(b"G09", b"G10")),
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_forged_dated_receipts_are_neither_believed_nor_kept(forgery: str) -> None:
    world, sent = await delivered()
    await world.stamp()
    hop = world.hop(DEDICATED)
    last: Any = lambda each: FORGED[forgery](each) if each.event.addressee else each  # noqa: E731  one of two suffices
    assert await date(hop, Axis(world, DEDICATED, last), sent.id) == {}
    assert len(await date(hop, world.wire(DEDICATED), sent.id)) == 2


def _other_log(receipt: Receipt) -> Receipt:
    """The axis's word, but in the log of another hop."""
    log = World().stations[SHARED].store._log
    log.keep(log.grown([receipt.leaf]), MOMENT)
    return log.receipt(0)


FORGED_BY: dict[str, tuple[Callable[[], KeyPair], Callable[[Receipt], Receipt], str]] = {
    "a stranger's authority": (lambda: key_pair(pki().stranger.tsa), lambda each: each, ""),
    "a stamp over another checkpoint": (lambda: pki().tsa(), lambda each: each, "another\n"),
    "another hop's log": (lambda: pki().tsa(), _other_log, ""),
}


@pytest.mark.parametrize("case", FORGED_BY)
async def test_stamps_by_or_over_what_is_not_the_axiss_are_not_believed(case: str) -> None:
    world, sent = await delivered()
    await world.stamp()
    tsa, change, note = FORGED_BY[case]
    authority = MemoryTimestamper(tsa(), world.clock)
    forged = []
    for each in map(change, await asked(world, DEDICATED, sent.id)):
        stamp = await authority.stamp(checkpoint_digest(note or each.checkpoint))
        forged.append(replace(each, stamp=stamp).to_json())

    class Forger:
        async def dated(self, package_id: str) -> tuple[str, ...]:
            return tuple(forged)

    assert await date(world.hop(DEDICATED), Forger(), sent.id) == {}
    assert len(await date(world.hop(DEDICATED), world.wire(DEDICATED), sent.id)) == 2
