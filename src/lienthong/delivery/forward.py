"""Forward: a gateway passes what its desks handed in on to the axis, and learns what became of it (steps 4, 5, 7)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from lienthong.delivery.deliver import framed
from lienthong.delivery.evidence import read_receipt
from lienthong.delivery.hop import Hop
from lienthong.delivery.journey import JourneyState, observe
from lienthong.delivery.model import AXIS, Lane, Leg, Package, Step
from lienthong.delivery.news import Accepted, LegAnswer, News, NewsPage
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.retry import breaker, failed, pause, succeeded
from lienthong.errors import DeliveryExpired, EvidenceBroken, IllegalMove, LienThongError
from lienthong.evidence import Event, EventKind, Receipt

NEWS_MARK = "news:axis"
UNPROVED = "unproved"
"""A step that tells of news nobody could prove, or that contradicts what is proved."""


class Uplink(Protocol):
    """The axis as a sending gateway sees it."""

    async def submit(self, frame: bytes) -> Accepted:
        """Hand a package to the axis; the refusals of `accept`, or Unavailable, Busy."""
        ...

    async def news(self, after: int, wait: float) -> NewsPage:
        """News for this gateway beyond a cursor; waits up to so many seconds for some."""
        ...


async def forward(hop: Hop, uplink: Uplink, limit: int = 20) -> int:
    """Submit what is due; returns how many packages were answered (accepted or refused)."""
    now = hop.clock.now()
    due = await hop.store.read(lambda view: _due(view, now, limit))
    answered = 0
    for package, contents in due:
        answered += await _submit(hop, uplink, package, contents)
    return answered


def _due(view: View, now: datetime, limit: int) -> list[tuple[Package, dict[str, bytes]]]:
    if not breaker(view, AXIS).closed(now):
        return []
    legs = view.due(Lane.OUT, AXIS, frozenset({JourneyState.RECORDED}), now, limit)
    packages = [view.package(package_id) for package_id in dict.fromkeys(leg.package for leg in legs)]
    return [(package, _contents(view, package)) for package in packages if package is not None]


def _contents(view: View, package: Package) -> dict[str, bytes]:
    small = ((part.sha256, view.content(part.sha256)) for part in package.parts)
    return {sha256: data for sha256, data in small if data is not None}


async def _submit(hop: Hop, uplink: Uplink, package: Package, contents: dict[str, bytes]) -> bool:
    try:
        accepted = await uplink.submit(await framed(hop, package, contents))
        receipt = _own_receipt(hop, package, accepted)
    except LienThongError as error:
        await hop.store.write(partial(_not_taken, hop, package, error))
        return error.permanent
    await hop.store.write(lambda tx: _taken(tx, package, accepted, receipt))
    return True


def _own_receipt(hop: Hop, package: Package, accepted: Accepted) -> Event:
    """The axis's receipt must be about this very package, or its yes is no yes."""
    _, told = read_receipt(hop, AXIS, accepted.receipt, hop.clock.now())
    if told.kind is not EventKind.SUBMISSION_ACCEPTED or told.package != package.id or told.digest != package.digest:
        raise Unconvinced(f"{told.kind} {told.package}")
    return told


class Unconvinced(EvidenceBroken):
    """A yes whose proof does not hold is asked again: the package may well be accepted."""

    permanent = False


def _taken(tx: Transaction, package: Package, accepted: Accepted, told: Event) -> None:
    succeeded(tx, AXIS)
    by_addressee: Mapping[str, LegAnswer] = {answer.addressee: answer for answer in accepted.legs}
    waiting = [leg for leg in tx.legs(package.id, Lane.OUT) if leg.state is JourneyState.RECORDED]
    for leg in waiting:
        tx.put_leg(_answered(leg, by_addressee.get(leg.addressee), told.at))
    if waiting:
        tx.add_step(Step(package.id, told.at, AXIS, EventKind.SUBMISSION_ACCEPTED, receipt=accepted.receipt))


