"""What people may do to a journey that cannot go on by itself; every act leaves who, why and when in the log.

    requeue   try again now: one package, or everything with one cause
    cancel    at the axis: end what is not delivered yet. At the sender's gateway: ask the axis to (`withdrawal`)
    expire    at the axis: end before its time; the sender gets proof of non-delivery
    close     take an entry off the list of dead letters; changes nothing else

Whom a document goes to is nobody's to change: the registry's rule alone redirects.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lienthong.delivery.deliver import end
from lienthong.delivery.evidence import event_of
from lienthong.delivery.hop import Hop
from lienthong.delivery.journey import UNDELIVERED, JourneyState, move
from lienthong.delivery.model import AXIS, Lane, Leg, Step
from lienthong.delivery.ports import Transaction
from lienthong.delivery.trouble import NEVER, Trouble, Troubles, Work, trouble_key
from lienthong.errors import DeliveryCancelled, DeliveryExpired, IllegalMove, InvalidValue, NotFound
from lienthong.evidence import Event, EventKind

MANY = 500


@dataclass(frozen=True, slots=True)
class Order:
    """Who orders, and why. Raises `InvalidValue` without either: an act nobody answers for is none."""

    who: str
    why: str

    def __post_init__(self) -> None:
        if not self.who.strip() or not self.why.strip():
            raise InvalidValue("who, reason: phải nêu ai làm và vì sao / say who and why")

    @property
    def text(self) -> str:
        """As the log keeps it."""
        return f"{self.who[:100]}: {self.why[:500]}"


async def requeue(hop: Hop, order: Order, package_id: str, addressee: str = "") -> int:
    """Everything that failed of a package is tried again now; returns how many pieces. NotFound, IllegalMove."""
    return await hop.store.write(lambda tx: _requeue(tx, hop, order, package_id, addressee))


async def requeue_cause(hop: Hop, order: Order, code: str) -> int:
    """The same for dead letters of one cause, some hundreds at a time; returns how many packages. Again for more."""
    found = await hop.store.read(lambda view: view.troubles(Troubles(code=code, dead=True, limit=MANY)))
    alive = [trouble.package for trouble in found if trouble.work is not Work.JOURNEY and trouble.package]
    for package_id in dict.fromkeys(alive):
        await requeue(hop, order, package_id)
    return len(set(alive))


async def cancel(hop: Hop, order: Order, package_id: str, addressee: str = "") -> int:
    """Stop what is not delivered yet, at the axis; returns how many legs. NotFound, IllegalMove when none is left."""
    return await _end_now(hop, order, package_id, addressee, JourneyState.CANCELLED)


async def expire_now(hop: Hop, order: Order, package_id: str, addressee: str = "") -> int:
    """End the time to live now, at the axis; returns how many legs. NotFound, IllegalMove when none is left."""
    return await _end_now(hop, order, package_id, addressee, JourneyState.EXPIRED)


async def close(hop: Hop, order: Order, key: str) -> None:
    """Take an entry off the list. NotFound."""
    await hop.store.write(lambda tx: _close(tx, hop, order, key))


def ordered(tx: Transaction, hop: Hop, order: Order, act: str, package_id: str, leg: Leg | None = None) -> int:
    """Record an act in the log and in the package's timeline; returns its leaf."""
    now, package = hop.clock.now(), tx.package(package_id)
    if package is not None:
        event = event_of(EventKind.ORDERED, hop.name, now, package, leg, code=act, text=order.text)
    else:
        event = _nameless(hop.name, now, package_id, act, order)
    index = tx.record(event)
    lane, addressee = (leg.lane, leg.addressee) if leg else (_lane(hop), "")
    tx.add_step(Step(package_id, now, hop.name, EventKind.ORDERED, addressee, act, order.text, index=index, lane=lane))
    return index


def _lane(hop: Hop) -> Lane:
    return Lane.THROUGH if hop.name == AXIS else Lane.OUT


