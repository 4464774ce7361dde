"""Opening packages in processes of their own, so that the one that answers has its processor for everything else.

Reading an envelope is most of what accepting costs, and it is a stranger's XML: a reader that falls over takes its
process with it and nothing else. A child holds no key, no store and no registry. It is asked and answers over a pair of
sockets, in MessagePack with four bytes of length before it; nothing that it says is run.
"""

import asyncio
import gc
import json
import multiprocessing
import signal
import socket
import traceback
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

import msgspec
import structlog

from lienthong.delivery.opening import Folded, Here, Unfolded, tried, unfold
from lienthong.errors import LienThongError, by_code

log = structlog.get_logger()
WORTH = 4
"""Packages that came together; the way to a child and back costs fewer more than it frees."""
_AHEAD = 2
"""Groups a child has at a time: the next one lies there when it is done with one."""
_SECONDS = 60.0
"""For one group; whoever sent it waits no longer."""
_LENGTH = 4
_LONGEST = 64 * 2**20
"""Bytes of an answer. It says no more than the envelopes do, and a group of them is shorter."""
_encode = msgspec.msgpack.Encoder().encode
_questions = msgspec.msgpack.Decoder(list[Folded]).decode
_answers = msgspec.msgpack.Decoder(list[Unfolded | str]).decode


class Unopened(Exception):
    """Its child ended over a package, or failed at it in a way nobody foresaw: a fault of ours."""


class _Unasked(Exception):  # never leaves this module: it is asked again
    """The child ended before it came to this."""


class Openers:
    """`ports.Opener` with so many children, started when groups come. Close it when done."""

    def __init__(self, children: int, seconds: float = _SECONDS) -> None:
        self._here, self._many, self._seconds = Here(), children, seconds
        self._children: list[_Child] = []
        self._places = asyncio.Semaphore(_AHEAD * children)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            await child.end()

    async def unfold(self, packages: Sequence[Folded]) -> Sequence[Unfolded | Exception]:
        """A group in a child; what comes alone, or all without children, in this process."""
        if not self._many or len(packages) < WORTH:
            return await self._here.unfold(packages)
        try:
            return await self._asked(packages)
        except Unopened:
            log.warning("opener-ended", packages=len(packages))
            return [await self._alone(package) for package in packages]

    async def _alone(self, package: Folded) -> Unfolded | Exception:
        """The one that a child falls over is a fault of ours, and its neighbours are opened."""
        try:
            (found,) = await self._asked([package])
        except Unopened as error:
            return error
        return found

    async def _asked(self, packages: Sequence[Folded]) -> Sequence[Unfolded | Exception]:
        async with self._places:
            while True:
                try:
                    answers = _answers(await self._child().ask(_encode(packages)))
                except _Unasked:
                    continue
                except ValueError as error:  # nothing that can be asked, or no answer
                    raise Unopened(str(error)) from error
                return [_raised(each) if isinstance(each, str) else each for each in answers]

    def _child(self) -> "_Child":
        """The one with the least to do; a new one for one that ended."""
        self._children = [each for each in self._children if not each.gone.done()]
        if len(self._children) < self._many:
            self._children.append(_Child(self._seconds))
        return min(self._children, key=lambda each: len(each.asked))


class _Child(asyncio.Protocol):
    """One process, what it was asked and has not answered yet, oldest first, and whether it is gone."""

    def __init__(self, seconds: float) -> None:
        """Clean (`spawn`): a copy of a process with threads is no place to work in."""
        loop = asyncio.get_running_loop()
        self.asked: deque[asyncio.Future[bytes]] = deque()
        self.gone: asyncio.Future[None] = loop.create_future()
        self._come = bytearray()
        ours, theirs = socket.socketpair()
        with theirs:
            work = partial(_work, theirs, seconds, gc.get_threshold())
            self._process = multiprocessing.get_context("spawn").Process(target=work)
            self._process.start()
        self._way = loop.create_task(loop.create_unix_connection(lambda: self, sock=ours))

    async def ask(self, question: bytes) -> bytes:
        """Its answer. Raises Unopened when it ends over this, _Unasked over another."""
        way, _ = await asyncio.shield(self._way)  # whoever waits for it may go
        if self.gone.done():
            raise Unopened("started in vain")
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.asked.append(answer)
        way.write(len(question).to_bytes(_LENGTH) + question)
        return await answer

    async def end(self) -> None:
        """At once, whatever it does; waits until it is gone."""
        self._process.kill()
        await self.gone

    def data_received(self, data: bytes) -> None:
        """Answers come in the order of the questions."""
        self._come += data
        while len(self._come) >= _LENGTH:
            stop = _LENGTH + int.from_bytes(self._come[:_LENGTH])
            if stop > _LONGEST or not self.asked:
                return self._process.kill()
            if stop > len(self._come):
                return None
            _tell(self.asked.popleft(), bytes(self._come[_LENGTH:stop]))
            del self._come[:stop]
        return None

    def connection_lost(self, _error: Exception | None) -> None:
        """It is gone. What it was at is its fault; nothing befell what lay behind."""
        self._process.kill()
        self._process.join()
        self.gone.set_result(None)
        told: Exception = Unopened("ended")
        while self.asked:
            if not (answer := self.asked.popleft()).done():
                answer.set_exception(told)
            told = _Unasked()


def _tell(asker: asyncio.Future[bytes], answer: bytes) -> None:
    if not asker.done():  # who asked may have gone
        asker.set_result(answer)


def _raised(told: str) -> Exception:
    """As it was raised in the child."""
    code, detail, facts = json.loads(told)
    return by_code(code)(detail, **facts) if code else Unopened(detail)


# ---------------------------------------------------------------- in the child


def _work(way: socket.socket, seconds: float, threshold: tuple[int, ...]) -> None:
    """Answer until the parent is gone; a question that takes too long ends it, a signal meant for both does not.

    It looks for cycles as seldom as its parent.
    """
    gc.set_threshold(*threshold)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with way, suppress(OSError, EOFError):
        while True:
            question = _received(way, int.from_bytes(_received(way, _LENGTH)))
            signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody listens to its signal, which ends a process
            answer = _encode([msgspec.Raw(_opened(each)) for each in _questions(question)])
            signal.setitimer(signal.ITIMER_REAL, 0)
            way.sendall(len(answer).to_bytes(_LENGTH) + answer)


def _received(way: socket.socket, size: int) -> bytes:
    data = way.recv(size, socket.MSG_WAITALL)
    if len(data) < size:
        raise EOFError
    return data


def _opened(package: Folded) -> bytes:
    """Encoded: what it holds, or as text of plain signs why it cannot be opened."""
    found = tried(partial(unfold, package))
    if isinstance(found, LienThongError):
        return _encode(json.dumps((found.code, found.detail, found.facts)))
    if isinstance(found, Exception):
        return _encode(json.dumps(("", "".join(traceback.format_exception(found)), {})))
    return _encode(found)
