"""Pull: the recipient's gateway fetches its mail, stores it, and has the axis confirm before any desk sees it.

Between storing and confirming the leg is *arrived*: only the axis decides between delivered and expired, so a document
can never be both handed to a desk and reported undelivered (design §4, step 6).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import msgspec

from lienthong.delivery.entry import package_of, split
from lienthong.delivery.evidence import event_of
from lienthong.delivery.freight import Shelf, TurnOver, fetched
from lienthong.delivery.heads import canonical
from lienthong.delivery.hop import Hop
from lienthong.delivery.isolation import began, count
from lienthong.delivery.journey import HELD, JourneyState
from lienthong.delivery.model import AXIS, DESK, Contents, Lane, Leg, Notice, Package
from lienthong.delivery.news import Confirmation, Deferral, LegAnswer, MailItem, News
from lienthong.delivery.opening import Opened, opened_all
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.rights import may_answer
from lienthong.delivery.together import groups
from lienthong.delivery.trouble import Trouble, Work, trouble_key
from lienthong.errors import (
    DuplicateDiffers,
    LienThongError,
    NotARecipient,
    PartChanged,
    SenderNotRepresented,
)
from lienthong.evidence import Event, EventKind

ENDLESS = 2**62


class Mailbox(Shelf, Protocol):
    """The axis as a receiving gateway sees it."""

    async def mailbox(self) -> Sequence[MailItem]:
        """What waits for this gateway and has no large parts."""
        ...

    async def freight(self) -> Sequence[MailItem]:
        """What waits for this gateway and has large parts."""
        ...

    async def collect(self, package_id: str) -> bytes:
        """The wire form of a package, large parts named only; `NotFound` when it is not (any more) for this gateway."""
        ...

    async def confirm(self, words: Sequence[Confirmation]) -> Sequence[LegAnswer]:
        """Tell what was stored or refused; the axis answers with what stands, one answer a word."""
        ...

    async def defer(self, deferrals: Sequence[Deferral]) -> None:
        """Ask the axis not to offer these for a while: we fail on them, and they would fill the page."""
        ...


async def pull(hop: Hop, axis: Mailbox) -> int:
    """Fetch and store what waits; returns how many legs were new. `settle` brings them to the desks.

    What the axis cannot give, or we fail on, stays in its mailbox and holds nothing else up: it is counted, left alone
    for a while, and the axis is asked not to offer it so long. Raises what failed when nothing else was to be had.
    """
    items = await axis.mailbox()
    stored, failures = 0, list[Failure]()
    for group in groups(items, lambda item: item.size, _never):
        kept, failed = await _pull(hop, axis, group)
        stored, failures = stored + kept, failures + failed
    await _defer(hop, axis, failures)
    if failures and not stored and isinstance(failures[0][1], LienThongError):
        raise failures[0][1]
    return stored


Failure = tuple[MailItem, Exception]
LONGEST_REST = timedelta(hours=1)


async def haul(hop: Hop, axis: Mailbox) -> int:
    """A turn of the slow lane: fetch large parts and store what is whole, the most urgent first.

    Returns how much moved; a part that needs another turn is movement too. What fails is treated as in `pull`.
    """
    moved, failures = 0, list[Failure]()
    for item in await axis.freight():
        try:
            known = await hop.store.read(partial(_known, item=item, now=hop.clock.now()))
            if (work := await _fetch(hop, axis, item, known, hop.freight.turn)) is not None:
                moved += await work()
        except TurnOver:
            moved += 1
            break
        except Exception as error:  # noqa: BLE001  the border around one package: it must not stop the others
            failures.append((item, error))
    await _defer(hop, axis, failures)
    if failures and not moved and isinstance(failures[0][1], LienThongError):
        raise failures[0][1]
    return moved


def _never(_: MailItem) -> bool:
    return False


async def _pull(hop: Hop, axis: Mailbox, items: Sequence[MailItem]) -> tuple[int, list[Failure]]:
    """Fetch a group at once, then write it in the mailbox's order: a recall never overtakes its document.

    What was fetched is stored even if another could not be.
    """
    now = hop.clock.now()
    known = await hop.store.read(lambda view: [_known(view, item, now) for item in items])
    fetching = (_fetch(hop, axis, *each) for each in zip(items, known, strict=True))
    fetched = await asyncio.gather(*fetching, return_exceptions=True)
    works = [(item, work) for item, work in zip(items, fetched, strict=True) if callable(work)]
    stored = await asyncio.gather(*(work() for _, work in works), return_exceptions=True)
    ended = [*zip(items, fetched, strict=True), *((item, end) for (item, _), end in zip(works, stored, strict=True))]
    for _, end in ended:
        if isinstance(end, BaseException) and not isinstance(end, Exception):
            raise end
    return stored.count(True), [(item, end) for item, end in ended if isinstance(end, Exception)]


async def _defer(hop: Hop, axis: Mailbox, failures: Sequence[Failure]) -> None:
    """Count what failed; an axis that knows nothing of deferrals just offers it again."""
    if not failures:
        return
    counted = await hop.store.write(lambda tx: [_counted(tx, hop, *failure) for failure in failures])
    now = hop.clock.now()
    rests = [min(trouble.due - now, LONGEST_REST).total_seconds() for trouble in counted]
    asked = [
        Deferral(trouble.package, trouble.addressee, trouble.code, rest)
        for trouble, rest in zip(counted, rests, strict=True)
    ]
    with suppress(LienThongError):
        await axis.defer(asked)


def _counted(tx: Transaction, hop: Hop, item: MailItem, error: Exception) -> Trouble:
    return count(tx, hop, began(Work.PULL, hop.clock.now(), item.package, Lane.IN, item.addressee), error)


def _trouble(item: MailItem) -> str:
    return trouble_key(Work.PULL, item.package, Lane.IN, item.addressee)


Known = tuple[Leg | None, int | None, bool]


def _known(view: View, item: MailItem, now: datetime) -> Known:
    """The leg if we have it, our leaf that tells so if it is through here, and whether a fault keeps us from it."""
    leg = view.leg((item.package, Lane.IN, item.addressee))
    trouble = view.trouble(_trouble(item))
    index = witnessed(view, leg) if leg is not None and leg.state in HELD else None
    return leg, index, trouble is not None and trouble.due > now


async def _confirm_again(hop: Hop, axis: Mailbox, leg: Leg, index: int) -> bool:
    """The axis offers what it confirmed long ago: it was put back to a backup. Our word still stands."""
    receipt = (await hop.store.receipt(index)).to_json()
    await axis.confirm([Confirmation(leg.package, leg.addressee, JourneyState.DELIVERED, receipt)])
    if leg.state is JourneyState.HANDED_OVER:
        await hop.store.write(partial(_report_again, leg))
    return False


def _report_again(leg: Leg, tx: Transaction) -> None:
    steps = [step for step in tx.steps(leg.package) if (step.lane, step.addressee) == (Lane.IN, leg.addressee)]
    own = [step for step in steps if step.kind == EventKind.HANDED_OVER and step.index is not None]
    for step in own[-1:]:
        tx.add_notice(handed_over_notice(leg, step.at, step.hop, -1 if step.index is None else step.index))


def handed_over_notice(leg: Leg, at: datetime, hop: str, index: int) -> Notice:
    """What a gateway reports once a desk's software has taken a document; the leaf of ours proves it."""
    news = News(leg.package, leg.addressee, leg.recipient, JourneyState.HANDED_OVER, at, hop, own=(index,))
    return Notice(AXIS, leg.package, msgspec.json.encode(news).decode())


