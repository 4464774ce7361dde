"""What befalls a call on its way, beyond an error: the caller dies, or the request itself arrives late.

`lienthong.testing.faults` makes a port fail; here the process around it may end too, and what it sent may be done when
nobody waits any more.
"""

import inspect
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from enum import Enum
from typing import Any, Protocol, TypeVar, cast

from lienthong.errors import LienThongError, Unavailable

T = TypeVar("T")
Call = Callable[[], Awaitable[object]]


class Mishap(Enum):
    """What befalls one call."""

    NONE = "all is well"
    BEFORE = "fails before it is done"
    AFTER = "done, but the answer is lost"
    TWICE = "done twice, the second answer counts"
    LATE = "given up by the caller, done later"
    CRASH_BEFORE = "the caller dies before it is done"
    CRASH_AFTER = "the caller dies after it is done"


class Crash(BaseException):
    """The process is gone: nothing catches this but whoever starts it anew."""


class Fate(Protocol):
    """Decides, call by call, and keeps what is done late."""

    late: list[Call]

    def next(self, port: str, method: str) -> Mishap | LienThongError:
        """What befalls this call; an error is what the other side answers."""
        ...


class Script:
    """Fate as written down: the n-th call of a method meets the n-th mishap; then all is well."""

    def __init__(self, **mishaps: Iterable[Mishap | LienThongError]) -> None:
        self._left = {method: deque(found) for method, found in mishaps.items()}
        self.late: list[Call] = []

    def next(self, port: str, method: str) -> Mishap | LienThongError:  # noqa: ARG002  written down by method alone
        """The next one written down for this method."""
        waiting = self._left.get(method)
        return waiting.popleft() if waiting else Mishap.NONE

    @property
    def over(self) -> bool:
        """Whether everything written down has happened."""
        return not any(self._left.values())


async def catch_up(fate: Fate) -> None:
    """Do what was late, in order; whoever asked is no longer there to hear of a refusal."""
    waiting, fate.late = fate.late, []
    for call in waiting:
        try:
            await call()
        except LienThongError:
            continue


def befallen(name: str, port: T, fate: Fate) -> T:
    """The same port under its fate."""
    return cast("T", _Befallen(name, port, fate))


class _Befallen:
    def __init__(self, name: str, port: object, fate: Fate) -> None:
        self._name, self._port, self._fate = name, port, fate

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._port, method)
        if inspect.isasyncgenfunction(real):  # what is read block by block fails with the port behind it
            return real

        async def call(*args: Any) -> Any:
            return await self._meet(self._fate.next(self._name, method), lambda: real(*args))

        return call

    async def _meet(self, mishap: Mishap | LienThongError, call: Call) -> object:
        if isinstance(mishap, LienThongError):
            raise mishap
        if mishap is Mishap.LATE:
            self._fate.late.append(call)
        if mishap in {Mishap.BEFORE, Mishap.LATE}:
            raise Unavailable(mishap.value)
        if mishap is Mishap.CRASH_BEFORE:
            raise Crash(self._name)
        if mishap is Mishap.TWICE:
            await call()
        answer = await call()
        if mishap is Mishap.CRASH_AFTER:
            raise Crash(self._name)
        if mishap is Mishap.AFTER:
            raise Unavailable(mishap.value)
        return answer
