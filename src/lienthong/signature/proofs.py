"""What was once true of a certificate and will be asked again: answers and lists, kept with where they belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LARGEST_LIST = 100_000
"""Bytes of a revocation list that may go into a file: signing.md measured 358 kB a document with ten thousand rows."""


class ProofKind(StrEnum):
    """What a proof is."""

    LIST = "crl"
    ANSWER = "ocsp"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Proof:
    """One object (DER) by its hex SHA-256, made at `made` and meant to count until `until`.

    `issuer` is the hex SHA-256 of the issuer's public key (SPKI); `serial` the serial number of the
    certificate it is about (hex), empty for a list; of partitions, deltas and pages of a feed it is their place.
    """

    kind: ProofKind
    sha256: str
    size: int
    issuer: str
    serial: str
    made: datetime
    until: datetime | None = None


@lru_cache(maxsize=256)
def issuer_of(issuer: bytes) -> str:
    """An issuer (DER) as proofs name it."""
    key = x509.load_der_x509_certificate(issuer).public_key()
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def serial_of(certificate: bytes) -> str:
    """A certificate (DER) as proofs name it under its issuer."""
    return f"{x509.load_der_x509_certificate(certificate).serial_number:x}"


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
