"""A small certificate authority in memory: a root, an issuing CA under it, keys for stamps and answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from lienthong.ca import profiles
from lienthong.ca.drafting import Publication
from lienthong.ca.issue import Issuer, Revoked, issue, revocation_list, self_signed
from lienthong.ca.names import Subject
from lienthong.ca.profiles import PrivateKey
from lienthong.ca.requests import Request, responding, timestamping

Serials = Callable[[], int]
CRL_LIFE = timedelta(days=7)
ROOT_CRL_LIFE = timedelta(days=365)
"""The root is offline: its list is made at the ceremony and once a year."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A key with its certificate and the certificates above it (DER, issuer first, without the root)."""

    key: PrivateKey = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @property
    def key_pem(self) -> bytes:
        """PKCS#8 PEM, in the clear: for a file only its owner can read."""
        return self.encrypted_pem(None)

    def encrypted_pem(self, passphrase: bytes | None) -> bytes:
        """PKCS#8 PEM, encrypted unless the passphrase is None."""
        lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)

    @property
    def certificate_pem(self) -> bytes:
        """The leaf, then its chain, PEM."""
        return b"".join(map(pem, (self.certificate, *self.chain)))

    @property
    def serial(self) -> int:
        return x509.load_der_x509_certificate(self.certificate).serial_number


@dataclass(frozen=True)
class Authority:
    """Issues under its issuing CA. Serials are drawn from `serials`: 20 random bytes by default."""

    root: Issued
    issuing: Issued
    tsa: Issued
    publication: Publication | None = None
    serials: Serials = field(default=x509.random_serial_number, repr=False)
    ocsp: Issued | None = None

    @classmethod
    def found(
        cls,
        now: datetime,
        *,
        name: str = "Liên Thông",
        publish_at: str = "",
        serials: Serials = x509.random_serial_number,
    ) -> Self:
        """A fresh hierarchy, begun at `now`. `publish_at` is the base URL of the CA process, put into certificates."""
        root = _root(f"{name} – CA gốc", now, serials)
        issuing = _issuing(f"{name} – CA cấp phát", root, now, serials)
        publication = published_at(publish_at)
        tsa = _signed(timestamping(), issuing, now, serials(), publication=publication)
        made = cls(root, issuing, tsa, publication, serials)
        return replace(made, ocsp=made.responder(now))

    @property
    def roots(self) -> tuple[bytes, ...]:
        """What relying parties trust: the root certificate, DER."""
        return (self.root.certificate,)

    @property
    def root_pem(self) -> bytes:
        return pem(self.root.certificate)

    def issue(self, request: Request, now: datetime, validity: timedelta | None = None) -> Issued:
        """A fresh key of the profile's shape with its certificate; errors as `ca.issue.issue` raises them."""
        return _signed(request, self.issuing, now, self.serials(), validity=validity, publication=self.publication)

    def responder(self, now: datetime) -> Issued:
        """A fresh key that answers about the state of certificates; where it answers is not written into it."""
        return _signed(responding(), self.issuing, now, self.serials())

    def certify(self, request: Request, public_key: profiles.PublicKey, now: datetime) -> bytes:
        """The certificate (DER) of a key made elsewhere, such as in a token."""
        found = issue(request, public_key, self._issuer, now, serial=self.serials(), publication=self.publication)
        return found.public_bytes(Encoding.DER)

    def crl(self, revoked: Iterable[Revoked], now: datetime, life: timedelta = CRL_LIFE) -> bytes:
        """The issuing CA's revocation list, DER."""
        return revocation_list(self._issuer, revoked, now, now + life).public_bytes(Encoding.DER)

    def root_crl(self, now: datetime) -> bytes:
        """The root's (empty) revocation list, DER."""
        return revocation_list(_issuer(self.root), (), now, now + ROOT_CRL_LIFE).public_bytes(Encoding.DER)

    @cached_property
    def _issuer(self) -> Issuer:
        return _issuer(self.issuing)


def published_at(base: str) -> Publication | None:
    """Where a CA process at this base URL publishes; None for an empty base."""
    place = base.rstrip("/")
    return Publication(f"{place}/crl/issuing.crl", f"{place}/ca/issuing.crt", f"{place}/ocsp") if place else None


def pem(certificate: bytes) -> bytes:
    """A DER certificate as PEM."""
    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)


def _root(name: str, now: datetime, serials: Serials) -> Issued:
    key = profiles.ROOT.key.generate()
    request = Request(profiles.ROOT, Subject(name, organisation=name))
    return Issued(key, self_signed(request, key, now, serial=serials()).public_bytes(Encoding.DER))


def _issuing(name: str, root: Issued, now: datetime, serials: Serials) -> Issued:
    request = Request(profiles.ISSUING, Subject(name, organisation=name))
    found = _signed(request, root, now, serials())
    return Issued(found.key, found.certificate)  # whoever trusts the root gets along without it in the chain


def _signed(
    request: Request,
    parent: Issued,
    now: datetime,
    serial: int,
    *,
    validity: timedelta | None = None,
    publication: Publication | None = None,
) -> Issued:
    key = request.profile.key.generate()
    made = issue(
        request,
        key.public_key(),
        _issuer(parent),
        now,
        serial=serial,
        validity=validity,
        publication=publication,
    )
    return Issued(key, made.public_bytes(Encoding.DER), (parent.certificate, *parent.chain))


def _issuer(issued: Issued) -> Issuer:
    return Issuer(x509.load_der_x509_certificate(issued.certificate), issued.key)
