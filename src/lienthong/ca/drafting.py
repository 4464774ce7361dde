"""What a certificate will say, encoded: the TBSCertificate of RFC 5280 §4.1, to be looked at and then signed.

The library encodes keys, names and extensions; here they are put side by side. Its builder copies every extension
whenever one is added and encodes only while it signs, which took three times as long. What all certificates of a
profile and of a partition have in common is encoded once. The tests hold every byte against that builder.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from asn1crypto import core
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from lienthong.ca.above import Above
from lienthong.ca.names import alternative_names
from lienthong.ca.profiles import Profile
from lienthong.ca.requests import Request
from lienthong.ca.rules.keys import PublicHalf
from lienthong.ca.unsigned import ALGORITHMS, Unsigned
from lienthong.errors import InvalidValue
from lienthong.signature.cms import OCTETS, SEQUENCE, der

BACKDATING = timedelta(minutes=10)
"""Certificates begin a little early, so that a neighbour whose clock is slow does not refuse a new one."""
_SERIAL_BITS = 159  # RFC 5280 §4.1.2.2: positive and at most 20 octets
_INTEGER, _UTC_TIME, _GENERALIZED_TIME = 0x02, 0x17, 0x18
_EXPLICIT_3 = 0xA3
_V3, _TRUE = b"\xa0\x03\x02\x01\x02", b"\x01\x01\xff"
_KEY_IDENTIFIER = bytes.fromhex("301d 0603551d0e 0416 0414")  # RFC 5280 §4.2.1.2, as far as its 20 octets
_GENERALIZED_FROM = 2050  # RFC 5280 §4.1.2.5
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True)
class Publication:
    """Where relying parties find the issuer's list, certificate and responder (URLs, plain HTTP by custom).

    `delta`: where what changed since that list is; `policy`: the object identifier of the certificate policy.
    """

    crl: str
    issuer: str
    ocsp: str = ""
    delta: str = ""
    policy: str = ""


def draft(
    request: Request,
    half: PublicHalf,
    parent: Above | None,
    now: datetime,
    *,
    family: str,
    serial: int,
    validity: timedelta | None = None,
    publication: Publication | None = None,
) -> Unsigned:
    """All that a certificate will say, to be signed by a key of that family; without a parent it is a root's own.

    It never outlives its parent. InvalidValue for a bad serial, subject or host, or a parent not in force at `now`.
    """
    if not 0 < serial < 1 << _SERIAL_BITS:
        raise InvalidValue("certificate serial number")
    profile, subject = request.profile, request.subject.to_der()
    begin, end = _term(parent, now, validity or timedelta(days=profile.days))
    content = der(
        SEQUENCE,
        _V3,
        der(_INTEGER, serial.to_bytes(serial.bit_length() // 8 + 1, "big")),
        ALGORITHMS[family],
        subject if parent is None else parent.name,
        _validity(begin, end),
        subject,
        half.spki,
        der(_EXPLICIT_3, der(SEQUENCE, _of(profile), _own(request, half), _around(parent, publication))),
    )
    return Unsigned(content, ALGORITHMS[family], request.subject.common_name)


@cache
def _usage(profile: Profile) -> x509.KeyUsage:
    """The key usage of a profile (RFC 5280 §4.2.1.3)."""
    return x509.KeyUsage(**{name: name in profile.usages for name in _USAGES})


def point(place: str) -> x509.DistributionPoint:
    """A place where a list is found."""
    return x509.DistributionPoint([x509.UniformResourceIdentifier(place)], None, None, None)


def _term(parent: Above | None, now: datetime, length: timedelta) -> tuple[datetime, datetime]:
    if parent is None:
        return now - BACKDATING, now + length
    first, last = parent.term
    if not first <= now <= last:
        raise InvalidValue("the issuer's certificate is not in force")
    return max(now - BACKDATING, first), min(now + length, last)


@lru_cache(64)
def _validity(begin: datetime, end: datetime) -> bytes:
    """The same for all certificates of a round."""
    return der(SEQUENCE, _time(begin), _time(end))


def _time(moment: datetime) -> bytes:
    utc = moment.astimezone(UTC)
    if utc.year < _GENERALIZED_FROM:
        return der(_UTC_TIME, utc.strftime("%y%m%d%H%M%SZ").encode())
    return der(_GENERALIZED_TIME, utc.strftime("%Y%m%d%H%M%SZ").encode())


@cache
def _of(profile: Profile) -> bytes:
    """Extensions that all certificates of a profile have."""
    path_length = profile.path_length
    found = _extension(x509.BasicConstraints(ca=path_length is not None, path_length=path_length), critical=True)
    found += _extension(_usage(profile), critical=True)
    if profile.extended:
        found += _extension(x509.ExtendedKeyUsage(profile.extended), critical=profile.extended_critical)
    return found + _extension(x509.OCSPNoCheck()) if profile.nocheck else found


def _own(request: Request, half: PublicHalf) -> bytes:
    """Extensions of this certificate alone."""
    found = _KEY_IDENTIFIER + half.identifier
    names = alternative_names(request.holder, request.hosts)
    return found + _extension(x509.SubjectAlternativeName(names)) if names else found


@lru_cache(256)
def _around(parent: Above | None, publication: Publication | None) -> bytes:
    """Extensions that all certificates of an issuer's partition have."""
    found = b"" if parent is None else _extension(parent.authority_key)
    return found if publication is None else found + b"".join(map(_extension, _places(publication)))


def _places(publication: Publication) -> Iterable[x509.ExtensionType]:
    yield x509.CRLDistributionPoints([point(publication.crl)])
    places = [(AuthorityInformationAccessOID.CA_ISSUERS, publication.issuer)]
    places += [(AuthorityInformationAccessOID.OCSP, publication.ocsp)] if publication.ocsp else []
    yield x509.AuthorityInformationAccess(
        [x509.AccessDescription(kind, x509.UniformResourceIdentifier(place)) for kind, place in places]
    )
    if publication.delta:
        yield x509.FreshestCRL([point(publication.delta)])
    if publication.policy:
        policy = x509.PolicyInformation(x509.ObjectIdentifier(publication.policy), None)
        yield x509.CertificatePolicies([policy])


def _extension(value: x509.ExtensionType, *, critical: bool = False) -> bytes:
    """RFC 5280 §4.1; `critical` is left out where it is false, its default (X.690 §11.5)."""
    return der(SEQUENCE, _oid(value.oid.dotted_string), _TRUE if critical else b"", der(OCTETS, value.public_bytes()))


@cache
def _oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())
