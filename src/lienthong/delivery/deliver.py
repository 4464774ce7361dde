"""Deliver: the axis offers a gateway its mail, hears what became of it, and tells the sender's gateway (steps 6–8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

import msgspec

from lienthong.delivery.correlation import documents_of, legs_to
from lienthong.delivery.entry import answer_of
from lienthong.delivery.evidence import AXIS_WORD, GATEWAY_WORD, about_leg, event_of, read_receipt
from lienthong.delivery.freight import apart
from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import began, count, done, end_badly, put_off
from lienthong.delivery.journey import JourneyState, move
from lienthong.delivery.model import Content, Lane, Leg, LegKey, Notice, Package, PartRef, freight_lane, towards
from lienthong.delivery.news import Confirmation, Deferral, LegAnswer, MailItem, News, NewsPage
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.retention import require_contents
from lienthong.delivery.rights import may_answer
from lienthong.delivery.trouble import Trouble, Troubles, Work
from lienthong.envelope import AnyPart, Part, frame
from lienthong.envelope import PartRef as EnvelopeRef
from lienthong.errors import CopyUnreadable, EvidenceBroken, LienThongError, NotFound, PackageTooLarge, by_code
from lienthong.evidence import Event, EventKind


class MailLane(StrEnum):
    """Which of a gateway's queues: without large parts, with them, or both."""

    ALL = "all"
    QUICK = "quick"
    FREIGHT = "freight"


WAITING = frozenset({JourneyState.ACCEPTED})


async def mailbox(hop: Hop, gateway: str, limit: int = 100, lane: MailLane = MailLane.ALL) -> tuple[MailItem, ...]:
    """What waits for a gateway in a lane, the most urgent first; of all lanes the quick one first.

    What it no longer speaks for is not offered: it would be refused for good, and `reaim` brings it to whoever does.
    """
    now, directory = hop.clock.now(), hop.directory()
    version = directory.snapshot.version
    queues = {MailLane.QUICK: [gateway], MailLane.FREIGHT: [freight_lane(gateway)]}.get(
        lane, [gateway, freight_lane(gateway)]
    )

    def look(view: View) -> tuple[MailItem, ...]:
        legs = [leg for queue in queues for leg in view.due(Lane.THROUGH, queue, WAITING, now, limit)][:limit]
        legs = [leg for leg in legs if leg.expires_at > now and may_answer(directory, gateway, leg.recipient, now)]
        known = [(package, leg) for leg in legs if (package := view.package(leg.package))]
        return tuple(_item(hop, package, leg, version) for package, leg in known if not _early(view, package, leg, now))

    return await hop.store.read(look)


def _unreadable(hop: Hop, gateway: str, package_id: str, error: CopyUnreadable, tx: Transaction) -> None:
    """Our own copy cannot be given: the leg rests a while, and is listed here, not at the gateway that asked."""
    for leg in tx.legs(package_id, Lane.THROUGH):
        if towards(leg.next_hop, gateway) and leg.state is JourneyState.ACCEPTED:
            put_off(tx, hop, Work.COLLECT, leg, error)


async def defer(hop: Hop, gateway: str, deferrals: Sequence[Deferral]) -> None:
    """A gateway fails on these legs: they are not offered to it for a while, and stand in our list meanwhile."""
    await hop.store.write(lambda tx: _defer_all(tx, hop, gateway, deferrals))


LONGEST_REST = timedelta(hours=1)


def _defer_all(tx: Transaction, hop: Hop, gateway: str, deferrals: Sequence[Deferral]) -> None:
    now = hop.clock.now()
    for asked in deferrals:
        leg = tx.leg((asked.package, Lane.THROUGH, asked.addressee))
        if leg is not None and towards(leg.next_hop, gateway) and leg.state is JourneyState.ACCEPTED:
            put_off(tx, hop, Work.PULL, leg, by_code(asked.code)(f"{gateway}: {asked.code[:64]}"))
            rest = min(timedelta(seconds=max(0.0, asked.seconds)), LONGEST_REST)
            tx.put_leg(replace(leg, attempts=leg.attempts + 1, due=now + rest, detail=asked.code[:64]))