def _nameless(hop: str, now: datetime, package_id: str, act: str, order: Order) -> Event:
    """Of a package that is not here, only its id is known."""
    digest = hashlib.sha256(package_id.encode()).hexdigest()
    return Event(EventKind.ORDERED, hop, now, package_id, "", "", "", digest, code=act, text=order.text)


def _requeue(tx: Transaction, hop: Hop, order: Order, package_id: str, addressee: str) -> int:
    now = hop.clock.now()
    troubles = [each for each in _troubles(tx, package_id) if addressee in {"", each.addressee}]
    legs = [leg for leg in _legs(tx, package_id, addressee) if leg.state in UNDELIVERED]
    again = [each for each in troubles if each.work is not Work.JOURNEY]
    waiting = [leg for leg in legs if leg.due > now or leg.lock == Work.EXPIRE]
    if not again and not waiting:
        raise IllegalMove(f"{package_id}: không có việc nào đang chờ / nothing waits")
    for trouble in again:
        _afresh(tx, trouble, now)
    for leg in waiting:
        unlocked = ("", None) if leg.lock == Work.EXPIRE else (leg.lock, leg.locked_until)
        tx.put_leg(replace(leg, due=now, attempts=1, lock=unlocked[0], locked_until=unlocked[1]))
    ordered(tx, hop, order, "requeue", package_id)
    return len(again) or len(waiting)


def _afresh(tx: Transaction, trouble: Trouble, now: datetime) -> None:
    # the wish is withdrawn: the package goes its way again; what was set aside is offered again
    if trouble.work in {Work.CANCEL, Work.HANDOVER}:
        tx.drop_trouble(trouble.key)
    else:
        tx.put_trouble(replace(trouble, due=now, attempts=0, dead=False))


async def _end_now(hop: Hop, order: Order, package_id: str, addressee: str, state: JourneyState) -> int:
    if hop.name != AXIS:
        raise IllegalMove("chỉ trục quyết định / the axis alone decides")
    return await hop.store.write(lambda tx: _end_all(tx, hop, order, package_id, addressee, state))


def _end_all(tx: Transaction, hop: Hop, order: Order, package_id: str, addressee: str, state: JourneyState) -> int:
    legs = [leg for leg in _legs(tx, package_id, addressee) if leg.state is JourneyState.ACCEPTED]
    if not legs:
        raise IllegalMove(f"{package_id}: không còn nơi nào chưa giao / nothing is left to deliver")
    cancelled = state is JourneyState.CANCELLED
    for leg in legs:
        ordered(tx, hop, order, "cancel" if cancelled else "expire", package_id, leg)
        code = (DeliveryCancelled if cancelled else DeliveryExpired).code
        ended = replace(leg, state=move(leg.state, state), since=hop.clock.now(), refusal=code, detail=order.text)
        end(tx, hop, ended, hop.clock.now())
        for work in (Work.EXPIRE, Work.PULL, Work.COLLECT, Work.JOURNEY):
            tx.drop_trouble(trouble_key(work, package_id, leg.lane, leg.addressee))
    return len(legs)


def _close(tx: Transaction, hop: Hop, order: Order, key: str) -> None:
    trouble = tx.trouble(key)
    if trouble is None:
        raise NotFound(key)
    if trouble.work is not Work.JOURNEY and trouble.due < NEVER:
        raise IllegalMove(f"{key}: còn đang tự thử lại / still tried by itself")
    tx.drop_trouble(key)
    ordered(tx, hop, order, "close", trouble.package)


def _troubles(tx: Transaction, package_id: str) -> Sequence[Trouble]:
    return tx.troubles(Troubles(package=package_id, limit=MANY))


def _legs(tx: Transaction, package_id: str, addressee: str) -> list[Leg]:
    found = tx.legs(package_id)
    if not found and not _troubles(tx, package_id):
        raise NotFound(package_id)
    return [leg for leg in found if addressee in {"", leg.addressee}]