async def _fetch(
    hop: Hop, axis: Mailbox, item: MailItem, known: Known, turn: int = ENDLESS
) -> Callable[[], Awaitable[bool]] | None:
    """What is left to do once the package is here: one write, of it or of its refusal. None when nothing is."""
    leg, index, resting = known
    if leg is not None and leg.state in HELD and index is not None:
        return partial(_confirm_again, hop, axis, leg, index)
    if leg is not None or resting:
        return None
    try:
        frame = await axis.collect(item.package)
    except LienThongError as error:
        if not error.permanent:
            raise
        return None
    now, version = hop.clock.now(), hop.directory().snapshot.version
    try:
        opened = await _verified(hop, item, frame, now)
        await fetched(hop, axis, item.package, opened.apart, turn)
        small, large = split(opened.contents)
        await hop.objects.keep(large)
        package = package_of(hop, opened, AXIS, now)
    except LienThongError as refusal:
        return partial(_refused, hop, item, refusal, now, version)
    return partial(_stored, hop, item, package, small, now, version)


async def _stored(hop: Hop, item: MailItem, package: Package, small: Contents, now: datetime, version: int) -> bool:
    try:
        return await hop.store.write(lambda tx: _keep(tx, hop, item, package, small, now))
    except LienThongError as refusal:
        return await _refused(hop, item, refusal, now, version)


