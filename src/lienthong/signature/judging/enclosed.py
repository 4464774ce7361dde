"""What a file itself brings about revocation: OCSP answers and small CRLs of its security store (EN 319 142-1 §5.4)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtensionOID

from lienthong.signature.facts.model import Facts
from lienthong.signature.judging.answers import read_answer
from lienthong.signature.judging.inputs import NOTHING_KNOWN, Revocation, Standing

LARGEST_CRL = 200_000
"""Bytes. Looking a serial up in a list costs its length; large lists belong into an index, not into a file."""


def enclosed(facts: Facts, certificate: bytes, issuer: bytes, signed: datetime, age: timedelta) -> Revocation:
    """What the file proves of `certificate` under `issuer` (DER): an answer made not more than `age` before `signed`.

    Never raises; what does not hold is passed over.
    """
    found = [*_answers(facts, certificate, issuer), *_lists(facts, certificate, issuer)]
    timely = [each for each in found if each.this_update is not None and each.this_update >= signed - age]
    bad = next((each for each in timely if each.standing is Standing.REVOKED), None)
    return bad or next(iter(timely), NOTHING_KNOWN)


def _answers(facts: Facts, certificate: bytes, issuer: bytes) -> Iterator[Revocation]:
    for name, data in facts.ocsps.items():
        try:
            yield from read_answer(name, data, certificate, issuer)
        except Exception:  # noqa: BLE001, S112 - hostile bytes provoke anything; then this answer proves nothing
            continue


def _lists(facts: Facts, certificate: bytes, issuer: bytes) -> Iterator[Revocation]:
    for name, data in facts.crls.items():
        try:
            found = _listed(name, data, certificate, issuer) if len(data) <= LARGEST_CRL else None
        except Exception:  # noqa: BLE001, S112 - as above
            continue
        if found is not None:
            yield found


def _listed(name: str, data: bytes, certificate: bytes, issuer: bytes) -> Revocation | None:
    held, above = x509.load_der_x509_crl(data), x509.load_der_x509_certificate(issuer)
    key = above.public_key()
    if held.issuer != above.subject or not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return None
    if not held.is_signature_valid(key):
        return None
    row = held.get_revoked_certificate_by_serial_number(x509.load_der_x509_certificate(certificate).serial_number)
    made, until = held.last_update_utc.astimezone(UTC), held.next_update_utc
    if row is None:
        if any(each.oid == ExtensionOID.ISSUING_DISTRIBUTION_POINT for each in held.extensions):
            return None  # a part of a list says nothing of those it does not name
        return Revocation(Standing.GOOD, source="crl", sha256=name, this_update=made, next_update=until)
    return Revocation(Standing.REVOKED, row.revocation_date_utc, "", "crl", name, made, until)
