"""Reading an OCSP answer about one certificate (RFC 6960), brought by the file or by a responder that was asked."""

from collections.abc import Iterator
from hashlib import sha1, sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from lienthong.errors import EvidenceBroken
from lienthong.signature.judging.inputs import Revocation, Standing


def read_answer(name: str, data: bytes, certificate: bytes, issuer: bytes) -> tuple[Revocation, ...]:
    """What an answer (DER), known as `name`, says of `certificate` under `issuer` (DER), if the issuer stands for it.

    Nothing for an answer about others, without success, or signed by somebody else. Raises whatever hostile bytes
    provoke.
    """
    return tuple(_answer(name, data, certificate, issuer))


def reread_answer(name: str, data: bytes, serial: int) -> Revocation:
    """What an answer says of a serial number, once it was found good and kept. EvidenceBroken when it says nothing."""
    try:
        rows = tuple(ocsp.load_der_ocsp_response(data).responses)
    except ValueError as error:
        raise EvidenceBroken("this is no answer about a certificate") from error
    found = next((each for each in rows if each.serial_number == serial), None)
    if found is None:
        raise EvidenceBroken("an answer about another certificate")
    return _told(name, found)


def _answer(name: str, data: bytes, certificate: bytes, issuer: bytes) -> Iterator[Revocation]:
    answer, above = ocsp.load_der_ocsp_response(data), x509.load_der_x509_certificate(issuer)
    serial, key = x509.load_der_x509_certificate(certificate).serial_number, _key_bits(above)
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL or not _spoken_for(answer, above):
        return
    for each in answer.responses:
        digest = {"sha1": sha1, "sha256": sha256}.get(each.hash_algorithm.name)
        if each.serial_number == serial and digest and each.issuer_key_hash == digest(key).digest():
            yield _told(name, each)


def _told(name: str, row: ocsp.OCSPSingleResponse) -> Revocation:
    held = row.revocation_reason is x509.ReasonFlags.certificate_hold
    return Revocation(
        Standing.SUSPENDED if held else _STANDINGS[row.certificate_status],
        row.revocation_time_utc,
        row.revocation_reason.value if row.revocation_reason else "",
        "ocsp",
        name,
        row.this_update_utc,
        row.next_update_utc,
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
