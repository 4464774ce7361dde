"""Turn what delivery did into the events of the log, and judge the receipts of other hops."""

from collections.abc import Sequence
from datetime import datetime

from lienthong.delivery.hop import Hop
from lienthong.delivery.model import Leg, Package
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Event, EventKind, ManifestPart, ProofResult, Receipt, verify_receipt


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
        parts=_parts(package) if with_parts else None,
    )


def _parts(package: Package) -> tuple[ManifestPart, ...]:
    return tuple(ManifestPart(part.name, part.media_type, part.size, part.sha256) for part in package.parts)


def read_receipt(hop: Hop, teller: str, text: str, moment: datetime) -> tuple[Receipt, Event]:
    """A receipt another hop gave, checked to the root and to the teller's own log; raises `EvidenceBroken`."""
    receipt = Receipt.from_json(text)
    proof = verify_receipt(receipt, None, hop.roots, moment)
    if proof.result is not ProofResult.PROVED:
        raise EvidenceBroken("; ".join(finding.en for finding in proof.findings if finding.ok is False))
    log = hop.directory().log_key(teller)
    origin = receipt.checkpoint.partition("\n")[0]
    if log is None or log.origin != origin or receipt.event.hop != teller:
        raise EvidenceBroken(f"{teller}: {origin}")
    return receipt, receipt.event


def same_leg(told: Event, kinds: Sequence[EventKind], package: str, addressee: str) -> None:
    """Raises `EvidenceBroken` unless the event is one of these kinds and about this leg."""
    if told.kind not in kinds or told.package != package or told.addressee != addressee:
        raise EvidenceBroken(f"{told.kind} {told.package} {told.addressee}")
