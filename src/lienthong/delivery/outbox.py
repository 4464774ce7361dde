"""Outbox: a gateway tells the axis what its desks did, until the axis has heard it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

import msgspec

from lienthong.delivery.deliver import completed
from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import began, cause, count
from lienthong.delivery.model import AXIS, Lane, Notice
from lienthong.delivery.news import News
from lienthong.delivery.ports import Transaction
from lienthong.delivery.trouble import Trouble, Troubles, Work
from lienthong.errors import Kind, LienThongError

UNHEARD = "unheard"
"""A step that tells of a report the axis refused; it is told again after a while, the step once."""


class Listener(Protocol):
    """The axis as a reporting gateway sees it."""

    async def hear(self, news: tuple[News, ...]) -> None:
        """Take a report; returns once durable. Repeats are harmless."""
        ...


async def tell(hop: Hop, axis: Listener, limit: int = 100) -> int:
    """Report what waits in the outbox, then forget it; returns how much was heard. A crash in between repeats it.

    One report the axis refuses for good, or fails on, holds no other up: it is set aside and told again after a
    back-off, each time a longer one.
    """
    again = await _again(hop, axis)
    notices = await hop.store.read(lambda view: view.notices(AXIS, 0, limit))
    if not notices:
        return again
    if len(notices) > 1 and await _heard(hop, axis, notices) is None:
        await hop.store.write(lambda tx: tx.drop_notices(AXIS, notices[-1].seq))
        return again + len(notices)
    return again + sum([await _tell_alone(hop, axis, notice) for notice in notices])


async def _tell_alone(hop: Hop, axis: Listener, notice: Notice) -> int:
    refusal = await _heard(hop, axis, [notice])
    if refusal is not None:
        await hop.store.write(partial(_aside, hop, notice, refusal))
        return 0
    await hop.store.write(lambda tx: tx.drop_notices(AXIS, notice.seq))
    return 1


async def _heard(hop: Hop, axis: Listener, notices: Sequence[Notice]) -> Exception | None:
    """None once these were heard. Raises what says nothing of the reports themselves."""
    try:
        await axis.hear(tuple([await completed(hop, notice) for notice in notices]))
    except LienThongError as error:
        if not error.permanent or error.kind is Kind.UNKNOWN_CALLER:
            raise
        return error
    except Exception as error:  # noqa: BLE001  the border around one report
        return error
    return None


async def _again(hop: Hop, axis: Listener) -> int:
    """Tell what was set aside and has rested; returns how much was heard."""
    now = hop.clock.now()
    due = await hop.store.read(lambda view: view.troubles(Troubles(work=Work.OUTBOX, due=now, limit=20)))
    return sum([await _tell_again(hop, axis, trouble) for trouble in due])


async def _tell_again(hop: Hop, axis: Listener, trouble: Trouble) -> int:
    error = await _heard(hop, axis, [Notice(AXIS, trouble.package, trouble.body)])
    if error is None:
        await hop.store.write(lambda tx: tx.drop_trouble(trouble.key))
        return 1
    await hop.store.write(lambda tx: count(tx, hop, trouble, error))
    return 0


def _aside(hop: Hop, notice: Notice, refusal: Exception, tx: Transaction) -> None:
    if notice not in tx.notices(AXIS, notice.seq - 1, 1):  # another worker was faster
        return
    tx.drop_notices(AXIS, notice.seq)
    begun = began(Work.OUTBOX, hop.clock.now(), notice.package, Lane.IN, more=str(notice.seq))
    count(tx, hop, replace(begun, body=notice.body), refusal)
    _note(tx, notice, *cause(refusal), hop.clock.now())


def _note(tx: Transaction, notice: Notice, code: str, detail: str, now: datetime) -> None:
    try:
        told = msgspec.json.decode(notice.body, type=News)
    except msgspec.DecodeError:
        return
    leg = tx.leg((told.package, Lane.IN, told.addressee))
    known = ((step.kind, step.addressee) for step in tx.steps(told.package))
    if leg is not None and (UNHEARD, told.addressee) not in known:
        tx.add_step(leg.step(now, AXIS, UNHEARD, code, detail))
