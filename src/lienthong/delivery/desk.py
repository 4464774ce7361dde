"""The desk side of a gateway: hand in, peek, take, acknowledge, report (design §4, steps 1–3, 8, 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lienthong.delivery.correlation import carrier, check_status, documents_of, legs_to, parties, requests
from lienthong.delivery.effects import apply_status, ask
from lienthong.delivery.entry import package_of, route, split
from lienthong.delivery.evidence import event_of
from lienthong.delivery.freight import apart
from lienthong.delivery.heads import canonical, refuse_secrets
from lienthong.delivery.hop import Hop
from lienthong.delivery.journey import HELD, JourneyState, move
from lienthong.delivery.model import AXIS, Content, Contents, Lane, Leg, LegKey, Package, PartRef, Step, freight_lane
from lienthong.delivery.opening import Loose, Opened, opened
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.pull import handed_over_notice
from lienthong.delivery.quota import Quota, counted, spend
from lienthong.delivery.rights import may_submit
from lienthong.delivery.status import ANSWERS, report
from lienthong.delivery.turns import in_turn
from lienthong.document import OrganisationCode, StatusCode, package_id
from lienthong.envelope import AnyPart, Reading, StatusMessage, manifest
from lienthong.errors import (
    DocumentUnknown,
    DuplicateDiffers,
    LockLost,
    NotARecipient,
    NotFound,
    PartChanged,
    PartMissing,
    SenderNotRepresented,
)
from lienthong.evidence import EventKind
from lienthong.registry import Directory
from lienthong.seal import SealResult, SealVerdict, Signer, seal


@dataclass(frozen=True, slots=True)
class HandIn:
    """What a desk hands over: the parts of a package, read, with the desk's own id for it."""

    tenant: str
    message_id: str
    parts: Sequence[AnyPart]
    reading: Reading
    request: str  # digest of the request, so that a repeat is known as one
    time_to_live: timedelta | None = None
    staged: Mapping[str, str] = field(default_factory=dict)  # hex SHA-256 → name in the object store's staging
    trace: str = ""  # the id every hop logs it under
    quota: Quota = field(default_factory=Quota)


async def hand_in(hop: Hop, signer: Signer, handed: HandIn) -> Package:
    """Seal and record a package for the axis; returns once durable.

    A repeat of the same id returns the first, whatever has changed in the registry since.

    Raises SenderNotRepresented, SecretNotAllowed, RecipientUnknown, RecipientClosed (naming each), DuplicateDiffers,
    DocumentUnknown, NotARecipient, IllegalMove, QuotaReached, PackageTooLarge; nothing is half-done.
    """
    now = hop.clock.now()
    known, fronts = await hop.store.read(lambda view: _before(view, handed, now))
    if known is not None:
        return _same(known, handed.request)
    directory = hop.fresh_directory(now)
    answers = await _answers(hop, handed, directory)
    package, legs, found = _prepared(hop, signer, handed, directory, now, answers)
    small, large = split(found.contents)
    if handed.quota != Quota() and (large or found.apart):  # before they are kept, too: what is refused leaves nothing
        await hop.store.read(lambda view: counted(view, handed.quota, package, now))
    await hop.objects.keep(large)
    for part in found.apart:
        await _held_apart(hop, part, handed.staged)
    front = fronts.get(legs[0].next_hop)
    return await hop.store.write(lambda tx: _record(tx, hop, package, legs, small, now, handed.quota, front))


def _before(view: View, handed: HandIn, now: datetime) -> tuple[Package | None, Mapping[str, datetime | None]]:
    """The package, if it was handed in before; and since when the first of its urgency stands in each line."""
    known = view.package(package_id(handed.tenant, handed.message_id))
    message = handed.reading.message
    urgency = 0 if isinstance(message, StatusMessage) else int(message.other.urgency)
    queues = () if known else (AXIS, freight_lane(AXIS))
    return known, {each: view.front(Lane.OUT, each, JourneyState.RECORDED, urgency, now) for each in queues}


