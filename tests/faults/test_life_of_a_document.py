"""The life of a document (docs/life-of-a-document.md), each step under each mishap, on twins.

A step is one call of one port; the mishap befalls exactly that call. Whoever hears an error or died comes again, as
workers and agencies' software do. In the end the document lies once in the register of its recipient, its sender
holds the proofs, and both logs tell the same story.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from lienthong.delivery import AXIS, JourneyState, Lane, Package, acknowledge, hand_in, take
from lienthong.errors import LienThongError, SealKeyUnknown, StorageFull, Unavailable
from lienthong.evidence import EventKind, ProofResult, Receipt, verify_receipt
from lienthong.testing.mishaps import Crash, Mishap, Script, befallen, catch_up
from lienthong.testing.world import DEDICATED, SHARED, World, handing

pytestmark = pytest.mark.faults
SENDER, RECIPIENT = "H29", "G09"
LARGE = {"phu-luc.pdf": b"%PDF-1.7 " + bytes(70_000)}


class Step(NamedTuple):
    """A row of the table: its number, the port, the method, and which call of it (counted over the whole life)."""

    number: int
    port: str
    method: str
    call: int = 0


# hand in (1–3), forward (4), accept (5), deliver (6), receipts (7), hand over (8), status (9)
STEPS = {
    "1-large-files-kept": Step(1, f"{DEDICATED}.objects", "keep"),
    "3-recorded": Step(3, f"{DEDICATED}.store", "write"),
    "4-on-the-wire-to-the-axis": Step(4, f"{DEDICATED}.wire", "submit"),
    "5-files-kept-at-the-axis": Step(5, f"{AXIS}.objects", "keep"),
    "5-accepted": Step(5, f"{AXIS}.store", "write"),
    "5-receipt-made": Step(5, f"{AXIS}.store", "receipt"),
    "5-answer-noted": Step(5, f"{DEDICATED}.store", "write", 1),
    "6-mailbox-looked-into": Step(6, f"{SHARED}.wire", "mailbox"),
    "6-fetched": Step(6, f"{SHARED}.wire", "collect"),
    "6-files-kept-at-the-recipients-gateway": Step(6, f"{SHARED}.objects", "keep"),
    "6-stored": Step(6, f"{SHARED}.store", "write"),
    "6-confirmed-by-the-axis": Step(6, f"{SHARED}.wire", "confirm"),
    "6-delivered-at-the-axis": Step(6, f"{AXIS}.store", "write", 1),
    "6-opened-to-the-desk": Step(6, f"{SHARED}.store", "write", 1),
    "7-news-asked": Step(7, f"{DEDICATED}.wire", "news"),
    "7-proofs-held": Step(7, f"{DEDICATED}.store", "write", 2),
    "7-forgotten-at-the-axis": Step(7, f"{AXIS}.store", "write", 2),
    "8-taken": Step(8, f"{SHARED}.store", "write", 2),
    "8-handed-over": Step(8, f"{SHARED}.store", "write", 3),
    "8-told-to-the-axis": Step(8, f"{SHARED}.wire", "hear"),
    "8-noted-at-the-axis": Step(8, f"{AXIS}.store", "write", 3),
    "8-outbox-emptied": Step(8, f"{SHARED}.store", "write", 4),
    "8-known-at-the-sender": Step(8, f"{DEDICATED}.store", "write", 3),
    "9-status-recorded": Step(9, f"{SHARED}.store", "write", 5),
    "9-status-on-the-wire": Step(9, f"{SHARED}.wire", "submit"),
    "9-status-accepted": Step(9, f"{AXIS}.store", "write", 5),
    "9-status-delivered": Step(9, f"{DEDICATED}.wire", "confirm"),
}
ON_THE_WIRE = (Mishap.TWICE, Mishap.LATE)
REFUSALS = {"busy for now": Unavailable("bận / busy"), "full for now": StorageFull()}


class At:
    """Fate that strikes one call of one method of one port."""

    def __init__(self, step: Step, mishap: Mishap | LienThongError) -> None:
        self.late: list[Callable[[], Awaitable[object]]] = []
        self.struck = False
        self._step, self._mishap, self._left = step, mishap, step.call

    def next(self, port: str, method: str) -> Mishap | LienThongError:
        if self.struck or (port, method) != self._step[1:3]:
            return Mishap.NONE
        self._left -= 1
        self.struck = self._left < 0
        return self._mishap if self.struck else Mishap.NONE


def cases() -> list[Any]:
    """Every step × {crash before, crash after, fails before, answer lost, twice, late, refused for now}."""
    found: list[Any] = []
    for name, step in STEPS.items():
        possible = set(Mishap) - {Mishap.NONE} - (set() if step.port.endswith(".wire") else set(ON_THE_WIRE))
        befall = [mishap for mishap in Mishap if mishap in possible]
        found += [pytest.param(step, mishap, id=f"{name}-{mishap.value}") for mishap in befall]
        found += [pytest.param(step, refusal, id=f"{name}-{why}") for why, refusal in REFUSALS.items()]
    return found


class Life:
    """One document from desk to register and its status back, whatever befalls."""

    def __init__(self, fate: At) -> None:
        self.fate = fate
        self.world = World(around=lambda name, port: befallen(name, port, fate))

    async def insist(self, act: Callable[[], Awaitable[Any]]) -> Any:
        """As software does: what failed is done again, the dead are started anew."""
        for _ in range(3):
            try:
                return await act()
            except LienThongError:
                self.world.clock.advance(self.world.terms.lock + timedelta(seconds=1))
            except Crash as crash:
                self.world.crash(str(crash).partition(".")[0])
                self.world.clock.advance(self.world.terms.lock + timedelta(seconds=1))
        raise AssertionError("it never works")

    async def run(self) -> None:
        await self.insist(self.world.run)
        await catch_up(self.fate)
        await self.insist(self.world.run)

    async def live(self) -> tuple[Package, Package]:
        handed = handing(SENDER, self.world.edoc(SENDER, [RECIPIENT], files=LARGE), "van-ban-1")
        sent = await self.insist(lambda: hand_in(self.world.home(SENDER), self.world.signer(SENDER), handed))
        await self.run()
        assert await self.insist(self._register)
        await self.run()
        status = handing(RECIPIENT, self.world.status(sent, "03", RECIPIENT), "trang-thai-1")
        told = await self.insist(lambda: hand_in(self.world.home(RECIPIENT), self.world.signer(RECIPIENT), status))
        await self.run()
        return sent, told

    async def _register(self) -> bool:
        """Take what waits and acknowledge it; True once the document lies in the register."""
        hop = self.world.home(RECIPIENT)
        for package, leg in await self.world.waiting(RECIPIENT):
            lock = (await take(hop, RECIPIENT, package.id, leg.addressee)).lock
            await acknowledge(hop, RECIPIENT, package.id, leg.addressee, lock)
        legs = self.world.stations[SHARED].store.disk.state.legs.values()
        return all(leg.state is JourneyState.HANDED_OVER for leg in legs if leg.lane is Lane.IN)


@pytest.mark.parametrize(("step", "mishap"), cases())
async def test_a_document_arrives_once_whatever_befalls(step: Step, mishap: Mishap | LienThongError) -> None:
    fate = At(step, mishap)
    life = Life(fate)
    sent, told = await life.live()
    assert fate.struck, "the step never came"
    await _arrived_once(life.world, sent)
    _held_by_the_sender(life.world, sent)
    assert life.world.leg(DEDICATED, sent, RECIPIENT).status == "03"
    assert life.world.leg(DEDICATED, told, SENDER, Lane.IN).state is JourneyState.DELIVERED


async def _arrived_once(world: World, sent: Package) -> None:
    states = [world.leg(hop, sent, RECIPIENT).state for hop in (DEDICATED, AXIS, SHARED)]
    assert states == [JourneyState.HANDED_OVER] * 3
    for hop, kind in (
        (DEDICATED, EventKind.SUBMISSION_ACCEPTED),
        (AXIS, EventKind.SUBMISSION_ACCEPTED),
        (AXIS, EventKind.RELAYED),
        (SHARED, EventKind.CONSIGNED),
        (SHARED, EventKind.HANDED_OVER),
    ):
        told = [event for event in await world.events(hop) if event.kind is kind and event.package == sent.id]
        assert len(told) == 1, f"{hop}: {kind} {len(told)} times"


def _held_by_the_sender(world: World, sent: Package) -> None:
    """Exactly one proof of each step, each true to the root."""
    receipts = [Receipt.from_json(step.receipt) for step in world.steps(DEDICATED, sent) if step.receipt]
    assert sorted((receipt.event.hop, receipt.event.kind) for receipt in receipts) == [
        (AXIS, EventKind.RELAYED),
        (AXIS, EventKind.SUBMISSION_ACCEPTED),
        (SHARED, EventKind.CONSIGNED),
        (SHARED, EventKind.HANDED_OVER),
    ]
    proofs = [verify_receipt(receipt, None, world.pki.roots, world.clock.now()) for receipt in receipts]
    assert {proof.result for proof in proofs} == {ProofResult.PROVED}


# ---------------------------------------------------------------- refused for good: the sender hears why, at once


REFUSED = SealKeyUnknown("khóa mẫu")


async def test_a_refusal_by_the_axis_ends_the_journey_with_its_reason() -> None:
    world = World(around=lambda name, port: befallen(name, port, At(Step(4, f"{DEDICATED}.wire", "submit"), REFUSED)))
    sent = await world.send(SENDER, [RECIPIENT])
    await world.run()
    leg = world.leg(DEDICATED, sent, RECIPIENT)
    assert (leg.state, leg.refusal, leg.detail) == (JourneyState.REFUSED, REFUSED.code, "khóa mẫu")
    last = world.steps(DEDICATED, sent)[-1]
    assert (last.kind, last.code) == (EventKind.RELAY_REJECTED, REFUSED.code)
    assert last.index is not None
    assert not world.stations[AXIS].store.disk.state.legs


async def test_a_refusal_by_the_recipients_gateway_comes_back_with_its_proof() -> None:
    world = World()
    sent = await world.send(SENDER, [RECIPIENT])
    gone = [row for row in world.registry.certificates if row.holder != f"org:{SENDER}"]
    world.publish(world.newer(certificates=tuple(gone)), SHARED)
    await world.run()
    leg = world.leg(DEDICATED, sent, RECIPIENT)
    assert (leg.state, leg.refusal) == (JourneyState.REFUSED, SealKeyUnknown.code)
    told = [(step.hop, step.kind) for step in world.steps(DEDICATED, sent) if step.receipt]
    assert told == [(AXIS, "submission-accepted"), (AXIS, "refused"), (SHARED, "refused")]
    assert await world.waiting(RECIPIENT) == ()


async def test_what_nobody_fetches_ends_with_proof_of_non_delivery() -> None:
    world = World()
    sent = await world.send(SENDER, ["H40"], time_to_live=timedelta(hours=1))
    await world.run()
    world.clock.advance(timedelta(hours=1))
    await world.run()
    assert world.leg(DEDICATED, sent, "H40").state is JourneyState.EXPIRED
    last = Receipt.from_json(world.steps(DEDICATED, sent)[-1].receipt)
    assert (last.event.kind, last.event.addressee, last.event.hop) == (EventKind.EXPIRED, "H40", AXIS)
    assert verify_receipt(last, None, world.pki.roots).result is ProofResult.PROVED


async def test_what_was_fetched_but_confirmed_too_late_reaches_no_desk() -> None:
    """The axis alone decides between delivered and expired: never both."""
    fate = Script(confirm=[Mishap.LATE])
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = await world.send(SENDER, [RECIPIENT], time_to_live=timedelta(hours=1))
    await world.round()
    assert world.leg(SHARED, sent, RECIPIENT).state is JourneyState.ARRIVED
    world.clock.advance(timedelta(hours=1))
    await catch_up(fate)
    await world.run()
    states = [world.leg(hop, sent, RECIPIENT).state for hop in (DEDICATED, AXIS, SHARED)]
    assert states == [JourneyState.EXPIRED] * 3
    assert await world.waiting(RECIPIENT) == ()


async def test_an_answer_of_yes_is_never_taken_back() -> None:
    """The axis accepted, its answer was lost; meanwhile the sender's key is withdrawn. The repeat gets the same yes."""
    fate = Script(submit=[Mishap.AFTER])
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = await world.send(SENDER, [RECIPIENT])
    await world.round()
    gone = [row for row in world.registry.certificates if row.holder != f"org:{SENDER}"]
    world.publish(world.newer(certificates=tuple(gone)), AXIS)
    await world.run()
    assert world.leg(DEDICATED, sent, RECIPIENT).state is JourneyState.DELIVERED
    accepted = [step for step in world.steps(DEDICATED, sent) if (step.hop, step.kind) == (AXIS, "submission-accepted")]
    assert len(accepted) == 1
