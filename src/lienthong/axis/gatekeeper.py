"""Who may speak to the axis: gateways of the registry, by a token bound to one request."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from lienthong.errors import ClockSkewed, TokenInvalid, TokenReplayed
from lienthong.registry import CertificateEntry, Directory, thumbprint

ALGORITHMS = jws.JWSRegistry(algorithms=["ES256"])
LONGEST, LONGEST_ID = 4096, 128
"""Signs of a token, and of its id."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, and the hex SHA-256 of the one body that may come with this token."""

    gateway: str
    body: str

    def fits(self, digest: str) -> str:
        """The caller, if this is the digest of what came. Raises TokenInvalid."""
        if digest != self.body:
            raise TokenInvalid("bh")
        return self.gateway


class Gatekeeper:
    """Judges tokens; remembers those it has seen for as long as they live."""

    def __init__(self, audience: str, directory: Callable[[], Directory], skew: timedelta) -> None:
        self._audience, self._directory, self._skew = audience, directory, skew
        self._seen: dict[str, float] = {}

    def call(self, authorization: str, method: str, path: str, now: datetime) -> Call:
        """Who calls, judged before anything of the body is read. Raises TokenInvalid, ClockSkewed, TokenReplayed."""
        token, claims = _read(authorization)
        entry = self._key(str(claims.get("iss")), str(token.protected.get("kid")), now)
        _verify(token, claims, entry)
        self._bound(claims, method, path)
        self._timely(claims, now)
        self._once(f"{claims['iss']} {claims['jti']}", float(claims["exp"]), now)
        return Call(str(claims["iss"]), claims["bh"])

    def showed(self, gateway: str, certificate: str, now: datetime) -> None:
        """Whether the certificate a proxy saw (PEM, percent-encoded) is one of the gateway's. Raises TokenInvalid."""
        try:
            found = x509.load_pem_x509_certificate(unquote(certificate).encode())
        except (ValueError, x509.InvalidVersion) as error:
            raise TokenInvalid("X-Client-Certificate") from error
        self._key(gateway, thumbprint(found.public_bytes(Encoding.DER)), now)

    def _key(self, gateway: str, thumbprint: str, now: datetime) -> CertificateEntry:
        entry = self._directory().gateway_key(gateway, thumbprint)
        if entry is None or not entry.usable_at(now):
            raise TokenInvalid(f"{gateway}: khóa không có hiệu lực / no valid key")
        return entry

    def _bound(self, claims: dict[str, Any], method: str, path: str) -> None:
        wanted = {"aud": self._audience, "htm": method, "htu": path}
        wrong = [name for name, value in wanted.items() if claims.get(name) != value]
        if wrong:
            raise TokenInvalid(", ".join(wrong))

    def _timely(self, claims: dict[str, Any], now: datetime) -> None:
        issued = datetime.fromtimestamp(claims["iat"], UTC)
        expires = datetime.fromtimestamp(claims["exp"], UTC)
        if abs(issued - now) > self._skew or expires + self._skew < now or expires - issued > self._skew:
            raise ClockSkewed(f"{issued.isoformat()} ↔ {now.isoformat()}")

    def _once(self, token_id: str, expires: float, now: datetime) -> None:
        moment = now.timestamp()
        if token_id in self._seen:
            raise TokenReplayed(token_id)
        self._seen[token_id] = expires + self._skew.total_seconds()
        while self._seen and next(iter(self._seen.values())) < moment:
            del self._seen[next(iter(self._seen))]


def claimed(authorization: str) -> str:
    """Whom a token says it is of, unproved. Raises TokenInvalid."""
    return str(_read(authorization)[1].get("iss"))


def _read(authorization: str) -> tuple[jws.CompactSignature, dict[str, Any]]:
    """A token and its claims, nothing of it proved: who it says it is of tells which key is to verify it."""
    scheme, _, text = authorization.partition(" ")
    if scheme != "Bearer" or len(text) > LONGEST:
        raise TokenInvalid("Authorization: Bearer …")
    try:
        token = jws.extract_compact(text.encode(), registry=ALGORITHMS)
        claims = json.loads(token.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise TokenInvalid("JWT") from error
    if not isinstance(token.protected, dict) or not isinstance(claims, dict):
        raise TokenInvalid("JWT")
    return token, claims


def _verify(token: jws.CompactSignature, claims: dict[str, Any], entry: CertificateEntry) -> None:
    """That the key signed these claims, and that they are of the kinds they are used as. Raises TokenInvalid."""
    try:
        if not jws.validate_compact(token, _key_in(entry.certificate), registry=ALGORITHMS):
            raise TokenInvalid("signature")
        _ = [datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp")]
        if not isinstance(claims["jti"], str) or len(claims["jti"]) > LONGEST_ID:
            raise TokenInvalid("jti")
        if not isinstance(claims["bh"], str):
            raise TokenInvalid("bh")
    except (JoseError, ValueError, KeyError, TypeError, OverflowError, OSError) as error:
        raise TokenInvalid(type(error).__name__) from error


@lru_cache(4096)
def _key_in(certificate: bytes) -> ECKey:
    """The key of a DER certificate; the same gateways call again and again."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    return ECKey.import_key(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
