"""Certificates of logs and of time-stamp authorities: who vouches for a key, offline, with nothing but roots.

`cryptography`'s own path builder follows the web's rules, which know no Ed25519 leaf; so the path is walked here, by
RFC 5280 §6.1 without policies and name constraints. Revocation needs a network and is not looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import NameOID

from lienthong.errors import EvidenceBroken
from lienthong.evidence.note import VerifierKey

LOG_URI = "urn:lienthong:log:"  # the origin a log's certificate speaks for, as URI in subjectAltName
MAX_PATH = 8
_HANDLED = {  # critical extensions this walk understands
    x509.BasicConstraints.oid,
    x509.KeyUsage.oid,
    x509.ExtendedKeyUsage.oid,
    x509.SubjectAlternativeName.oid,
}
_READING = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class LogKey:
    """A log's key as its certificate states it."""

    certificate: x509.Certificate
    key: VerifierKey

    @property
    def origin(self) -> str:
        return self.key.name

    @property
    def holder(self) -> str:
        return holder_of(self.certificate)


def read_certificates(ders: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    """Parsed; EvidenceBroken if one is no certificate."""
    try:
        return tuple(map(_parsed, ders))
    except _READING as error:
        raise EvidenceBroken("an enclosed certificate cannot be read") from error


@lru_cache(1024)
def _parsed(der: bytes) -> x509.Certificate:
    """A hop's receipts all bring the same few certificates."""
    return x509.load_der_x509_certificate(der)


@lru_cache(1024)
def log_key(certificate: x509.Certificate) -> LogKey:
    """The log key in a certificate. EvidenceBroken unless it holds an Ed25519 key and names one log origin."""
    try:
        key, origins = certificate.public_key(), _origins(certificate)
        if not isinstance(key, Ed25519PublicKey) or len(origins) != 1 or _is_authority(certificate):
            raise EvidenceBroken("the certificate is not one of a log")
        return LogKey(certificate, VerifierKey(origins[0], key.public_bytes_raw()))
    except _READING as error:
        raise EvidenceBroken("the log's certificate cannot be read") from error


def path_to_root(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Leaf first, root last. EvidenceBroken if the leaf is not vouched for by one of the roots. (RFC 5280 §6.1)"""
    return _walked(leaf, tuple(others), tuple(roots))


@lru_cache(1024)
def _walked(
    leaf: x509.Certificate, others: tuple[x509.Certificate, ...], roots: tuple[x509.Certificate, ...]
) -> tuple[x509.Certificate, ...]:
    """The answer follows from these certificates alone: no clock is asked, no revocation looked up.

    So it is kept; a path that is not there raises, and is looked for again.
    """
    path = [leaf]
    while len(path) < MAX_PATH:
        issuer = next(_issuers(path[-1], [*roots, *others], len(path) - 1), None)
        if issuer is None or issuer in path:
            break
        path.append(issuer)
        if issuer in roots:
            return tuple(path)
    raise EvidenceBroken("no given root vouches for the certificate", holder=holder_of(leaf))


def valid_at(path: Sequence[x509.Certificate], moment: datetime) -> bool:
    """Whether every certificate of the path was inside its validity. (RFC 5280 §6.1.3 (a)(2))"""
    return all(cert.not_valid_before_utc <= moment <= cert.not_valid_after_utc for cert in path)


@lru_cache(1024)
def holder_of(certificate: x509.Certificate) -> str:
    """Name of the holder for people: common name, then organisation if there is one."""
    try:
        subject = certificate.subject
        names = [subject.get_attributes_for_oid(oid) for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)]
    except _READING:
        return ""
    return ", ".join(dict.fromkeys(str(found[0].value) for found in names if found))


def _issuers(
    certificate: x509.Certificate, candidates: Sequence[x509.Certificate], below: int
) -> Iterator[x509.Certificate]:
    """Candidates that signed the certificate and may stand above `below` intermediates."""
    return (issuer for issuer in candidates if _signed(certificate, issuer) and _may_issue(issuer, below))


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (*_READING, InvalidSignature):
        return False
    return True


def _may_issue(issuer: x509.Certificate, below: int) -> bool:
    """RFC 5280 §6.1.4 (k)–(n): a CA, allowed to sign certificates, with room for the path below."""
    try:
        extensions = {found.oid: found.value for found in issuer.extensions if _is_understood(found)}
    except _READING:
        return False
    basic, usage = extensions.get(x509.BasicConstraints.oid), extensions.get(x509.KeyUsage.oid)
    if len(extensions) != len(issuer.extensions) or not isinstance(basic, x509.BasicConstraints) or not basic.ca:
        return False
    roomy = basic.path_length is None or below <= basic.path_length
    return roomy and (not isinstance(usage, x509.KeyUsage) or usage.key_cert_sign)


def _is_understood(extension: x509.Extension[x509.ExtensionType]) -> bool:
    return not extension.critical or extension.oid in _HANDLED


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _origins(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    return [unquote(uri.removeprefix(LOG_URI)) for uri in uris if uri.startswith(LOG_URI)]
