"""Pull: the recipient's gateway fetches its mail, stores it, and has the axis confirm before any desk sees it.

Between storing and confirming the leg is *arrived*: only the axis decides between delivered and expired, so a document
can never be both handed to a desk and reported undelivered (design §4, step 6).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from lienthong.delivery.accept import package_of, split
from lienthong.delivery.effects import arrived
from lienthong.delivery.evidence import event_of, read_receipt
from lienthong.delivery.hop import Hop
from lienthong.delivery.journey import JourneyState, move
from lienthong.delivery.model import AXIS, DESK, Contents, Lane, Leg, Package, Step
from lienthong.delivery.news import Confirmation, LegAnswer, MailItem
from lienthong.delivery.opening import Opened, open_frame
from lienthong.delivery.ports import Transaction
from lienthong.document import OrganisationCode
from lienthong.errors import LienThongError, NotFound, PartChanged, SenderNotRepresented
from lienthong.evidence import Event, EventKind


class Mailbox(Protocol):
    """The axis as a receiving gateway sees it."""

    async def mailbox(self, wait: float) -> Sequence[MailItem]:
        """What waits for this gateway; waits up to so many seconds for some."""
        ...

    async def collect(self, package_id: str) -> bytes:
        """The wire form of a package; `NotFound` when it is not (any more) for this gateway."""
        ...

    async def confirm(self, words: Sequence[Confirmation]) -> Sequence[LegAnswer]:
        """Tell what was stored or refused; the axis answers with what stands, one answer a word."""
        ...


async def pull(hop: Hop, axis: Mailbox, wait: float = 0) -> int:
    """Fetch and store what waits; returns how many legs were new. `settle` brings them to the desks."""
    items = await axis.mailbox(wait)
    return sum([await _fetch(hop, axis, item) for item in items])


async def _fetch(hop: Hop, axis: Mailbox, item: MailItem) -> bool:
    if await hop.store.read(lambda view: view.leg((item.package, Lane.IN, item.addressee))):
        return False
    try:
        frame = await axis.collect(item.package)
    except NotFound:
        return False
    now = hop.clock.now()
    try:
        opened = _verified(hop, item, frame, now)
    except LienThongError as refusal:
        if not refusal.permanent:
            raise
        await hop.store.write(partial(_refuse, hop, item, refusal, now))
        return True
    small, large = split(opened.contents)
    await hop.objects.keep(large)
    await hop.store.write(lambda tx: _keep(tx, hop, item, package_of(hop, opened, AXIS, now), small, now))
    return True


def _verified(hop: Hop, item: MailItem, frame: bytes, now: datetime) -> Opened:
    """Check for ourselves what the axis checked: seal, sender, digest, and that we speak for the recipient."""
    directory = hop.fresh_directory(now)
    opened = open_frame(frame, directory, now, hop.limits)
    if opened.id != item.package or opened.digest != item.digest:
        raise PartChanged(item.package)
    if not directory.represents(hop.name, OrganisationCode.parse(item.recipient), now):
        raise SenderNotRepresented(f"{hop.name}: {item.recipient}")
    return opened


def _keep(tx: Transaction, hop: Hop, item: MailItem, package: Package, small: Contents, now: datetime) -> None:
    if tx.leg((item.package, Lane.IN, item.addressee)):
        return
    known = tx.package(package.id)
    if known is None:
        tx.add_package(package, small)
    leg = _leg(item, known or package, JourneyState.ARRIVED, now)
    _log(tx, hop, package, leg, EventKind.CONSIGNED, now)


def _refuse(hop: Hop, item: MailItem, refusal: LienThongError, now: datetime, tx: Transaction) -> None:
    """Keep the refusal, not the content: an arrived leg with a code, to be confirmed as refused."""
    leg = replace(_leg(item, None, JourneyState.ARRIVED, now), refusal=refusal.code, detail=refusal.detail)
    tx.put_leg(leg)
    index = tx.record(
        Event(
            kind=EventKind.REFUSED,
            hop=hop.name,
            at=now,
            package=item.package,
            sender=item.sender,
            message=item.message_id,
            document="",
            digest=item.digest,
            recipient=item.recipient,
            addressee=item.addressee,
            code=refusal.code,
        )
    )
    tx.set_mark(_proof_mark(leg), str(index))


def _leg(item: MailItem, package: Package | None, state: JourneyState, now: datetime) -> Leg:
    leg = Leg(
        package=item.package,
        lane=Lane.IN,
        addressee=item.addressee,
        recipient=item.recipient,
        next_hop=DESK,
        state=state,
        since=now,
        due=now,
        expires_at=item.expires_at,
        urgency=item.urgency,
    )
    return replace(leg, content=package.head.content) if package else leg


def _log(tx: Transaction, hop: Hop, package: Package, leg: Leg, kind: EventKind, now: datetime) -> None:
    tx.put_leg(leg)
    index = tx.record(event_of(kind, hop.name, now, package, leg, code=leg.refusal or None))
    tx.add_step(Step(leg.package, now, hop.name, kind, leg.addressee, leg.refusal, index=index))
    tx.set_mark(_proof_mark(leg), str(index))


def _proof_mark(leg: Leg) -> str:
    return f"proof:{leg.package}:{leg.addressee}"


async def settle(hop: Hop, axis: Mailbox, limit: int = 100) -> int:
    """Have the axis confirm every arrived leg, then open it to its desk; returns how many were settled.

    Also heals: a confirmation whose answer was lost is simply given again.
    """
    now = hop.clock.now()
    legs = await hop.store.read(lambda view: view.due(Lane.IN, DESK, frozenset({JourneyState.ARRIVED}), now, limit))
    if not legs:
        return 0
    words = [await _word(hop, leg) for leg in legs]
    answers = await axis.confirm(words)
    proofs = [_axis_event(hop, answer) for answer in answers]
    await hop.store.write(lambda tx: _settle_all(tx, legs, answers, proofs, hop.clock.now()))
    return len(legs)


def _axis_event(hop: Hop, answer: LegAnswer) -> Event | None:
    """What the axis's own receipt says, when it gave one; raises `EvidenceBroken` for one that does not hold."""
    return read_receipt(hop, AXIS, answer.receipt, hop.clock.now())[1] if answer.receipt else None


