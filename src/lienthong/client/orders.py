"""Orders of an authority's officers: the bytes that an officer's own key signs, built where the officer sees them.

The authority takes no decision on anything else (docs/protocol/ca-api.md, Orders).
"""

from base64 import b64encode
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from lienthong.client.certificates import Officer, RegistrationAuthority
from lienthong.errors import EvidenceBroken, OrderInvalid
from lienthong.evidence.canonical import canonical, read_object

FORMAT = "lienthong-ca-order/1"
PUT = "put"
"""The act that writes a registration authority or an officer down."""


@dataclass(frozen=True, slots=True)
class OrderStatement:
    """What is ordered. `ca`: the authority's name; `about`: a case or another thing by its id; `digest` and `seen`:
    what it was and how it stood when the officer looked; `nonce`: 32 hex digits.
    """

    ca: str
    act: str
    about: str
    digest: str
    officer: str
    at: datetime
    nonce: str
    seen: str = ""
    why: str = ""

    def to_bytes(self) -> bytes:
        """The bytes that are signed, with SHA-256."""
        told: dict[str, Any] = asdict(self) | {"format": FORMAT, "at": self.at.astimezone(UTC).isoformat()}
        return canonical(told)

    @classmethod
    def from_bytes(cls, data: bytes) -> "OrderStatement":
        """Back; OrderInvalid unless these are exactly the bytes `to_bytes` makes."""
        try:
            told = read_object(data[: 1 << 16])
            told.pop("format")
            made = cls(**{**told, "at": datetime.fromisoformat(told["at"])})
            same = made.to_bytes() == data
        except (EvidenceBroken, KeyError, TypeError, ValueError, AttributeError) as error:
            raise OrderInvalid("không đúng dạng / not in the form of an order") from error
        if not same:
            raise OrderInvalid("không đúng dạng chuẩn / not in canonical form")
        return made


@dataclass(frozen=True, slots=True)
class SignedOrder:
    """A statement's bytes and the value over them: RSA PKCS#1 v1.5, or ECDSA in DER."""

    statement: bytes
    signature: bytes = field(repr=False)

    def told(self) -> dict[str, str]:
        """As it travels."""
        return {"statement": b64encode(self.statement).decode(), "signature": b64encode(self.signature).decode()}


def digest_of(thing: RegistrationAuthority | Officer) -> str:
    """SHA-256 of what administrators order, hex: the type's name and the value as a JSON array with sorted keys."""
    return sha256(msgspec.json.encode((type(thing).__name__, thing), order="sorted")).hexdigest()
