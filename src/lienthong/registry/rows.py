"""The JSON form of the registry's values: one row type per value, unknown names refused, defaults left out.

A name misspelt in a row must not be lost in silence ("sucessors" would close a code for good), and a snapshot of a
newer form must not be half understood; hence `forbid_unknown_fields` and the `format` mark.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

import msgspec

from lienthong.document.codes import OrganisationCode
from lienthong.registry.model import (
    CertificateEntry,
    Contact,
    Gateway,
    GatewayKind,
    Level,
    LogKey,
    Organisation,
    OrganisationKind,
    Purpose,
    Representation,
    Rules,
    Status,
)

FORMAT: Literal["lienthong-registry/1"] = "lienthong-registry/1"
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all rows share."""


class LevelRow(Row, frozen=True):
    id: str
    vi: str
    en: str
    valid_from: date | None = None
    valid_to: date | None = None

    @classmethod
    def of(cls, level: Level) -> "LevelRow":
        return cls(id=level.id, vi=level.vi, en=level.en, valid_from=level.valid_from, valid_to=level.valid_to)

    def value(self) -> Level:
        return Level(self.id, self.vi, self.en, self.valid_from, self.valid_to)


class ContactRow(Row, frozen=True):
    email: str = ""
    phone: str = ""
    fax: str = ""
    address: str = ""
    website: str = ""

    @classmethod
    def of(cls, contact: Contact) -> "ContactRow":
        return cls(
            email=contact.email,
            phone=contact.phone,
            fax=contact.fax,
            address=contact.address,
            website=contact.website,
        )

    def value(self) -> Contact:
        return Contact(self.email, self.phone, self.fax, self.address, self.website)


class OrganisationRow(Row, frozen=True):
    code: str
    name: str
    level: str
    legacy_code: str | None = None
    name_en: str | None = None
    parent: str | None = None
    kind: OrganisationKind = OrganisationKind.AGENCY
    valid_from: date | None = None
    valid_to: date | None = None
    status: Status = Status.ACTIVE
    successors: tuple[str, ...] = ()
    contact: ContactRow | None = None
    revision: int = 0

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationRow":
        return cls(
            code=str(organisation.code),
            name=organisation.name,
            level=organisation.level,
            legacy_code=_text(organisation.legacy_code),
            name_en=organisation.name_en,
            parent=_text(organisation.parent),
            kind=organisation.kind,
            valid_from=organisation.valid_from,
            valid_to=organisation.valid_to,
            status=organisation.status,
            successors=tuple(map(str, organisation.successors)),
            contact=None if organisation.contact is None else ContactRow.of(organisation.contact),
            revision=organisation.revision,
        )

    def value(self) -> Organisation:
        return Organisation(
            code=OrganisationCode(self.code),
            name=self.name,
            level=self.level,
            legacy_code=_code(self.legacy_code),
            name_en=self.name_en,
            parent=_code(self.parent),
            kind=self.kind,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            status=self.status,
            successors=tuple(map(OrganisationCode, self.successors)),
            contact=None if self.contact is None else self.contact.value(),
            revision=self.revision,
        )


class GatewayRow(Row, frozen=True):
    id: str
    name: str
    operator: str
    kind: GatewayKind = GatewayKind.DEDICATED
    endpoint: str | None = None

    @classmethod
    def of(cls, gateway: Gateway) -> "GatewayRow":
        return cls(
            id=gateway.id,
            name=gateway.name,
            operator=str(gateway.operator),
            kind=gateway.kind,
            endpoint=gateway.endpoint,
        )

    def value(self) -> Gateway:
        return Gateway(self.id, self.name, OrganisationCode(self.operator), self.kind, self.endpoint)


class RepresentationRow(Row, frozen=True):
    gateway: str
    organisation: str
    valid_from: date | None = None
    valid_to: date | None = None

    @classmethod
    def of(cls, row: Representation) -> "RepresentationRow":
        return cls(
            gateway=row.gateway,
            organisation=str(row.organisation),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )

    def value(self) -> Representation:
        return Representation(self.gateway, OrganisationCode(self.organisation), self.valid_from, self.valid_to)


class CertificateRow(Row, frozen=True):
    """`certificate` is base64 of the DER."""

    thumbprint: str
    certificate: bytes
    holder: str
    purpose: Purpose
    valid_from: Moment
    valid_to: Moment
    revoked_at: Moment | None = None
    revocation_reason: str | None = None

    @classmethod
    def of(cls, entry: CertificateEntry) -> "CertificateRow":
        return cls(
            thumbprint=entry.thumbprint,
            certificate=entry.certificate,
            holder=entry.holder,
            purpose=entry.purpose,
            valid_from=in_utc(entry.valid_from),
            valid_to=in_utc(entry.valid_to),
            revoked_at=None if entry.revoked_at is None else in_utc(entry.revoked_at),
            revocation_reason=entry.revocation_reason,
        )

    def value(self) -> CertificateEntry:
        return CertificateEntry(**msgspec.structs.asdict(self))


class LogRow(Row, frozen=True):
    origin: str
    vkey: str
    hop: str

    @classmethod
    def of(cls, key: LogKey) -> "LogRow":
        return cls(origin=key.origin, vkey=key.vkey, hop=key.hop)

    def value(self) -> LogKey:
        return LogKey(self.origin, self.vkey, self.hop)


class RulesRow(Row, frozen=True):
    redirect_closed: bool = True

    @classmethod
    def of(cls, rules: Rules) -> "RulesRow":
        return cls(redirect_closed=rules.redirect_closed)

    def value(self) -> Rules:
        return Rules(redirect_closed=self.redirect_closed)


class SnapshotRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole snapshot; nothing is left out here, so that an empty list is said and not guessed.

    Rows are read one by one, by their own types above.
    """

    format: Literal["lienthong-registry/1"] = FORMAT
    version: int
    issued_at: Moment
    expires_at: Moment
    previous_digest: str | None
    organisations: tuple[msgspec.Raw, ...]
    levels: tuple[msgspec.Raw, ...]
    gateways: tuple[msgspec.Raw, ...]
    representations: tuple[msgspec.Raw, ...]
    certificates: tuple[msgspec.Raw, ...]
    logs: tuple[msgspec.Raw, ...]
    rules: RulesRow


def in_utc(moment: datetime) -> datetime:
    """The same instant in the one spelling that snapshots use; naive moments pass for the check to find."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def _text(code: OrganisationCode | None) -> str | None:
    return None if code is None else str(code)


def _code(text: str | None) -> OrganisationCode | None:
    return None if text is None else OrganisationCode(text)
