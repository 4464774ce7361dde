"""Tenants of a gateway in files: `<tenants>/<CODE>/seal.{key,pem}`, and a file of hashed access tokens."""

import hmac
from pathlib import Path

from lienthong.adapters.keys import SoftSigner
from lienthong.adapters.tokens import read_tokens, token_digest
from lienthong.errors import SenderNotRepresented, TokenInvalid
from lienthong.gateway.ports import Caller
from lienthong.seal import Signer


class TenantFolder:
    """Reads a key when it is first needed and the tokens when their file changes: no restart for a new tenant."""

    def __init__(self, folder: Path, tokens: Path) -> None:
        self._folder, self._tokens = folder, tokens
        self._signers: dict[str, Signer] = {}
        self._callers: dict[str, Caller] = {}
        self._read_at = -1

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
        wanted = token_digest(token)
        found = [caller for digest, caller in self._callers.items() if hmac.compare_digest(digest, wanted)]
        if not found:
            raise TokenInvalid
        return found[0]

    def _refresh(self) -> None:
        changed = self._tokens.stat().st_mtime_ns if self._tokens.exists() else 0
        if changed != self._read_at:
            self._callers = read_tokens(self._tokens)
            self._read_at = changed
