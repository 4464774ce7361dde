"""The `[trust]` and `[revocation]` tables of a gateway's settings: what signatures inside documents are judged on."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrustSettings:
    """`anchors`: files or folders of certificates that signatures may lead to; none: the gateway's own `roots`.

    `policy` is the name of a shipped one (`vn`, `strict`); `policy_file` one of your own in its place.
    """

    anchors: tuple[Path, ...] = ()
    policy: str = "vn"
    policy_file: Path | None = None


@dataclass(frozen=True, slots=True)
class RevocationSettings:
    """Where revocation is learnt. `hosts` (`name` or `name:port`) alone are ever asked; none: nobody is.

    `lists` are addresses of lists fetched every `refresh_seconds`; `stale_hours` after its own end nothing counts.
    `feeds` are addresses of issuing authorities' feeds, read on every `feed_seconds`.
    """

    hosts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    refresh_seconds: float = 600.0
    feed_seconds: float = 2.0
    stale_hours: float = 24.0
