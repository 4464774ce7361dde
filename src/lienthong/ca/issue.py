"""Issuing, without side effects: certificates, the self-signed root, revocation lists.

Keys, moments and serial numbers come in as arguments.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import AuthorityInformationAccessOID

from lienthong.ca.names import alternative_names
from lienthong.ca.profiles import PrivateKey, Profile, PublicKey
from lienthong.ca.requests import Request
from lienthong.errors import InvalidValue

BACKDATING = timedelta(minutes=10)
"""Certificates begin a little early, so that a neighbour whose clock is slow does not refuse a new one."""
_SERIAL_BITS = 159  # RFC 5280 §4.1.2.2: positive and at most 20 octets
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
class Issuer:
    """A certificate authority's certificate with its private key."""

    certificate: x509.Certificate
    key: PrivateKey = field(repr=False)


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


@dataclass(frozen=True, slots=True)
class Revoked:
    """One row of a revocation list."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


def issue(
    request: Request,
    public_key: PublicKey,
    issuer: Issuer,
    now: datetime,
    *,
    serial: int,
    validity: timedelta | None = None,
    publication: Publication | None = None,
) -> x509.Certificate:
    """The certificate of a request, never outliving its issuer.

    `serial` is random, below 2^159; `validity` defaults to the profile's. AlgorithmNotAllowed if the key is not of the
    profile's shape, InvalidValue for a bad serial, subject or host, or an issuer that is not in force at `now`.
    """
    request.profile.require(public_key)
    builder = certificate_builder(
        request, public_key, issuer.certificate, now, serial=serial, validity=validity, publication=publication
    )
    return builder.sign(issuer.key, _digest(issuer.key))


def self_signed(request: Request, key: PrivateKey, now: datetime, *, serial: int) -> x509.Certificate:
    """The root of a hierarchy."""
    public = key.public_key()
    request.profile.require(public)
    return certificate_builder(request, public, None, now, serial=serial).sign(key, _digest(key))


def certificate_builder(
    request: Request,
    public_key: PublicKey,
    parent: x509.Certificate | None,
    now: datetime,
    *,
    serial: int,
    validity: timedelta | None = None,
    publication: Publication | None = None,
) -> x509.CertificateBuilder:
    """All that a certificate will say, unsigned; without a parent it is a root's own. InvalidValue, as `issue`."""
    builder = _base(request, public_key, serial)
    end = now + (validity or timedelta(days=request.profile.days))
    if parent is None:
        builder = builder.issuer_name(request.subject.to_name())
        return builder.not_valid_before(now - BACKDATING).not_valid_after(end)
    if not parent.not_valid_before_utc <= now <= parent.not_valid_after_utc:
        raise InvalidValue("the issuer's certificate is not in force")
    begin = max(now - BACKDATING, parent.not_valid_before_utc)
    builder = builder.issuer_name(parent.subject).not_valid_before(begin)
    builder = builder.not_valid_after(min(end, parent.not_valid_after_utc))
    return _published(builder.add_extension(_authority_key(parent), critical=False), publication)


def revocation_list(
    issuer: Issuer, revoked: Iterable[Revoked], now: datetime, next_update: datetime
) -> x509.CertificateRevocationList:
    """The issuer's complete list, DER via `public_bytes`. Its number is the second of issue, which only grows."""
    builder = list_builder(issuer.certificate, revoked, now, next_update, int(now.timestamp()))
    return builder.sign(issuer.key, _digest(issuer.key))


def list_builder(
    parent: x509.Certificate,
    revoked: Iterable[Revoked],
    now: datetime,
    next_update: datetime,
    number: int,
    *,
    place: str = "",
    base: int | None = None,
    newest: str = "",
) -> x509.CertificateRevocationListBuilder:
    """A list, unsigned. `place`: the address of the partition it is of (issuing distribution point); `base`: the number
    of the list it adds to (a delta); `newest`: where its own deltas are (RFC 5280 §5.2).
    """
    builder = x509.CertificateRevocationListBuilder().issuer_name(parent.subject)
    builder = builder.last_update(now).next_update(next_update)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    builder = builder.add_extension(_authority_key(parent), critical=False)
    if place:
        point = x509.IssuingDistributionPoint(
            full_name=[x509.UniformResourceIdentifier(place)],
            relative_name=None,
            only_contains_user_certs=True,
            only_contains_ca_certs=False,
            only_some_reasons=None,
            indirect_crl=False,
            only_contains_attribute_certs=False,
        )
        builder = builder.add_extension(point, critical=True)
    if base is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(base), critical=True)
    if newest:
        builder = builder.add_extension(x509.FreshestCRL([_point(newest)]), critical=False)
    for row in revoked:
        builder = builder.add_revoked_certificate(_row(row))
    return builder


def _base(request: Request, public_key: PublicKey, serial: int) -> x509.CertificateBuilder:
    if not 0 < serial < 1 << _SERIAL_BITS:
        raise InvalidValue("certificate serial number")
    profile = request.profile
    builder = x509.CertificateBuilder().subject_name(request.subject.to_name()).public_key(public_key)
    builder = builder.serial_number(serial).add_extension(_constraints(profile), critical=True)
    builder = builder.add_extension(_usage(profile), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    if profile.extended:
        usage = x509.ExtendedKeyUsage(profile.extended)
        builder = builder.add_extension(usage, critical=profile.extended_critical)
    if profile.nocheck:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    names = alternative_names(request.holder, request.hosts)
    return builder.add_extension(x509.SubjectAlternativeName(names), critical=False) if names else builder


@cache
def _constraints(profile: Profile) -> x509.BasicConstraints:
    return x509.BasicConstraints(ca=profile.path_length is not None, path_length=profile.path_length)


@cache
def _usage(profile: Profile) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in profile.usages for name in _USAGES})


@lru_cache(64)
def _authority_key(parent: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = parent.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _published(builder: x509.CertificateBuilder, publication: Publication | None) -> x509.CertificateBuilder:
    for extension in _places(publication) if publication is not None else ():
        builder = builder.add_extension(extension, critical=False)
    return builder


@lru_cache(256)
def _places(publication: Publication) -> tuple[x509.ExtensionType, ...]:
    """The same for every certificate of a partition."""
    places = [(AuthorityInformationAccessOID.CA_ISSUERS, publication.issuer)]
    places += [(AuthorityInformationAccessOID.OCSP, publication.ocsp)] if publication.ocsp else []
    access = [x509.AccessDescription(kind, x509.UniformResourceIdentifier(place)) for kind, place in places]
    found: list[x509.ExtensionType] = [
        x509.CRLDistributionPoints([_point(publication.crl)]),
        x509.AuthorityInformationAccess(access),
    ]
    if publication.delta:
        found.append(x509.FreshestCRL([_point(publication.delta)]))
    if publication.policy:
        policy = x509.PolicyInformation(x509.ObjectIdentifier(publication.policy), None)
        found.append(x509.CertificatePolicies([policy]))
    return tuple(found)


def _point(place: str) -> x509.DistributionPoint:
    return x509.DistributionPoint([x509.UniformResourceIdentifier(place)], None, None, None)


def _row(row: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(row.serial).revocation_date(row.at)
    if row.reason is not x509.ReasonFlags.unspecified:  # RFC 5280 §5.3.1: absent rather than unspecified
        builder = builder.add_extension(x509.CRLReason(row.reason), critical=False)
    return builder.build()


def _digest(key: PrivateKey) -> hashes.SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
