"""Answers about one certificate: a request in, a response out (RFC 6960, in the light profile of RFC 5019). No clock.

Whatever the request holds, the answer is an `OCSPResponse`; what cannot be answered says so by RFC 6960 §2.3.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from lienthong.ca.issue import Revoked

MAX_REQUEST = 2048
"""Bytes; a request for one certificate takes about 80, a nonce at most 40 more."""
LIFE = timedelta(hours=12)
"""How long an answer counts; a day's silence of the responder is survived by the lists."""
_MOST_NONCE = 32  # RFC 9654 §2.1: 1 to 32 octets
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, NotImplementedError)
"""The last one for several certificates in one question, which are not answered (RFC 5019 §2.1.1)."""
_KNOWN_HASHES = (hashes.SHA1, hashes.SHA256)  # SHA-1 names the issuer here, it proves nothing (RFC 5019 §2.1.1)


@dataclass(frozen=True)
class Responder:
    """A delegated responder: its key and certificate (DER), and the certificate (DER) of the CA it speaks for."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: bytes
    issuer: bytes

    @cached_property
    def own(self) -> x509.Certificate:
        """Its certificate."""
        return x509.load_der_x509_certificate(self.certificate)

    @cached_property
    def names(self) -> dict[str, tuple[bytes, bytes]]:
        """How a request names the CA: digests of its name and key (RFC 6960 §4.1.1), by digest algorithm."""
        issuer = x509.load_der_x509_certificate(self.issuer)
        name, key = issuer.subject.public_bytes(), _bits(issuer)
        return {kind.name: (_digest(kind(), name), _digest(kind(), key)) for kind in _KNOWN_HASHES}


@dataclass(frozen=True, slots=True)
class Record:
    """What the CA knows: `revoked` by serial number; `issued` says whether it ever issued one, None if nobody knows."""

    revoked: Callable[[int], Revoked | None]
    issued: Callable[[int], bool] | None = None


def answer(request: bytes, responder: Responder, record: Record, now: datetime) -> bytes:
    """The DER OCSPResponse, whatever the request holds."""
    try:
        asked = ocsp.load_der_ocsp_request(request)
        algorithm, nonce = asked.hash_algorithm, _nonce(asked)
    except _UNREADABLE:
        return failure(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    named = (asked.issuer_name_hash, asked.issuer_key_hash)
    if responder.names.get(algorithm.name) != named:
        return failure(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    if not responder.own.not_valid_before_utc <= now <= responder.own.not_valid_after_utc:
        return failure(ocsp.OCSPResponseStatus.TRY_LATER)
    found = record.revoked(asked.serial_number)
    known = found is not None or record.issued is None or record.issued(asked.serial_number)
    status = ocsp.OCSPCertStatus.GOOD if known else ocsp.OCSPCertStatus.UNKNOWN
    about = _About(*named, asked.serial_number, algorithm)
    return _signed(about, ocsp.OCSPCertStatus.REVOKED if found else status, found, responder, now, nonce)


def good(responder: Responder, serial: int, now: datetime) -> bytes:
    """The answer that a certificate is good, DER, as it will be asked for by most: issuer named by SHA-1, no nonce."""
    about = _About(*responder.names["sha1"], serial, hashes.SHA1())  # noqa: S303  # names the issuer, proves nothing
    return _signed(about, ocsp.OCSPCertStatus.GOOD, None, responder, now, None)


def failure(status: ocsp.OCSPResponseStatus) -> bytes:
    """An answer without a word about a certificate."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


@dataclass(frozen=True, slots=True)
class _About:
    """How a request names a certificate (RFC 6960 §4.1.1)."""

    name_hash: bytes
    key_hash: bytes
    serial: int
    algorithm: hashes.HashAlgorithm


def _signed(
    about: _About,
    status: ocsp.OCSPCertStatus,
    found: Revoked | None,
    responder: Responder,
    now: datetime,
    nonce: x509.OCSPNonce | None,
) -> bytes:
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        about.name_hash,
        about.key_hash,
        about.serial,
        about.algorithm,
        status,
        now,
        now + LIFE,
        found.at if found else None,
        _reason(found),
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.own).certificates([responder.own])
    if nonce is not None:
        builder = builder.add_extension(nonce, critical=False)
    return builder.sign(responder.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _reason(found: Revoked | None) -> x509.ReasonFlags | None:
    """RFC 5280 §5.3.1: absent rather than unspecified."""
    return None if found is None or found.reason is x509.ReasonFlags.unspecified else found.reason


def _nonce(asked: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    try:
        nonce = asked.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None
    if not 1 <= len(nonce.nonce) <= _MOST_NONCE:
        raise ValueError("nonce")
    return nonce


def _bits(issuer: x509.Certificate) -> bytes:
    """The key's BIT STRING without its header, as RFC 6960 §4.1.1 hashes it."""
    if isinstance(key := issuer.public_key(), ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    made = hashes.Hash(algorithm)
    made.update(data)
    return made.finalize()
