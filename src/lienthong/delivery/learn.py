"""Learn: what became of a gateway's packages, from the axis's news, as far as its receipts prove it (step 7)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import msgspec

from lienthong.delivery.evidence import AXIS_WORD, GATEWAY_WORD, read_receipt
from lienthong.delivery.forward import Outcome, Uplink, packages_by_id, submit
from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import began, count, end_badly
from lienthong.delivery.journey import JourneyState, observe
from lienthong.delivery.model import AXIS, Lane, Leg, Package
from lienthong.delivery.news import News, NewsPage
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.timeline import Timeline
from lienthong.delivery.trouble import Trouble, Troubles, Work
from lienthong.errors import IllegalMove, LienThongError, RegistryStale
from lienthong.evidence import Event

NEWS_MARK = "news:axis"
UNPROVED = "unproved"
"""A step that tells of news nobody could prove, or that contradicts what is proved."""
Checked = Sequence[tuple[News, list[tuple[Event, str]]]]
"""Each piece of news with those of its receipts that hold."""


async def learn(hop: Hop, uplink: Uplink) -> int:
    """Ask for news and remember it together with the cursor; returns how many there were.

    Raises `RegistryStale` while receipts do not hold here but may by the newer registry the axis has; they wait there.
    """
    after = int(await hop.store.read(lambda view: view.mark(NEWS_MARK)) or 0)
    page = await uplink.news(after)
    if not page.news:
        return 0
    if not await _receipts_first(hop, uplink, page):
        return 0
    try:
        checked = [(news, _checked(hop, news)) for news in page.news]
        _wait_for_registry(hop, page, checked)
        await hop.store.write(lambda tx: _learn(tx, after, page.cursor, checked))
    except LienThongError:
        raise
    except Exception:  # noqa: BLE001  one of them cannot be handled: each for itself, and nothing waits behind it
        for news in page.news:
            await learn_one(hop, news)
        await hop.store.write(lambda tx: _learn(tx, after, page.cursor, ()))
    return len(page.news)


async def learn_one(hop: Hop, news: News) -> bool:
    """Take one piece of news; one we fail on is set aside, to be tried again behind the others' back."""
    try:
        checked = [(news, _checked(hop, news))]
        await hop.store.write(lambda tx: _tell(tx, checked))
    except LienThongError as error:
        if not error.permanent:
            raise
        return await _aside(hop, news, error)
    except Exception as error:  # noqa: BLE001  the border around one piece of news
        return await _aside(hop, news, error)
    return True


async def _aside(hop: Hop, news: News, error: Exception) -> bool:
    await hop.store.write(lambda tx: count(tx, hop, _trouble_of(hop, news), error))
    return False


def _trouble_of(hop: Hop, news: News) -> Trouble:
    begun = began(Work.NEWS, hop.clock.now(), news.package, Lane.OUT, news.addressee, more=news.state)
    return replace(begun, body=msgspec.json.encode(news).decode())


async def relearn(hop: Hop) -> int:
    """Try once more what was set aside and has rested; returns how much was taken now."""
    now, taken = hop.clock.now(), 0
    for trouble in await hop.store.read(lambda view: view.troubles(Troubles(work=Work.NEWS, due=now, limit=20))):
        if await learn_one(hop, msgspec.json.decode(trouble.body, type=News)):
            await hop.store.write(partial(_forget, trouble.key))
            taken += 1
    return taken


def _forget(key: str, tx: Transaction) -> None:
    tx.drop_trouble(key)


async def _receipts_first(hop: Hop, uplink: Uplink, page: NewsPage) -> bool:
    """News of a package whose acceptance we never heard waits, a few tries long, until that receipt is here.

    Afterwards its legs are past recorded and nobody would ask any more; the axis has kept the answer.
    """
    packages = await hop.store.read(lambda view: _unanswered(view, page, hop.terms.breaker_after))
    return all([await submit(hop, uplink, package) is Outcome.ANSWERED for package in packages])


def _unanswered(view: View, page: NewsPage, patience: int) -> list[Package]:
    legs = [view.leg((news.package, Lane.OUT, news.addressee)) for news in page.news]
    waiting = [leg for leg in legs if leg and leg.state is JourneyState.RECORDED and leg.attempts < patience]
    return packages_by_id(view, [leg.package for leg in waiting])


def _checked(hop: Hop, news: News) -> list[tuple[Event, str]]:
    """The receipts of a piece of news that hold. Without any the news is noted but not believed."""
    return [held for text in news.receipts if (held := _held(hop, news, text)) is not None]


def _held(hop: Hop, news: News, text: str) -> tuple[Event, str] | None:
    try:
        _, told = read_receipt(hop, None, text, hop.clock.now())
    except LienThongError:
        return None
    return (told, text) if (told.package, told.addressee) == (news.package, news.addressee) else None


def _wait_for_registry(hop: Hop, page: NewsPage, checked: Checked) -> None:
    """A registry older than the axis's may lack the log key of a newer gateway: it will come, the proof with it."""
    version = hop.directory().snapshot.version
    if version < page.registry and any(len(held) < len(news.receipts) for news, held in checked):
        raise RegistryStale(f"{version} < {page.registry}")


def _learn(tx: Transaction, after: int, cursor: int, checked: Checked) -> None:
    if int(tx.mark(NEWS_MARK) or 0) != after:
        return
    tx.set_mark(NEWS_MARK, str(cursor))
    _tell(tx, checked)


def _tell(tx: Transaction, checked: Checked) -> None:
    timeline = Timeline(tx)
    for news, receipts in checked:
        leg = tx.leg((news.package, Lane.OUT, news.addressee))
        if leg is not None:
            _apply(tx, timeline, leg, news, receipts)


def _apply(tx: Transaction, timeline: Timeline, leg: Leg, news: News, receipts: list[tuple[Event, str]]) -> None:
    state = _believed(leg, news, receipts)
    if state is None:
        timeline.add(leg.step(news.at, news.hop, UNPROVED, text=news.state))
        return
    for told, text in receipts:
        timeline.add(leg.step(told.at, told.hop, told.kind, told.code or "", receipt=text))
    if state is leg.state:
        return
    now = replace(leg, state=state, since=news.at, recipient=news.recipient, refusal=news.refusal, detail=news.detail)
    tx.put_leg(now)
    end_badly(tx, now)


def _believed(leg: Leg, news: News, receipts: list[tuple[Event, str]]) -> JourneyState | None:
    """The leg's state in the light of the news; None for news that lacks the word that proves it."""
    proof = GATEWAY_WORD if news.state is JourneyState.HANDED_OVER else AXIS_WORD
    teller = None if news.state is JourneyState.HANDED_OVER else AXIS
    proved = any(told.kind is proof.get(news.state) and teller in {None, told.hop} for told, _ in receipts)
    try:
        return observe(leg.state, news.state) if proved else None
    except IllegalMove:
        return None
