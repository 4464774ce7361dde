"""The `[signing]` table of a gateway's settings."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """Signing documents with keys of the gateway's own, or in people's hands.

    `keys` is a folder with one folder a tenant; `tsa` the address of an RFC 3161 authority, for level B-T. `callback`
    is this gateway's address as telephone providers reach it, `callback_secret` a file they know too.
    """

    keys: Path | None = None
    tsa: str = ""
    callback: str = ""
    callback_secret: Path | None = None