async def _refused(hop: Hop, item: MailItem, refusal: LienThongError, now: datetime, version: int) -> bool:
    """`version` is of the registry that the package was judged by: a newer one may have come meanwhile."""
    if not refusal.permanent:
        raise refusal
    # a registry older than the axis's must not refuse what the newer one allows: it will come
    if version < item.registry:
        return False
    return await hop.store.write(partial(_refuse, hop, item, refusal, now))


async def _verified(hop: Hop, item: MailItem, frame: bytes, now: datetime) -> Opened:
    """Check for ourselves what the axis checked: seal, digest, addressee, and that we speak for the recipient."""
    directory = hop.fresh_directory(now)
    (opened,) = await opened_all([frame], hop.opener.unfold, directory, now, hop.limits)
    if isinstance(opened, Exception):
        raise opened
    if opened.id != item.package or opened.digest != item.digest:
        raise PartChanged(item.package)
    if canonical(directory, item.addressee) not in opened.recipients:
        raise NotARecipient(item.addressee)
    if not may_answer(directory, hop.name, item.recipient, now):
        raise SenderNotRepresented(f"{hop.name}: {item.recipient}")
    return opened


def _keep(tx: Transaction, hop: Hop, item: MailItem, package: Package, small: Contents, now: datetime) -> bool:
    # a duplicate is known at commit, never at arrival
    if tx.leg((item.package, Lane.IN, item.addressee)):
        return False
    known = tx.package(package.id)
    if known is None:
        tx.add_package(package, small)
    elif known.digest != package.digest:
        raise DuplicateDiffers(package.message_id)
    leg = replace(_leg(item, now), content=package.head.content)
    tx.put_leg(leg)
    if tx.trouble(_trouble(item)) is not None:
        tx.drop_trouble(_trouble(item))
    _witness(tx, leg, event_of(EventKind.CONSIGNED, hop.name, now, package, leg))
    return True


def _refuse(hop: Hop, item: MailItem, refusal: LienThongError, now: datetime, tx: Transaction) -> bool:
    """Keep the refusal, not the content: an arrived leg with a code, to be confirmed as refused."""
    if tx.leg((item.package, Lane.IN, item.addressee)):
        return False
    leg = replace(_leg(item, now), refusal=refusal.code, detail=refusal.detail)
    tx.put_leg(leg)
    event = Event(
        kind=EventKind.REFUSED,
        hop=hop.name,
        at=now,
        package=item.package,
        sender=item.sender,
        message=item.message_id,
        document="",
        digest=item.digest,
        recipient=item.recipient,
        addressee=item.addressee,
        code=refusal.code,
    )
    _witness(tx, leg, event)
    return True


def _witness(tx: Transaction, leg: Leg, event: Event) -> None:
    """Log what we did with a leg, and remember where, for the axis to hear."""
    index = tx.record(event)
    tx.add_step(leg.step(event.at, event.hop, event.kind, leg.refusal, leg.detail, index=index))
    tx.set_mark(proof_mark(leg), str(index))


def _leg(item: MailItem, now: datetime) -> Leg:
    return Leg(
        package=item.package,
        lane=Lane.IN,
        addressee=item.addressee,
        recipient=item.recipient,
        next_hop=DESK,
        state=JourneyState.ARRIVED,
        since=now,
        due=now,
        expires_at=item.expires_at,
        urgency=item.urgency,
    )


def witnessed(view: View, leg: Leg) -> int | None:
    """The last leaf of ours that tells what we did with a leg that came here."""
    kinds = {EventKind.CONSIGNED, EventKind.REFUSED}
    own = (step for step in view.steps(leg.package) if step.lane is Lane.IN and step.addressee == leg.addressee)
    indexes = [step.index for step in own if step.index is not None and step.kind in kinds]
    return indexes[-1] if indexes else None


def proof_mark(leg: Leg) -> str:
    """Where it is remembered which leaf of ours tells what we did with an arrived leg."""
    return f"proof:{leg.package}:{leg.addressee}"
