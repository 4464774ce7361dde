"""Secrets that must be read again, unreadable at rest: AES-256-GCM under a key in a file. Port: `gateway.vxp.Vault`."""

import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lienthong.adapters.files import read_secret
from lienthong.errors import ConfigurationInvalid

_NONCE = 12  # NIST SP 800-38D §8.2.2: random, 96 bits
_KEY = 32


class FileVault:
    """The key is 32 bytes in hex. Each secret is bound to its place, so that rows cannot be exchanged."""

    def __init__(self, path: Path) -> None:
        """ConfigurationInvalid for a file that is missing, open to others, or holds no such key."""
        self._path = path
        try:
            key = bytes.fromhex(read_secret(path).decode("ascii").strip())
        except ValueError as error:
            raise ConfigurationInvalid(f"{path}: openssl rand -hex {_KEY}") from error
        if len(key) != _KEY:
            raise ConfigurationInvalid(f"{path}: {len(key)} B; openssl rand -hex {_KEY}")
        self._cipher = AESGCM(key)

    def seal(self, place: str, text: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def open(self, place: str, sealed: bytes) -> str:
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise ConfigurationInvalid(f"{self._path}: không mở được bí mật / does not open {place}") from error
