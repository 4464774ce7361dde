"""A simulated carrier with simulated telephones: a real HTTP server on loopback, speaking the plain carrier protocol.

    async with PhoneProvider(now=clock.now) as provider:
        provider.telephones["84900000001"] = Telephone(signer)     # answers at once
        provider.telephones["84900000002"] = Telephone(signer, Habit.IGNORES)
        ... provider.url, provider.token ...

What a telephone does is its habit; what it saw is in `provider.seen`. Nothing sleeps: a late answer is `answer()`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from types import TracebackType
from typing import Self

import aiohttp
import msgspec
from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.adapters.signers.phone import Call, Reply, Standing, knock


class Habit(Enum):
    """What the person does, or what the provider makes of it."""

    ACCEPTS = "accepts"
    REFUSES = "refuses"
    DISMISSES = "dismisses"
    IGNORES = "ignores"
    OTHER_SESSION = "answers with another session's signature"
    OTHER_NAME = "answers under another transaction's name"
    TWICE = "answers, then tells it twice"
    LIES = "claims a signature that is none"
    RAW = "answers ECDSA as r‖s"


@dataclass
class Telephone:
    """A key in a pocket."""

    signer: SoftDocumentSigner
    habit: Habit = Habit.ACCEPTS


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass
class PhoneProvider:
    """The carrier. `down` answers 503, `mumbles` answers nonsense; both until set back."""

    now: Callable[[], datetime] = _utc
    token: str = "token-of-the-agency"  # noqa: S105 - a sample value of a test server
    secret: bytes = b"shared-with-the-agency"
    telephones: dict[str, Telephone] = field(default_factory=dict)
    seen: list[Call] = field(default_factory=list)
    knocks: list[tuple[str, int]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    down: bool = False
    mumbles: bool = False
    url: str = ""
    _calls: dict[str, tuple[Call, Reply]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.put("/v1/transactions/{id}", self._submit),
                web.get("/v1/transactions/{id}", self._status),
                web.delete("/v1/transactions/{id}", self._cancel),
            ]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.settle()
        if self._runner is not None:
            await self._runner.cleanup()

    async def settle(self) -> None:
        """Wait until every knock under way has been made."""
        await asyncio.gather(*self._tasks)

    async def answer(self, transaction: str, habit: Habit = Habit.ACCEPTS) -> None:
        """The person takes the telephone up at last. Nothing happens when the call has ended."""
        call, reply = self._calls[transaction]
        if self._current(call, reply).standing is Standing.WAITING:
            self._decide(call, habit)
        await self.settle()

    # ------------------------------------------------------------ the protocol

    async def _submit(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        call = msgspec.json.decode(await request.read(), type=Call)
        if call.transaction not in self._calls:
            telephone = self.telephones.get(call.subscriber)
            if telephone is None:
                return web.json_response({"code": "subscriber-unknown"}, status=404)
            self.seen.append(call)
            self._keep(call, Standing.WAITING)
            self._decide(call, telephone.habit)
        return self._told(call.transaction)

    async def _status(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        if request.match_info["id"] not in self._calls:
            return web.json_response({"code": "transaction-unknown"}, status=404)
        return self._told(request.match_info["id"])

    async def _cancel(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        name = request.match_info["id"]
        if name not in self._calls:
            return web.json_response({"code": "transaction-unknown"}, status=404)
        call, reply = self._calls[name]
        if self._current(call, reply).standing is Standing.WAITING:
            self.cancelled.append(name)
            self._keep(call, Standing.CANCELLED)
        return self._told(name)

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self.down:
            return web.Response(status=503)
        if self.mumbles:
            return web.Response(body=b"<html>")
        allowed = request.headers.get("Authorization") == f"Bearer {self.token}"
        return None if allowed else web.Response(status=401)

    def _told(self, name: str) -> web.Response:
        call, reply = self._calls[name]
        said = self._current(call, reply)
        return web.Response(body=msgspec.json.encode(said), content_type="application/json")

    def _current(self, call: Call, reply: Reply) -> Reply:
        over = reply.standing is Standing.WAITING and call.until <= self.now()
        return Reply(call.transaction, Standing.EXPIRED, call.digests, (), call.until) if over else reply

    # ------------------------------------------------------------ the person

    def _decide(self, call: Call, habit: Habit) -> None:
        if habit is Habit.IGNORES:
            return
        if habit in _WITHOUT_VALUE:
            self._keep(call, _WITHOUT_VALUE[habit])
        else:
            self._sign(call, habit)
        for _ in range(2 if habit is Habit.TWICE else 1):
            self._knock(call)

    def _sign(self, call: Call, habit: Habit) -> None:
        signer = self.telephones[call.subscriber].signer
        digests = tuple(bytes(32) for _ in call.digests) if habit is Habit.OTHER_SESSION else call.digests
        values = tuple(_value(signer, each, habit) for each in digests)
        name = "another" if habit is Habit.OTHER_NAME else call.transaction
        told = digests if habit is Habit.OTHER_SESSION else call.digests
        self._calls[call.transaction] = call, Reply(name, Standing.SIGNED, told, values, call.until)

    def _keep(self, call: Call, standing: Standing) -> None:
        self._calls[call.transaction] = call, Reply(call.transaction, standing, call.digests, (), call.until)

    def _knock(self, call: Call) -> None:
        if call.callback:
            task = asyncio.get_running_loop().create_task(self._send(call))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, call: Call) -> None:
        body, signature = knock(call.transaction, self.now(), self.secret)
        async with (
            aiohttp.ClientSession() as session,
            session.post(call.callback, data=body, headers={"Lienthong-Signature": signature}) as reply,
        ):
            self.knocks.append((call.transaction, reply.status))


_WITHOUT_VALUE = {Habit.REFUSES: Standing.REFUSED, Habit.DISMISSES: Standing.CANCELLED}


def _value(signer: SoftDocumentSigner, digest: bytes, habit: Habit) -> bytes:
    if habit is Habit.LIES:
        return b"\x01" * 256
    key, prehashed = signer.key, utils.Prehashed(hashes.SHA256())
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(digest, padding.PKCS1v15(), prehashed)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - what a document signer holds
    value = key.sign(digest, ec.ECDSA(prehashed))
    if habit is not Habit.RAW:
        return value
    r, s = utils.decode_dss_signature(value)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
