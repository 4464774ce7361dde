"""The table of algorithms: what may be certified, and from when until when.

A row ends before its algorithm becomes weak; a certificate never outlives the row of its key.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa

from lienthong.errors import AlgorithmNotAllowed


@dataclass(frozen=True, slots=True)
class Algorithm:
    """`family` with at least `bits`; `uses`: "people", "machines", "logs", "authorities", "archive"."""

    family: str
    bits: int
    begins: datetime
    ends: datetime
    uses: frozenset[str]


def _year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


_ALL = frozenset({"people", "machines", "authorities"})
TABLE: tuple[Algorithm, ...] = (
    # RSA-2048 is 112 bits of strength: not beyond 2035 (NIST IR 8547, table 2); longer keys and P-256 as well
    Algorithm("rsa", 2048, _year(2010), _year(2036), frozenset({"people", "machines"})),
    Algorithm("rsa", 3072, _year(2010), _year(2046), _ALL),
    Algorithm("p-256", 256, _year(2010), _year(2047), _ALL),
    Algorithm("ed25519", 256, _year(2020), _year(2047), frozenset({"logs"})),
    # FIPS 204; no Vietnamese rule permits it for documents, so it vouches for archives alone, where it is switched on
    Algorithm("ml-dsa-65", 0, _year(2025), _year(2060), frozenset({"archive"})),
)
LONGEST_RSA = 4096
"""Longer keys only cost whoever verifies."""


def family_of(key: object) -> tuple[str, int]:
    """Family and length of a public key; ("", 0) for one that the table does not know."""
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return ("p-256", 256) if key.curve.name == "secp256r1" else ("", 0)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519", 256
    return ("ml-dsa-65", 0) if isinstance(key, mldsa.MLDSA65PublicKey) else ("", 0)


def allowed(key: object, use: str, at: datetime) -> Algorithm:
    """The row that allows this public key for a use at a moment: the one that lasts longest. AlgorithmNotAllowed."""
    family, bits = family_of(key)
    fitting = [row for row in TABLE if row.family == family and row.bits <= bits and use in row.uses]
    in_force = [row for row in fitting if row.begins <= at < row.ends]
    if not in_force or (family == "rsa" and bits > LONGEST_RSA):
        raise AlgorithmNotAllowed(f"{family or type(key).__name__} {bits or ''} ({use}, {at.date()})")
    return max(in_force, key=lambda row: row.ends)
