"""A report its service signed: a compact JWS (RFC 7515) whose payload is the report, for anybody to verify offline.

{"alg": "ES256", "typ": "lienthong-signature-report+jws", "x5t#S256": …, "x5c": […], "iat": …}
. {"format": "lienthong-signature-report-1", "service": "<gateway>", "facts": "<sha256>", "report": {…}}
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from lienthong.errors import EvidenceBroken
from lienthong.signature.judging.inputs import Trust
from lienthong.signature.judging.paths import SIGNING, path_of
from lienthong.signature.model import Report

MEDIA_TYPE = "application/jose"
TYPE = "lienthong-signature-report+jws"
FORMAT = "lienthong-signature-report-1"
LARGEST = 8 << 20
_MOST_CERTIFICATES = 8


class ServiceKey(Protocol):
    """The key of a service that makes reports: P-256 or RSA, its certificate for machines that serve."""

    @property
    def certificate(self) -> bytes:
        """The leaf certificate, DER."""
        ...

    @property
    def chain(self) -> Sequence[bytes]:
        """The certificates above the leaf, issuer first, DER."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The raw JWS value over `data`: ES256 as r‖s, or RS256."""
        ...


@dataclass(frozen=True, slots=True)
class Statement:
    """What a service says: its name, the report, and the facts (hex SHA-256 of their JSON) behind it."""

    service: str
    report: Report
    facts: str = ""
    format: str = FORMAT


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement whose signature holds: by whom (the certificate's common name), and when by the signer's own word."""

    statement: Statement
    signer: str
    signed_at: datetime
    certificate: bytes


def state(statement: Statement, key: ServiceKey, now: datetime) -> str:
    """The signed report."""
    leaf = x509.load_der_x509_certificate(key.certificate)
    header = {
        "alg": "ES256" if isinstance(leaf.public_key(), ec.EllipticCurvePublicKey) else "RS256",
        "typ": TYPE,
        "x5t#S256": _encoded(hashlib.sha256(key.certificate).digest()),
        "x5c": [base64.b64encode(each).decode() for each in (key.certificate, *key.chain)],
        "iat": int(now.timestamp()),
    }
    said = {"format": statement.format, "service": statement.service, "facts": statement.facts}
    payload = said | {"report": statement.report.as_dict()}
    signed = ".".join(_encoded(json.dumps(each, ensure_ascii=False).encode()) for each in (header, payload))
    return f"{signed}.{_encoded(key.sign(signed.encode()))}"


def verified(token: str, trust: Trust) -> Stated:
    """The statement, if a service's certificate that leads to a trusted root signed it while it was in force.

    Revocation of that certificate is not looked at. EvidenceBroken says what does not hold.
    """
    if len(token) > LARGEST:
        raise EvidenceBroken("a report of this size is none")
    header = _header(token)
    leaf, *above = _certificates(header.get("x5c"))
    signed_at = _moment(header.get("iat"))
    payload = _payload(token, leaf)
    path = path_of(leaf, above, trust, signed_at, SIGNING)
    if not path.trusted:
        raise EvidenceBroken(f"certificate: {path.code}")
    return Stated(_statement(payload), _serving(leaf), signed_at, leaf)


def _header(token: str) -> Mapping[str, Any]:
    try:
        header = jws.extract_compact(token.encode("ascii"), registry=_Limits()).headers()
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise EvidenceBroken("this is no signed report") from error
    if header.get("typ") != TYPE:
        raise EvidenceBroken(f"typ: {str(header.get('typ'))[:40]}")
    return header


def _certificates(named: object) -> list[bytes]:
    if not isinstance(named, list) or not 0 < len(named) <= _MOST_CERTIFICATES:
        raise EvidenceBroken("x5c")
    try:
        return [base64.b64decode(each, validate=True) for each in named]
    except (ValueError, TypeError) as error:
        raise EvidenceBroken("x5c") from error


def _moment(seconds: object) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise EvidenceBroken("iat") from error


def _payload(token: str, leaf: bytes) -> bytes:
    """The certificate's key decides the algorithm (RFC 8725 §3.1)."""
    try:
        key = x509.load_der_x509_certificate(leaf).public_key()
        pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        curved = isinstance(key, ec.EllipticCurvePublicKey)
        jwk, algorithm = (ECKey.import_key(pem), "ES256") if curved else (RSAKey.import_key(pem), "RS256")
        return jws.deserialize_compact(token, jwk, registry=_Limits((algorithm,))).payload
    except (JoseError, ValueError, TypeError) as error:
        raise EvidenceBroken("the signature of the report does not hold") from error


class _Limits(jws.JWSRegistry):
    """Reports are longer than tokens are meant to be, and say in their header since when they are."""

    max_payload_length = LARGEST
    max_header_length = 1 << 16

    def __init__(self, algorithms: Sequence[str] = ("ES256", "RS256")) -> None:
        super().__init__(algorithms=algorithms, strict_check_header=False)


def _statement(payload: bytes) -> Statement:
    try:
        statement = msgspec.json.decode(payload, type=Statement)
    except (msgspec.DecodeError, RecursionError) as error:
        raise EvidenceBroken("the report cannot be read") from error
    if statement.format != FORMAT:
        raise EvidenceBroken(f"format: {statement.format[:40]}")
    return statement


def _serving(leaf: bytes) -> str:
    """Whose it is; a person's or an agency's certificate makes no reports."""
    parsed = x509.load_der_x509_certificate(leaf)
    try:
        usage = parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    if ExtendedKeyUsageOID.SERVER_AUTH not in usage:
        raise EvidenceBroken("not a service's certificate")
    names = parsed.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