def _early(view: View, package: Package, leg: Leg, now: datetime) -> bool:
    """A recall, update or replacement waits for its document while that is still on its way in the slow lane."""
    head = package.head
    if head.content is not Content.EDOC or not head.business:
        return False
    ids = dict.fromkeys(filter(None, (head.document_id, head.affects, *head.replaces)))
    documents = [found for each in ids for found in documents_of(view, package.sender, each)]
    before = [found for found in documents if found.id != package.id and found.recorded_at <= package.recorded_at]
    return any(
        other.state in WAITING and other.expires_at > now and other.next_hop != leg.next_hop
        for _, other in legs_to(view, before, Lane.THROUGH, leg.recipient)
    )


async def collect(hop: Hop, gateway: str, package_id: str, *, whole: bool = False) -> bytes:
    """The wire form of a package that has a leg to this gateway; raises `NotFound` for any other.

    Large parts are named only, see `part_for`; a gateway that does not know them gets the `whole`.
    """
    package, contents = await hop.store.read(lambda view: _theirs(view, gateway, package_id))
    if whole and package.size > hop.limits.bytes:
        raise PackageTooLarge(f"{package.size} > {hop.limits.bytes}")
    try:
        return await framed(hop, package, contents, whole=whole)
    except LienThongError as error:
        if not error.permanent:
            raise
        unreadable = CopyUnreadable(error.detail)
        await hop.store.write(partial(_unreadable, hop, gateway, package_id, unreadable))
        raise unreadable from error


async def part_for(hop: Hop, gateway: str, package_id: str, sha256: str) -> tuple[PartRef, bytes | None]:
    """A part of a package that has a leg to this gateway, with its bytes if they lie in a row. NotFound."""
    package, contents = await hop.store.read(lambda view: _theirs(view, gateway, package_id))
    for part in package.parts:
        if part.sha256 == sha256:
            return part, contents.get(sha256)
    raise NotFound(sha256[:80])


def _theirs(view: View, gateway: str, package_id: str) -> tuple[Package, dict[str, bytes]]:
    package = view.package(package_id)
    # only the gateway's own legs are read: a circular to thousands is fetched by hundreds
    hops = (gateway, freight_lane(gateway))
    if package is None or not any(view.legs(package_id, Lane.THROUGH, hop) for hop in hops):
        raise NotFound(package_id)
    require_contents(view, package_id)
    small = ((part.sha256, view.content(part.sha256)) for part in package.parts)
    return package, {sha256: data for sha256, data in small if data is not None}


async def framed(hop: Hop, package: Package, contents: dict[str, bytes], *, whole: bool = False) -> bytes:
    """Seal and parts in their wire form; large ones are named only, unless the `whole` is wanted."""
    named = set() if whole else {part.sha256 for part in apart(hop, package)}
    parts: list[AnyPart] = []
    for order, ref in enumerate(package.parts):
        data = contents.get(ref.sha256)
        if order and ref.sha256 in named:
            parts.append(EnvelopeRef(ref.name, ref.media_type, ref.size, ref.sha256))
        else:
            parts.append(Part(ref.name, ref.media_type, await hop.objects.fetch(ref.sha256) if data is None else data))
    return frame(package.seal, parts)


async def confirm(hop: Hop, gateway: str, words: Sequence[Confirmation]) -> tuple[LegAnswer, ...]:
    """Take a gateway's word, proved by its receipt, on legs it pulled. The axis alone decides what is delivered.

    A word that comes after expiry is answered with "expired"; a repeat with what stands. Raises `EvidenceBroken`,
    `NotFound`.
    """
    now = hop.clock.now()
    told = [(word, _checked(hop, gateway, word, word.receipt, now)) for word in words]
    answers = await hop.store.write(lambda tx: tuple(_confirm(tx, hop, gateway, *each, now) for each in told))
    return tuple([await _proved(hop, word.package, *each) for word, each in zip(words, answers, strict=True)])


