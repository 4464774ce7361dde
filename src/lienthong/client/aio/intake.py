"""What every receiving software does: take what waits, store it, acknowledge it, report 01 (vn-rules §6.1)."""

from collections.abc import Awaitable, Callable

from lienthong.client.aio.desk import AsyncDesk
from lienthong.client.model import Entry
from lienthong.errors import IllegalMove, LockLost


async def take_in(desk: AsyncDesk, store: Callable[[Entry], Awaitable[None]], wait: float = 0, limit: int = 20) -> int:
    """Take in what waits; `store` must have kept a document durably when it returns. Returns how many came in.

    A crash at any point repeats a step and loses nothing: the lock runs out, the document is offered again. So `store`
    may get the same document twice. One that another of the agency's software holds is left to it.
    """
    came = [await _one(desk, entry, store) for entry in await desk.inbox(wait=wait, limit=limit)]
    return sum(came)


async def _one(desk: AsyncDesk, entry: Entry, store: Callable[[Entry], Awaitable[None]]) -> bool:
    addressee = entry.recipients[0].addressee
    try:
        taken = await desk.take(entry.id, addressee)
        await store(taken.entry)
        await desk.acknowledge(entry.id, addressee, taken.lock)
    except LockLost:  # taken by other software, perhaps while this one stored it: who holds the lock goes on
        return False
    if entry.business != 1:
        await report_arrival(desk, entry.id)
    return True


async def report_arrival(desk: AsyncDesk, id: str) -> None:
    """Status 01; harmless when something later was reported already."""
    try:
        await desk.report(id, "01")
    except IllegalMove:
        return