async def _word(hop: Hop, leg: Leg) -> Confirmation:
    index = await hop.store.read(lambda view: int(view.mark(_proof_mark(leg))))
    receipt = await hop.store.receipt(index)
    state = JourneyState.REFUSED if leg.refusal else JourneyState.DELIVERED
    return Confirmation(leg.package, leg.addressee, state, receipt.to_json(), leg.refusal, leg.detail)


def _settle_all(
    tx: Transaction, legs: Sequence[Leg], answers: Sequence[LegAnswer], proofs: Sequence[Event | None], now: datetime
) -> None:
    for leg, answer, told in zip(legs, answers, proofs, strict=True):
        current = tx.leg(leg.key)
        if current is None or current.state is not JourneyState.ARRIVED:
            continue
        if told is not None:
            tx.add_step(
                Step(leg.package, told.at, AXIS, told.kind, leg.addressee, told.code or "", receipt=answer.receipt)
            )
        _settle(tx, current, answer, now)


# What the axis says of the leg, and what that makes of ours.
_OUTCOME = {
    JourneyState.DELIVERED: JourneyState.DELIVERED,
    JourneyState.HANDED_OVER: JourneyState.DELIVERED,
    JourneyState.REFUSED: JourneyState.REFUSED,
    JourneyState.EXPIRED: JourneyState.EXPIRED,
    JourneyState.CANCELLED: JourneyState.EXPIRED,
}


def _settle(tx: Transaction, leg: Leg, answer: LegAnswer, now: datetime) -> None:
    state = move(leg.state, _OUTCOME[answer.state])
    settled = replace(leg, state=state, since=now)
    tx.put_leg(settled)
    tx.set_mark(_proof_mark(leg), "")
    package = tx.package(leg.package)
    if state is JourneyState.DELIVERED and package is not None:
        arrived(tx, package, settled, now)
