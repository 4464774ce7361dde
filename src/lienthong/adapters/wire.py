"""The wire to the axis: HTTPS with mutual TLS 1.3, one token a request; faults mapped once, here."""

import asyncio
import io
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import aiohttp
import msgspec

from lienthong.adapters.identity import Caller
from lienthong.adapters.tracing import continuing, traceparent
from lienthong.delivery import (
    Accepted,
    Confirmation,
    Deferral,
    LegAnswer,
    MailItem,
    News,
    NewsPage,
    Rung,
    Whereabouts,
    Withdrawal,
    Withdrawn,
    trace_in,
)
from lienthong.envelope import group
from lienthong.errors import Busy, Kind, LienThongError, NotFound, Unavailable, by_code

T = TypeVar("T")

QUICK = 30.0
"""Seconds a plain request may take beyond any waiting asked for."""
SLOW = 300.0
"""Seconds one piece of a large part may take."""
TUS = {"Tus-Resumable": "1.0.0"}
GROUPS = "/v1/groups"
SINGLE = 600.0
"""Seconds for which an axis that knows no groups is spoken to one by one."""


def _moment() -> float:
    return asyncio.get_running_loop().time()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the axis answered."""

    data: bytes
    status: int
    headers: Mapping[str, str]


class Problem(msgspec.Struct):
    """RFC 9457, as far as a hop needs it."""

    code: str = ""
    detail: str = ""
    facts: dict[str, str] = {}
    status: int = 0

    def error(self, status: int) -> LienThongError:
        """What it tells of. A fault at the peer that is no class of ours is worth another try."""
        kind = by_code(self.code)
        if kind is LienThongError and self.code != LienThongError.code and status >= 500:
            return Unavailable(self.detail)
        if kind is LienThongError and status == Kind.MISSING.value:
            return NotFound(self.detail)  # the address itself: a peer older than it
        return kind(self.detail, **self.facts)


class Reply(msgspec.Struct):
    """What became of one package of a group."""

    accepted: Accepted | None = None
    problem: Problem | None = None

    def answer(self) -> Accepted | LienThongError:
        """The yes, or the error that alone it would have been."""
        told = self.problem or Problem()
        return self.accepted or told.error(told.status)


def tls_context(ca: Path, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """TLS 1.3 only, trusting one authority, showing our certificate when there is one."""
    context = ssl.create_default_context(cafile=str(ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context


class AxisWire:
    """The axis as a gateway reaches it: `Uplink`, `Mailbox` and `Listener` of delivery, and the registry.

    With several addresses, of processes that share a memory, it stays with one until that does not answer or is not
    available, then asks the next: whatever is asked may be asked again.
    """

    def __init__(self, url: str | Sequence[str], caller: Caller, context: ssl.SSLContext) -> None:
        urls = [url] if isinstance(url, str) else url
        self._urls = [each.rstrip("/") for each in urls]
        self._caller, self._context = caller, context
        self._session: aiohttp.ClientSession | None = None
        self._slow: aiohttp.ClientSession | None = None
        self._waiting: aiohttp.ClientSession | None = None
        self._single: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        said = {"User-Agent": f"lienthong/{version('lienthong')}"}
        quick, slow, waiting = (aiohttp.TCPConnector(ssl=self._context, limit=limit) for limit in (20, 4, 1))
        self._session = aiohttp.ClientSession(connector=quick, headers=said)
        # large parts have connections of their own: nothing small ever queues behind one
        self._slow = aiohttp.ClientSession(connector=slow, headers=said)
        # a pool takes its connections in turn: waits among them would keep alive what only work had opened
        self._waiting = aiohttp.ClientSession(connector=waiting, headers=said)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in (self._session, self._slow, self._waiting):
            if session is not None:
                await session.close()
        self._session = self._slow = self._waiting = None

    async def submit(self, frame: bytes) -> Accepted:
        """POST /v1/packages, under the trace the package was handed in with."""
        with continuing(trace_in(frame)):
            return await self._json(Accepted, "POST", "/v1/packages", frame)

    async def submit_all(self, frames: Sequence[bytes]) -> Sequence[Accepted | LienThongError]:
        """POST /v1/groups; an axis older than groups is asked one by one, and after a while whether it knows them."""
        if _moment() >= self._single.get(self._urls[0], 0.0):
            try:
                return await self._submit_group(frames)
            except NotFound:
                self._single[self._urls[0]] = _moment() + SINGLE
        first = await self._alone(frames[0])  # whether it answers at all
        if isinstance(first, (Busy, Unavailable)):
            raise first
        return [first, *await asyncio.gather(*map(self._alone, frames[1:]))]

    async def _submit_group(self, frames: Sequence[bytes]) -> Sequence[Accepted | LienThongError]:
        said = {"Package-Count": str(len(frames))}
        replies = await self._json(list[Reply], "POST", GROUPS, group(frames), headers=said)
        if len(replies) != len(frames):
            raise Unavailable(f"{GROUPS}: {len(replies)} ≠ {len(frames)}")
        return [reply.answer() for reply in replies]

    async def _alone(self, frame: bytes) -> Accepted | LienThongError:
        try:
            return await self.submit(frame)
        except LienThongError as error:
            return error

    async def begin(self, size: int, sha256: str) -> tuple[str, int]:
        """POST /v1/uploads."""
        said = {"Upload-Length": str(size), "Upload-Metadata": f"sha256 {b64encode(sha256.encode()).decode()}"}
        answer = await self._ask_slowly("POST", "/v1/uploads", headers=TUS | said)
        return answer.headers.get("Location", "").rpartition("/")[2], _offset(answer)

    async def extend(self, upload: str, offset: int, piece: bytes) -> int:
        """PATCH /v1/uploads/{upload}; the token binds the piece."""
        said = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return _offset(await self._ask_slowly("PATCH", f"/v1/uploads/{upload}", piece, TUS | said))

    async def listen(self, heard: str, wait: float) -> Rung:
        """GET /v1/bell: up to so many seconds."""
        return await self._json(Rung, "GET", "/v1/bell", wait=wait, heard=heard, seconds=str(wait))

    async def news(self, after: int) -> NewsPage:
        """GET /v1/news."""
        return await self._json(NewsPage, "GET", "/v1/news", after=str(after))

    async def hear(self, news: tuple[News, ...]) -> None:
        """POST /v1/news."""
        await self._ask("POST", "/v1/news", msgspec.json.encode(news))

    async def mailbox(self) -> Sequence[MailItem]:
        """GET /v1/mailbox, the quick lane."""
        return await self._json(tuple[MailItem, ...], "GET", "/v1/mailbox", lane="quick")

    async def freight(self) -> Sequence[MailItem]:
        """GET /v1/mailbox, the slow lane."""
        return await self._json(tuple[MailItem, ...], "GET", "/v1/mailbox", lane="freight")

    async def collect(self, package_id: str) -> bytes:
        """GET /v1/packages/{id}, large parts named only."""
        return (await self._ask("GET", f"/v1/packages/{package_id}", large="named")).data

    async def part(self, package_id: str, sha256: str, start: int, stop: int) -> bytes:
        """GET /v1/packages/{id}/parts/{sha256}, by ranges."""
        path = f"/v1/packages/{package_id}/parts/{sha256}"
        return (await self._ask_slowly("GET", path, headers={"Range": f"bytes={start}-{stop - 1}"})).data

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

    async def snapshot(self, version: int, *, deltas: bool = False) -> bytes | None:
        """The signed registry if it is newer than the version we have: all of it, or a delta if we take one."""
        told = "true" if deltas else "false"
        answer = await self._ask("GET", "/v1/registry", newer_than=str(version), deltas=told)
        return None if answer.status == 204 else answer.data

    async def told_time(self) -> datetime | None:
        """By what clock the axis answers a call (its HTTP `Date`); None if it tells none. Raises what any call does."""
        answer = await self._ask("GET", "/v1/registry", newer_than=str(2**53))
        told = answer.headers.get("Date")
        return parsedate_to_datetime(told) if told else None

    async def _json(
        self,
        kind: type[T],
        method: str,
        path: str,
        body: bytes = b"",
        wait: float = 0,
        headers: Mapping[str, str] | None = None,
        **query: str,
    ) -> T:
        answer = await self._ask(method, path, body, wait, headers, **query)
        try:
            return msgspec.json.decode(answer.data, type=kind)
        except msgspec.DecodeError as error:
            raise Unavailable(f"{path}: {error}") from error

    async def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        wait: float = 0,
        headers: Mapping[str, str] | None = None,
        **query: str,
    ) -> Answer:
        async def ask(url: str) -> Answer:
            token = self._caller.token(method, path, body)
            told = {"Authorization": f"Bearer {token}", "traceparent": traceparent(), **(headers or {})}
            seconds, session = QUICK + wait, self._waiting if wait else self._session
            return await self._asked(session, method, url + path, seconds, data=body, params=query, headers=told)

        return await self._any(ask)

    async def _ask_slowly(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """As `_ask`, in the slow lane; a piece is hashed and read off the loop."""

        async def ask(url: str) -> Answer:
            token = await asyncio.to_thread(self._caller.token, method, path, body)
            told = {"Authorization": f"Bearer {token}", "traceparent": traceparent(), **(headers or {})}
            data = io.BytesIO(body) if body else None
            return await self._asked(self._slow, method, url + path, SLOW, data=data, headers=told)

        return await self._any(ask)

    async def _any(self, ask: Callable[[str], Awaitable[Answer]]) -> Answer:
        """Ask the address that answered last, and each other one while none is available."""
        for left in reversed(range(len(self._urls))):
            url = self._urls[0]
            try:
                return await ask(url)
            except Unavailable:
                self._turn_from(url)
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _turn_from(self, url: str) -> None:
        """Ask the next address first, unless somebody else has already turned away from this one."""
        if self._urls[0] == url:
            self._urls = [*self._urls[1:], url]

    async def _asked(
        self, session: aiohttp.ClientSession | None, method: str, url: str, seconds: float, **request: Any
    ) -> Answer:
        if session is None:
            raise Unavailable("closed")
        timeout = aiohttp.ClientTimeout(total=seconds)
        request["data"] = request.get("data") or None
        try:
            async with session.request(method, url, timeout=timeout, **request) as answer:
                data = await answer.read()
                if answer.status >= 400:
                    raise problem(answer.status, data, answer.headers.get("Retry-After", ""))
                return Answer(data, answer.status, answer.headers)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable(f"{urlsplit(url).netloc}: {type(error).__name__}") from error


def _offset(answer: Answer) -> int:
    text = answer.headers.get("Upload-Offset", "")
    if not text.isdecimal():
        raise Unavailable(f"Upload-Offset: {text[:40]!r}")
    return int(text)


def problem(status: int, data: bytes, retry_after: str = "") -> LienThongError:
    """The error a peer answered with; what is not a problem document of ours is worth another try.

    A proxy between may say Busy in words of its own; when to come again stands in the header (RFC 9110 §10.2.3).
    """
    try:
        told = msgspec.json.decode(data, type=Problem)
    except msgspec.DecodeError:
        return Busy(retry_after=retry_after or "1") if status == 429 else Unavailable(f"HTTP {status}")
    return told.error(status)
