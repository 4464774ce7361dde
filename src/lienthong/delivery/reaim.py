"""Re-aim: what waits at the axis for a gateway that no longer speaks for its recipient goes to the one that now does.

An agency moves from a shared gateway to its own; both speak for some days. What the first has not taken by then is not
refused: it is brought to the second. Closed codes stay where they are, their last gateway winds up (`rights`).
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import done
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Lane, Leg, LegKey, freight_lane
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.rights import may_answer
from lienthong.delivery.trouble import Work
from lienthong.document import OrganisationCode
from lienthong.registry import Directory

PAGE, LOOKED = 200, "aimed:looked"
AIMED = "aimed"
"""The step that tells of it: the gateway before and the one after."""


async def reaim(hop: Hop) -> int:
    """At the axis: bring every stranded leg to its new gateway; how many. Safe to repeat.

    Who speaks changes with the registry and with the day, so all queues are looked at once a version and an hour.
    """
    now, directory = hop.clock.now(), hop.directory()
    looked = f"{directory.snapshot.version} {now:%Y-%m-%dT%H}"
    if await hop.store.read(lambda view: view.mark(LOOKED)) == looked:
        return 0
    stranded = await hop.store.read(partial(_stranded, directory, now))
    moved = sum([await _aim_queue(hop, lane, recipient, now) for lane, recipient in stranded])
    await hop.store.write(lambda tx: tx.set_mark(LOOKED, looked))
    return moved


async def _aim_queue(hop: Hop, lane: str, recipient: str, now: datetime) -> int:
    """A page a write, until nothing more moves."""
    moved = 0
    while legs := await hop.store.read(partial(_page, lane, recipient)):
        step = await hop.store.write(partial(_aim_all, hop, [leg.key for leg in legs], now))
        moved += step
        if not step:
            break
    return moved


def _stranded(directory: Directory, now: datetime, view: View) -> list[tuple[str, str]]:
    """Queues of recipients that another gateway speaks for now."""
    lanes = {lane: view.awaited(lane) for lane in view.waiting()}
    return [
        (lane, recipient)
        for lane, recipients in lanes.items()
        for recipient in sorted(recipients)
        if _next(directory, lane, recipient, now)
    ]


def _page(lane: str, recipient: str, view: View) -> list[Leg]:
    return list(view.awaiting(lane, recipient, PAGE))


def _next(directory: Directory, lane: str, recipient: str, now: datetime) -> str:
    """The queue a leg belongs in now, if that is another: empty when it is right where it is, or nobody speaks."""
    before = lane.removesuffix(freight_lane(""))
    if may_answer(directory, before, recipient, now):
        return ""
    gateway = directory.gateway_of(OrganisationCode.parse(recipient), now)
    if gateway is None:
        return ""
    return freight_lane(gateway.id) if lane != before else gateway.id


def _aim_all(hop: Hop, keys: list[LegKey], now: datetime, tx: Transaction) -> int:
    return sum(_aim(tx, hop, key, now) for key in keys)


def _aim(tx: Transaction, hop: Hop, key: LegKey, now: datetime) -> bool:
    leg = tx.leg(key)
    if leg is None or (leg.lane, leg.state) != (Lane.THROUGH, JourneyState.ACCEPTED):
        return False
    lane = _next(hop.directory(), leg.next_hop, leg.recipient, now)
    if not lane:
        return False
    for work in (Work.PULL, Work.COLLECT):  # what the gateway before failed on is not the new one's trouble
        done(tx, work, leg)
    tx.add_step(leg.step(now, hop.name, AIMED, text=f"{leg.next_hop} → {lane}"))
    tx.put_leg(replace(leg, next_hop=lane, due=now, attempts=0, detail=""))
    return True
