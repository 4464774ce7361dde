"""Withdrawal: a sender stops what the axis has not accepted yet. The axis alone decides which came first.

desk or operator ─► wish recorded, the package is held back ─► the axis is asked
  the axis never saw it  ─► it notes so for ever, with evidence: *cancelled*; a late copy is refused
  the axis accepted it   ─► too late: *accepted*, as any repeat is answered; a recall is the way then
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

import msgspec

from lienthong.delivery.accept import accepted_again
from lienthong.delivery.acts import Order, ordered
from lienthong.delivery.entry import cancelled_mark
from lienthong.delivery.evidence import read_receipt
from lienthong.delivery.forward import Proofs, proofs_of, taken
from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import count
from lienthong.delivery.journey import JourneyState, move
from lienthong.delivery.model import AXIS, Lane, Package
from lienthong.delivery.news import Withdrawal, Withdrawn
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.rights import may_answer
from lienthong.delivery.timeline import Timeline
from lienthong.delivery.trouble import NEVER, Trouble, Troubles, Work, trouble_key
from lienthong.document import package_id
from lienthong.errors import (
    DeliveryCancelled,
    EvidenceBroken,
    IllegalMove,
    NotFound,
    SenderNotRepresented,
)
from lienthong.evidence import Event, EventKind

CANCEL = "cancel"


class Withdrawer(Protocol):
    """The axis as a gateway that stops a package sees it."""

    async def withdraw(self, withdrawal: Withdrawal) -> Withdrawn:
        """Ask that a package never be accepted; the axis answers what stands."""
        ...


@dataclass(frozen=True, slots=True)
class _Wish:
    index: int  # our leaf that tells who ordered it and why
    text: str


# ---------------------------------------------------------------- at the gateway


async def wish(hop: Hop, order: Order, package: str, sender: str = "") -> int:
    """Hold a package back and have the axis asked; returns how many legs. NotFound, IllegalMove: accepted."""
    return await hop.store.write(lambda tx: _wish(tx, hop, order, package, sender))


def _wish(tx: Transaction, hop: Hop, order: Order, package: str, sender: str) -> int:
    found = tx.package(package)
    legs = tx.legs(package, Lane.OUT)
    if found is None or not legs or sender not in {"", found.sender}:
        raise NotFound(package)
    waiting = [leg for leg in legs if leg.state is JourneyState.RECORDED]
    if not waiting:
        raise IllegalMove(f"{package}: trục đã nhận, hãy thu hồi / the axis has accepted it, recall it instead")
    if tx.trouble(key := trouble_key(Work.CANCEL, package)) is None:
        made = _Wish(ordered(tx, hop, order, CANCEL, package), order.text)
        now = hop.clock.now()
        body = msgspec.json.encode(made).decode()
        tx.put_trouble(
            Trouble(
                key, Work.CANCEL, DeliveryCancelled.code, now, now, now, 0, package=package, lane=Lane.OUT, body=body
            )
        )
    for leg in waiting:
        tx.put_leg(replace(leg, due=NEVER))
    return len(waiting)


async def withdraw_all(hop: Hop, axis: Withdrawer, limit: int = 20) -> int:
    """Ask the axis about every wish that is due; returns how many it answered."""
    now = hop.clock.now()
    due = await hop.store.read(lambda view: view.troubles(Troubles(work=Work.CANCEL, due=now, limit=limit)))
    return sum([await _withdraw(hop, axis, trouble) for trouble in due])


async def _withdraw(hop: Hop, axis: Withdrawer, trouble: Trouble) -> bool:
    package = await hop.store.read(partial(_waiting, trouble.package))
    if package is None:
        await hop.store.write(lambda tx: tx.drop_trouble(trouble.key))
        return True
    made = msgspec.json.decode(trouble.body, type=_Wish)
    try:
        receipt = await hop.store.receipt(made.index)
        answer = await axis.withdraw(Withdrawal(package.id, receipt.to_json()))
        proofs = None if answer.accepted is None else proofs_of(hop, package, answer.accepted)
        told = None if proofs else _cancelled(hop, package, answer.receipt)
    except Exception as error:  # noqa: BLE001  the border around one wish
        await hop.store.write(partial(_count, hop, trouble, error))
        return False
    await hop.store.write(partial(_answered, trouble.key, package, answer, proofs, told))
    return True


def _waiting(package: str, view: View) -> Package | None:
    legs = view.legs(package, Lane.OUT)
    return view.package(package) if any(leg.state is JourneyState.RECORDED for leg in legs) else None


def _count(hop: Hop, trouble: Trouble, error: Exception, tx: Transaction) -> None:
    if tx.trouble(trouble.key) is not None:
        count(tx, hop, trouble, error)


def _cancelled(hop: Hop, package: Package, text: str) -> Event:
    _, told = read_receipt(hop, AXIS, text, hop.clock.now())
    if (told.kind, told.package, told.digest) != (EventKind.CANCELLED, package.id, package.digest):
        raise EvidenceBroken(f"{told.kind} {told.package}")
    return told


def _answered(
    key: str, package: Package, answer: Withdrawn, proofs: Proofs | None, told: Event | None, tx: Transaction
) -> None:
    tx.drop_trouble(key)
    if answer.accepted is not None and proofs is not None:
        taken(tx, package, answer.accepted, proofs)
    elif told is not None:
        _end(tx, package, told, answer.receipt)


def _end(tx: Transaction, package: Package, told: Event, receipt: str) -> None:
    timeline = Timeline(tx)
    for leg in tx.legs(package.id, Lane.OUT):
        if leg.state is JourneyState.RECORDED:
            ended = replace(leg, state=move(leg.state, JourneyState.CANCELLED), since=told.at, due=told.at)
            tx.drop_trouble(trouble_key(Work.FORWARD, leg.package, leg.lane, leg.addressee))
            tx.put_leg(replace(ended, refusal=DeliveryCancelled.code, detail=told.text or ""))
            timeline.add(leg.step(told.at, AXIS, told.kind, DeliveryCancelled.code, told.text or "", receipt=receipt))


# ---------------------------------------------------------------- at the axis


async def withdraw(hop: Hop, gateway: str, asked: Withdrawal) -> Withdrawn:
    """Never accept this package, if it is not accepted yet; a repeat gets the same stored receipt.

    Raises `EvidenceBroken` without the gateway's own proof of the order, `SenderNotRepresented`, `NotFound`.
    """
    now = hop.clock.now()
    _, told = read_receipt(hop, gateway, asked.receipt, now)
    if (told.kind, told.code, told.package) != (EventKind.ORDERED, CANCEL, asked.package):
        raise EvidenceBroken(f"{told.kind} {told.package}")
    if told.package != package_id(told.sender, told.message):
        raise EvidenceBroken(told.package)
    if not may_answer(hop.directory(), gateway, told.sender, now):
        raise SenderNotRepresented(f"{gateway}: {told.sender}")
    found = await hop.store.write(lambda tx: _note(tx, hop, gateway, told, now))
    if isinstance(found, Package):
        return Withdrawn(found.id, accepted=await accepted_again(hop, found))
    return Withdrawn(asked.package, receipt=(await hop.store.receipt(found)).to_json())


def _note(tx: Transaction, hop: Hop, gateway: str, told: Event, now: datetime) -> Package | int:
    known = tx.package(told.package)
    if known is not None:
        if known.came_from != gateway:
            raise NotFound(told.package)
        return known
    if noted := tx.mark(cancelled_mark(told.package)):
        return int(noted)
    event = replace(told, kind=EventKind.CANCELLED, hop=hop.name, at=now, code=DeliveryCancelled.code)
    index = tx.record(event)
    tx.set_mark(cancelled_mark(told.package), str(index))
    return index