def _prepared(
    hop: Hop, signer: Signer, handed: HandIn, directory: Directory, now: datetime, answers: tuple[str, ...]
) -> tuple[Package, tuple[Leg, ...], Opened]:
    _check_sender(hop, handed, directory, now)
    # a seal knows whole seconds; every hop is to see the same end
    signed = now.replace(microsecond=0)
    wanted = hop.terms.time_to_live if handed.time_to_live is None else handed.time_to_live
    expires = (now + min(wanted, hop.terms.longest_time_to_live)).replace(microsecond=0)
    refs = manifest(handed.parts)
    sender = OrganisationCode.parse(handed.tenant)
    made = seal(
        refs,
        signer,
        now,
        sender,
        handed.message_id,
        expires_at=expires,
        answers=answers,
        trace=handed.trace,
    )
    claims = SealVerdict(SealResult.VALID, sender=handed.tenant, message_id=handed.message_id, signed_at=signed)
    verdict = replace(claims, expires_at=expires, answers=answers)
    found = opened(Loose(made, tuple(handed.parts)), handed.reading, verdict, directory)
    package = package_of(hop, found, handed.tenant, now, handed.request)
    lane = freight_lane(AXIS) if apart(hop, package) else AXIS
    return package, _legs(package, found.recipients, directory, now, lane), found


async def _answers(hop: Hop, handed: HandIn, directory: Directory) -> tuple[str, ...]:
    """The requests that a 15 or 16 answers: those that wait now. A later one, still on its way, waits for its own."""
    message = handed.reading.message
    if not isinstance(message, StatusMessage) or message.code not in ANSWERS:
        return ()
    issuer = canonical(directory, message.response.organisation)
    document_id = str(message.response.document_id)
    return await hop.store.read(lambda view: requests(view, issuer, document_id, handed.tenant))


async def _held_apart(hop: Hop, part: PartRef, staged: Mapping[str, str]) -> None:
    """A part without its bytes must lie in the object store, or come into it now."""
    if part.sha256 in staged:
        await hop.objects.adopt(staged[part.sha256], part.sha256)
    try:
        size = await hop.objects.size(part.sha256)
    except NotFound:
        raise PartMissing(part.name) from None
    if size != part.size:
        raise PartChanged(part.name)


def _check_sender(hop: Hop, handed: HandIn, directory: Directory, now: datetime) -> None:
    refuse_secrets(handed.reading)
    sender = canonical(directory, handed.reading.message.sender.code)
    if sender != handed.tenant:
        raise SenderNotRepresented(f"{sender} ≠ {handed.tenant}")
    if not may_submit(directory, hop.name, sender, _content(handed), now, now):
        raise SenderNotRepresented(f"{hop.name}: {sender}")


def _content(handed: HandIn) -> Content:
    return Content.STATUS if isinstance(handed.reading.message, StatusMessage) else Content.EDOC


def _legs(
    package: Package, addressees: Sequence[str], directory: Directory, now: datetime, lane: str
) -> tuple[Leg, ...]:
    routes = [(addressee, *route(directory, addressee, now)) for addressee in addressees]
    if refusals := [refusal for *_, refusal in routes if refusal is not None]:
        raise type(refusals[0])("; ".join(refusal.detail for refusal in refusals))
    return tuple(_leg(package, addressee, recipient, now, lane) for addressee, recipient, *_ in routes)


def _leg(package: Package, addressee: str, recipient: str, now: datetime, lane: str) -> Leg:
    return Leg(
        package=package.id,
        lane=Lane.OUT,
        addressee=addressee,
        recipient=recipient,
        next_hop=lane,
        state=JourneyState.RECORDED,
        since=now,
        due=now,
        expires_at=package.expires_at,
        urgency=package.head.urgency,
        content=package.head.content,
    )


def _record(
    tx: Transaction,
    hop: Hop,
    package: Package,
    legs: tuple[Leg, ...],
    small: Contents,
    now: datetime,
    quota: Quota,
    front: datetime | None,
) -> Package:
    known = tx.package(package.id)
    if known is not None:
        return _same(known, package.request)
    if package.head.content is Content.STATUS:
        _own_status(tx, package)
    spend(tx, quota, package, now)
    index = tx.record(event_of(EventKind.SUBMISSION_ACCEPTED, hop.name, now, package, with_parts=True))
    package = replace(package, index=index)
    tx.add_package(package, small)
    tx.add_step(Step(package.id, now, hop.name, EventKind.SUBMISSION_ACCEPTED, index=index))
    for leg in in_turn(tx, package.sender, legs, front, now):
        tx.put_leg(leg)
        ask(tx, hop.name, package, Lane.OUT, leg.recipient, now)
    if package.head.content is Content.STATUS and package.head.status != StatusCode.RECALL_ANNOUNCED:
        apply_status(tx, hop.name, package, Lane.IN, now)
    return package


