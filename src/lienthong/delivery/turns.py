"""Turns: what agencies hand in at one gateway goes on in turn, however much of it one of them has waiting.

The queue is walked by `due`, which for what is new only has to lie in the past. So while somebody stands in the line, a
newcomer is put where its own agency's share ends: at the front, or one tick behind what it put there last. This is
start-time fair queueing (Goyal, Vin, Cheng 1996), as at the door (`adapters.admission`): a thousand documents of one
agency delay another's by one. Urgency stands above it, and each urgency has a line of its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lienthong.delivery.model import Leg
from lienthong.delivery.ports import Transaction

TICK = timedelta(microseconds=1)


def in_turn(tx: Transaction, tenant: str, legs: Sequence[Leg], front: datetime | None, now: datetime) -> Sequence[Leg]:
    """A new package's legs where they stand in line; `front`: when the first there was due, None while nobody is."""
    if front is None or not legs:
        return legs
    name = f"turn:{legs[0].next_hop}:{legs[0].urgency}:{tenant}"
    told = tx.mark(name)
    turn = min(max(front, datetime.fromisoformat(told) + TICK) if told else front, now)
    tx.set_mark(name, turn.isoformat())
    return [replace(leg, due=turn) for leg in legs]
