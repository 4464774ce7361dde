"""Keys around a seal: who signs, whom we trust, how a certificate is named.

The shapes here are structural: the registry and the key adapters fit them without knowing this room.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

PACKAGE_SEAL = "package-seal"


class Signer(Protocol):
    """A private key somewhere (file, HSM, remote service) with its certificate."""

    @property
    def certificate(self) -> bytes:
        """The leaf certificate, DER."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates above the leaf, issuer first, DER; may be empty."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The raw JWS signature over `data` (ES256: r‖s, 64 bytes; RS256 and PS256: as RFC 8017 gives it)."""
        ...


class SealedPart(Protocol):
    """What a seal covers of one part: its name, its media type, and the hex SHA-256 of its bytes."""

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def sha256(self) -> str: ...


class SealingKey(Protocol):
    """A certificate as the registry lists it; read-only, so that any frozen row with these names fits."""

    @property
    def thumbprint(self) -> str: ...

    @property
    def certificate(self) -> bytes: ...

    @property
    def holder(self) -> str: ...

    @property
    def purpose(self) -> str: ...

    @property
    def valid_from(self) -> datetime: ...

    @property
    def valid_to(self) -> datetime: ...

    @property
    def revoked_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """The plain `SealingKey`: DER certificate, holder such as "org:G09", moments aware."""

    thumbprint: str
    certificate: bytes
    holder: str
    purpose: str
    valid_from: datetime
    valid_to: datetime
    revoked_at: datetime | None = None


class Trust(Protocol):
    """Where sealing keys are looked up; the registry's directory is one."""

    def sealing_key(self, thumbprint: str) -> SealingKey | None:
        """The entry of the certificate with this base64url SHA-256, or None."""
        ...

    def fresh(self, moment: datetime) -> bool:
        """False when the list is too old to decide anything at `moment`."""
        ...


def thumbprint(certificate: bytes) -> str:
    """`x5t#S256` of a DER certificate: base64url SHA-256 without padding (RFC 7515 §4.1.8)."""
    return base64.urlsafe_b64encode(hashlib.sha256(certificate).digest()).rstrip(b"=").decode("ascii")
