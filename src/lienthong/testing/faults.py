"""Faults at ports: a call that fails before or after it was done, is done twice, or done late; and a process that dies.

A wrapper asks its plan before each call. What it may not do to a port is the plan's business.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from enum import Enum
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from lienthong.errors import LienThongError, Unavailable

T = TypeVar("T")


class Fault(Enum):
    """What befalls one call."""

    NONE = "none"
    BEFORE = "fails before it is done"
    AFTER = "done, but the answer is lost"
    TWICE = "done twice, the second answer counts"
    LATE = "given up by the caller, done later"
    CRASH_BEFORE = "the caller dies before it is done"
    CRASH_AFTER = "the caller dies after it is done"
    REFUSED = "refused for good"


class Crash(BaseException):
    """The process is gone: nothing catches this but whoever starts it anew."""


class Plan(Protocol):
    """Decides, call by call."""

    def fault(self, port: str, call: str) -> Fault:
        """What befalls this call."""
        ...

    def later(self, call: Callable[[], Awaitable[object]]) -> None:
        """Keep a call that is to be done late."""
        ...


class Script:
    """A plan that is written down: the n-th call of a port's function meets the n-th fault; then all is well."""

    def __init__(self, **faults: Iterable[Fault]) -> None:
        self._faults = {name: deque(found) for name, found in faults.items()}
        self.late: list[Callable[[], Awaitable[object]]] = []
        self.met: list[tuple[str, str, Fault]] = []

    def fault(self, port: str, call: str) -> Fault:
        """The next one written down for this function."""
        waiting = self._faults.get(call)
        found = waiting.popleft() if waiting else Fault.NONE
        if found is not Fault.NONE:
            self.met.append((port, call, found))
        return found

    def later(self, call: Callable[[], Awaitable[object]]) -> None:
        """Keep it for `catch_up`."""
        self.late.append(call)

    async def catch_up(self) -> None:
        """Do what was kept, in order; whoever called is no longer there to hear of a refusal."""
        waiting, self.late = self.late, []
        for call in waiting:
            try:
                await call()
            except LienThongError:
                continue


def faulty(port: str, target: T, plan: Plan, refusal: LienThongError | None = None) -> T:
    """The same port, with faults. `refusal` is what REFUSED raises."""
    return cast("T", _Faulty(port, target, plan, refusal))


class _Faulty:
    def __init__(self, port: str, target: object, plan: Plan, refusal: LienThongError | None) -> None:
        self._port, self._target, self._plan, self._refusal = port, target, plan, refusal

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._target, name)

        @wraps(real)
        async def call(*args: Any) -> Any:
            return await self._meet(self._plan.fault(self._port, name), lambda: real(*args))

        return call

    async def _meet(self, fault: Fault, call: Callable[[], Awaitable[object]]) -> object:
        if fault is Fault.CRASH_BEFORE:
            raise Crash(self._port)
        if fault is Fault.REFUSED and self._refusal is not None:
            raise self._refusal
        if fault in {Fault.BEFORE, Fault.LATE}:
            if fault is Fault.LATE:
                self._plan.later(call)
            raise Unavailable(fault.value)
        if fault is Fault.TWICE:
            await call()
        answer = await call()
        if fault is Fault.CRASH_AFTER:
            raise Crash(self._port)
        if fault is Fault.AFTER:
            raise Unavailable(fault.value)
        return answer
