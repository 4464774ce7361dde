"""The plain carrier protocol: JSON over HTTPS with a bearer token. Another carrier is another file like this one.

PUT    /v1/transactions/{id}   submit; the same again answers as it stands
GET    /v1/transactions/{id}   status; 404: unknown
DELETE /v1/transactions/{id}   take back
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec

from lienthong.adapters.signers.phone import Call, Reply, Standing
from lienthong.errors import KeyUnavailable

_MOST_REPLY = 1 << 20
_SUBSCRIBER, _TRANSACTION = "subscriber-unknown", "transaction-unknown"


class _Answer(msgspec.Struct):
    transaction: str
    standing: Standing
    digests: tuple[bytes, ...] = ()
    values: tuple[bytes, ...] = ()
    until: datetime | None = None


class _Refusal(msgspec.Struct):
    code: str = ""


@dataclass(frozen=True, slots=True)
class HttpCarrier:
    """A `Carrier`. The session is the caller's: it holds connections and TLS trust."""

    url: str
    token: str = field(repr=False)
    session: aiohttp.ClientSession = field(repr=False)
    timeout: float = 20.0

    async def submit(self, call: Call) -> Reply:
        return await self._ask("PUT", call.transaction, msgspec.json.encode(call))

    async def status(self, transaction: str) -> Reply:
        return await self._ask("GET", transaction)

    async def cancel(self, transaction: str) -> None:
        await self._ask("DELETE", transaction)

    async def _ask(self, method: str, transaction: str, body: bytes | None = None) -> Reply:
        try:
            async with self.session.request(
                method,
                f"{self.url}/v1/transactions/{quote(transaction, safe='')}",
                data=body,
                headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=self.timeout),
                allow_redirects=False,
            ) as reply:
                return _read(transaction, reply.status, await _bounded(reply))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise KeyUnavailable(f"carrier: {type(error).__name__}") from error


async def _bounded(reply: Any) -> bytes:
    content: bytes = await reply.content.read(_MOST_REPLY + 1)
    while len(content) <= _MOST_REPLY and (more := await reply.content.read(_MOST_REPLY)):
        content += more
    if len(content) > _MOST_REPLY:
        raise KeyUnavailable("carrier: the answer is too long")
    return content


def _read(transaction: str, status: int, body: bytes) -> Reply:
    try:
        if status == 404:
            return Reply(transaction, _missing(msgspec.json.decode(body, type=_Refusal).code))
        if status == 200:
            said = msgspec.json.decode(body, type=_Answer)
            return Reply(said.transaction, said.standing, said.digests, said.values, said.until)
    except msgspec.DecodeError as error:
        raise KeyUnavailable("carrier: the answer cannot be read") from error
    raise KeyUnavailable(f"carrier: HTTP {status}")


def _missing(code: str) -> Standing:
    if code not in {_SUBSCRIBER, _TRANSACTION}:
        raise KeyUnavailable("carrier: not found")
    return Standing.UNKNOWN if code == _SUBSCRIBER else Standing.LOST
