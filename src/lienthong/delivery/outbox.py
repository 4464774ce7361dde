"""Outbox: a gateway tells the axis what its desks did, until the axis has heard it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

import msgspec

from lienthong.delivery.deliver import completed
from lienthong.delivery.hop import Hop
from lienthong.delivery.model import AXIS, Lane, Notice
from lienthong.delivery.news import News
from lienthong.delivery.ports import Transaction
from lienthong.errors import Kind, LienThongError

UNHEARD = "unheard"
"""A step that tells of a report the axis refused; it is told again and again, the step once."""

_ABOUT_THE_CALL = frozenset({Kind.UNKNOWN_CALLER, Kind.INTERNAL})


class Listener(Protocol):
    """The axis as a reporting gateway sees it."""

    async def hear(self, news: tuple[News, ...]) -> None:
        """Take a report; returns once durable. Repeats are harmless."""
        ...


async def tell(hop: Hop, axis: Listener, limit: int = 100) -> int:
    """Report what waits in the outbox, then forget it; returns how much was heard. A crash in between repeats it.

    One report the axis refuses for good holds no other up: it goes to the end of the queue, to be told again.
    """
    notices = await hop.store.read(lambda view: view.notices(AXIS, 0, limit))
    if not notices:
        return 0
    refusal = await _refusal(hop, axis, notices)
    if refusal is None:
        return len(notices)
    if len(notices) == 1:
        return await _put_back(hop, notices[0], refusal)
    return sum([await _tell_alone(hop, axis, notice) for notice in notices])


async def _tell_alone(hop: Hop, axis: Listener, notice: Notice) -> int:
    refusal = await _refusal(hop, axis, [notice])
    return 1 if refusal is None else await _put_back(hop, notice, refusal)


async def _refusal(hop: Hop, axis: Listener, notices: Sequence[Notice]) -> LienThongError | None:
    """None once these were heard and forgotten. Raises what says nothing of the reports themselves."""
    try:
        await axis.hear(tuple([await completed(hop, notice) for notice in notices]))
    except LienThongError as error:
        if not error.permanent or error.kind in _ABOUT_THE_CALL:
            raise
        return error
    await hop.store.write(lambda tx: tx.drop_notices(AXIS, notices[-1].seq))
    return None


async def _put_back(hop: Hop, notice: Notice, refusal: LienThongError) -> int:
    await hop.store.write(partial(_to_the_end, notice, refusal, hop.clock.now()))
    return 0


def _to_the_end(notice: Notice, refusal: LienThongError, now: datetime, tx: Transaction) -> None:
    if notice not in tx.notices(AXIS, notice.seq - 1, 1):  # another worker was faster
        return
    tx.drop_notices(AXIS, notice.seq)
    tx.add_notice(notice)
    _note(tx, notice, refusal, now)


def _note(tx: Transaction, notice: Notice, refusal: LienThongError, now: datetime) -> None:
    told = msgspec.json.decode(notice.body, type=News)
    leg = tx.leg((told.package, Lane.IN, told.addressee))
    known = ((step.kind, step.addressee) for step in tx.steps(told.package))
    if leg is not None and (UNHEARD, told.addressee) not in known:
        tx.add_step(leg.step(now, AXIS, UNHEARD, refusal.code, refusal.detail))
