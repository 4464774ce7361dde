"""The `[webhooks]` table of a gateway's settings."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HookSettings:
    """Calling agencies' software. `key`: a file of 32 random bytes or more, of which every secret is made.

    `hosts` are all that is ever called: `name` (port 443) or `name:port`. `roots`: the certificates their TLS leads to,
    the machine's own where none is named. A webhook is parked after so many misses in a row.
    """

    key: Path | None = None
    hosts: tuple[str, ...] = ()
    roots: Path | None = None
    park_after: int = 12
