"""A client of RFC 3161 time-stamping authorities: our own, or any other. Port: delivery's `Timestamper`."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from lienthong.errors import EvidenceBroken, InvalidValue, Unavailable
from lienthong.evidence import stamp as rfc3161

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"  # RFC 3161 §3.4
_MAX_REPLY = 1 << 16
_NONCE_BITS = 64


def _nonce() -> int:
    return secrets.randbits(_NONCE_BITS)


@dataclass(frozen=True, slots=True)
class TsaClient:
    """Asks one authority. The session is the caller's: it holds connections, TLS trust and the proxy.

    A token is checked to be the answer to what was asked (imprint, nonce); its signature is judged by `evidence`.
    """

    url: str
    session: aiohttp.ClientSession
    timeout: float = 10.0
    nonce: Callable[[], int] = field(default=_nonce, repr=False)

    async def stamp(self, digest: bytes) -> bytes:
        """A time-stamp token (DER ContentInfo) over a digest of SHA-256, -384 or -512.

        InvalidValue for another length; Unavailable if the authority cannot be reached, refuses, or answers nonsense.
        """
        if not rfc3161.is_stampable(digest):
            raise InvalidValue("a digest of SHA-256, -384 or -512")
        nonce = self.nonce()
        try:
            return rfc3161.token_of(await self._post(rfc3161.request(digest, nonce)), digest, nonce)
        except EvidenceBroken as error:
            raise Unavailable(error.detail, url=self.url) from error

    async def _post(self, request: bytes) -> bytes:
        try:
            async with self.session.post(
                self.url,
                data=request,
                headers={"Content-Type": _QUERY, "Accept": _REPLY},
                timeout=aiohttp.ClientTimeout(total=self.timeout),
                allow_redirects=False,
            ) as reply:
                kind, status, body = reply.content_type, reply.status, await _bounded(reply.content)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"time-stamping authority: {type(error).__name__}", url=self.url) from error
        if kind != _REPLY or len(body) > _MAX_REPLY:
            raise Unavailable(f"time-stamping authority: HTTP {status}, {kind}, {len(body)} bytes", url=self.url)
        return body


async def _bounded(stream: aiohttp.StreamReader) -> bytes:
    """All of a short answer; of a long one no more than it takes to see that it is too long."""
    body = bytearray()
    async for chunk in stream.iter_chunked(_MAX_REPLY):
        body += chunk
        if len(body) > _MAX_REPLY:
            break
    return bytes(body)
