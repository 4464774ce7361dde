"""Who is who: organisations, the gateways that speak for them, and their certificates.

Days are Vietnamese calendar days; `valid_to` is the last day in force, so a province merged on 1 July 2025 has
`valid_to` 30 June. Certificates live by the second, so theirs are aware moments.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cryptography import x509

from lienthong.document.codes import OrganisationCode
from lienthong.errors import InvalidValue


class Status(StrEnum):
    """What the directory says of an organisation besides its dates."""

    ACTIVE = "active"
    LOCKED = "locked"
    """In force but suspended: nobody represents it until it is unlocked."""
    CLOSED = "closed"


class OrganisationKind(StrEnum):
    """Whether the row is a body of its own or a part of one (`isAgency` of the national directory)."""

    AGENCY = "agency"
    UNIT = "unit"


class GatewayKind(StrEnum):
    """A gateway of one agency, or a shared host of many (Decision 28/2018, Article 3)."""

    DEDICATED = "dedicated"
    SHARED = "shared"


class Purpose(StrEnum):
    """What a listed certificate may be used for; one certificate, one purpose."""

    PACKAGE_SEAL = "package-seal"
    GATEWAY = "gateway"
    LOG = "log"
    DOCUMENT_SEAL = "document-seal"
    PERSON = "person"
    TSA = "tsa"
    REGISTRY = "registry"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of government; levels come and go by law, so they are rows and not an enumeration."""

    id: str
    vi: str
    en: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How people reach an organisation; shown to people, asked by no rule."""

    email: str = ""
    phone: str = ""
    fax: str = ""
    address: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """One identifier code and what is known of its bearer. A code is never issued twice.

    `revision` is the version of the registry in which the row last changed, 0 where nobody counted (`stamped`).
    """

    code: OrganisationCode
    name: str
    level: str
    legacy_code: OrganisationCode | None = None
    name_en: str | None = None
    parent: OrganisationCode | None = None
    kind: OrganisationKind = OrganisationKind.AGENCY
    valid_from: date | None = None
    valid_to: date | None = None
    status: Status = Status.ACTIVE
    successors: tuple[OrganisationCode, ...] = ()
    contact: Contact | None = None
    revision: int = 0

    def closed_on(self, day: date) -> bool:
        """Whether the code is out of use on that day; a closing day still to come leaves it in force."""
        if self.valid_to is None:
            return self.status is Status.CLOSED
        return day > self.valid_to

    def begun_by(self, day: date) -> bool:
        return self.valid_from is None or self.valid_from <= day


@dataclass(frozen=True, slots=True)
class Gateway:
    """A secure server [máy chủ bảo mật]: its id, who runs it, where it answers."""

    id: str
    name: str
    operator: OrganisationCode
    kind: GatewayKind = GatewayKind.DEDICATED
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Representation:
    """A gateway speaks for an organisation from one day through another (both inclusive)."""

    gateway: str
    organisation: OrganisationCode
    valid_from: date | None = None
    valid_to: date | None = None

    def covers(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """A certificate with its holder ("org:CODE", "gateway:ID", "log:ID") and what it is for.

    Fits the `SealingKey` shape of the seal. `thumbprint` is base64url SHA-256 of the DER, as in `x5t#S256`.
    """

    thumbprint: str
    certificate: bytes
    holder: str
    purpose: Purpose
    valid_from: datetime
    valid_to: datetime
    revoked_at: datetime | None = None
    revocation_reason: str | None = None

    def usable_at(self, moment: datetime) -> bool:
        """Whether it is inside its validity and not revoked at `moment`."""
        revoked = self.revoked_at is not None and self.revoked_at <= moment
        return self.valid_from <= moment <= self.valid_to and not revoked


@dataclass(frozen=True, slots=True)
class LogKey:
    """The verifier key of one hop's evidence log (C2SP signed note form)."""

    origin: str
    vkey: str
    hop: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules that hold for the whole exchange; they travel with the snapshot so that every hop acts alike."""

    redirect_closed: bool = True


DEFAULT_RULES = Rules()


def certificate_entry(
    certificate: bytes,
    holder: str,
    purpose: Purpose,
    revoked_at: datetime | None = None,
    revocation_reason: str | None = None,
) -> CertificateEntry:
    """The entry of a DER certificate, its validity read from it. Raises InvalidValue if it is not a certificate."""
    try:
        parsed = x509.load_der_x509_certificate(certificate)
    except (ValueError, x509.InvalidVersion) as error:
        raise InvalidValue(f"certificate of {holder}: {error}") from error
    return CertificateEntry(
        thumbprint=thumbprint(certificate),
        certificate=certificate,
        holder=holder,
        purpose=purpose,
        valid_from=parsed.not_valid_before_utc,
        valid_to=parsed.not_valid_after_utc,
        revoked_at=revoked_at,
        revocation_reason=revocation_reason,
    )


def thumbprint(certificate: bytes) -> str:
    """Base64url SHA-256 of a DER certificate without padding (RFC 7515 §4.1.8)."""
    return base64.urlsafe_b64encode(hashlib.sha256(certificate).digest()).rstrip(b"=").decode("ascii")
