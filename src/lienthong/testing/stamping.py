"""The time-stamping authority's twin: real tokens of a throw-away key, by a clock that stands where it is put."""

from itertools import count

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from lienthong.adapters.keys import KeyPair
from lienthong.ca.tsa import Stamper, answer
from lienthong.delivery.ports import Clock
from lienthong.errors import AlgorithmNotAllowed, EvidenceBroken, InvalidValue, Unavailable
from lienthong.evidence import stamp as rfc3161


class MemoryTimestamper:
    """The `Timestamper` port. An authority whose certificate is not in force refuses, which is heard as Unavailable."""

    def __init__(self, key: KeyPair, clock: Clock) -> None:
        if not isinstance(key.key, EllipticCurvePrivateKey):
            raise AlgorithmNotAllowed("time stamps are signed with P-256")
        self._stamper, self._clock, self._serials = Stamper(key.key, key.certificate, key.chain), clock, count(1)

    async def stamp(self, digest: bytes) -> bytes:
        if not rfc3161.is_stampable(digest):
            raise InvalidValue("a digest of SHA-256, -384 or -512")
        serial = next(self._serials)
        reply = answer(rfc3161.request(digest, serial), self._stamper, self._clock.now(), lambda: serial)
        try:
            return rfc3161.token_of(reply, digest, serial)
        except EvidenceBroken as error:
            raise Unavailable(error.detail) from error
