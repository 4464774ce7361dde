"""Calling out to webhooks: only hosts the operator named, over TLS, no redirect, little time, the answer is not read.

An address on this machine may be plain HTTP, if it is named. What a named host resolves to is looked at too: addresses
of the link and of nobody are not called, wherever a name server sends us (SSRF, DNS rebinding).
"""

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from lienthong.adapters.files import read_secret
from lienthong.errors import ConfigurationInvalid, InvalidValue, NotAllowed, Unavailable
from lienthong.gateway.hooking_config import HookSettings

SECONDS = 10.0
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class HookCaller:
    """The `Caller` port over aiohttp."""

    session: aiohttp.ClientSession
    hosts: frozenset[str]

    def require(self, url: str) -> None:
        """InvalidValue for no address, NotAllowed for one that may not be called."""
        parts = _parsed(url)
        port = parts.port or _PORTS[parts.scheme]
        names = {f"{parts.hostname}:{port}"} | ({str(parts.hostname)} if port == _PORTS["https"] else set())
        if not names & self.hosts:
            raise NotAllowed(f"{parts.hostname}:{port}: không có trong / not in webhooks.hosts")
        if parts.scheme == "http" and not _here(str(parts.hostname)):
            raise NotAllowed("phải là https / must be https")
        if not _callable(str(parts.hostname)):
            raise NotAllowed(f"{parts.hostname}")

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer. Unavailable, NotAllowed."""
        self.require(url)
        limit = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self.session.post(
                url, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as reply:
                return reply.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unavailable(type(error).__name__) from error


class Careful(AbstractResolver):
    """A resolver that passes over addresses nobody's software has."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = [each for each in await self._inner.resolve(host, port, family) if _callable(each["host"])]
        if not found:
            raise OSError(None, f"{host}: no address that may be called")
        return found

    async def close(self) -> None:
        await self._inner.close()


@asynccontextmanager
async def calling(settings: HookSettings) -> AsyncIterator[tuple[HookCaller, bytes] | None]:
    """The caller and the key its secrets follow from; None where nobody is to be called. ConfigurationInvalid."""
    if settings.key is None:
        yield None
        return
    key = read_secret(settings.key)
    if len(key) < 32:
        raise ConfigurationInvalid(f"{settings.key}: {len(key)} B < 32 B")
    connector = aiohttp.TCPConnector(resolver=Careful(DefaultResolver()), ssl=_trust(settings.roots), limit=64)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield HookCaller(session, frozenset(settings.hosts)), key


def _trust(roots: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(roots) if roots else None)


def _parsed(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in _PORTS and parts.hostname and parts.port != 0
    except ValueError as error:
        raise InvalidValue("url") from error
    if not sound or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable():
        raise InvalidValue("url")
    return parts


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _callable(host: str) -> bool:
    """Whether an address may be somebody's software; a name is judged by what it resolves to."""
    try:
        address = ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return True
    mapped = getattr(address, "ipv4_mapped", None) or address
    return not (mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified or mapped.is_reserved)
