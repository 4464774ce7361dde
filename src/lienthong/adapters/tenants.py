"""Tenants of a gateway in files: `<tenants>/<CODE>/seal.{key,pem}` and `bounds.json`; a file of hashed access tokens.

bounds.json    {"host": {"documents": 500, "bytes": 2000000000, "rate": 20}, "own": {"documents": 300}}
"""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from lienthong.adapters import tokens
from lienthong.adapters.files import edition, write_whole
from lienthong.adapters.keys import SoftSigner
from lienthong.document import OrganisationCode
from lienthong.errors import ConfigurationInvalid, InvalidValue, SenderNotRepresented, TokenInvalid
from lienthong.gateway.ports import Allotted, Bounds, Caller
from lienthong.seal import Signer

BOUNDS = "bounds.json"


def read_bounds(folder: Path, tenant: str) -> Allotted:
    """A tenant's bounds; none without a file. ConfigurationInvalid."""
    path = folder / str(OrganisationCode.parse(tenant)) / BOUNDS
    try:
        return msgspec.json.decode(path.read_bytes(), type=Allotted)
    except FileNotFoundError:
        return Allotted()
    except (msgspec.DecodeError, UnicodeDecodeError, InvalidValue, OSError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error


def seals(folder: Path) -> dict[str, Path]:
    """The certificate of each tenant's seal, by `seal:CODE`."""
    return {f"seal:{path.parent.name}": path for path in sorted(folder.glob("*/seal.pem"))}


class TenantFolder:
    """Reads a key when it is first needed, tokens and bounds when their files change: no restart for a new tenant."""

    def __init__(self, folder: Path, tokens: Path) -> None:
        self._folder, self._tokens = folder, tokens
        self._signers: dict[str, Signer] = {}
        self._callers: dict[str, Caller] = {}
        self._bounds: dict[str, tuple[tuple[int, ...], Allotted]] = {}
        self._read: tuple[int, ...] | None = None

    def signer(self, tenant: str) -> Signer:
        """The tenant's sealing key."""
        if tenant not in self._signers:
            place = self._folder / tenant
            if not (place / "seal.key").is_file():
                raise SenderNotRepresented(f"{tenant}: chưa có khóa niêm phong ở đây / no sealing key here")
            self._signers[tenant] = SoftSigner.load(place / "seal.key", place / "seal.pem")
        return self._signers[tenant]

    def caller(self, token: str) -> Caller:
        """Whose token it is; compared by digest, in constant time."""
        self._refresh()
        wanted = tokens.token_digest(token)
        found = [caller for digest, caller in self._callers.items() if hmac.compare_digest(digest, wanted)]
        if not found:
            raise TokenInvalid
        return found[0]

    def allotted(self, tenant: str) -> Allotted:
        """As kept beside its keys."""
        path = self._folder / tenant / BOUNDS
        there = edition(path)
        if tenant not in self._bounds or self._bounds[tenant][0] != there:
            self._bounds[tenant] = (there, read_bounds(self._folder, tenant))
        return self._bounds[tenant][1]

    def allot(self, tenant: str, *, host: Bounds | None = None, own: Bounds | None = None) -> Allotted:
        """Beside its keys. SenderNotRepresented without a folder of that tenant here."""
        path = self._folder / str(OrganisationCode.parse(tenant)) / BOUNDS
        if not path.parent.is_dir():
            raise SenderNotRepresented(f"{tenant}: {path.parent}")
        with tokens.alone(path):
            known = read_bounds(self._folder, tenant)
            made = replace(known, host=host or known.host, own=own or known.own)
            write_whole(path, msgspec.json.format(msgspec.json.encode(made), indent=1))
        return made

    def tokens(self, tenant: str) -> Sequence[Caller]:
        """The rows of its file that are the tenant's."""
        rows = (row for row in tokens.read_tokens(self._tokens).values() if row.tenant == tenant)
        return sorted(rows, key=lambda row: (row.name, row.id))

    def issue(self, caller: Caller) -> tuple[str, Caller]:
        """Into the file."""
        return tokens.issue(self._tokens, caller)

    def rotate(self, tenant: str, id: str, now: datetime, overlap: timedelta) -> tuple[str, Caller]:
        """In the file."""
        old = next((row for row in self.tokens(tenant) if row.id == id), None)
        life = old.expires - old.issued if old and old.expires and old.issued else None
        return tokens.rotate(self._tokens, id, now, overlap, life, tenant)

    def revoke(self, tenant: str, id: str, now: datetime) -> Caller:
        """In the file."""
        return tokens.revoke(self._tokens, id, now, tenant)

    def _refresh(self) -> None:
        there = edition(self._tokens)
        if there != self._read:
            self._callers = tokens.read_tokens(self._tokens)
            self._read = there
