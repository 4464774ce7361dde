"""The `[vxp]` table of a gateway's settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class VxpSettings:
    """A face for software built on the national axis's SDK; where it listens as for the other faces.

    `vault` holds the key (32 bytes in hex) that seals the systems' secrets. `oldest_tls`: Java before 8u261 knows no
    1.3. `window_seconds`: how old a call's time may be; the SDK takes it once, when its object is made, and software
    may keep that object as long as it runs. What a system has in `processing` is offered again after `hold_seconds`.
    `rate` and `burst` are of one system, in calls and calls a second; `[admission]` says the rest.
    """

    vault: Path
    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    socket: Path | None = None
    oldest_tls: Literal["1.2", "1.3"] = "1.2"
    window_seconds: float = 31 * 86400.0
    hold_seconds: float = 86400.0
    rate: float = 50.0
    burst: float = 500.0
