"""What a file itself brings about revocation: OCSP answers and small CRLs of its security store (EN 319 142-1 §5.4)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from lienthong.signature.facts.model import Facts
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
            yield from _answer(name, data, certificate, issuer)
        except Exception:  # noqa: BLE001, S112 - hostile bytes provoke anything; then this answer proves nothing
            continue


def _answer(name: str, data: bytes, certificate: bytes, issuer: bytes) -> Iterator[Revocation]:
    answer, above = ocsp.load_der_ocsp_response(data), x509.load_der_x509_certificate(issuer)
    serial, key = x509.load_der_x509_certificate(certificate).serial_number, _key_bits(above)
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL or not _spoken_for(answer, above):
        return
    for each in answer.responses:
        digest = {"sha1": sha1, "sha256": sha256}.get(each.hash_algorithm.name)
        if each.serial_number == serial and digest and each.issuer_key_hash == digest(key).digest():
            yield Revocation(
                _STANDINGS[each.certificate_status],
                each.revocation_time_utc,
                each.revocation_reason.value if each.revocation_reason else "",
                "ocsp",
                name,
                each.this_update_utc,
                each.next_update_utc,
            )


_STANDINGS = {
    ocsp.OCSPCertStatus.GOOD: Standing.GOOD,
    ocsp.OCSPCertStatus.REVOKED: Standing.REVOKED,
    ocsp.OCSPCertStatus.UNKNOWN: Standing.UNKNOWN,
}


def _spoken_for(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Signed by the issuer, or by whom the issuer certified for this (RFC 6960 §4.2.2.2)."""
    for signer in (issuer, *answer.certificates):
        if signer != issuer and not _delegated(signer, issuer):
            continue
        if _verifies(signer, answer.signature, answer.tbs_response_bytes, answer.signature_hash_algorithm):
            return True
    return False


def _delegated(signer: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        signer.verify_directly_issued_by(issuer)
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it speaks for nobody
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _verifies(signer: x509.Certificate, value: bytes, signed: bytes, digest: HashAlgorithm | None) -> bool:
    key = signer.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey) and digest:
            key.verify(value, signed, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and digest:
            key.verify(value, signed, ec.ECDSA(digest))
        else:
            return False
    except Exception:  # noqa: BLE001 - does not verify
        return False
    return True


def _key_bits(certificate: x509.Certificate) -> bytes:
    """The subject's public key, without its algorithm (RFC 6960 §4.1.1)."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    raise ValueError(type(key).__name__)


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
