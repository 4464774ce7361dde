"""The Cloud Signature Consortium's API for remote signing services, version 2: JSON over HTTPS.

    info ─► oauth2/token ─► credentials/list, credentials/info ─► credentials/authorize ─► signatures/signHash
                                                                  (these hashes alone)

A conversation has a connection and an access token of its own and leaves neither behind.
"""

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
import msgspec

from lienthong.errors import KeyUnavailable

T = TypeVar("T")
SHA256 = "2.16.840.1.101.3.4.2.1"
RSA, RSA_SHA256, ECDSA_SHA256 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"
_MOST_REPLY = 1 << 20
_BUSY = frozenset({"server_error", "temporarily_unavailable"})


class Refusal(Exception):  # never leaves this folder: the key turns it into an outcome or an error of ours
    """The service said no: `code` as CSC API v2 §10.1 and RFC 6749 §5.2 name it, with its own words."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code}: {words}"[:200])
        self.code = code


class Said(msgspec.Struct, rename="camel", frozen=True):
    """What the service says; fields we do not name are passed over."""


class Factor(Said, frozen=True):
    """What a person must give to authorise: `type` is "Password" or "ChallengeResponse"."""

    id: str
    type: str = ""


class Auth(Said, frozen=True):
    """How a credential is authorised: `mode` is "explicit", "implicit" or "oauth2code"."""

    mode: str
    objects: tuple[Factor, ...] = ()


class Key(Said, frozen=True):
    """`algo` are the OIDs of signature algorithms."""

    status: str
    algo: tuple[str, ...] = ()


class Cert(Said, frozen=True):
    """`certificates` DER, the leaf first."""

    status: str = "valid"
    certificates: tuple[bytes, ...] = ()


class Credential(Said, frozen=True):
    """One key at the service; `multisign` is how many signatures one authorisation may give."""

    key: Key
    cert: Cert
    auth: Auth
    multisign: int = 1


class _Info(Said, frozen=True):
    specs: str
    oauth2: str = ""


class _Token(msgspec.Struct, frozen=True):
    access_token: str


class _Listed(msgspec.Struct, frozen=True):
    credentials: tuple[str, ...] = msgspec.field(name="credentialIDs", default=())


class _Authorised(msgspec.Struct, frozen=True):
    sad: str = msgspec.field(name="SAD")


class _Signed(msgspec.Struct, frozen=True):
    signatures: tuple[bytes, ...] = ()


class _Error(msgspec.Struct, frozen=True):
    error: str
    error_description: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is and who we are there; `oauth`: its authorisation server, where not the one it names itself."""

    url: str
    client: str
    secret: str = field(repr=False)
    oauth: str = ""
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @asynccontextmanager
    async def talk(self) -> AsyncIterator["Talk"]:
        """A conversation, once the service let us in. KeyUnavailable, Refusal."""
        connector = aiohttp.TCPConnector(ssl=self.tls or True)
        async with aiohttp.ClientSession(connector=connector) as session:
            talk = Talk(self.url, session)
            yield Talk(self.url, session, await talk.token(self.client, self.secret, self.oauth))


@dataclass(frozen=True, slots=True)
class Talk:
    """Each call raises KeyUnavailable when there is no understandable answer, Refusal when the service refuses."""

    url: str
    session: aiohttp.ClientSession = field(repr=False)
    access: str = field(default="", repr=False)

    async def token(self, client: str, secret: str, oauth: str) -> str:
        """An access token for the service as a whole (RFC 6749 §4.4)."""
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, "scope": "service"}
        server = oauth or await self._server()
        return (await self._answer(_Token, f"{server}/oauth2/token", data=form)).access_token

    async def _server(self) -> str:
        info = await self._call(_Info, "info", {})
        if not info.specs.startswith("2."):
            raise KeyUnavailable(f"CSC API {info.specs[:20]}, not 2")
        if info.oauth2 and not info.oauth2.startswith("https://"):
            raise KeyUnavailable("oauth2: https://…")
        return (info.oauth2 or self.url).rstrip("/")

    async def credentials(self) -> tuple[str, ...]:
        """The names of the keys we may use."""
        return (await self._call(_Listed, "credentials/list", {})).credentials

    async def credential(self, name: str) -> Credential:
        """One of them, with its certificates."""
        asked = {"credentialID": name, "certificates": "chain", "authInfo": True}
        return await self._call(Credential, "credentials/info", asked)

    async def authorize(self, name: str, hashes: Sequence[bytes], factors: dict[str, str], words: str) -> str:
        """Signature activation data for exactly these hashes."""
        asked: dict[str, Any] = {
            "credentialID": name,
            "numSignatures": len(hashes),
            "hashes": hashes,
            "hashAlgorithmOID": SHA256,
            "authData": [{"id": factor, "value": value} for factor, value in factors.items()],
            "description": words,
        }
        return (await self._call(_Authorised, "credentials/authorize", asked)).sad

    async def sign(self, name: str, sad: str, hashes: Sequence[bytes], algorithm: str) -> tuple[bytes, ...]:
        """The values, in the order of the hashes."""
        asked = {
            "credentialID": name,
            "SAD": sad,
            "hashes": hashes,
            "hashAlgorithmOID": SHA256,
            "signAlgo": algorithm,
            "operationMode": "S",
        }
        return (await self._call(_Signed, "signatures/signHash", asked)).signatures

    async def _call(self, kind: type[T], method: str, asked: dict[str, Any]) -> T:
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {self.access}"} if self.access else {}
        return await self._answer(kind, f"{self.url}/{method}", data=msgspec.json.encode(asked), headers=headers)

    async def _answer(self, kind: type[T], url: str, **request: Any) -> T:
        try:
            async with self.session.post(url, allow_redirects=False, **request) as reply:
                status, body = reply.status, await _bounded(reply.content)
        except (aiohttp.ClientError, OSError) as error:
            raise KeyUnavailable(f"remote service: {type(error).__name__}") from error
        try:
            if status == 200:
                return msgspec.json.decode(body, type=kind)
            refused = msgspec.json.decode(body, type=_Error)
        except (msgspec.DecodeError, RecursionError) as error:
            raise KeyUnavailable(f"remote service: HTTP {status}, not understood") from error
        if status >= 500 or refused.error in _BUSY:
            raise KeyUnavailable(f"remote service: HTTP {status} {refused.error[:50]}")
        raise Refusal(refused.error[:50], refused.error_description)


async def _bounded(stream: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for block in stream.iter_chunked(1 << 16):
        body += block
        if len(body) > _MOST_REPLY:
            raise KeyUnavailable("remote service: the answer is too long")
    return bytes(body)
