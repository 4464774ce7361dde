"""Until when an algorithm proves something: a table with dates, data and not code (ETSI TS 119 312 in spirit).

The shipped dates are a guess of standards bodies, not a law; an operator replaces the file when the guess changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from lienthong.errors import ConfigurationInvalid

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""No end is known."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""It never counted, or is not known here."""
TREES = frozenset({"sha256", "sha384", "sha512"})
"""What trees and records may be hashed with: what an RFC 3161 authority stamps, what `sha256sum` and its kin check."""


@dataclass(frozen=True, slots=True)
class Algorithms:
    """`tree` hashes what is recorded from now on; `digests` and `keys` (by kind, then least bits) end on a day."""

    version: str
    source: str
    tree: str
    digests: Mapping[str, date | None]
    keys: Mapping[str, Mapping[str, date | None]]

    def digest_ends(self, name: str) -> datetime:
        """When a hash (by hashlib's name) ceases to count."""
        return _moment(self.digests[name]) if name in self.digests else NEVER

    def key_ends(self, kind: str, bits: int) -> datetime:
        """When a key of that kind and size ceases to count: the row of the largest size it reaches decides."""
        reached = [int(least) for least in self.keys.get(kind, {}) if int(least) <= bits]
        return _moment(self.keys[kind][str(max(reached))]) if reached else NEVER

    def path_ends(self, path: Sequence[bytes], digest: str) -> datetime:
        """When a signature over `digest`, made under a path of certificates (DER), ceases to prove anything by itself.

        That is the first end of a certificate, of one of their keys, or of the digest.
        """
        parsed = [x509.load_der_x509_certificate(each) for each in path]
        lives = [each.not_valid_after_utc for each in parsed]
        return min([self.digest_ends(digest), *lives, *(self.key_ends(*_key(each)) for each in parsed)])


def read_algorithms(data: bytes) -> Algorithms:
    """A table from its file. ConfigurationInvalid says what is wrong."""
    try:
        table = msgspec.json.decode(data, type=Algorithms)
        _ = [int(bits) for rows in table.keys.values() for bits in rows]
    except (msgspec.DecodeError, ValueError) as problem:
        raise ConfigurationInvalid(f"algorithms: {problem}") from problem
    if table.tree not in TREES or table.tree not in table.digests:
        raise ConfigurationInvalid(f"algorithms: tree: {table.tree} ({', '.join(sorted(TREES))})")
    return table


@cache
def shipped() -> Algorithms:
    """The table of this package."""
    return read_algorithms((files("lienthong.signature.lasting") / "algorithms.json").read_bytes())


def _moment(day: date | None) -> datetime:
    return FOREVER if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _key(certificate: x509.Certificate) -> tuple[str, int]:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "ec", key.key_size
    return ("ed25519", 256) if isinstance(key, ed25519.Ed25519PublicKey) else ("", 0)
