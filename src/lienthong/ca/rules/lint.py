"""A certificate is looked at as it will be, before it is signed: does it keep its profile and the rules of RFC 5280.

What is looked at is the encoded certificate itself, so that a fault of the builder is found as well. Of what it shares
with others to the byte, only the first is read: reading extensions took half of the look.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from cryptography import x509

from lienthong.ca.above import Above
from lienthong.ca.profiles import Profile
from lienthong.ca.rules.keys import PublicHalf
from lienthong.ca.unsigned import ALGORITHMS, Unsigned, family
from lienthong.errors import AlgorithmNotAllowed, CertificateFlawed
from lienthong.signature.cms import SEQUENCE, der

Found = dict[x509.ObjectIdentifier, x509.Extension[x509.ExtensionType]]
T = TypeVar("T", bound=x509.ExtensionType)
_OCTETS = 20
_LEAST_BITS = 64
_COMMON_NAME = b"\x06\x03\x55\x04\x03"  # the object identifier 2.5.4.3, encoded
_NO_KEY = bytes(_OCTETS)
"""Where the key's identifier stands in what many certificates say alike."""
_NOBODY = bytes.fromhex(
    "a003020102020101300506032b65703000301e170d3235303130313030303030305a170d3235303130323030303030305a3000"
    "302a300506032b6570032100" + "00" * 32
)
"""What stands before the extensions of a certificate that is about nobody and serves to read them."""


def require_clean(drafted: Unsigned, half: PublicHalf, profile: Profile, issuer: Above) -> x509.Certificate:
    """What it says, read as anybody will read it; `half` is the key it must be for.

    CertificateFlawed names every rule that is not kept.
    """
    try:
        certificate = x509.load_der_x509_certificate(drafted.signed(b""))
        flaws = list(_flaws(certificate, drafted.content, half, profile, issuer))
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension, AlgorithmNotAllowed) as error:
        raise CertificateFlawed(f"{type(error).__name__}: {error}") from error
    if flaws:
        raise CertificateFlawed("; ".join(flaws))
    return certificate


def _flaws(
    certificate: x509.Certificate, content: bytes, half: PublicHalf, profile: Profile, issuer: Above
) -> Iterator[str]:
    head, key, tail = content.partition(half.spki)
    yield from _basic(certificate, head, issuer)
    yield from _dates(certificate, profile, issuer)
    if key:
        yield from _alike(tail.replace(half.identifier, _NO_KEY), profile, issuer)
    else:
        yield "another key"
        yield from _said(certificate.extensions, half.identifier, profile, issuer)
    if family(half.key) not in profile.families:
        yield "family of the key"


@lru_cache(1024)
def _alike(tail: bytes, profile: Profile, issuer: Above) -> tuple[str, ...]:
    """The flaws of encoded extensions: but for their key, thousands of certificates say the same, byte by byte."""
    bare = Unsigned(der(SEQUENCE, _NOBODY, tail), ALGORITHMS["ed25519"])
    read = x509.load_der_x509_certificate(bare.signed(b""))
    return tuple(_said(read.extensions, _NO_KEY, profile, issuer))


def _said(extensions: x509.Extensions, key: bytes, profile: Profile, issuer: Above) -> Iterator[str]:
    """What is wrong with the extensions of a certificate whose key has that identifier."""
    found = {each.oid: each for each in extensions}
    yield from _purposes(found, profile)
    yield from _keys(found, key, issuer)
    yield from _places(found, profile)


def _basic(certificate: x509.Certificate, head: bytes, issuer: Above) -> Iterator[str]:
    """`head`: the content as far as the key."""
    serial = certificate.serial_number
    if certificate.version is not x509.Version.v3:
        yield "version"
    if serial <= 0 or serial.bit_length() > 8 * _OCTETS - 1 or serial.bit_length() < _LEAST_BITS:
        yield "serial number"  # RFC 5280 §4.1.2.2; CABF Baseline Requirements 7.1: at least 64 bits of chance
    _, named, after = head.partition(issuer.name)
    if not named:
        yield "issuer"
    elif _COMMON_NAME not in after:
        yield "subject without a common name"


def _dates(certificate: x509.Certificate, profile: Profile, issuer: Above) -> Iterator[str]:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begins < ends or (ends - begins).days > profile.days + 1:
        yield "validity"
    if begins < issuer.term[0] or ends > issuer.term[1]:
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


def _keys(found: Found, key: bytes, issuer: Above) -> Iterator[str]:
    own, above = _value(found, x509.SubjectKeyIdentifier), _value(found, x509.AuthorityKeyIdentifier)
    if own is None or own.digest != key:
        yield "subject key identifier"
    if above is None or above.key_identifier != issuer.identifier.digest:
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
