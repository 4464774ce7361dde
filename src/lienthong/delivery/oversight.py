"""What those who run an axis see and hold: numbers by day, when each gateway last came, which are held at the door.

All of it stands in marks, so that every process of an axis, and the next one, knows the same.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial

import msgspec

from lienthong.delivery.acts import Order, ordered
from lienthong.delivery.hop import Hop
from lienthong.delivery.ports import Transaction, View
from lienthong.errors import NotFound

CURSOR, DAY, CONTACT, HELD = "tally:cursor", "tally:", "contact:", "held"
PAGE = 2000
"""Steps counted in one write."""


class Hold(StrEnum):
    """How a gateway is held: nothing at all passes, or it takes what waits for it and hands in nothing new."""

    PAUSED = "paused"
    DRAINING = "draining"


class Held(msgspec.Struct, frozen=True):
    """Since when, how, by whom and why."""

    hold: Hold
    at: datetime
    order: str


class Contact(msgspec.Struct, frozen=True):
    """When a gateway last showed a good token, and the version it says it is."""

    at: datetime
    version: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at the axis for one gateway."""

    count: int = 0
    since: datetime | None = None


# ---------------------------------------------------------------- numbers by day


async def tally(hop: Hop) -> bool:
    """Count a page of steps that were not counted yet into their days; whether there may be more."""
    return await hop.store.write(partial(_tally, hop.name))


def _tally(hop: str, tx: Transaction) -> bool:
    before = int(tx.mark(CURSOR) or 0)
    after, found = tx.tally(hop, before, PAGE)
    if after == before:
        return False
    for day in {day for day, _ in found}:
        counted = Counter(day_of(tx, day))
        counted.update({kind: number for (each, kind), number in found.items() if each == day})
        tx.set_mark(f"{DAY}{day}", msgspec.json.encode(dict(counted)).decode())
    tx.set_mark(CURSOR, str(after))
    return after - before >= PAGE


def day_of(view: View, day: date) -> Mapping[str, int]:
    """Steps of one day in Vietnam, by kind."""
    told = view.mark(f"{DAY}{day}")
    return msgspec.json.decode(told, type=dict[str, int]) if told else {}


def days(view: View, last: date, number: int) -> dict[date, Mapping[str, int]]:
    """The last days, oldest first, the one given included."""
    wanted = [last - timedelta(days=back) for back in reversed(range(number))]
    return {day: day_of(view, day) for day in wanted}


# ---------------------------------------------------------------- gateways


def keep_contacts(tx: Transaction, contacts: Mapping[str, Contact]) -> None:
    """Remember when gateways last came."""
    for gateway, contact in contacts.items():
        tx.set_mark(f"{CONTACT}{gateway}", msgspec.json.encode(contact).decode())


def contact(view: View, gateway: str) -> Contact | None:
    """When it last came, or None if it never did."""
    told = view.mark(f"{CONTACT}{gateway}")
    return msgspec.json.decode(told, type=Contact) if told else None


def held(view: View) -> Mapping[str, Held]:
    """Gateways that are held, by id."""
    told = view.mark(HELD)
    return msgspec.json.decode(told, type=dict[str, Held]) if told else {}


async def hold(hop: Hop, order: Order, gateway: str, how: Hold | None) -> Mapping[str, Held]:
    """Hold a gateway, or let it go (None); the order is kept in the log. NotFound if the registry knows none."""
    if hop.directory().gateway(gateway) is None:
        raise NotFound(gateway)
    return await hop.store.write(lambda tx: _hold(tx, hop, order, gateway, how))


def _hold(tx: Transaction, hop: Hop, order: Order, gateway: str, how: Hold | None) -> Mapping[str, Held]:
    now = {each: known for each, known in held(tx).items() if each != gateway}
    if how is not None:
        now[gateway] = Held(how, hop.clock.now(), order.text)
    tx.set_mark(HELD, msgspec.json.encode(now).decode())
    ordered(tx, hop, order, how.value if how else "resumed", f"gateway:{gateway}")
    return now


def waiting_for(found: Mapping[str, tuple[int, datetime]], gateway: str) -> Waiting:
    """Of what waits at the axis, this gateway's: both lanes together."""
    own = [found[lane] for lane in (gateway, f"{gateway}/freight") if lane in found]
    return Waiting(sum(count for count, _ in own), min((since for _, since in own), default=None))
