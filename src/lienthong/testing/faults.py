"""Make any port fail on purpose: before the work, after it, twice, late; by a script or by dice of a known seed.

    store = Faulty(store, Script(write=[None, Fault.AFTER]))  # the second is done, its caller hears an error
    wire = Faulty(wire, Dice(seed=7, rates={Fault.BEFORE: 0.1, Fault.TWICE: 0.05}), clock=clock)

Only coroutine methods are touched; everything else of the wrapped object shows through.
"""

import asyncio
import inspect
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Protocol, TypeVar, cast

from lienthong.delivery.ports import Clock
from lienthong.errors import Unavailable

T = TypeVar("T")


class Fault(Enum):
    """What can go wrong with one call."""

    BEFORE = "before"  # nothing was done; the caller hears an error
    AFTER = "after"  # it was done; the caller hears an error all the same
    TWICE = "twice"  # it is done twice, as when a request is repeated on the way; the second answer is heard
    LATE = "late"  # it is done at once; the answer comes later


class Plan(Protocol):
    """Decides the fate of each call."""

    def next(self, method: str) -> Fault | None:
        """The fault of the next call of that method, or None."""
        ...


class Script:
    """Faults by method, in the order of its calls; when the list is over, all goes well."""

    def __init__(self, **faults: Sequence[Fault | None]) -> None:
        self._left = {method: list(planned) for method, planned in faults.items()}

    def next(self, method: str) -> Fault | None:
        planned = self._left.get(method)
        return planned.pop(0) if planned else None

    @property
    def over(self) -> bool:
        """Whether every planned call was made."""
        return not any(self._left.values())


class Dice:
    """Faults by chance, the same for the same seed; on some methods, or on all."""

    def __init__(self, seed: int, rates: Mapping[Fault, float], methods: Sequence[str] = ()) -> None:
        self._random = random.Random(seed)
        self._rates, self._methods = dict(rates), frozenset(methods)

    def next(self, method: str) -> Fault | None:
        if self._methods and method not in self._methods:
            return None
        thrown = self._random.random()
        for fault, rate in self._rates.items():
            thrown -= rate
            if thrown < 0:
                return fault
        return None


class Faulty:
    """An object whose coroutine methods fail by plan. `calls` lists the calls made, with their faults.

    `error` makes what callers hear; a late answer comes after `delay` seconds of `clock`, or, without a clock, after
    every task that was ready has run.
    """

    def __init__(
        self,
        inner: Any,
        plan: Plan,
        *,
        error: Callable[[], Exception] = Unavailable,
        clock: Clock | None = None,
        delay: float = 60.0,
    ) -> None:
        self._inner, self._plan, self._error = inner, plan, error
        self._clock, self._delay = clock, delay
        self.calls: list[tuple[str, Fault | None]] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not inspect.iscoroutinefunction(found):
            return found

        async def call(*args: Any, **named: Any) -> Any:
            fault = self._plan.next(name)
            self.calls.append((name, fault))
            return await self._suffer(fault, lambda: found(*args, **named))

        return call

    async def _suffer(self, fault: Fault | None, call: Callable[[], Awaitable[Any]]) -> Any:
        if fault is Fault.BEFORE:
            raise self._error()
        result = await call()
        if fault is Fault.AFTER:
            raise self._error()
        if fault is Fault.TWICE:
            return await call()
        if fault is Fault.LATE:
            await self._wait()
        return result

    async def _wait(self) -> None:
        if self._clock is not None:
            await self._clock.sleep(self._delay)
        else:
            await asyncio.sleep(0)


class Poison:
    """A store over which one package explodes: these methods of its transactions raise what nobody foresees."""

    def __init__(self, store: Any, *methods: str) -> None:
        self._store, self._methods = store, frozenset(methods)
        self.package = ""  # whose; nobody's as long as it is empty

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[[Any], Any]) -> Any:
        """As the store's, over a poisoned transaction."""
        return await self._store.write(lambda tx: work(_Poisoned(tx, self._methods, self.package)))


class _Poisoned:
    def __init__(self, tx: Any, methods: frozenset[str], package: str) -> None:
        self._tx, self._methods, self._package = tx, methods, package

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._tx, name)
        if name not in self._methods or not self._package:
            return found

        def call(about: Any, *args: Any) -> Any:
            if self._package in {about, getattr(about, "package", None)}:
                raise RuntimeError(name)
            return found(about, *args)

        return call


def faulty(inner: T, plan: Plan, **settings: Any) -> T:
    """A `Faulty` under the type of what it wraps."""
    return cast("T", Faulty(inner, plan, **settings))
