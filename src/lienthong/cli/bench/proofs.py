"""What a sender holds at the end of a journey is checked to the root: acceptance, delivery and hand-over."""

from datetime import UTC, datetime

from lienthong.adapters.bootstrap import root_certificates
from lienthong.cli.demo.build import Place
from lienthong.errors import EvidenceBroken
from lienthong.evidence import EventKind, ProofResult, verify_receipt
from lienthong.evidence.bundle import Bundle

WANTED = frozenset({EventKind.SUBMISSION_ACCEPTED, EventKind.RELAYED, EventKind.HANDED_OVER})


def prove(bundle: bytes, place: Place) -> None:
    """Raises EvidenceBroken unless the bundle proves all three."""
    roots = root_certificates(place.root)
    held = Bundle.from_json(bundle).whole()
    proofs = [verify_receipt(receipt, None, roots, datetime.now(UTC)) for receipt in held]
    if any(proof.result is not ProofResult.PROVED for proof in proofs):
        raise EvidenceBroken("; ".join(finding.en for proof in proofs for finding in proof.findings if not finding.ok))
    if missing := WANTED - {receipt.event.kind for receipt in held}:
        raise EvidenceBroken(f"missing: {', '.join(sorted(missing))}")
