"""A gateway's settings: one TOML file, one frozen value, read once."""

from dataclasses import dataclass, field
from pathlib import Path

from lienthong.adapters.guard import Admission
from lienthong.adapters.http import Connections
from lienthong.adapters.object_settings import ObjectSettings
from lienthong.adapters.retention_settings import Retention
from lienthong.adapters.spans import Telemetry
from lienthong.adapters.store_settings import StoreSettings
from lienthong.delivery import Freight
from lienthong.gateway.basis_config import RevocationSettings, TrustSettings
from lienthong.gateway.bus.settings import BusSettings
from lienthong.gateway.forming import FormSettings
from lienthong.gateway.hooking_config import HookSettings
from lienthong.gateway.lasting.config import LastingSettings
from lienthong.gateway.signing_config import SigningSettings
from lienthong.gateway.vxp.settings import VxpSettings


@dataclass(frozen=True, slots=True)
class Face:
    """Where a face listens; with a certificate it speaks TLS 1.3. `socket`: for a reverse proxy beside it."""

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    socket: Path | None = None


@dataclass(frozen=True, slots=True)
class LogKey:
    """The key of the evidence log: Ed25519, certified for its origin."""

    origin: str
    key: Path
    certificate: Path


@dataclass(frozen=True, slots=True)
class Uplink:
    """The axis: where it and its `others` are, and the key that is us there (mutual TLS and tokens)."""

    url: str
    key: Path
    certificate: Path
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskAdmission(Admission):
    """As Admission. Software that runs wild is slowed before others feel it; what is left is always told."""

    rate: float = 100.0
    burst: float = 1000.0


@dataclass(frozen=True, slots=True)
class Config:
    """One gateway process. Its tenants are whom the registry says it represents and whose keys lie in `tenants`.

    `shards` are the logs beyond the first: a process on PostgreSQL writes one that no other has. When it is asked to
    stop it says for `drain_seconds` that it is not ready, then finishes what it has begun. `certificates` are those
    that others use, such as a proxy before it: their end is watched as its own are.
    """

    name: str
    data: Path
    roots: Path
    tenants: Path
    tokens: Path
    log: LogKey
    axis: Uplink
    desk: Face
    operations: Face
    objects: ObjectSettings = field(default_factory=ObjectSettings)
    retention: Retention = field(default_factory=Retention)
    freight: Freight = field(default_factory=Freight)
    store: StoreSettings = field(default_factory=StoreSettings)
    telemetry: Telemetry = field(default_factory=Telemetry)
    certificates: tuple[Path, ...] = ()
    shards: tuple[LogKey, ...] = ()
    drain_seconds: float = 0.0
    registry_seconds: float = 600.0
    time_to_live: float = 3 * 86400.0
    lock_seconds: float = 300.0
    poll_seconds: float = 20.0
    keep_free: int = 512 * 2**20
    admission: DeskAdmission = field(default_factory=DeskAdmission)
    connections: Connections = field(default_factory=Connections)
    reconcile_seconds: float = 5.0
    examiners: int = 1
    operators: Path | None = None
    form: FormSettings = field(default_factory=FormSettings)
    webhooks: HookSettings = field(default_factory=HookSettings)
    signing: SigningSettings = field(default_factory=SigningSettings)
    trust: TrustSettings = field(default_factory=TrustSettings)
    revocation: RevocationSettings = field(default_factory=RevocationSettings)
    vxp: VxpSettings | None = None
    bus: tuple[BusSettings, ...] = ()
    lasting: LastingSettings = field(default_factory=LastingSettings)
