"""The source a registry is published from: one JSON file that people write or a console renders.

    {"level1": true, "organisations": […], "gateways": […], "representations": […],
     "certificates": [{"certificate": "<PEM, or base64 of the DER>", "holder": "org:G09", "purpose": "package-seal"}],
     "logs": […], "rules": {…}}

`level1` adds the national level-1 table for every code the file does not give itself; `levels` may be given too.
"""

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.errors import InvalidValue
from lienthong.registry.level1 import level1_organisations, levels
from lienthong.registry.model import CertificateEntry, Organisation, Purpose, certificate_entry
from lienthong.registry.rows import (
    GatewayRow,
    LevelRow,
    LogRow,
    Moment,
    OrganisationRow,
    RepresentationRow,
    Row,
    RulesRow,
)
from lienthong.registry.snapshot import Snapshot

T_co = TypeVar("T_co", covariant=True)


class ValueRow(Protocol[T_co]):
    """A row that stands for a value."""

    def value(self) -> T_co: ...


class SourceCertificate(Row, frozen=True):
    """A certificate; thumbprint and validity are read from it."""

    certificate: str
    holder: str
    purpose: Purpose
    revoked_at: Moment | None = None
    revocation_reason: str | None = None

    def value(self) -> CertificateEntry:
        der = _der(self.certificate, self.holder)
        return certificate_entry(der, self.holder, self.purpose, self.revoked_at, self.revocation_reason)


class Source(Row, frozen=True):
    """The whole source file."""

    level1: bool = False
    organisations: tuple[OrganisationRow, ...] = ()
    levels: tuple[LevelRow, ...] | None = None
    gateways: tuple[GatewayRow, ...] = ()
    representations: tuple[RepresentationRow, ...] = ()
    certificates: tuple[SourceCertificate, ...] = ()
    logs: tuple[LogRow, ...] = ()
    rules: RulesRow = RulesRow()


def read_source(
    data: bytes,
    version: int,
    issued_at: datetime,
    expires_at: datetime,
    previous_digest: str | None = None,
) -> Snapshot:
    """The snapshot a source file stands for. Raises InvalidValue, naming the place, for what cannot be read."""
    try:
        source = msgspec.json.decode(data, type=Source)
    except (msgspec.MsgspecError, ValueError) as error:
        raise InvalidValue(str(error)) from error
    return Snapshot(
        version=version,
        issued_at=issued_at,
        expires_at=expires_at,
        previous_digest=previous_digest,
        organisations=_organisations(source),
        levels=levels() if source.levels is None else tuple(row.value() for row in source.levels),
        gateways=_values("gateways", source.gateways),
        representations=_values("representations", source.representations),
        certificates=_values("certificates", source.certificates),
        logs=tuple(row.value() for row in source.logs),
        rules=source.rules.value(),
    )


def _organisations(source: Source) -> tuple[Organisation, ...]:
    own = _values("organisations", source.organisations)
    given = {each.code for each in own}
    national = level1_organisations() if source.level1 else ()
    return tuple(each for each in national if each.code not in given) + own


def _values(where: str, rows: Iterable[ValueRow[T_co]]) -> tuple[T_co, ...]:
    """The values of the rows; all rows that hold none are named together, with why."""
    found, faults = [], []
    for index, row in enumerate(rows):
        try:
            found.append(row.value())
        except InvalidValue as error:
            faults.append(f"$.{where}[{index}]: {error.detail}")
    if faults:
        raise InvalidValue("; ".join(faults))
    return tuple(found)


def _der(text: str, holder: str) -> bytes:
    try:
        if text.lstrip().startswith("-----BEGIN"):
            return x509.load_pem_x509_certificate(text.encode("ascii")).public_bytes(Encoding.DER)
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error, x509.InvalidVersion) as error:
        raise InvalidValue(f"certificate of {holder}: {error}") from error
