"""What a verdict leans on beside the facts: trust anchors and revocation, each with a version of its own."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots and helpful certificates between, DER. `version` names exactly this set (a digest of it)."""

    version: str
    roots: tuple[bytes, ...] = field(repr=False)
    others: tuple[bytes, ...] = field(default=(), repr=False)


class Standing(Enum):
    """What is known of a certificate's revocation."""

    GOOD = "good"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STALE = "stale"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Revocation:
    """The answer of a revocation source for one certificate.

    `revoked_at` and `reason` (RFC 5280 §5.3.1 name) with REVOKED and SUSPENDED; `source` is "crl", "ocsp" or "feed",
    `sha256` (hex) the object it rests on, made at `this_update` and good until `next_update`.
    """

    standing: Standing
    revoked_at: datetime | None = None
    reason: str = ""
    source: str = ""
    sha256: str = ""
    this_update: datetime | None = None
    next_update: datetime | None = None


COMPROMISED = frozenset({"keyCompromise", "cACompromise"})
"""Reasons after which nothing that a key ever made proves anything by itself."""
NOTHING_KNOWN = Revocation(Standing.UNKNOWN)


class Revocations(Protocol):
    """What is known of revocation, at hand, without asking anybody."""

    @property
    def epoch(self) -> str:
        """Changes whenever an answer may have changed; part of the key under which verdicts are cached."""
        ...

    def of(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        """What is known of `certificate` (DER) under `issuer` (DER), seen at `moment`; STALE beyond the age limit."""
        ...
