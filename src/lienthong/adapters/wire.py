"""The wire to the axis: HTTPS with mutual TLS 1.3, one token a request; faults mapped once, here."""

import ssl
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
import msgspec

from lienthong.adapters.identity import Caller
from lienthong.delivery import (
    Accepted,
    Confirmation,
    Deferral,
    LegAnswer,
    MailItem,
    News,
    NewsPage,
    Whereabouts,
    Withdrawal,
    Withdrawn,
)
from lienthong.errors import Busy, LienThongError, Unavailable, by_code

T = TypeVar("T")

QUICK = 30.0
"""Seconds a plain request may take beyond any waiting asked for."""


class Problem(msgspec.Struct):
    """RFC 9457, as far as a hop needs it."""

    code: str = ""
    detail: str = ""
    facts: dict[str, str] = {}


def tls_context(ca: Path, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """TLS 1.3 only, trusting one authority, showing our certificate when there is one."""
    context = ssl.create_default_context(cafile=str(ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context


class AxisWire:
    """The axis as a gateway reaches it: `Uplink`, `Mailbox` and `Listener` of delivery, and the registry."""

    def __init__(self, url: str, caller: Caller, context: ssl.SSLContext) -> None:
        self._url, self._caller, self._context = url.rstrip("/"), caller, context
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(ssl=self._context, limit=20)
        self._session = aiohttp.ClientSession(connector=connector)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def submit(self, frame: bytes) -> Accepted:
        """POST /v1/packages."""
        return await self._json(Accepted, "POST", "/v1/packages", frame)

    async def news(self, after: int, wait: float) -> NewsPage:
        """GET /v1/news."""
        return await self._json(NewsPage, "GET", "/v1/news", wait=wait, after=str(after), seconds=str(wait))

    async def hear(self, news: tuple[News, ...]) -> None:
        """POST /v1/news."""
        await self._ask("POST", "/v1/news", msgspec.json.encode(news))

    async def mailbox(self, wait: float) -> Sequence[MailItem]:
        """GET /v1/mailbox."""
        return await self._json(tuple[MailItem, ...], "GET", "/v1/mailbox", wait=wait, seconds=str(wait))

    async def collect(self, package_id: str) -> bytes:
        """GET /v1/packages/{id}."""
        return (await self._ask("GET", f"/v1/packages/{package_id}"))[0]

    async def dated(self, package_id: str) -> tuple[str, ...]:
        """GET /v1/packages/{id}/receipts."""
        return await self._json(tuple[str, ...], "GET", f"/v1/packages/{package_id}/receipts")

    async def confirm(self, words: Sequence[Confirmation]) -> Sequence[LegAnswer]:
        """POST /v1/confirmations."""
        return await self._json(tuple[LegAnswer, ...], "POST", "/v1/confirmations", msgspec.json.encode(words))

    async def withdraw(self, withdrawal: Withdrawal) -> Withdrawn:
        """POST /v1/withdrawals."""
        return await self._json(Withdrawn, "POST", "/v1/withdrawals", msgspec.json.encode(withdrawal))

    async def whereabouts(self, packages: Sequence[str]) -> Sequence[Whereabouts]:
        """POST /v1/whereabouts."""
        return await self._json(tuple[Whereabouts, ...], "POST", "/v1/whereabouts", msgspec.json.encode(packages))

    async def defer(self, deferrals: Sequence[Deferral]) -> None:
        """POST /v1/deferrals."""
        await self._ask("POST", "/v1/deferrals", msgspec.json.encode(deferrals))

    async def snapshot(self, version: int) -> bytes | None:
        """The signed registry snapshot if it is newer than the version we have."""
        data, status = await self._ask("GET", "/v1/registry", newer_than=str(version))
        return None if status == 204 else data

    async def _json(self, kind: type[T], method: str, path: str, body: bytes = b"", wait: float = 0, **query: str) -> T:
        data, _ = await self._ask(method, path, body, wait, **query)
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.DecodeError as error:
            raise Unavailable(f"{path}: {error}") from error

    async def _ask(self, method: str, path: str, body: bytes = b"", wait: float = 0, **query: str) -> tuple[bytes, int]:
        if self._session is None:
            raise Unavailable("closed")
        headers = {"Authorization": f"Bearer {self._caller.token(method, path, body)}"}
        timeout = aiohttp.ClientTimeout(total=QUICK + wait)
        try:
            async with self._session.request(
                method, self._url + path, data=body or None, params=query, headers=headers, timeout=timeout
            ) as answer:
                data = await answer.read()
                if answer.status >= 400:
                    raise problem(answer.status, data)
                return data, answer.status
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable(f"{self._url}: {type(error).__name__}") from error


def problem(status: int, data: bytes) -> LienThongError:
    """The error a peer answered with; what is not a problem document of ours is worth another try."""
    try:
        told = msgspec.json.decode(data, type=Problem)
    except msgspec.DecodeError:
        return Busy() if status == 429 else Unavailable(f"HTTP {status}")
    kind = by_code(told.code)
    if kind is LienThongError and told.code != LienThongError.code and status >= 500:
        return Unavailable(told.detail)
    return kind(told.detail, **told.facts)
