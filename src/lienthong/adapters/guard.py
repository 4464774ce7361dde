"""What stands before a face's addresses: who calls is asked first, then whether there is room, then the body is read.

    header ─► caller ─► rate ─► room for the body ─► body, at a least pace ─► a place at work ─► handler ─► answer

A long poll only counts; everything else waits for its turn, each caller in a line of its own (`admission`).
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import parse_qs

from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPSendMessage, Message, Receive, Scope, Send

from lienthong.adapters.admission import Allowance, Buckets, Count, Gate, Room
from lienthong.errors import BodyTooSlow, InvalidValue, PackageTooLarge

GUARDED = "/v1/"
"""Addresses under this need a caller and room; pages and files beside them do not."""
STREAMED = "streamed"
"""A handler whose `opt` has this keeps its body on the disk as it comes: it counts as `PORTION` bytes of memory."""
TAKES = "takes"
"""A handler whose `opt` has this takes new packages: refused while the disk is nearly full."""
LASTING = "polls"
"""A handler whose `opt` has this answers for a long time and does little: it counts as a long poll."""
GROUPS = "groups"
"""A handler whose `opt` has this takes as many packages in one request, and says in `COUNT` how many come: rate and
place at work are counted by them. Those the rate does not let in are for the handler to refuse (`ADMITTED`).
"""
COUNT = b"package-count"
ADMITTED = "lienthong.admitted"
"""Where the scope says how many packages of a group are let in, if not all, and what the others are to be told."""
PORTION = 1 << 20
"""Bytes reserved at a time for a body that does not say its length."""
DRAINED = 128 << 10
"""Bytes of a refused body read and thrown away, so that the connection, and the answer in it, are not lost."""
POLLS = 16384
"""Long polls of all callers together."""
_DIGITS = 4
"""More of them are no count of packages."""
CGROUP_MEMORY = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a caller counts beside others, who count 1."""

    caller: str
    weight: float


@dataclass(frozen=True, slots=True)
class Admission:
    """How much is let in at a time. Bytes and seconds. Memory 0: an eighth of the machine's; rate 0: no limit."""

    work: int = 64
    waiting: int = 512
    patience: float = 5.0
    memory: int = 0
    polls: int = 64
    rate: float = 0.0
    burst: float = 0.0
    body_seconds: float = 20.0
    body_rate: int = 4096
    weights: tuple[Weight, ...] = ()


class Identify(Protocol):
    """Who calls, judged by the header alone."""

    def claimed(self, scope: Scope) -> str:
        """Whom the caller says it is, unproved; only to refuse cheaply."""
        ...

    def caller(self, scope: Scope) -> str:
        """Who it is. Raises TokenInvalid, TokenReplayed, ClockSkewed."""
        ...


