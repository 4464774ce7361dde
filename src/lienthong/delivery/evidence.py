"""Turn what delivery did into the events of the log, and judge the receipts of other hops."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lienthong.delivery.hop import Hop
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Leg, Package
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Event, EventKind, ManifestPart, ProofResult, Receipt, listable, verify_receipt


def rejection(hop: str, at: datetime, digest: str, gateway: str, code: str) -> Event:
    """A submission that was refused before it became a package: known by the digest of its bytes."""
    return Event(
        kind=EventKind.SUBMISSION_REJECTED,
        hop=hop,
        at=at,
        package="",
        sender="",
        message="",
        document="",
        digest=digest,
        code=code,
        text=gateway,
    )


def event_of(
    kind: EventKind,
    hop: str,
    at: datetime,
    package: Package,
    leg: Leg | None = None,
    *,
    code: str | None = None,
    text: str | None = None,
    with_parts: bool = False,
) -> Event:
    """An event about a package, or about one leg of it."""
    return Event(
        kind=kind,
        hop=hop,
        at=at,
        package=package.id,
        sender=package.sender,
        message=package.message_id,
        document=package.head.document_id,
        digest=package.digest,
        recipient=leg.recipient if leg else None,
        addressee=leg.addressee if leg else None,
        code=code,
        text=text or None,
        parts=listable(package.parts) if with_parts else None,
    )


async def acceptance_of(hop: Hop, package: Package) -> Receipt:
    """Our receipt of an acceptance; a list of parts too long for the log stands beside its leaf."""
    receipt = await hop.store.receipt(-1 if package.index is None else package.index)
    if listable(package.parts) is not None:
        return receipt
    return replace(receipt, manifest=tuple(map(ManifestPart.of, package.parts)))


def read_receipt(hop: Hop, teller: str | None, text: str, moment: datetime) -> tuple[Receipt, Event]:
    """A receipt another hop gave, checked to the root and to one of the teller's logs (None: whoever it says it is of).

    Raises `EvidenceBroken`.
    """
    receipt = Receipt.from_json(text)
    proof = verify_receipt(receipt, None, hop.roots, moment)
    if proof.result is not ProofResult.PROVED:
        raise EvidenceBroken("; ".join(finding.en for finding in proof.findings if finding.ok is False))
    told = receipt.event
    origin = receipt.checkpoint.partition("\n")[0]
    log = hop.directory().log_key(teller or told.hop, origin)
    if log is None or told.hop != (teller or told.hop):
        raise EvidenceBroken(f"{teller}: {origin}")
    return receipt, told


# Whose word proves which state of a leg: the axis decides what was delivered, the gateway what was handed over.
AXIS_WORD: Mapping[JourneyState, EventKind] = {
    JourneyState.DELIVERED: EventKind.RELAYED,
    JourneyState.REFUSED: EventKind.REFUSED,
    JourneyState.EXPIRED: EventKind.EXPIRED,
    JourneyState.CANCELLED: EventKind.CANCELLED,
}
GATEWAY_WORD: Mapping[JourneyState, EventKind] = {
    JourneyState.DELIVERED: EventKind.CONSIGNED,
    JourneyState.REFUSED: EventKind.REFUSED,
    JourneyState.HANDED_OVER: EventKind.HANDED_OVER,
}


def about_leg(told: Event, kind: EventKind | None, package: str, addressee: str) -> None:
    """Raises `EvidenceBroken` unless the event is of this kind and about this leg."""
    if told.kind is not kind or told.package != package or told.addressee != addressee:
        raise EvidenceBroken(f"{told.kind} {told.package} {told.addressee}")
