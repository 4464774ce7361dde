"""Pull: the recipient's gateway fetches its mail, stores it, and has the axis confirm before any desk sees it.

Between storing and confirming the leg is *arrived*: only the axis decides between delivered and expired, so a document
can never be both handed to a desk and reported undelivered (design §4, step 6).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from lienthong.delivery.accept import package_of, split
from lienthong.delivery.evidence import event_of
from lienthong.delivery.heads import canonical
from lienthong.delivery.hop import Hop
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import AXIS, DESK, Contents, Lane, Leg, Package
from lienthong.delivery.news import Confirmation, LegAnswer, MailItem
from lienthong.delivery.opening import Opened, open_frame
from lienthong.delivery.ports import Transaction
from lienthong.delivery.together import groups
from lienthong.document import OrganisationCode
from lienthong.errors import (
    DuplicateDiffers,
    LienThongError,
    NotARecipient,
    PartChanged,
    SenderNotRepresented,
)
from lienthong.evidence import Event, EventKind


class Mailbox(Protocol):
    """The axis as a receiving gateway sees it."""

    async def mailbox(self, wait: float) -> Sequence[MailItem]:
        """What waits for this gateway; waits up to so many seconds for some."""
        ...

    async def collect(self, package_id: str) -> bytes:
        """The wire form of a package; `NotFound` when it is not (any more) for this gateway."""
        ...

    async def confirm(self, words: Sequence[Confirmation]) -> Sequence[LegAnswer]:
        """Tell what was stored or refused; the axis answers with what stands, one answer a word."""
        ...


async def pull(hop: Hop, axis: Mailbox, wait: float = 0) -> int:
    """Fetch and store what waits; returns how many legs were new. `settle` brings them to the desks.

    What the axis cannot give stays in its mailbox and holds nothing else up.
    """
    items = await axis.mailbox(wait)
    return sum([await _pull(hop, axis, group) for group in groups(items, lambda item: item.size, _never)])


def _never(_: MailItem) -> bool:
    return False


async def _pull(hop: Hop, axis: Mailbox, items: Sequence[MailItem]) -> int:
    """Fetch a group at once, then write it in the mailbox's order: a recall never overtakes its document.

    What was fetched is stored even if another could not be; then the failure is raised.
    """
    fetched = await asyncio.gather(*(_fetch(hop, axis, item) for item in items), return_exceptions=True)
    works = [work for work in fetched if work is not None and not isinstance(work, BaseException)]
    stored = sum(await asyncio.gather(*(work() for work in works)))
    for failure in fetched:
        if isinstance(failure, BaseException):
            raise failure
    return stored


async def _fetch(hop: Hop, axis: Mailbox, item: MailItem) -> Callable[[], Awaitable[bool]] | None:
    """What is left to do once the package is here: one write, of it or of its refusal. None when nothing is."""
    if await hop.store.read(lambda view: view.leg((item.package, Lane.IN, item.addressee))):
        return None
    try:
        frame = await axis.collect(item.package)
    except LienThongError as error:
        if not error.permanent:
            raise
        return None
    now = hop.clock.now()
    try:
        opened = _verified(hop, item, frame, now)
        small, large = split(opened.contents)
        await hop.objects.keep(large)
        package = package_of(hop, opened, AXIS, now)
    except LienThongError as refusal:
        return partial(_refused, hop, item, refusal, now)
    return partial(_stored, hop, item, package, small, now)


async def _stored(hop: Hop, item: MailItem, package: Package, small: Contents, now: datetime) -> bool:
    try:
        return await hop.store.write(lambda tx: _keep(tx, hop, item, package, small, now))
    except LienThongError as refusal:
        return await _refused(hop, item, refusal, now)


async def _refused(hop: Hop, item: MailItem, refusal: LienThongError, now: datetime) -> bool:
    if not refusal.permanent:
        raise refusal
    # a registry older than the axis's must not refuse what the newer one allows: it will come
    if hop.directory().snapshot.version < item.registry:
        return False
    return await hop.store.write(partial(_refuse, hop, item, refusal, now))


def _verified(hop: Hop, item: MailItem, frame: bytes, now: datetime) -> Opened:
    """Check for ourselves what the axis checked: seal, digest, addressee, and that we speak for the recipient."""
    directory = hop.fresh_directory(now)
    opened = open_frame(frame, directory, now, hop.limits)
    if opened.id != item.package or opened.digest != item.digest:
        raise PartChanged(item.package)
    if canonical(directory, item.addressee) not in opened.recipients:
        raise NotARecipient(item.addressee)
    if not directory.represents(hop.name, OrganisationCode.parse(item.recipient), now):
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


def proof_mark(leg: Leg) -> str:
    """Where it is remembered which leaf of ours tells what we did with an arrived leg."""
    return f"proof:{leg.package}:{leg.addressee}"
