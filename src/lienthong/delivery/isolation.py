"""Keep one bad piece of work from stopping the others: count its faults, let it rest longer each time, park it.

    done     ─► forget what was counted
    failed   ─► count, due again after a back-off that doubles; after `Terms.park_after` faults it is a dead letter
    … by a fault of our own ─► parked as well: nobody tries until an operator asks for it

What another hop answers is tried for ever, at the longest pause: that hop may be mended without our knowing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from lienthong.delivery.hop import Hop
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Lane, Leg
from lienthong.delivery.ports import Transaction
from lienthong.delivery.retry import pause
from lienthong.delivery.trouble import NEVER, Trouble, Work, trouble_key
from lienthong.errors import CopyUnreadable, LienThongError, WorkFailed

T = TypeVar("T")


def cause(error: Exception) -> tuple[str, str]:
    """Code and detail of what went wrong; an unforeseen fault is told by its type, its words may hold anything."""
    if isinstance(error, LienThongError):
        return error.code, error.detail
    return WorkFailed.code, type(error).__name__


async def attempted(work: Awaitable[T]) -> T | Exception:
    """What it gives, or why it failed: the border around one package, whose fault is its own and nobody else's."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001  whatever it is, the others go on
        return error


def ours(error: Exception) -> bool:
    """Whether trying again by ourselves is of no use: our own fault, or our own copy."""
    return not isinstance(error, LienThongError) or isinstance(error, (CopyUnreadable, WorkFailed))


def began(
    work: Work, now: datetime, package: str = "", lane: Lane | str = "", addressee: str = "", *, more: str = ""
) -> Trouble:
    """A trouble that has not been counted yet."""
    key = trouble_key(work, package, lane, addressee, more)
    return Trouble(key, work, "", now, now, now, attempts=0, package=package, lane=str(lane), addressee=addressee)


def count(tx: Transaction, hop: Hop, begun: Trouble, error: Exception) -> Trouble:
    """Count one more fault of this piece of work; what is returned says when it is due again."""
    now = hop.clock.now()
    known = tx.trouble(begun.key) or begun
    attempts = known.attempts + 1
    dead = known.dead or attempts >= hop.terms.park_after
    parked = attempts >= hop.terms.park_after and ours(error)
    due = NEVER if parked else now + pause(hop.terms, attempts - 1, hop.lots.jitter())
    code, detail = cause(error)
    told = replace(known, code=code, detail=detail[:500], body=begun.body or known.body)
    counted = replace(told, at=now, due=due, attempts=attempts, dead=dead)
    tx.put_trouble(counted)
    return counted


def put_off(tx: Transaction, hop: Hop, work: Work, leg: Leg, error: Exception) -> None:
    """Count a fault of a leg's work; the leg is due again when the count says so."""
    counted = count(tx, hop, began(work, hop.clock.now(), leg.package, leg.lane, leg.addressee), error)
    # a leg held back for a withdrawal stays so
    tx.put_leg(replace(leg, attempts=leg.attempts + 1, due=max(leg.due, counted.due), detail=counted.code))


def done(tx: Transaction, work: Work, leg: Leg) -> None:
    """Forget what was counted of a leg's work. Legs that never failed cost nothing."""
    if leg.attempts and tx.trouble(key := trouble_key(work, leg.package, leg.lane, leg.addressee)) is not None:
        tx.drop_trouble(key)


def end_badly(tx: Transaction, leg: Leg) -> None:
    """A leg that was refused for good is listed until an operator closes the entry; other ends are nobody's work."""
    if leg.state is JourneyState.REFUSED:
        begun = began(Work.JOURNEY, leg.since, leg.package, leg.lane, leg.addressee)
        tx.put_trouble(replace(begun, code=leg.refusal, detail=leg.detail[:500], due=NEVER, dead=True))


async def counted(hop: Hop, begun: Trouble, work: Callable[[], Awaitable[object]]) -> None:
    """Do it; whatever it raises is counted and raised, and forgotten once it is done."""
    try:
        await work()
    except Exception as error:
        await hop.store.write(partial(_count, hop, begun, error))
        raise
    if await hop.store.read(lambda view: view.trouble(begun.key)) is not None:
        await hop.store.write(lambda tx: tx.drop_trouble(begun.key))


def _count(hop: Hop, begun: Trouble, error: Exception, tx: Transaction) -> None:
    count(tx, hop, begun, error)
