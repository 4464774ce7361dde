"""`lienthong verify` on a bundle of lasting proofs: contents, chain, signatures, and the receipts in it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.adapters.confined import Examiner
from lienthong.adapters.revocation import RevocationIndex
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Proof, read_evidence, verify_bundle
from lienthong.signature.judging import Trust
from lienthong.signature.judging import shipped as policy
from lienthong.signature.lasting import Bundle, Measure, read_algorithms, verify_lasting
from lienthong.signature.lasting import bundle as names
from lienthong.signature.lasting import shipped as algorithms
from lienthong.signature.lasting.words import unreadable


def prove(data: bytes, roots: Sequence[bytes], given: Mapping[str, str], table: Path | None) -> Proof:
    """Everything a bundle (ZIP) claims, as of now. ConfigurationInvalid for a table that is none; never for the bundle.

    PDFs are looked into by a child with limits, as on receipt.
    """
    now = datetime.now(UTC)
    dates = read_algorithms(table.read_bytes()) if table is not None else algorithms()
    try:
        bundle = Bundle.from_zip(data)
    except EvidenceBroken as error:
        return Proof((unreadable(error),))
    with Examiner() as examiner:
        measure = Measure(_trust(roots), policy(), dates, now, _known(bundle, roots, now), examiner.examine)
        proof = verify_lasting(bundle, measure, given)
    return proof.joined(_receipts(bundle, roots, now)) if names.RECEIPTS in bundle.files else proof


def _trust(roots: Sequence[bytes]) -> Trust:
    """Of what is given, self-signed certificates are roots; others help to build paths."""
    parsed = {der: x509.load_der_x509_certificate(der) for der in roots}
    anchors = tuple(der for der, each in parsed.items() if each.subject == each.issuer)
    return Trust("", anchors, tuple(der for der in roots if der not in anchors))


def _known(bundle: Bundle, roots: Sequence[bytes], now: datetime) -> RevocationIndex:
    """Lists in the bundle, each taken only if an issuer in the bundle or among the roots signed it."""
    issuers = [*roots, *(der for der in bundle.under(names.CERTIFICATES).values() if _is_certificate(der))]
    index = RevocationIndex(list(dict.fromkeys(issuers)))
    for name, data in bundle.under(names.REVOCATION).items():
        if name.endswith(".crl"):
            try:
                index.take(data, now)
            except EvidenceBroken:
                continue  # then it proves nothing; who changed it is told with the contents
    return index


def _is_certificate(der: bytes) -> bool:
    try:
        return x509.load_der_x509_certificate(der).public_bytes(Encoding.DER) == der
    except ValueError:
        return False


def _receipts(bundle: Bundle, roots: Sequence[bytes], now: datetime) -> Proof:
    """The receipts of the journey prove themselves; files inside are compared with what they list."""
    try:
        receipts = read_evidence(bundle.files[names.RECEIPTS])
    except EvidenceBroken as error:
        return Proof((unreadable(error),))
    inside = {**bundle.under(names.ENVELOPE), **bundle.under(names.FILES)}
    listed = {part.sha256 for part in receipts.manifest or ()}
    digests = {name: sha256(data).hexdigest() for name, data in inside.items()}
    return verify_bundle(receipts, {name: each for name, each in digests.items() if each in listed}, roots, now)
