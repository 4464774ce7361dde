"""A certificate is looked at as it will be, before it is signed: does it keep its profile and the rules of RFC 5280.

What is looked at is the encoded certificate itself, so that a fault of the builder is found as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from cryptography import x509

from lienthong.ca.profiles import Profile
from lienthong.ca.rules.keys import PublicHalf
from lienthong.ca.unsigned import Unsigned, family
from lienthong.errors import AlgorithmNotAllowed, CertificateFlawed

Found = dict[x509.ObjectIdentifier, x509.Extension[x509.ExtensionType]]
T = TypeVar("T", bound=x509.ExtensionType)
_OCTETS = 20
_LEAST_BITS = 64
_COMMON_NAME = b"\x06\x03\x55\x04\x03"  # the object identifier 2.5.4.3, encoded


def require_clean(drafted: Unsigned, half: PublicHalf, profile: Profile, issuer: x509.Certificate) -> x509.Certificate:
    """What it says, read as anybody will read it; `half` is the key it must be for.

    CertificateFlawed names every rule that is not kept.
    """
    try:
        certificate = x509.load_der_x509_certificate(drafted.signed(b""))
        flaws = list(_flaws(certificate, drafted.content, half, profile, _known(issuer)))
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension, AlgorithmNotAllowed) as error:
        raise CertificateFlawed(f"{type(error).__name__}: {error}") from error
    if flaws:
        raise CertificateFlawed("; ".join(flaws))
    return certificate


def _flaws(
    certificate: x509.Certificate, content: bytes, half: PublicHalf, profile: Profile, issuer: "_Issuer"
) -> Iterator[str]:
    extensions = list(certificate.extensions)
    found = {each.oid: each for each in extensions}
    if len(found) != len(extensions):
        yield "an extension twice"
    yield from _basic(certificate, content, issuer)
    yield from _dates(certificate, profile, issuer)
    yield from _purposes(found, profile)
    yield from _keys(found, content, half, issuer)
    if family(half.key) not in profile.families:
        yield "family of the key"
    yield from _places(found, profile)


def _basic(certificate: x509.Certificate, content: bytes, issuer: "_Issuer") -> Iterator[str]:
    serial = certificate.serial_number
    if certificate.version is not x509.Version.v3:
        yield "version"
    if serial <= 0 or serial.bit_length() > 8 * _OCTETS - 1 or serial.bit_length() < _LEAST_BITS:
        yield "serial number"  # RFC 5280 §4.1.2.2; CABF Baseline Requirements 7.1: at least 64 bits of chance
    place = content.find(issuer.name)
    if place < 0:
        yield "issuer"
    elif _COMMON_NAME not in content[place + len(issuer.name) :]:
        yield "subject without a common name"


def _dates(certificate: x509.Certificate, profile: Profile, issuer: "_Issuer") -> Iterator[str]:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begins < ends or (ends - begins).days > profile.days + 1:
        yield "validity"
    if begins < issuer.begins or ends > issuer.ends:
        yield "validity beyond the issuer's"


def _purposes(found: Found, profile: Profile) -> Iterator[str]:
    usage = _value(found, x509.KeyUsage)
    if usage is None or {name for name in _USAGES if getattr(usage, name)} != profile.usages:
        yield "key usage"
    elif not found[x509.KeyUsage.oid].critical:
        yield "key usage not critical"
    extended = _value(found, x509.ExtendedKeyUsage)
    if tuple(extended or ()) != profile.extended:
        yield "extended key usage"
    constraints = _value(found, x509.BasicConstraints)
    authority = profile.path_length is not None
    if constraints is None or (constraints.ca, constraints.path_length) != (authority, profile.path_length):
        yield "basic constraints"
    elif not found[x509.BasicConstraints.oid].critical:
        yield "basic constraints not critical"


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


def _keys(found: Found, content: bytes, half: PublicHalf, issuer: "_Issuer") -> Iterator[str]:
    own, above = _value(found, x509.SubjectKeyIdentifier), _value(found, x509.AuthorityKeyIdentifier)
    if half.spki not in content:
        yield "another key"
    if own is None or own.digest != half.identifier:
        yield "subject key identifier"
    if above is None or above.key_identifier != issuer.key:
        yield "authority key identifier"


def _places(found: Found, profile: Profile) -> Iterator[str]:
    wanted = not profile.nocheck and profile.path_length is None
    if wanted and x509.CRLDistributionPoints.oid not in found:
        yield "no CRL distribution point"
    if wanted and x509.AuthorityInformationAccess.oid not in found:
        yield "no authority information access"
    if wanted and x509.CertificatePolicies.oid not in found:
        yield "no certificate policy"


def _value(found: Found, kind: type[T]) -> T | None:
    there = found.get(kind.oid)
    return there.value if there is not None and isinstance(there.value, kind) else None


@dataclass(frozen=True, slots=True)
class _Issuer:
    """What must stand in whatever an authority issues: its name byte by byte, its key's identifier, its term."""

    name: bytes
    key: bytes
    begins: datetime
    ends: datetime


@lru_cache(64)
def _known(issuer: x509.Certificate) -> _Issuer:
    """Read once: reading a name costs more than all the rest."""
    key = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    return _Issuer(issuer.subject.public_bytes(), key, issuer.not_valid_before_utc, issuer.not_valid_after_utc)
