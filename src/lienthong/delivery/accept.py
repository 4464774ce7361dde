"""Accept: the axis takes a package for good, or refuses it with a code; both leave evidence (design §4, step 5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from lienthong.delivery.correlation import check_status
from lienthong.delivery.evidence import acceptance_of, event_of
from lienthong.delivery.freight import apart
from lienthong.delivery.hop import INLINE, Hop
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Content, Contents, Lane, Leg, Package, PartRef, Step, freight_lane
from lienthong.delivery.news import Accepted, LegAnswer
from lienthong.delivery.opening import Opened, open_beside
from lienthong.delivery.ports import Transaction, View
from lienthong.delivery.refusing import Said, said_of, witness_refusal
from lienthong.delivery.rights import may_submit
from lienthong.delivery.uploads import claim, drop
from lienthong.document import OrganisationCode
from lienthong.errors import (
    DeliveryCancelled,
    DeliveryExpired,
    DuplicateDiffers,
    LienThongError,
    RecipientClosed,
    RecipientUnknown,
    SenderNotRepresented,
    by_code,
)
from lienthong.evidence import EventKind
from lienthong.registry import Directory, ResolutionKind

Told = Sequence[tuple[Leg, int | None]]
"""Each leg of a package, and our leaf that tells of its refusal or redirection."""


async def accept(hop: Hop, gateway: str, frame: bytes) -> Accepted:
    """Take a package from a gateway; returns once durable, with the receipt.

    A repeat gets the same stored receipt, whatever has become of keys, rights and time since. A final refusal is
    logged as evidence before it is raised, and carries the receipt (`refusing`).
    """
    now = hop.clock.now()
    try:
        return await _take(hop, gateway, frame, now)
    except LienThongError as refusal:
        said = said_of(hop, frame, now)
        if (known := await _known(hop, gateway, said)) is not None:
            return await _answer(hop, known)
        if refusal.permanent:
            await witness_refusal(hop, gateway, frame, said, refusal)
        raise


async def _take(hop: Hop, gateway: str, frame: bytes, now: datetime) -> Accepted:
    directory = hop.fresh_directory(now)
    opened = await open_beside(frame, directory, now, hop.limits)
    if not may_submit(directory, gateway, opened.sender, opened.head.content, opened.signed_at, now):
        raise SenderNotRepresented(f"{gateway}: {opened.sender}")
    package = package_of(hop, opened, gateway, now)
    laden = bool(apart(hop, package))
    legs = tuple(_leg(package, code, directory, now, laden=laden) for code in opened.recipients)
    small, large = split(opened.contents)
    names: frozenset[str] = frozenset()
    if large or opened.apart:  # asked before they are kept as well: what is refused leaves nothing on the disk
        known = await hop.store.read(lambda view: _standing(view, package, legs, now))
        if known is None:
            names = await _adopted(hop, gateway, opened.apart)
            await hop.objects.keep(large)
    kept, told = await hop.store.write(lambda tx: _record(tx, hop, package, legs, small, now))
    for name in names:
        await drop(hop, gateway, name)
    return await _answer(hop, kept, told)


async def _adopted(hop: Hop, gateway: str, parts: Sequence[PartRef]) -> frozenset[str]:
    """What travelled apart becomes ours, if this very gateway uploaded it; the uploads done with. PartMissing."""
    names = await claim(hop, gateway, parts)
    for sha256, name in names.items():
        await hop.objects.adopt(name, sha256)
    return frozenset(names.values())


async def _known(hop: Hop, gateway: str, said: Said | None) -> Package | None:
    """The package if this gateway handed in the very same bytes before: a yes once given is never taken back."""
    if said is None:
        return None
    known = await hop.store.read(lambda view: view.package(said.package))
    asked = (gateway, said.seal, said.digest)
    return known if known is not None and (known.came_from, known.seal, known.digest) == asked else None


async def accepted_again(hop: Hop, package: Package) -> Accepted:
    """The stored yes of a package, with what became of its addressees at acceptance."""
    return await _answer(hop, package)


def cancelled_mark(package: str) -> str:
    """Where it is remembered which leaf of ours tells that a package is never to be accepted."""
    return f"cancelled:{package}"


async def _answer(hop: Hop, package: Package, fresh: Told | None = None) -> Accepted:
    """What was just recorded is told as it is; of a repeat, the store knows what has become of it."""
    receipt = await acceptance_of(hop, package)
    told = await hop.store.read(partial(_stored, package.id)) if fresh is None else fresh
    answers = [
        answer_of(leg, "" if index is None else (await hop.store.receipt(index)).to_json()) for leg, index in told
    ]
    return Accepted(package.id, receipt.to_json(), tuple(answers))


def _stored(package: str, view: View) -> Told:
    proofs = _proofs(view, package)
    return [(leg, proofs.get(leg.addressee)) for leg in view.legs(package, Lane.THROUGH)]


def _proofs(view: View, package: str) -> dict[str, int]:
    """Our leaves that tell of a refused or redirected addressee."""
    steps = [step for step in view.steps(package) if step.kind in {EventKind.REFUSED, EventKind.REDIRECTED}]
    return {step.addressee: step.index for step in steps if step.index is not None}


def package_of(hop: Hop, opened: Opened, came_from: str, now: datetime, request: str = "") -> Package:
    """The row of an opened package.

    Its end is counted from the sealed moment, so that every hop sees the same; never later than the longest allowed.
    """
    signed = opened.signed_at or now
    longest = signed + hop.terms.longest_time_to_live
    wanted = opened.expires_at or signed + hop.terms.time_to_live
    return Package(
        id=opened.id,
        sender=opened.sender,
        message_id=opened.message_id,
        head=opened.head,
        digest=opened.digest,
        parts=opened.parts,
        seal=opened.seal,
        came_from=came_from,
        recorded_at=now,
        expires_at=min(wanted, longest),
        request=request,
    )


def split(contents: Contents) -> tuple[Contents, Contents]:
    """Contents for rows, and contents for the object store."""
    small = {sha256: data for sha256, data in contents.items() if len(data) <= INLINE}
    return small, {sha256: data for sha256, data in contents.items() if len(data) > INLINE}


def answer_of(leg: Leg, receipt: str = "") -> LegAnswer:
    """What the sender is told of one addressee."""
    return LegAnswer(leg.addressee, leg.recipient, leg.state, leg.refusal, leg.detail, receipt)


def _record(
    tx: Transaction, hop: Hop, package: Package, legs: tuple[Leg, ...], small: Contents, now: datetime
) -> tuple[Package, Told | None]:
    if known := _standing(tx, package, legs, now):
        return known, None
    index = tx.record(event_of(EventKind.SUBMISSION_ACCEPTED, hop.name, now, package, with_parts=True))
    package = replace(package, index=index)
    tx.add_package(package, small)
    tx.add_step(Step(package.id, now, hop.name, EventKind.SUBMISSION_ACCEPTED, index=index, lane=Lane.THROUGH))
    return package, [(leg, _put(tx, hop, package, leg, now)) for leg in legs]


def _standing(view: View, package: Package, legs: tuple[Leg, ...], now: datetime) -> Package | None:
    """The same package if it was accepted before; raises what speaks against accepting it."""
    known = view.package(package.id)
    if known is not None:
        return _repeat(known, package)
    if view.mark(cancelled_mark(package.id)):
        raise DeliveryCancelled(package.message_id)
    if package.expires_at <= now:
        raise DeliveryExpired(package.expires_at.isoformat())
    if package.head.content is Content.STATUS:
        check_status(view, package)
    _refuse_if_nobody_left(legs)
    return None


def _repeat(known: Package, package: Package) -> Package:
    if known.digest != package.digest:
        raise DuplicateDiffers(package.message_id)
    return known


def _put(tx: Transaction, hop: Hop, package: Package, leg: Leg, now: datetime) -> int | None:
    """Keep a leg; the leaf that tells of its refusal or redirection, if there is one to tell of."""
    tx.put_leg(leg)
    if leg.state is JourneyState.REFUSED:
        kind, text = EventKind.REFUSED, leg.detail
    elif leg.redirected:
        kind, text = EventKind.REDIRECTED, leg.recipient
    else:
        return None
    index = tx.record(event_of(kind, hop.name, now, package, leg, code=leg.refusal or None))
    tx.add_step(leg.step(now, hop.name, kind, leg.refusal, text, index=index))
    return index


def _refuse_if_nobody_left(legs: tuple[Leg, ...]) -> None:
    if all(leg.state is JourneyState.REFUSED for leg in legs):
        raise by_code(legs[0].refusal)("; ".join(f"{leg.addressee}: {leg.detail}" for leg in legs))


def _leg(package: Package, written: str, directory: Directory, now: datetime, *, laden: bool) -> Leg:
    recipient, next_hop, refusal = route(directory, written, now)
    return Leg(
        package=package.id,
        lane=Lane.THROUGH,
        addressee=written,
        recipient=recipient,
        next_hop=freight_lane(next_hop) if laden and next_hop else next_hop,
        state=JourneyState.REFUSED if refusal else JourneyState.ACCEPTED,
        since=now,
        due=now,
        expires_at=package.expires_at,
        urgency=package.head.urgency,
        refusal=refusal.code if refusal else "",
        detail=refusal.detail if refusal else "",
        content=package.head.content,
    )


def route(directory: Directory, addressee: str, now: datetime) -> tuple[str, str, LienThongError | None]:
    """Who gets what is addressed to a code, through which gateway, or why nobody does.

    A closed code with one successor goes there (Decision 09/2025/QĐ-TTg closes codes and never reuses them).
    """
    resolution = directory.resolve(OrganisationCode.parse(addressee), now)
    if resolution.kind is ResolutionKind.UNKNOWN or resolution.organisation is None:
        return addressee, "", RecipientUnknown(addressee)
    if resolution.kind is ResolutionKind.CLOSED:
        return addressee, "", RecipientClosed(", ".join([addressee, *map(str, resolution.organisation.successors)]))
    recipient = resolution.organisation.code
    gateway = directory.gateway_of(recipient, now)
    if gateway is None:
        return str(recipient), "", RecipientUnknown(f"{recipient}: chưa có máy chủ bảo mật / no gateway yet")
    return str(recipient), gateway.id, None
