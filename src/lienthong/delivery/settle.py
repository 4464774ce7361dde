"""Settle: the axis confirms what a gateway stored or refused, and only then a desk sees it (design §4, step 6)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from lienthong.delivery.effects import arrived
from lienthong.delivery.evidence import AXIS_WORD, about_leg, read_receipt
from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import done, end_badly, put_off
from lienthong.delivery.journey import JourneyState, move
from lienthong.delivery.model import AXIS, DESK, Lane, Leg, LegKey
from lienthong.delivery.news import Confirmation, LegAnswer
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.pull import Mailbox, proof_mark, witnessed
from lienthong.delivery.timeline import Timeline
from lienthong.delivery.trouble import Work
from lienthong.errors import EvidenceBroken, EvidenceMissing, LienThongError
from lienthong.evidence import Event

Told = tuple[Leg, Confirmation]


async def settle(hop: Hop, axis: Mailbox, limit: int = 100) -> int:
    """Have the axis confirm every arrived leg, then open it to its desk; returns how many were settled.

    Also heals: a confirmation whose answer was lost is simply given again.
    """
    now = hop.clock.now()
    found = await hop.store.read(lambda view: _unsettled(view, now, limit))
    told = [(leg, word) for leg, index in found if (word := await _told(hop, leg, index)) is not None]
    if not told:
        return 0
    try:
        return await _settle_all(hop, axis, told)
    except LienThongError as error:
        if not error.permanent:
            raise
    except Exception:  # noqa: BLE001, S110  one of them; which one is found when each goes alone
        pass
    # one word the axis will not take must not hold up the others
    return sum([await _settle_alone(hop, axis, *each) for each in told])


def _unsettled(view: View, now: datetime, limit: int) -> list[tuple[Leg, int | None]]:
    legs = view.due(Lane.IN, DESK, frozenset({JourneyState.ARRIVED}), now, limit)
    return [(leg, _index(view, leg)) for leg in legs]


def _index(view: View, leg: Leg) -> int | None:
    """Which leaf of ours tells what we did with it; the timeline knows as well as the mark."""
    mark = view.mark(proof_mark(leg))
    return int(mark) if mark.isdecimal() else witnessed(view, leg)


async def _told(hop: Hop, leg: Leg, index: int | None) -> Confirmation | None:
    """Our word on a leg; one we cannot prove is put off."""
    try:
        return await _word(hop, leg, index)
    except LienThongError as error:
        if not error.permanent:
            raise
        await hop.store.write(partial(_postpone, hop, leg.key, error))
    except Exception as error:  # noqa: BLE001  the border around one leg
        await hop.store.write(partial(_postpone, hop, leg.key, error))
    return None


async def _word(hop: Hop, leg: Leg, index: int | None) -> Confirmation:
    if index is None:
        raise EvidenceMissing(proof_mark(leg))
    receipt = await hop.store.receipt(index)
    if leg.refusal:
        return Confirmation(
            leg.package, leg.addressee, JourneyState.REFUSED, receipt.to_json(), leg.refusal, leg.detail
        )
    return Confirmation(leg.package, leg.addressee, JourneyState.DELIVERED, receipt.to_json())


async def _settle_alone(hop: Hop, axis: Mailbox, leg: Leg, word: Confirmation) -> int:
    try:
        return await _settle_all(hop, axis, [(leg, word)])
    except LienThongError as error:
        if not error.permanent:
            raise
        await hop.store.write(partial(_postpone, hop, leg.key, error))
    except Exception as error:  # noqa: BLE001  the border around one leg
        await hop.store.write(partial(_postpone, hop, leg.key, error))
    return 0


def _postpone(hop: Hop, key: LegKey, error: Exception, tx: Transaction) -> None:
    leg = tx.leg(key)
    if leg is not None and leg.state is JourneyState.ARRIVED:
        put_off(tx, hop, Work.SETTLE, leg, error)
        if leg.detail and (put := tx.leg(key)) is not None:  # why it was refused here is not to be overwritten
            tx.put_leg(replace(put, detail=leg.detail))


async def _settle_all(hop: Hop, axis: Mailbox, told: Sequence[Told]) -> int:
    answers = await axis.confirm([word for _, word in told])
    settled = [(leg, answer, _proof(hop, leg, answer)) for (leg, _), answer in zip(told, answers, strict=True)]
    await hop.store.write(partial(_open_desks, hop.name, settled, hop.clock.now()))
    return len(settled)


def _open_desks(hop: str, settled: Sequence[tuple[Leg, LegAnswer, Event]], now: datetime, tx: Transaction) -> None:
    for each in settled:
        _settle(tx, hop, *each, now)


# What the axis says of the leg, and what that makes of ours.
_OUTCOME = {
    JourneyState.DELIVERED: JourneyState.DELIVERED,
    JourneyState.HANDED_OVER: JourneyState.DELIVERED,
    JourneyState.REFUSED: JourneyState.REFUSED,
    JourneyState.EXPIRED: JourneyState.EXPIRED,
    JourneyState.CANCELLED: JourneyState.CANCELLED,
}


def _proof(hop: Hop, leg: Leg, answer: LegAnswer) -> Event:
    """The axis's own receipt of what it answered; raises `EvidenceBroken` when it says anything else."""
    outcome = _OUTCOME.get(answer.state)
    if outcome is None or answer.addressee != leg.addressee or (leg.refusal and outcome is JourneyState.DELIVERED):
        raise EvidenceBroken(f"{leg.package} {leg.addressee}: {answer.state}")
    _, told = read_receipt(hop, AXIS, answer.receipt, hop.clock.now())
    about_leg(told, AXIS_WORD[outcome], leg.package, leg.addressee)
    return told


def _settle(tx: Transaction, hop: str, leg: Leg, answer: LegAnswer, told: Event, now: datetime) -> None:
    current = tx.leg(leg.key)
    if current is None or current.state is not JourneyState.ARRIVED:
        return
    refusal, detail = answer.refusal or current.refusal, answer.detail
    state = move(current.state, _OUTCOME[answer.state])
    settled = replace(current, state=state, since=now, refusal=refusal, detail=detail)
    done(tx, Work.SETTLE, current)
    tx.put_leg(settled)
    end_badly(tx, settled)
    tx.set_mark(proof_mark(leg), "")
    Timeline(tx).add(leg.step(told.at, AXIS, told.kind, told.code or "", receipt=answer.receipt))
    package = tx.package(leg.package)
    if settled.state is JourneyState.DELIVERED and package is not None:
        arrived(tx, hop, package, settled, now)
