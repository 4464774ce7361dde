"""Which signature algorithms a seal may use: rows with dates, so that one is retired or added without new code paths.

The verifier takes the choice from the certificate's key and this table; the header's `alg` only has to agree
(RFC 8725 §3.1, §3.2). A post-quantum algorithm will be one more row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

Check = Callable[[Any, bytes, bytes], None]
"""Check(key, signature, data): silent, or raises InvalidSignature."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One row: the JWS id, the key it needs, and when it is allowed (None: no bound on that side)."""

    id: str
    key_type: type
    min_bits: int
    check: Check
    curve: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def fits(self, key: object) -> bool:
        """Whether the public key is of the row's type, curve and strength."""
        if not isinstance(key, self.key_type):
            return False
        curve = key.curve.name if isinstance(key, ec.EllipticCurvePublicKey) else None
        return curve == self.curve and int(getattr(key, "key_size", self.min_bits)) >= self.min_bits

    def allowed_at(self, moment: datetime) -> bool:
        begun = self.valid_from is None or self.valid_from <= moment
        return begun and (self.valid_to is None or moment <= self.valid_to)

    def verifies(self, key: object, signature: bytes, data: bytes) -> bool:
        """Whether `signature` is the key's signature over `data`."""
        try:
            self.check(key, signature, data)
        except InvalidSignature:
            return False
        return True


def _ecdsa_p256(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> None:
    # RFC 7518 §3.4: r and s as 32 bytes each, never DER
    if len(signature) != 64:
        raise InvalidSignature
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))


def _rsa_pkcs1(key: rsa.RSAPublicKey, signature: bytes, data: bytes) -> None:
    key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())


def _rsa_pss(key: rsa.RSAPublicKey, signature: bytes, data: bytes) -> None:
    # RFC 7518 §3.5: MGF1 with SHA-256, salt as long as the hash
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256().digest_size)
    key.verify(signature, data, pss, hashes.SHA256())


ALGORITHMS: tuple[Algorithm, ...] = (
    Algorithm("ES256", ec.EllipticCurvePublicKey, 256, _ecdsa_p256, curve="secp256r1"),
    Algorithm("RS256", rsa.RSAPublicKey, 2048, _rsa_pkcs1),
    Algorithm("PS256", rsa.RSAPublicKey, 2048, _rsa_pss),
)
"""In order of preference for making; any allowed row is accepted when judging."""


def for_key(key: object, moment: datetime, table: Iterable[Algorithm] = ALGORITHMS) -> tuple[Algorithm, ...]:
    """The rows that this public key may be used with at `moment`; empty for weak or foreign keys."""
    return tuple(row for row in table if row.fits(key) and row.allowed_at(moment))
