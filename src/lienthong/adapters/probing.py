"""Asking a host for its answer to http-01 (RFC 8555 §8.3). Port: `ca.acme.service.Prober`."""

from dataclasses import dataclass

import aiohttp

from lienthong.errors import Unavailable

_LARGEST = 1024
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class HttpProber:
    """Asks only hosts an approved case named; no redirect is followed, and an answer has a limit of size and time."""

    session: aiohttp.ClientSession
    port: int = 80

    async def shown(self, host: str, token: str) -> str:
        """What stands at the challenge's address. Unavailable."""
        url = f"http://{host}:{self.port}/.well-known/acme-challenge/{token}"
        limit = aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with self.session.get(url, timeout=limit, allow_redirects=False) as reply:
                body = await reply.content.read(_LARGEST)
                if reply.status != 200:
                    raise Unavailable(f"{url}: HTTP {reply.status}")
                return body.decode("ascii", "replace")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unavailable(f"{url}: {type(error).__name__}") from error
