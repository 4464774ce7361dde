"""A certificate is looked at as it will be, before it is signed: does it keep its profile and the rules of RFC 5280.

What is looked at is the encoded certificate itself, so that a fault of the builder is found as well.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from cryptography import x509

from lienthong.ca.profiles import Profile
from lienthong.errors import CertificateFlawed

Found = dict[x509.ObjectIdentifier, x509.Extension[x509.ExtensionType]]
T = TypeVar("T", bound=x509.ExtensionType)
_OCTETS = 20
_LEAST_BITS = 64
_COMMON_NAME = b"\x06\x03\x55\x04\x03"  # the object identifier 2.5.4.3, encoded


def require_clean(draft: x509.Certificate, profile: Profile, issuer: x509.Certificate) -> None:
    """CertificateFlawed names every rule that is not kept."""
    try:
        flaws = list(_flaws(draft, profile, issuer))
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise CertificateFlawed(f"{type(error).__name__}: {error}") from error
    if flaws:
        raise CertificateFlawed("; ".join(flaws))


def _flaws(draft: x509.Certificate, profile: Profile, issuer: x509.Certificate) -> Iterator[str]:
    extensions = list(draft.extensions)
    found = {each.oid: each for each in extensions}
    if len(found) != len(extensions):
        yield "an extension twice"
    yield from _basic(draft, issuer)
    yield from _dates(draft, profile, issuer)
    yield from _purposes(found, profile)
    yield from _keys(found, draft, issuer)
    yield from _places(found, profile)


def _basic(draft: x509.Certificate, issuer: x509.Certificate) -> Iterator[str]:
    serial = draft.serial_number
    if draft.version is not x509.Version.v3:
        yield "version"
    if serial <= 0 or serial.bit_length() > 8 * _OCTETS - 1 or serial.bit_length() < _LEAST_BITS:
        yield "serial number"  # RFC 5280 §4.1.2.2; CABF Baseline Requirements 7.1: at least 64 bits of chance
    content, above = draft.tbs_certificate_bytes, _name_of(issuer)
    place = content.find(above)
    if place < 0:
        yield "issuer"
    elif _COMMON_NAME not in content[place + len(above) :]:
        yield "subject without a common name"


def _dates(draft: x509.Certificate, profile: Profile, issuer: x509.Certificate) -> Iterator[str]:
    begins, ends = draft.not_valid_before_utc, draft.not_valid_after_utc
    if not begins < ends or (ends - begins).days > profile.days + 1:
        yield "validity"
    if begins < issuer.not_valid_before_utc or ends > issuer.not_valid_after_utc:
        yield "validity beyond the issuer's"


def _purposes(found: Found, profile: Profile) -> Iterator[str]:
    usage = _value(found, x509.KeyUsage)
    wanted = {name: name in profile.usages for name in _USAGES}
    if usage is None or {name: getattr(usage, name) for name in _USAGES} != wanted:
        yield "key usage"
    elif not found[x509.KeyUsage.oid].critical:
        yield "key usage not critical"
    extended = _value(found, x509.ExtendedKeyUsage)
    if tuple(extended or ()) != profile.extended:
        yield "extended key usage"
    constraints = _value(found, x509.BasicConstraints)
    if constraints is None or constraints.ca != (profile.path_length is not None):
        yield "basic constraints"


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_cert_sign",
    "crl_sign",
)


def _keys(
    found: Found,
    draft: x509.Certificate,
    issuer: x509.Certificate,
) -> Iterator[str]:
    own, above = _value(found, x509.SubjectKeyIdentifier), _value(found, x509.AuthorityKeyIdentifier)
    if own is None or own.digest != x509.SubjectKeyIdentifier.from_public_key(draft.public_key()).digest:
        yield "subject key identifier"
    if above is None or above.key_identifier != _key_of(issuer):
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


@lru_cache(64)
def _name_of(issuer: x509.Certificate) -> bytes:
    """As it must stand in what it issues, byte by byte: reading names costs more than all the rest."""
    return issuer.subject.public_bytes()


@lru_cache(64)
def _key_of(issuer: x509.Certificate) -> bytes:
    """The identifier of an issuer's key, as it stands in its certificate."""
    return issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
