"""What was once true of a certificate and will be asked again: answers and lists, kept with where they belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ProofKind(StrEnum):
    """What a proof is."""

    LIST = "crl"
    ANSWER = "ocsp"


@dataclass(frozen=True, slots=True)
class Proof:
    """One object (DER) by its hex SHA-256, made at `made` and meant to count until `until`.

    `issuer` is the hex SHA-256 of the issuer's public key (SPKI); `serial` the serial number of the
    certificate it is about (hex), empty for a list.
    """

    kind: ProofKind
    sha256: str
    size: int
    issuer: str
    serial: str
    made: datetime
    until: datetime | None = None


class Proofs(Protocol):
    """Where proofs are kept. Objects are immutable; the newest of a place (kind, issuer, serial) is in force."""

    async def keep(self, proof: Proof, data: bytes) -> bool:
        """Keep one, durable on return; False for one that is here already. StorageFull, Unavailable."""
        ...

    async def since(self, after: int, limit: int) -> Sequence[tuple[int, Proof]]:
        """Those in force, in the order they came, each with its number, beyond a number."""
        ...

    async def about(self, issuer: str, serial: str) -> Sequence[Proof]:
        """Answers about a certificate, else the issuer's lists, the newest first."""
        ...

    async def data(self, sha256: str) -> bytes:
        """The bytes; NotFound."""
        ...
