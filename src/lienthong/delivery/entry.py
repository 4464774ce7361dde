"""What is entered when the axis takes a package: its row, its legs, the leaves; and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from lienthong.delivery.correlation import check_status
from lienthong.delivery.evidence import event_of
from lienthong.delivery.hop import INLINE, Hop
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Content, Contents, Lane, Leg, Package, Step, freight_lane
from lienthong.delivery.news import LegAnswer
from lienthong.delivery.opening import Opened
from lienthong.delivery.ports import Transaction, View
from lienthong.document import OrganisationCode
from lienthong.errors import (
    DeliveryCancelled,
    DeliveryExpired,
    DuplicateDiffers,
    LienThongError,
    RecipientClosed,
    RecipientUnknown,
    by_code,
)
from lienthong.evidence import EventKind
from lienthong.registry import Directory, ResolutionKind

Told = Sequence[tuple[Leg, int | None]]
"""Each leg of a package, and our leaf that tells of its refusal or redirection."""


def cancelled_mark(package: str) -> str:
    """Where it is remembered which leaf of ours tells that a package is never to be accepted."""
    return f"cancelled:{package}"


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


@dataclass(frozen=True, slots=True)
class Before:
    """What a store knew of packages before they came together."""

    here: set[str]
    cancelled: frozenset[str]

    @classmethod
    def of(cls, view: View, packages: Sequence[Package]) -> Self:
        """Asked once for all of them."""
        marks = view.marked([cancelled_mark(package.id) for package in packages])
        return cls(set(view.known([package.id for package in packages])), marks)


def record(
    tx: Transaction, hop: Hop, package: Package, legs: tuple[Leg, ...], small: Contents, now: datetime
) -> tuple[Package, Told]:
    """Enter a package that nothing speaks against (`standing`)."""
    index = tx.record(event_of(EventKind.SUBMISSION_ACCEPTED, hop.name, now, package, with_parts=True))
    package = replace(package, index=index)
    tx.add_package(package, small)
    tx.add_step(Step(package.id, now, hop.name, EventKind.SUBMISSION_ACCEPTED, index=index, lane=Lane.THROUGH))
    return package, [(leg, _put(tx, hop, package, leg, now)) for leg in legs]


def standing(view: View, package: Package, legs: tuple[Leg, ...], now: datetime, before: Before) -> Package | None:
    """The same package if it was accepted before; raises what speaks against accepting it."""
    known = view.package(package.id) if package.id in before.here else None
    if known is not None:
        return _repeat(known, package)
    if cancelled_mark(package.id) in before.cancelled:
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


def leg_of(package: Package, written: str, directory: Directory, now: datetime, *, laden: bool) -> Leg:
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
    code = OrganisationCode.parse(addressee)
    if way := directory.way(code, now):
        return way.recipient, way.gateway, None
    resolution = directory.resolve(code, now)
    if resolution.kind is ResolutionKind.UNKNOWN or resolution.organisation is None:
        return addressee, "", RecipientUnknown(addressee)
    if resolution.kind is ResolutionKind.CLOSED:
        return addressee, "", RecipientClosed(", ".join([addressee, *map(str, resolution.organisation.successors)]))
    recipient = resolution.organisation.code
    return str(recipient), "", RecipientUnknown(f"{recipient}: chưa có máy chủ bảo mật / no gateway yet")
