"""Where the registry's own key lies, and where what it signed is handed out from: one place, named by settings.

The directory's app knows the port (`apps.directory.press.Press`); its setting `registry.press` names `opened` here.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import SoftSigner
from lienthong.adapters.registry import RegistryFiles
from lienthong.adapters.signers.token import TokenKey, token_key
from lienthong.errors import ConfigurationInvalid, KeyUnavailable
from lienthong.registry import SnapshotSigner
from lienthong.signature.keys import Answer, Order

_PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """A P-256 key on a PKCS#11 token as a `SnapshotSigner`: each signature is asked of a child process."""

    key: TokenKey

    @property
    def certificate(self) -> bytes:
        return self.key.certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self.key.chain

    def sign(self, data: bytes) -> bytes:
        """ES256 in JWS form. KeyUnavailable, SecretWrong."""
        expires = datetime.now(UTC) + _PATIENCE
        order = Order("registry", data, sha256(data).digest(), "registry", "", expires)
        (outcome,) = asyncio.run(self.key.submit([order])).outcomes
        if outcome.answer is not Answer.SIGNED:
            raise KeyUnavailable(outcome.detail)
        r, s = decode_dss_signature(outcome.value)  # RFC 7518 §3.4
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass(frozen=True, slots=True)
class FilePress:
    """Signs with one key and puts what was signed where the axis reads it."""

    signer: SnapshotSigner
    out: Path

    def hand_out(self, version: int, signed: bytes, delta: bytes) -> None:
        """The delta first: who sees the new version finds the way to it. Repeats are harmless."""
        if delta:
            folder = RegistryFiles(self.out).folder
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / str(version), delta)
        write_whole(self.out, signed)


def opened(settings: Mapping[str, Any]) -> FilePress:
    """`key` (PEM) and `certificate` (PEM, leaf then chain), or `token` (a file as `signature.token` reads it); `out`.

    Raises ConfigurationInvalid.
    """
    token, key, certificate, out = (settings.get(name) for name in ("token", "key", "certificate", "out"))
    if out is None or (token is None) == (key is None) or (key is None) != (certificate is None):
        raise ConfigurationInvalid("registry: out; key, certificate | token")
    signer: SnapshotSigner = (
        TokenSigner(token_key(token)) if token else SoftSigner.load(Path(str(key)), Path(str(certificate)))
    )
    return FilePress(signer, out)