class Guard:
    """The gates of one process and the middleware that stands at them."""

    def __init__(
        self,
        settings: Admission,
        identify: Identify,
        taking: Callable[[], None] = lambda: None,
        under: str = GUARDED,
        bound: Callable[[str], float] = lambda _: 0.0,
    ) -> None:
        """`taking` raises when no new packages can be taken; `under`: which addresses are guarded; `bound`: a caller's
        own rate, 0 for none.
        """
        self.bound = bound
        self._settings, self._identify, self._taking, self._under = settings, identify, taking, under
        self.weights: Mapping[str, float] = {each.caller: each.weight for each in settings.weights}
        patience, waiting = settings.patience, settings.waiting
        self.work = Gate(Room(settings.work, waiting, patience), self.weights)
        memory = settings.memory or machine_memory() // 8
        self.bodies = Gate(Room(memory, waiting, patience, spare=True), self.weights)
        self.polls = Count(settings.polls, POLLS)
        self.buckets = Buckets(settings.rate, settings.burst or settings.rate)

    def middleware(self, app: ASGIApp) -> ASGIApp:
        """For a Litestar application: what is raised here is answered as anything a handler raises."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if not scope["path"].startswith(self._under):
                await app(scope, receive, send)
                return
            async with AsyncExitStack() as stack:
                visit = Visit(self, self._settings, cast("dict[str, Any]", scope), receive, send, stack)
                try:
                    await visit.admit(self._identify, self._taking)
                except Exception:
                    await visit.drain()
                    raise
                await app(scope, visit.receive, cast("Send", visit.send))

        return guarded


class Visit:
    """One request on its way through the gates."""

    def __init__(
        self,
        guard: Guard,
        settings: Admission,
        scope: dict[str, Any],
        receive: Receive,
        send: Send,
        stack: AsyncExitStack,
    ) -> None:
        self._guard, self._settings, self._scope, self._stack = guard, settings, scope, stack
        self._receive, self._send = receive, send
        self._caller, self._got, self._reserved, self._count = "", 0, 0, 1
        self._allowance: Allowance | None = None
        self._whole, self._places = False, 0
        self._began = asyncio.get_running_loop().time()

    async def admit(self, identify: Identify, taking: Callable[[], None]) -> None:
        """Everything that is decided before the body is read."""
        opt = getattr(self._scope.get("route_handler"), "opt", {})
        scope = cast("Scope", self._scope)
        polling = bool(opt.get(LASTING)) or self._polling()
        work = self._guard.work
        if work.crowded and not polling and work.hopeless(identify.claimed(scope)):
            raise work.busy()
        self._caller = self._scope["lienthong.caller"] = identify.caller(scope)
        weight, most = self._guard.weights.get(self._caller, 1.0), self._guard.bound(self._caller)
        self._count = self._counted(opt.get(GROUPS, 1))
        self._allowance = self._guard.buckets.take(self._caller, weight, most, self._count)
        if self._allowance is not None and self._allowance.taken < self._count:
            self._count = self._allowance.taken
            self._scope[ADMITTED] = self._count, self._allowance.rest()
        if opt.get(TAKES):
            taking()
        if polling:
            self._whole = True  # a stream listens for the end of its caller: that is no body, and no work
            self._guard.polls.enter(self._caller)
            self._stack.callback(self._guard.polls.leave, self._caller)
        elif self._bodyless():
            self._whole = True
            await self._work()
        else:
            await self._reserve(PORTION if opt.get(STREAMED) else self._announced())
            self._reserved = 2**63 if opt.get(STREAMED) else self._reserved
        self._began = asyncio.get_running_loop().time()

    def _polling(self) -> bool:
        if self._scope["method"] != "GET":
            return False
        seconds = parse_qs(self._scope["query_string"].decode("latin-1")).get("seconds", ["0"])[0]
        return bool(seconds.strip("0."))

    def _headers(self, name: bytes) -> list[bytes]:
        return [value for key, value in self._scope["headers"] if key == name]

    def _counted(self, most: int) -> int:
        """How many packages are said to come. InvalidValue, PackageTooLarge."""
        told = self._headers(COUNT) if most > 1 else [b"1"]
        if len(told) != 1 or not told[0].isdigit() or not told[0].strip(b"0"):
            raise InvalidValue("Package-Count")
        if len(told[0]) > _DIGITS or int(told[0]) > most:
            raise PackageTooLarge(f"Package-Count > {most}")
        return int(told[0])

    def _bodyless(self) -> bool:
        return not self._headers(b"transfer-encoding") and set(self._headers(b"content-length")) <= {b"0"}

    def _announced(self) -> int:
        lengths = self._headers(b"content-length")
        if len(lengths) > 1 or (lengths and not lengths[0].isdigit()):
            raise InvalidValue("Content-Length")
        return int(lengths[0]) if lengths else PORTION

    async def _reserve(self, size: int) -> None:
        held = await self._guard.bodies.enter(self._caller, size)
        self._reserved += size
        self._stack.callback(self._guard.bodies.leave, self._caller, held)

    async def _work(self) -> None:
        self._places = await self._guard.work.enter(self._caller, self._count)
        self._stack.callback(self._rest)

    def _rest(self) -> None:
        if self._places:
            held, self._places = self._places, 0
            self._guard.work.leave(self._caller, held)

    async def receive(self) -> HTTPReceiveMessage:
        """The next piece of the body, if it comes fast enough; with the last one the caller has its place at work."""
        if self._whole:
            return cast("HTTPReceiveMessage", await self._receive())
        message = cast("dict[str, Any]", await self._paced())
        if message["type"] == "http.request":
            self._got += len(message.get("body", b""))
            if self._got > self._reserved:
                await self._reserve(max(PORTION, self._got - self._reserved))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self._whole = True
            await self._work()
        return cast("HTTPReceiveMessage", message)

    async def _paced(self) -> Message:
        """A body may take `body_seconds`, and a second more for each `body_rate` bytes that have come."""
        until = self._began + self._settings.body_seconds + self._got / self._settings.body_rate
        try:
            async with asyncio.timeout_at(until):
                return cast("Message", await self._receive())
        except TimeoutError as error:
            self._whole = True
            raise BodyTooSlow(f"{self._got} B, {asyncio.get_running_loop().time() - self._began:.1f} s") from error

    async def send(self, message: HTTPSendMessage) -> None:
        """What the handler answers, and what the caller has left; its work ends where the answer begins."""
        if message["type"] == "http.response.start":
            self._rest()
            if self._allowance is not None:
                message["headers"] = [*message["headers"], *self._allowance.headers()]
        await self._send(message)

    async def drain(self) -> None:
        """Throw a short body away."""
        try:
            short = not self._whole and not self._bodyless() and self._announced() <= DRAINED
            while short and self._got <= DRAINED:
                message = cast("dict[str, Any]", await self._paced())
                self._got += len(message.get("body", b""))
                short = bool(message.get("more_body", False))
        except (BodyTooSlow, InvalidValue):
            return


def machine_memory() -> int:
    """Bytes of memory this process may use: the control group's limit, or what the machine has."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = CGROUP_MEMORY.read_text("ascii").strip()
    except OSError:
        return physical
    return min(physical, int(limit)) if limit.isdigit() else physical


__all__ = ["GUARDED", "STREAMED", "TAKES", "Admission", "Guard", "Identify", "Weight", "machine_memory"]
