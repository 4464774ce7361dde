"""Tenants of a gateway in files: `<tenants>/<CODE>/seal.{key,pem}`, and a file of hashed access tokens."""

import hashlib
import hmac
import json
from pathlib import Path

from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import SoftSigner
from lienthong.errors import ConfigurationInvalid, SenderNotRepresented, TokenInvalid
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


def token_digest(token: str) -> str:
    """How a token is kept: SHA-256, hex. Tokens are 128 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_tokens(path: Path) -> dict[str, Caller]:
    """Digest → caller, from the JSON file; empty when there is none. Raises `ConfigurationInvalid`."""
    if not path.exists():
        return {}
    try:
        return {digest: Caller(**row) for digest, row in json.loads(path.read_text("utf-8")).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error


def add_token(path: Path, token: str, caller: Caller) -> None:
    """Let software in with this token from now on."""
    rows = {digest: {"tenant": each.tenant, "name": each.name} for digest, each in read_tokens(path).items()}
    rows[token_digest(token)] = {"tenant": caller.tenant, "name": caller.name}
    write_whole(path, json.dumps(rows, ensure_ascii=False, indent=1).encode(), mode=0o600)
