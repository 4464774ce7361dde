"""The axis's settings: one TOML file, one frozen value, read once."""

from dataclasses import dataclass, field
from pathlib import Path

from lienthong.adapters.guard import Admission
from lienthong.adapters.http import Connections
from lienthong.adapters.object_settings import ObjectSettings
from lienthong.adapters.retention_settings import Retention
from lienthong.adapters.spans import Telemetry
from lienthong.adapters.store_settings import StoreSettings
from lienthong.delivery import Freight


@dataclass(frozen=True, slots=True)
class Face:
    """Where a face listens; with a certificate it speaks TLS 1.3, with a client authority it asks for theirs.

    `behind_proxy`: a reverse proxy beside it, on a Unix socket or the loopback, speaks mutual TLS in its place.
    """

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    socket: Path | None = None
    behind_proxy: bool = False


@dataclass(frozen=True, slots=True)
class LogKey:
    """The key of the evidence log: Ed25519, certified for its origin."""

    origin: str
    key: Path
    certificate: Path


@dataclass(frozen=True, slots=True)
class Stamps:
    """The RFC 3161 authority that dates checkpoints; none when the URL is empty."""

    url: str = ""
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Witness:
    """Who cosigns our checkpoints (C2SP tlog-witness): where it answers, and its verifier key."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Config:
    """One axis process. Times to live in seconds.

    `shards` are the logs beyond the first: a process on PostgreSQL writes one that no other has. When it is asked to
    stop it says for `drain_seconds` that it is not ready, then finishes what it has begun. `certificates` are those
    that others use, such as a proxy before it: their end is watched as its own are.
    """

    data: Path
    roots: Path
    registry: Path
    log: LogKey
    wire: Face
    operations: Face
    stamps: Stamps = field(default_factory=Stamps)
    objects: ObjectSettings = field(default_factory=ObjectSettings)
    retention: Retention = field(default_factory=Retention)
    freight: Freight = field(default_factory=Freight)
    store: StoreSettings = field(default_factory=StoreSettings)
    telemetry: Telemetry = field(default_factory=Telemetry)
    certificates: tuple[Path, ...] = ()
    shards: tuple[LogKey, ...] = ()
    drain_seconds: float = 0.0
    longest_time_to_live: float = 30 * 86400.0
    sweep_seconds: float = 1.0
    reconcile_seconds: float = 5.0
    operators: Path | None = None
    witnesses: tuple[Witness, ...] = ()
    keep_free: int = 512 * 2**20
    admission: Admission = field(default_factory=Admission)
    connections: Connections = field(default_factory=Connections)
    openers: int = 1
