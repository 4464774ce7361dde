"""Looking at files of strangers in processes that can do nothing else.

A PDF reader is a large program fed by anybody. Here it works in children with limits, started clean: no secrets in the
environment, no network, no files. What happens to a child happens to one file; the answer is then "cannot tell".
"""

import asyncio
import hashlib
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from lienthong.adapters.confined_frames import GREY, HEAD, READY, Ask
from lienthong.errors import LienThongError
from lienthong.signature.facts.encoding import decode
from lienthong.signature.facts.model import Facts

_START = (
    "import sys; sys.path[:] = sys.argv[3:]; from lienthong.adapters.confined_child import main; "
    "main(int(sys.argv[1]), int(sys.argv[2]))"
)
_FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM)


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Limits:
    """For one file: `cpu_seconds`, `seconds` by the clock, bytes of `memory` beyond what an idle child has.

    `largest` bytes of input and `answer` bytes of result; `children` look at the same time, each at `files` files
    before a fresh one takes its place; `start` seconds until a child must be ready.
    """

    cpu_seconds: int = 10
    seconds: float = 30.0
    memory: int = 512 << 20
    largest: int = 32 << 20
    answer: int = 32 << 20
    children: int = 2
    files: int = 200
    start: float = 60.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as grey points, a byte each, row by row. `why` says why there are none."""

    width: int = 0
    height: int = 0
    points: bytes = b""
    why: str = ""


class Trouble(Exception):  # never leaves this module: the examiner turns it into facts
    """The child gave no answer; the words say why. `again`: it was not the file's doing."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


class _Child:
    """One process, one question at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._asked, self._ready = limits, 0, False
        numbers = (str(limits.cpu_seconds), str(limits.memory))
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-I", "-c", _START, *numbers, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def spent(self) -> bool:
        return self._asked >= self._limits.files

    def ask(self, pdf: bytes, what: Ask, page: int = 0) -> bytes:
        """The child's answer. Raises Trouble, after which the child is of no use."""
        if not self._ready:
            self._within(self._limits.start, self._starting)
        self._asked += 1
        return self._within(self._limits.seconds, lambda: self._answer(pdf, what, page))

    def end(self) -> None:
        """Now, whatever it does."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]  # both are pipes
        self._process.wait()

    def _within(self, seconds: float, work: Callable[[], Value]) -> Value:
        late = threading.Event()
        watch = threading.Timer(seconds, partial(self._late, late))
        watch.daemon = True
        watch.start()
        try:
            return work()
        except (OSError, EOFError) as problem:
            raise self._trouble(late=late.is_set()) from problem
        finally:
            watch.cancel()

    def _late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _trouble(self, *, late: bool) -> Trouble:
        if late:
            return Trouble(f"it took longer than {self._limits.seconds:g} seconds")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.poll()
        if code == -signal.SIGXCPU:
            return Trouble(f"it took more than {self._limits.cpu_seconds} seconds of processor time")
        return Trouble(f"the process that looked at it ended ({code})", again=code in _FROM_OUTSIDE)

    def _starting(self) -> None:
        if self._read(1) != READY:
            raise EOFError
        self._ready = True

    def _answer(self, pdf: bytes, what: Ask, page: int) -> bytes:
        stream = self._process.stdin
        assert stream is not None  # noqa: S101 - a pipe
        stream.write(HEAD.pack(what, page, len(pdf)))
        stream.write(pdf)
        stream.flush()
        *_, size = HEAD.unpack(self._read(HEAD.size))
        if size > self._limits.answer:
            raise EOFError
        return self._read(size)

    def _read(self, size: int) -> bytes:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101 - a pipe
        data = stream.read(size)
        if len(data) < size:
            raise EOFError
        return data


class Examiner:
    """Facts of files, each worked out in a child with limits. Safe from many threads; close it when done."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(self.limits.children):
            self._idle.put(None)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every child, once those at work are done."""
        self._closed = True
        for _ in range(self.limits.children):
            child = self._idle.get()
            if child is not None:
                child.end()

    def examine(self, pdf: bytes, *, looks: bool = False) -> Facts:
        """The facts of `pdf`. Never raises for the file's sake: `readable` says why there are none."""
        if len(pdf) > self.limits.largest:
            return _nothing(pdf, f"larger than {self.limits.largest >> 20} MiB: not looked at")
        asked = Ask.LOOKS if looks else Ask.FACTS
        try:
            return self._twice(lambda child: _facts(child, pdf, asked))
        except Trouble as trouble:
            return _nothing(pdf, str(trouble))

    def picture(self, pdf: bytes, page: int) -> Picture:
        """A page drawn in grey at 300 points an inch; one without points and `why` when there is none."""
        try:
            return self._twice(lambda child: _picture(child.ask(pdf, Ask.PICTURE, page)))
        except Trouble as trouble:
            return Picture(why=str(trouble))

    def bound(self, picture: bytes) -> bytes:
        """A picture of paper (JPEG, PNG, TIFF of several pages) as a PDF; empty when it cannot be made one."""
        if len(picture) > self.limits.largest:
            return b""
        try:
            return self._twice(lambda child: child.ask(picture, Ask.BOUND))
        except Trouble:
            return b""

    async def examining(self, pdf: bytes, *, looks: bool = False) -> Facts:
        """The same without holding up an event loop."""
        return await asyncio.to_thread(self.examine, pdf, looks=looks)

    def pids(self) -> tuple[int, ...]:
        """The idle children, for those who watch processes."""
        return tuple(child.pid for child in list(self._idle.queue) if child is not None)

    def _twice(self, ask: Callable[[_Child], Value]) -> Value:
        """Once more when it was not the file's doing."""
        try:
            return self._once(ask)
        except Trouble as trouble:
            if not trouble.again:
                raise
        return self._once(ask)

    def _once(self, ask: Callable[[_Child], Value]) -> Value:
        child, kept = self._idle.get() or _Child(self.limits), False
        try:
            answer = ask(child)
            kept = not child.spent and not (isinstance(answer, Facts) and _strained(answer))
            return answer
        finally:
            if not kept:
                child.end()
            self._idle.put(child if kept else self._fresh())

    def _fresh(self) -> _Child | None:
        """Started at once, so that the next file finds it warm."""
        return None if self._closed else _Child(self.limits)


def _facts(child: _Child, pdf: bytes, asked: Ask) -> Facts:
    try:
        facts = decode(child.ask(pdf, asked))
    except LienThongError as problem:
        raise Trouble("the answer was no answer") from problem
    if facts.sha256 != hashlib.sha256(pdf).hexdigest():
        raise Trouble("the answer speaks of another file")
    return facts


def _picture(answer: bytes) -> Picture:
    if len(answer) < GREY.size:
        raise Trouble("the answer was no answer")
    width, height = GREY.unpack_from(answer)
    points = answer[GREY.size :]
    if len(points) != width * height:
        raise Trouble("the answer was no answer")
    return Picture(width, height, points, "" if points else "it cannot be drawn")


def _nothing(pdf: bytes, why: str) -> Facts:
    return Facts(hashlib.sha256(pdf).hexdigest(), len(pdf), readable=why)


def _strained(facts: Facts) -> bool:
    """A child that ran into its memory limit is not asked again."""
    faults = [
        facts.readable,
        *(item.fault for item in facts.signatures),
        *(item.fault for item in facts.document_stamps),
    ]
    return any("MemoryError" in fault for fault in faults)
