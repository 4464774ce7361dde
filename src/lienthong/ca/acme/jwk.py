"""Keys of ACME clients: how they are spelled (JWK, RFC 7517), and what they are known by."""

from base64 import urlsafe_b64decode
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from lienthong.ca.acme.problem import AcmeProblem
from lienthong.ca.rules.keys import key_id, spki

_LEAST_RSA = 2048


def key_of(jwk: Any) -> ECKey | RSAKey:
    """A public key that may ask, spelled in the one way there is (RFC 7518 §6). AcmeProblem badPublicKey."""
    try:
        kind = jwk["kty"]
        if kind == "EC" and jwk["crv"] == "P-256" and {len(raw(jwk[name])) for name in "xy"} == {32}:
            return ECKey.import_key({**members(jwk)})
        if kind == "RSA" and 8 * len(raw(jwk["n"])) >= _LEAST_RSA and all(raw(jwk[name])[0] for name in "ne"):
            return RSAKey.import_key({**members(jwk)})
    except (JoseError, ValueError, TypeError, KeyError, IndexError) as error:
        raise AcmeProblem("badPublicKey", type(error).__name__) from error
    raise AcmeProblem("badPublicKey", "P-256, RSA ≥ 2048")


def thumbprint(jwk: dict[str, str]) -> str:
    """What a host shows beside the token of a challenge (RFC 7638)."""
    return str(key_of(jwk).thumbprint())


def id_of(jwk: Any) -> str:
    """What the authority knows a key by, here as in certificates. AcmeProblem badPublicKey."""
    return key_id(spki(key_of(jwk).public_key))


def members(jwk: dict[str, Any]) -> dict[str, str]:
    """Those that make a key (RFC 7638 §3.2), and nothing a stranger added."""
    wanted = ("kty", "crv", "x", "y") if jwk.get("kty") == "EC" else ("kty", "n", "e")
    return {name: str(jwk[name]) for name in wanted}


def raw(text: str) -> bytes:
    """Base64url without its padding (RFC 7515 §2). ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
