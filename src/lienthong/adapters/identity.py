"""Who calls: a short-lived JWT (RFC 7519) signed with the gateway's key, bound to one request as RFC 9449 binds."""

import hashlib
from datetime import timedelta

from joserfc import jwt
from joserfc.jwk import ECKey

from lienthong.delivery.ports import Clock, Lots

LIFE = timedelta(seconds=60)


class Caller:
    """Makes the tokens of one gateway."""

    def __init__(self, gateway: str, key_pem: bytes, thumbprint: str, audience: str, clock: Clock, lots: Lots) -> None:
        self._key = ECKey.import_key(key_pem)
        self._header = {"alg": "ES256", "typ": "JWT", "kid": thumbprint}
        self._gateway, self._audience, self._clock, self._lots = gateway, audience, clock, lots

    def token(self, method: str, path: str, body: bytes) -> str:
        """A token for this one request: method, path and body are bound, it lives a minute."""
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": self._gateway,
            "aud": self._audience,
            "iat": now,
            "exp": now + int(LIFE.total_seconds()),
            "jti": self._lots.token(),
            "htm": method,
            "htu": path,
            "bh": hashlib.sha256(body).hexdigest(),
        }
        return jwt.encode(self._header, claims, self._key)
