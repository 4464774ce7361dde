"""Between the tables and the registry's values: one pair of functions a kind."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from apps.directory import models
from lienthong.document import OrganisationCode
from lienthong.document.texts import folded
from lienthong.registry import (
    CertificateEntry,
    Contact,
    Gateway,
    GatewayKind,
    LogKey,
    Organisation,
    OrganisationKind,
    Purpose,
    Representation,
    Status,
)


def period_of(organisation: Organisation, change: models.Change) -> models.Period:
    """A row not yet saved."""
    return models.Period(
        begun=change,
        code=str(organisation.code),
        legacy_code=str(organisation.legacy_code or ""),
        name=organisation.name,
        name_en=organisation.name_en or "",
        level=organisation.level,
        parent=str(organisation.parent or ""),
        kind=organisation.kind.value,
        status=organisation.status.value,
        valid_from=organisation.valid_from,
        valid_to=organisation.valid_to,
        successors=[str(each) for each in organisation.successors],
        contact=asdict(organisation.contact) if organisation.contact else None,
        folded=folded_of(organisation),
    )


def folded_of(organisation: Organisation) -> str:
    """Code and names as search compares them."""
    facts = (organisation.code, organisation.legacy_code or "", organisation.name, organisation.name_en or "")
    return "\n".join(folded(str(fact)) for fact in facts)


def organisation_of(row: models.Period) -> Organisation:
    """The value of a row."""
    return Organisation(
        code=OrganisationCode.parse(row.code),
        name=row.name,
        level=row.level,
        legacy_code=_code(row.legacy_code),
        name_en=row.name_en or None,
        parent=_code(row.parent),
        kind=OrganisationKind(row.kind),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        status=Status(row.status),
        successors=tuple(map(OrganisationCode.parse, row.successors)),
        contact=Contact(**row.contact) if row.contact else None,
    )


def _code(text: str) -> OrganisationCode | None:
    return OrganisationCode.parse(text) if text else None


def gateway_row(gateway: Gateway, change: models.Change) -> models.Gateway:
    """A row not yet saved."""
    return models.Gateway(
        begun=change,
        name_id=gateway.id,
        name=gateway.name,
        operator=str(gateway.operator),
        kind=gateway.kind.value,
        endpoint=gateway.endpoint or "",
    )


def gateway_of(row: models.Gateway) -> Gateway:
    """The value of a row."""
    operator = OrganisationCode.parse(row.operator)
    return Gateway(row.name_id, row.name, operator, GatewayKind(row.kind), row.endpoint or None)


def representation_row(value: Representation, change: models.Change) -> models.Representation:
    """A row not yet saved."""
    return models.Representation(
        begun=change,
        gateway=value.gateway,
        organisation=str(value.organisation),
        valid_from=value.valid_from,
        valid_to=value.valid_to,
    )


def representation_of(row: models.Representation) -> Representation:
    """The value of a row."""
    return Representation(row.gateway, OrganisationCode.parse(row.organisation), row.valid_from, row.valid_to)


def certificate_row(entry: CertificateEntry, change: models.Change) -> models.Certificate:
    """A row not yet saved."""
    return models.Certificate(
        begun=change,
        thumbprint=entry.thumbprint,
        certificate=entry.certificate,
        holder=entry.holder,
        purpose=entry.purpose.value,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        revoked_at=entry.revoked_at,
        revocation_reason=entry.revocation_reason or "",
    )


def certificate_of(row: models.Certificate) -> CertificateEntry:
    """The value of a row."""
    revoked: datetime | None = row.revoked_at
    return CertificateEntry(
        thumbprint=row.thumbprint,
        certificate=bytes(row.certificate),
        holder=row.holder,
        purpose=Purpose(row.purpose),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        revoked_at=revoked,
        revocation_reason=row.revocation_reason or None,
    )


def log_row(key: LogKey, change: models.Change) -> models.LogKey:
    """A row not yet saved."""
    return models.LogKey(begun=change, origin=key.origin, vkey=key.vkey, hop=key.hop)


def log_of(row: models.LogKey) -> LogKey:
    """The value of a row."""
    return LogKey(row.origin, row.vkey, row.hop)
