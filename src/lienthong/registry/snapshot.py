"""The whole registry at one version: what the registry publishes and every hop holds."""

import gzip
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
from lienthong.registry.packed import Packed, packed
from lienthong.registry.rows import (
    FORMAT,
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
from lienthong.registry.stream import Bytes, Stream, pieces

SKEW = timedelta(minutes=5)
MAX_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Who is who at one version. `previous_digest` is the hex SHA-256 of the version before, in canonical form."""

    version: int
    issued_at: datetime
    expires_at: datetime
    previous_digest: str | None = None
    organisations: Sequence[Organisation] = ()
    levels: Sequence[Level] = ()
    gateways: Sequence[Gateway] = ()
    representations: Sequence[Representation] = ()
    certificates: Sequence[CertificateEntry] = ()
    logs: Sequence[LogKey] = ()
    rules: Rules = DEFAULT_RULES

    def fresh(self, moment: datetime) -> bool:
        """Whether it may still be relied on; five minutes are allowed for clocks that run behind."""
        return self.issued_at - SKEW <= moment < self.expires_at

    def digest(self) -> str:
        """Hex SHA-256 of the canonical JSON: the same content has the same digest everywhere."""
        hashed = hashlib.sha256()
        for piece in _pieces(self):
            hashed.update(piece)
        return hashed.hexdigest()


LISTS: Mapping[str, Any] = {
    "certificates": CertificateRow,
    "gateways": GatewayRow,
    "levels": LevelRow,
    "logs": LogRow,
    "organisations": OrganisationRow,
    "representations": RepresentationRow,
}


def canonical_json(snapshot: Snapshot) -> bytes:
    """UTF-8 JSON with sorted names and no spaces; list order is kept, it is part of what was published."""
    return b"".join(_pieces(snapshot))


def rows_of(name: str, values: Sequence[Any]) -> Iterator[bytes]:
    """The rows of a list in canonical JSON."""
    if isinstance(values, Packed):
        return values.rows()
    return (msgspec.json.encode(LISTS[name].of(value), order="sorted") for value in values)


def _pieces(snapshot: Snapshot) -> Iterator[bytes]:
    """The canonical JSON piece by piece: the whole of a country is never one string but where somebody needs it."""
    frame = {
        "version": snapshot.version,
        "issued_at": in_utc(snapshot.issued_at),
        "expires_at": in_utc(snapshot.expires_at),
        "previous_digest": snapshot.previous_digest,
        "format": FORMAT,
        "rules": RulesRow.of(snapshot.rules),
    }
    for place, name in enumerate(sorted([*frame, *LISTS])):
        yield b"%c%s:" % (b",{"[place == 0], msgspec.json.encode(name))
        if name in frame:
            yield msgspec.json.encode(frame[name], order="sorted")
        else:
            yield from _list(rows_of(name, getattr(snapshot, name)))
    yield b"}"


def _list(rows: Iterator[bytes]) -> Iterator[bytes]:
    yield b"["
    yield next(rows, b"")
    for row in rows:
        yield b"," + row
    yield b"]"


def to_bytes(snapshot: Snapshot) -> bytes:
    """Canonical JSON in gzip without a time stamp, so that equal snapshots are equal bytes."""
    kept = io.BytesIO()
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=kept, mtime=0) as stream:
        for piece in _pieces(snapshot):
            stream.write(piece)
    return kept.getvalue()


def from_bytes(data: Bytes, max_bytes: int = MAX_BYTES) -> Snapshot:
    """Read `to_bytes` again. Raises SnapshotUntrusted for anything else, and for what unpacks beyond `max_bytes`."""
    try:
        frame, lists = Stream(pieces(data, max_bytes), LISTS).read()
        row = msgspec.json.decode(frame, type=SnapshotRow)
        unread = {name: packed(kind, getattr(row, name)) for name, kind in LISTS.items() if name not in lists}
        told: dict[str, Any] = lists | unread
        return Snapshot(
            row.version, row.issued_at, row.expires_at, row.previous_digest, **told, rules=row.rules.value()
        )
    except (msgspec.MsgspecError, ValueError) as error:
        raise SnapshotUntrusted(str(error)) from error


def unpack(data: Bytes, max_bytes: int) -> bytes:
    """The content of one gzip member, whole. Raises SnapshotUntrusted for anything else, and beyond `max_bytes`."""
    return b"".join(pieces(data, max_bytes))
