"""The `[signing]` table of a gateway's settings."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """Signing documents with keys of the gateway's own, or in people's hands.

    `keys` is a folder with one folder a tenant; `tsa` the address of an RFC 3161 authority, for level B-T.
    """

    keys: Path | None = None
    tsa: str = ""
