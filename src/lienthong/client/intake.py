# Made from aio/intake.py by tools/blocking_client.py: change that one.
"""What every receiving software does: take what waits, store it, acknowledge it, report 01 (vn-rules §6.1)."""

from collections.abc import Callable

from lienthong.client.desk import Desk
from lienthong.client.model import Entry
from lienthong.errors import IllegalMove, LockLost


def take_in(desk: Desk, store: Callable[[Entry], None], wait: float = 0, limit: int = 20) -> int:
    """Take in what waits; `store` must have kept a document durably when it returns. Returns how many came in.

    A crash at any point repeats a step and loses nothing: the lock runs out, the document is offered again. So `store`
    may get the same document twice. One that another of the agency's software holds is left to it.
    """
    came = [_one(desk, entry, store) for entry in desk.inbox(wait=wait, limit=limit)]
    return sum(came)


def _one(desk: Desk, entry: Entry, store: Callable[[Entry], None]) -> bool:
    addressee = entry.recipients[0].addressee
    try:
        taken = desk.take(entry.id, addressee)
        store(taken.entry)
        desk.acknowledge(entry.id, addressee, taken.lock)
    except LockLost:  # taken by other software, perhaps while this one stored it: who holds the lock goes on
        return False
    if entry.business != 1:
        report_arrival(desk, entry.id)
    return True


def report_arrival(desk: Desk, id: str) -> None:
    """Status 01; harmless when something later was reported already."""
    try:
        desk.report(id, "01")
    except IllegalMove:
        return