def _answered(leg: Leg, answer: LegAnswer | None, at: datetime) -> Leg:
    if answer is None:
        return replace(leg, state=JourneyState.ACCEPTED, since=at)
    refused = answer.state is JourneyState.REFUSED
    state = observe(leg.state, JourneyState.REFUSED if refused else JourneyState.ACCEPTED)
    return replace(leg, state=state, since=at, recipient=answer.recipient, refusal=answer.refusal, detail=answer.detail)


def _not_taken(hop: Hop, package: Package, error: LienThongError, tx: Transaction) -> None:
    now = hop.clock.now()
    legs = [leg for leg in tx.legs(package.id, Lane.OUT) if leg.state is JourneyState.RECORDED]
    if not error.permanent:
        failed(tx, AXIS, hop.terms, now, hop.lots.jitter())
        for leg in legs:
            wait = pause(hop.terms, leg.attempts, hop.lots.jitter())
            tx.put_leg(replace(leg, attempts=leg.attempts + 1, due=now + wait, detail=error.code))
        return
    succeeded(tx, AXIS)
    expired = isinstance(error, DeliveryExpired)
    for leg in legs:
        state = JourneyState.EXPIRED if expired else JourneyState.REFUSED
        tx.put_leg(replace(leg, state=observe(leg.state, state), since=now, refusal=error.code, detail=error.detail))
    kind = EventKind.EXPIRED if expired else EventKind.SUBMISSION_REJECTED
    tx.add_step(Step(package.id, now, AXIS, kind, code=error.code, text=error.detail))


async def learn(hop: Hop, uplink: Uplink, wait: float = 0) -> int:
    """Ask for news and remember it together with the cursor; returns how many there were."""
    after = int(await hop.store.read(lambda view: view.mark(NEWS_MARK)) or 0)
    page = await uplink.news(after, wait)
    if not page.news:
        return 0
    checked = [(news, _checked(hop, news)) for news in page.news]
    await hop.store.write(lambda tx: _learn(tx, after, page.cursor, checked))
    return len(checked)


def _checked(hop: Hop, news: News) -> list[tuple[Event, str]]:
    """The receipts of a piece of news that hold. Without any the news is noted but not believed."""
    return [held for text in news.receipts if (held := _held(hop, news, text)) is not None]


def _held(hop: Hop, news: News, text: str) -> tuple[Event, str] | None:
    try:
        told = Event.from_leaf(Receipt.from_json(text).leaf)
        read_receipt(hop, told.hop, text, hop.clock.now())
    except LienThongError:
        return None
    return (told, text) if told.package == news.package else None


def _learn(tx: Transaction, after: int, cursor: int, checked: list[tuple[News, list[tuple[Event, str]]]]) -> None:
    if int(tx.mark(NEWS_MARK) or 0) != after:
        return
    tx.set_mark(NEWS_MARK, str(cursor))
    for news, receipts in checked:
        leg = tx.leg((news.package, Lane.OUT, news.addressee))
        if leg is not None:
            _apply(tx, leg, news, receipts)


def _apply(tx: Transaction, leg: Leg, news: News, receipts: list[tuple[Event, str]]) -> None:
    state = _believed(leg, news, receipts)
    if state is None:
        tx.add_step(Step(leg.package, news.at, news.hop, UNPROVED, leg.addressee, text=news.state))
        return
    for told, text in receipts:
        tx.add_step(Step(leg.package, told.at, told.hop, told.kind, leg.addressee, told.code or "", receipt=text))
    if state is leg.state:
        return
    tx.put_leg(
        replace(leg, state=state, since=news.at, recipient=news.recipient, refusal=news.refusal, detail=news.detail)
    )


def _believed(leg: Leg, news: News, receipts: list[tuple[Event, str]]) -> JourneyState | None:
    try:
        return observe(leg.state, news.state) if receipts else None
    except IllegalMove:
        return None
