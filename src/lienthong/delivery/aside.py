"""What an agency's software said it cannot take: kept, not offered again, listed for operators, who requeue it."""

from dataclasses import replace

from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import began
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Lane, Leg
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.trouble import NEVER, Work, trouble_key
from lienthong.errors import HandoverFailed, IllegalMove, LockLost, NotFound


def is_aside(view: View, leg: Leg) -> bool:
    """Whether this software's inbox leaves it out."""
    return view.trouble(_key(leg)) is not None


async def set_aside(hop: Hop, tenant: str, package_id: str, addressee: str, lock: str, who: str) -> None:
    """The software `who` cannot take it; its `lock`, if it has one, is given back. A repeat changes nothing.

    NotFound, IllegalMove once it was handed over, LockLost while another session holds it.
    """
    now = hop.clock.now()

    def aside(tx: Transaction) -> None:
        leg = _own(tx, tenant, package_id, addressee)
        if leg.state is not JourneyState.DELIVERED:
            raise IllegalMove(f"{leg.state} → fail")
        if leg.locked_until is not None and leg.locked_until > now and leg.lock != lock:
            raise LockLost(package_id)
        if not is_aside(tx, leg):
            begun = began(Work.HANDOVER, now, leg.package, leg.lane, leg.addressee)
            tx.put_trouble(replace(begun, code=HandoverFailed.code, detail=who, due=NEVER, attempts=1, dead=True))
        tx.put_leg(replace(leg, lock="", locked_until=None))

    await hop.store.write(aside)


async def put_again(hop: Hop, tenant: str, package_id: str, addressee: str) -> None:
    """It is offered again, or is being taken after all. Harmless when it was not set aside. NotFound."""

    def again(tx: Transaction) -> None:
        tx.drop_trouble(_key(_own(tx, tenant, package_id, addressee)))

    await hop.store.write(again)


def _own(view: View, tenant: str, package_id: str, addressee: str) -> Leg:
    leg = view.leg((package_id, Lane.IN, addressee))
    if leg is None or leg.recipient != tenant:
        raise NotFound(package_id)
    return leg


def _key(leg: Leg) -> str:
    return trouble_key(Work.HANDOVER, leg.package, leg.lane, leg.addressee)