async def _proved(hop: Hop, package_id: str, answer: LegAnswer, fresh: int | None) -> LegAnswer:
    """The answer with our receipt of what stands, so that the recipient too can prove who sent it what.

    What was just recorded is known by its leaf; only for a repeat are the package's steps read, which may be thousands.
    """
    index = await hop.store.read(partial(_settled, package_id, answer.addressee)) if fresh is None else fresh
    return replace(answer, receipt=(await hop.store.receipt(index)).to_json())


def _settled(package_id: str, addressee: str, view: View) -> int:
    own = [step for step in view.steps(package_id) if step.addressee == addressee and step.index is not None]
    return [step.index for step in own if step.kind in AXIS_WORD.values() and step.index is not None][-1]


def _checked(hop: Hop, gateway: str, word: Confirmation | News, receipt: str, now: datetime) -> Event:
    """What the gateway's own log says; it must say the same as the gateway."""
    _, told = read_receipt(hop, gateway, receipt, now)
    about_leg(told, GATEWAY_WORD.get(word.state), word.package, word.addressee)
    return told


def _confirm(
    tx: Transaction, hop: Hop, gateway: str, word: Confirmation, told: Event, now: datetime
) -> tuple[LegAnswer, int | None]:
    """What stands, and the leaf that tells of it if it is a new one."""
    leg = _leg_of(tx, gateway, word.package, word.addressee)
    _require_read(told, _known(tx, leg.package), word)
    if leg.state is not JourneyState.ACCEPTED:
        return answer_of(leg), None
    if word.state is JourneyState.REFUSED and not may_answer(hop.directory(), gateway, leg.recipient, now):
        raise NotFound(f"{gateway}: {leg.recipient}")  # fetched before the agency moved; the gateway it has now decides
    if leg.expires_at <= now:
        return answer_of(_expire(tx, hop, leg, now)), None
    done(tx, Work.PULL, leg)
    done(tx, Work.COLLECT, leg)
    moved = replace(leg, state=move(leg.state, word.state), since=now, refusal=word.refusal, detail=word.detail)
    end_badly(tx, moved)
    index = end(tx, hop, moved, now, word.receipt)
    foreign = leg.step(told.at, gateway, told.kind, receipt=word.receipt)
    tx.add_step(foreign)
    return answer_of(moved), index


def _require_read(told: Event, package: Package, word: Confirmation) -> None:
    """That it is of this content; and of one that is said to have been stored, that it was fetched: which document it
    is stands inside the package alone, a mailbox does not tell it. EvidenceBroken.
    """
    if told.digest != package.digest:
        raise EvidenceBroken(f"{told.hop}: {package.id}")
    if word.state is JourneyState.DELIVERED and told.document != package.head.document_id:
        raise EvidenceBroken(f"{told.hop}: {package.id}: chưa lấy về / not fetched")


async def hear(hop: Hop, gateway: str, news: Sequence[News]) -> None:
    """Take a gateway's report of hand-overs; passes its receipts on to the sender's gateway. Repeats are harmless.

    Raises `EvidenceBroken` for a report without proof, `NotFound` for a leg that was never this gateway's.
    """
    now = hop.clock.now()
    for told in news:
        if told.state is not JourneyState.HANDED_OVER or not told.receipts:
            raise EvidenceBroken(f"{gateway}: {told.state} {told.package}")
        for receipt in told.receipts:
            _checked(hop, gateway, told, receipt, now)
    await hop.store.write(lambda tx: _hear_all(tx, gateway, news))


def _hear_all(tx: Transaction, gateway: str, news: Sequence[News]) -> None:
    for told in news:
        _hear(tx, gateway, told)