def _same(known: Package, request: str) -> Package:
    if known.request != request:
        raise DuplicateDiffers(known.message_id)
    return known


def _own_status(tx: Transaction, package: Package) -> None:
    """A tenant's own status must be a lawful move on a document it holds; reserved codes are passed on as they are."""
    issuer, receiver = parties(package)
    try:
        check_status(tx, package)
    except NotARecipient:  # on a shared gateway another tenant's document does not exist
        raise DocumentUnknown(package.head.document_id) from None
    code = StatusCode.read(package.head.status)
    if receiver != package.sender or not isinstance(code, StatusCode):
        return
    document_id = package.head.document_id
    asked = any(leg.asked for _, leg in legs_to(tx, documents_of(tx, issuer, document_id), Lane.IN, receiver))
    found = carrier(tx, issuer, document_id, Lane.IN, receiver)
    if found is None or found[1].state not in HELD:
        raise DocumentUnknown(document_id)
    current = found[1].status
    report(StatusCode(current) if current else None, code, asked=asked, reason=package.head.reason)


# ---------------------------------------------------------------- peek, lock, take, acknowledge


async def inbox(hop: Hop, tenant: str, contents: frozenset[str], limit: int = 50) -> tuple[tuple[Package, Leg], ...]:
    """What waits for a tenant's software, the most urgent first. Looking changes nothing."""
    now = hop.clock.now()

    def look(view: View) -> tuple[tuple[Package, Leg], ...]:
        legs = view.inbox(tenant, contents, now, limit)
        return tuple((package, leg) for leg in legs if (package := view.package(leg.package)))

    return await hop.store.read(look)


async def take(
    hop: Hop, tenant: str, package_id: str, addressee: str, lock: str = "", hold: timedelta | None = None
) -> Leg:
    """Lock a waiting document for this software; the lock runs out by itself and the document is offered again.

    A `lock` of the caller's own, which it then holds already, is prolonged; `hold` is how long, else the hop's terms.
    """
    now = hop.clock.now()
    token = lock or hop.lots.token()

    def locking(tx: Transaction) -> Leg:
        leg = _own_leg(tx, tenant, (package_id, Lane.IN, addressee))
        held = leg.locked_until is not None and leg.locked_until > now and leg.lock != token
        if leg.state is not JourneyState.DELIVERED or held:
            raise LockLost(leg.state)
        locked = replace(leg, lock=token, locked_until=now + (hold or hop.terms.lock))
        tx.put_leg(locked)
        return locked

    return await hop.store.write(locking)


async def release(hop: Hop, tenant: str, package_id: str, addressee: str, lock: str) -> None:
    """Put a taken document back."""

    def unlock(tx: Transaction) -> None:
        leg = _own_leg(tx, tenant, (package_id, Lane.IN, addressee))
        if leg.state is JourneyState.DELIVERED and leg.lock == lock:
            tx.put_leg(replace(leg, lock="", locked_until=None))

    await hop.store.write(unlock)


async def acknowledge(hop: Hop, tenant: str, package_id: str, addressee: str, lock: str) -> Leg:
    """The software has stored the document: handed over, with evidence for the sender. A repeat changes nothing."""
    now = hop.clock.now()

    def hand_over(tx: Transaction) -> Leg:
        leg = _own_leg(tx, tenant, (package_id, Lane.IN, addressee))
        # a document nobody took has an empty lock, which opens nothing
        if not lock or leg.lock != lock:
            raise LockLost(package_id)
        if leg.state is JourneyState.HANDED_OVER:
            return leg
        return _hand_over(tx, hop, leg, now)

    return await hop.store.write(hand_over)


def _hand_over(tx: Transaction, hop: Hop, leg: Leg, now: datetime) -> Leg:
    done = replace(leg, state=move(leg.state, JourneyState.HANDED_OVER), since=now, locked_until=None)
    tx.put_leg(done)
    index = tx.record(event_of(EventKind.HANDED_OVER, hop.name, now, _known(tx, leg.package), done))
    tx.add_step(leg.step(now, hop.name, EventKind.HANDED_OVER, index=index))
    tx.add_notice(handed_over_notice(done, now, hop.name, index))
    return done


def _own_leg(view: View, tenant: str, key: LegKey) -> Leg:
    leg = view.leg(key)
    if leg is None or leg.recipient != tenant:
        raise NotFound(key[0])
    return leg


def _known(view: View, package_id: str) -> Package:
    package = view.package(package_id)
    if package is None:
        raise NotFound(package_id)
    return package
