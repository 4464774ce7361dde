"""Issuing, without side effects: certificates, the self-signed root, revocation lists.

Keys, moments and serial numbers come in as arguments.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519

from lienthong.ca.above import Above
from lienthong.ca.drafting import Publication, draft, point
from lienthong.ca.profiles import PrivateKey, PublicKey
from lienthong.ca.requests import Request
from lienthong.ca.rules.keys import public_half
from lienthong.ca.unsigned import family, signed_with


@dataclass(frozen=True)
class Issuer:
    """A certificate authority's certificate with its private key."""

    certificate: x509.Certificate
    key: PrivateKey = field(repr=False)

    @cached_property
    def above(self) -> Above:
        """The certificate as it stands above all that it issues."""
        return Above(self.certificate)


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
    drafted = draft(
        request,
        public_half(public_key),
        issuer.above,
        now,
        family=family(issuer.key.public_key()),
        serial=serial,
        validity=validity,
        publication=publication,
    )
    return x509.load_der_x509_certificate(signed_with(issuer.key, drafted))


def self_signed(request: Request, key: PrivateKey, now: datetime, *, serial: int) -> x509.Certificate:
    """The root of a hierarchy."""
    public = key.public_key()
    request.profile.require(public)
    drafted = draft(request, public_half(public), None, now, family=family(public), serial=serial)
    return x509.load_der_x509_certificate(signed_with(key, drafted))


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
    builder = builder.add_extension(Above(parent).authority_key, critical=False)
    if place:
        whose = x509.IssuingDistributionPoint(
            full_name=[x509.UniformResourceIdentifier(place)],
            relative_name=None,
            only_contains_user_certs=True,
            only_contains_ca_certs=False,
            only_some_reasons=None,
            indirect_crl=False,
            only_contains_attribute_certs=False,
        )
        builder = builder.add_extension(whose, critical=True)
    if base is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(base), critical=True)
    if newest:
        builder = builder.add_extension(x509.FreshestCRL([point(newest)]), critical=False)
    for row in revoked:
        builder = builder.add_revoked_certificate(_row(row))
    return builder


def _row(row: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(row.serial).revocation_date(row.at)
    if row.reason is not x509.ReasonFlags.unspecified:  # RFC 5280 §5.3.1: absent rather than unspecified
        builder = builder.add_extension(x509.CRLReason(row.reason), critical=False)
    return builder.build()


def _digest(key: PrivateKey) -> hashes.SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