def _hear(tx: Transaction, gateway: str, told: News) -> None:
    leg = _leg_of(tx, gateway, told.package, told.addressee)
    if leg.state is not JourneyState.DELIVERED:
        return
    done = replace(leg, state=move(leg.state, told.state), since=told.at)
    tx.put_leg(done)
    for receipt in told.receipts:
        tx.add_step(leg.step(told.at, gateway, EventKind.HANDED_OVER, receipt=receipt))
    _notify(tx, done, told.at, gateway, told.receipts, ())


async def expire(hop: Hop, limit: int = 200) -> int:
    """End legs whose time to live ran out, with non-delivery evidence; returns how many. One we fail on rests alone."""
    now = hop.clock.now()
    waiting = await hop.store.read(lambda view: view.expiring(now, limit))
    keys = [leg.key for leg in waiting if leg.lane is Lane.THROUGH]
    if not keys:
        return 0
    try:
        return await hop.store.write(lambda tx: sum(_expire_if_due(tx, hop, key, now) for key in keys))
    except LienThongError as error:
        if not error.permanent:
            raise
    except Exception:  # noqa: BLE001, S110  one of them; which one is found when each goes alone
        pass
    return sum([await _expire_alone(hop, key, now) for key in keys])


async def _expire_alone(hop: Hop, key: LegKey, now: datetime) -> bool:
    try:
        return await hop.store.write(lambda tx: _expire_if_due(tx, hop, key, now))
    except LienThongError as error:
        if not error.permanent:
            raise
        await hop.store.write(partial(_rest, hop, key, error))
    except Exception as error:  # noqa: BLE001  the border around one leg
        await hop.store.write(partial(_rest, hop, key, error))
    return False


def _rest(hop: Hop, key: LegKey, error: Exception, tx: Transaction) -> None:
    """Leave a leg alone that we fail to end: a lock hides it from the sweep and from the mailbox."""
    if (leg := tx.leg(key)) is not None:
        counted = count(tx, hop, began(Work.EXPIRE, hop.clock.now(), leg.package, leg.lane, leg.addressee), error)
        tx.put_leg(replace(leg, lock=Work.EXPIRE, locked_until=counted.due))


def _expire_if_due(tx: Transaction, hop: Hop, key: tuple[str, Lane, str], now: datetime) -> bool:
    leg = tx.leg(key)
    if leg is None or leg.state is not JourneyState.ACCEPTED:
        return False
    _expire(tx, hop, leg, now)
    return True


def _expire(tx: Transaction, hop: Hop, leg: Leg, now: datetime) -> Leg:
    for work in (Work.EXPIRE, Work.PULL, Work.COLLECT):
        done(tx, work, leg if leg.attempts else replace(leg, attempts=int(leg.lock == Work.EXPIRE)))
    ended = replace(leg, state=move(leg.state, JourneyState.EXPIRED), since=now, refusal="delivery-expired", detail="")
    end(tx, hop, ended, now)
    return ended


def end(tx: Transaction, hop: Hop, leg: Leg, now: datetime, foreign: str = "") -> int:
    """Put a leg that has come to an end here, with our word on it for both sides; returns the leaf of that word."""
    package, kind = _known(tx, leg.package), AXIS_WORD[leg.state]
    tx.put_leg(leg)
    told = (
        leg.detail if leg.state in {JourneyState.EXPIRED, JourneyState.CANCELLED} else None
    )  # who ordered it, and why
    index = tx.record(event_of(kind, hop.name, now, package, leg, code=leg.refusal or None, text=told))
    tx.add_step(leg.step(now, hop.name, kind, leg.refusal, leg.detail, index=index))
    _notify(tx, leg, now, hop.name, (foreign,) if foreign else (), (index,))
    return index


