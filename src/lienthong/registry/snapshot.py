"""The whole registry at one version: what the registry publishes and every hop holds."""

import gzip
import hashlib
import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from lienthong.errors import SnapshotUntrusted
from lienthong.registry.model import (
    DEFAULT_RULES,
    CertificateEntry,
    Gateway,
    Level,
    LogKey,
    Organisation,
    Representation,
    Rules,
)
from lienthong.registry.rows import (
    CertificateRow,
    GatewayRow,
    LevelRow,
    LogRow,
    OrganisationRow,
    RepresentationRow,
    RulesRow,
    SnapshotRow,
    in_utc,
)

SKEW = timedelta(minutes=5)
MAX_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Who is who at one version. `previous_digest` is the hex SHA-256 of the version before, in canonical form."""

    version: int
    issued_at: datetime
    expires_at: datetime
    previous_digest: str | None = None
    organisations: tuple[Organisation, ...] = ()
    levels: tuple[Level, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    representations: tuple[Representation, ...] = ()
    certificates: tuple[CertificateEntry, ...] = ()
    logs: tuple[LogKey, ...] = ()
    rules: Rules = DEFAULT_RULES

    def fresh(self, moment: datetime) -> bool:
        """Whether it may still be relied on; five minutes are allowed for clocks that run behind."""
        return self.issued_at - SKEW <= moment < self.expires_at

    def digest(self) -> str:
        """Hex SHA-256 of the canonical JSON: the same content has the same digest everywhere."""
        return hashlib.sha256(canonical_json(self)).hexdigest()


def canonical_json(snapshot: Snapshot) -> bytes:
    """UTF-8 JSON with sorted names and no spaces; list order is kept, it is part of what was published."""
    return msgspec.json.encode(_row(snapshot), order="sorted")


def to_bytes(snapshot: Snapshot) -> bytes:
    """Canonical JSON in gzip without a time stamp, so that equal snapshots are equal bytes."""
    return gzip.compress(canonical_json(snapshot), compresslevel=6, mtime=0)


def from_bytes(data: bytes, max_bytes: int = MAX_BYTES) -> Snapshot:
    """Read `to_bytes` again. Raises SnapshotUntrusted for anything else, and for what unpacks beyond `max_bytes`."""
    try:
        return _value(msgspec.json.decode(_unpack(data, max_bytes), type=SnapshotRow))
    except (msgspec.MsgspecError, ValueError) as error:
        raise SnapshotUntrusted(str(error)) from error


def _unpack(data: bytes, max_bytes: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(max_bytes + 1)
    except (OSError, EOFError) as error:
        raise SnapshotUntrusted("gzip") from error
    if len(unpacked) > max_bytes:
        raise SnapshotUntrusted(f"> {max_bytes}")
    return unpacked


def _row(snapshot: Snapshot) -> SnapshotRow:
    return SnapshotRow(
        version=snapshot.version,
        issued_at=in_utc(snapshot.issued_at),
        expires_at=in_utc(snapshot.expires_at),
        previous_digest=snapshot.previous_digest,
        organisations=tuple(map(OrganisationRow.of, snapshot.organisations)),
        levels=tuple(map(LevelRow.of, snapshot.levels)),
        gateways=tuple(map(GatewayRow.of, snapshot.gateways)),
        representations=tuple(map(RepresentationRow.of, snapshot.representations)),
        certificates=tuple(map(CertificateRow.of, snapshot.certificates)),
        logs=tuple(map(LogRow.of, snapshot.logs)),
        rules=RulesRow.of(snapshot.rules),
    )


def _value(row: SnapshotRow) -> Snapshot:
    return Snapshot(
        version=row.version,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        previous_digest=row.previous_digest,
        organisations=tuple(each.value() for each in row.organisations),
        levels=tuple(each.value() for each in row.levels),
        gateways=tuple(each.value() for each in row.gateways),
        representations=tuple(each.value() for each in row.representations),
        certificates=tuple(each.value() for each in row.certificates),
        logs=tuple(each.value() for each in row.logs),
        rules=row.rules.value(),
    )