def _notify(
    tx: Transaction, leg: Leg, at: datetime, teller: str, receipts: tuple[str, ...], own: tuple[int, ...]
) -> None:
    news = News(
        leg.package, leg.addressee, leg.recipient, leg.state, at, teller, leg.refusal, leg.detail, receipts, own
    )
    tx.add_notice(Notice(_known(tx, leg.package).came_from, leg.package, msgspec.json.encode(news).decode()))


async def news_for(hop: Hop, to: str, after: int, limit: int = 100) -> NewsPage:
    """News for another hop beyond its cursor, own leaves turned into receipts."""
    notices = await hop.store.read(lambda view: view.notices(to, after, limit))
    told = [await _told(hop, notice) for notice in notices]
    news = tuple(each for each in told if each is not None)
    return NewsPage(news, notices[-1].seq if notices else after, hop.directory().snapshot.version)


async def _told(hop: Hop, notice: Notice) -> News | None:
    """The news of a notice; one we fail on is set aside, and the others are told."""
    try:
        return await completed(hop, notice)
    except LienThongError as error:
        if not error.permanent:
            raise
        await hop.store.write(partial(_set_aside, hop, notice, error))
    except Exception as error:  # noqa: BLE001  the border around one piece of news
        await hop.store.write(partial(_set_aside, hop, notice, error))
    return None


def _set_aside(hop: Hop, notice: Notice, error: Exception, tx: Transaction) -> None:
    begun = began(Work.NEWS, hop.clock.now(), notice.package, Lane.THROUGH, more=f"{notice.to}:{notice.seq}")
    if tx.trouble(begun.key) is None:
        count(tx, hop, replace(begun, addressee=notice.to, body=notice.body), error)


async def tell_again(hop: Hop) -> int:
    """News that was set aside and has rested goes back to its queue if it can be told now; returns how much."""
    now = hop.clock.now()
    due = await hop.store.read(lambda view: view.troubles(Troubles(work=Work.NEWS, due=now, limit=20)))
    return sum([await _tell_again(hop, trouble) for trouble in due])


async def _tell_again(hop: Hop, trouble: Trouble) -> bool:
    notice = Notice(trouble.addressee, trouble.package, trouble.body)
    try:
        await completed(hop, notice)
    except Exception as error:  # noqa: BLE001  the border around one piece of news
        await hop.store.write(partial(_count, hop, trouble, error))
        return False
    await hop.store.write(partial(_requeue, trouble.key, notice))
    return True


def _count(hop: Hop, trouble: Trouble, error: Exception, tx: Transaction) -> None:
    count(tx, hop, trouble, error)


def _requeue(key: str, notice: Notice, tx: Transaction) -> None:
    tx.drop_trouble(key)
    tx.add_notice(notice)


async def forget(hop: Hop, to: str, up_to: int) -> None:
    """Drop news another hop has learned: it asked beyond it."""
    await hop.store.write(lambda tx: tx.drop_notices(to, up_to))


async def completed(hop: Hop, notice: Notice) -> News:
    """The news of a notice, our own leaves turned into receipts."""
    news = msgspec.json.decode(notice.body, type=News)
    own = tuple([(await hop.store.receipt(index)).to_json() for index in news.own])
    return replace(news, receipts=(*own, *news.receipts), own=())


def _leg_of(view: View, gateway: str, package_id: str, addressee: str) -> Leg:
    leg = view.leg((package_id, Lane.THROUGH, addressee))
    if leg is None or not towards(leg.next_hop, gateway):
        raise NotFound(f"{package_id} {addressee}")
    return leg


def _known(view: View, package_id: str) -> Package:
    package = view.package(package_id)
    if package is None:
        raise NotFound(package_id)
    return package


def _item(hop: Hop, package: Package, leg: Leg, registry: int) -> MailItem:
    return MailItem(
        leg.package,
        leg.addressee,
        leg.recipient,
        package.sender,
        package.message_id,
        package.digest,
        package.size,
        leg.urgency,
        leg.expires_at,
        registry,
        sum(part.size for part in apart(hop, package)),
    )
