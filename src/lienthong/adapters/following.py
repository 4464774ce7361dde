"""Follow documents: what a hop did with them is told once it is durable, under the trace they were handed in with.

    write(work) ─► durable ─► steps noted on the way ─► counted, one log line each, spans for a collector if one is set

The trace id lies in the seal, which every hop holds. Told are ids, codes and numbers, no words of a document.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import prometheus_client
import structlog

from lienthong.adapters.tracing import PROCESS, trace_id
from lienthong.delivery import Lane, Package, Step
from lienthong.delivery.ports import Store, Transaction, View
from lienthong.errors import LienThongError
from lienthong.evidence import Event, EventKind, Receipt
from lienthong.seal import trace_of

T = TypeVar("T")
log = structlog.get_logger()
REMEMBERED = 8192
"""Packages whose trace a process knows by heart."""
DONE = prometheus_client.Counter(
    "lienthong_done_total", "What was done with legs, by lane", ["lane", "done"], registry=PROCESS
)

_OWN: Mapping[tuple[str, Lane], str] = {
    (EventKind.SUBMISSION_ACCEPTED, Lane.OUT): "handed-in",
    (EventKind.SUBMISSION_ACCEPTED, Lane.THROUGH): "accepted",
    (EventKind.RELAYED, Lane.THROUGH): "delivered",
    (EventKind.CONSIGNED, Lane.IN): "pulled",
    (EventKind.HANDED_OVER, Lane.IN): "handed-over",
    (EventKind.RELAY_REJECTED, Lane.OUT): "refused",
}
_TOLD: Mapping[tuple[str, Lane], str] = {
    (EventKind.SUBMISSION_ACCEPTED, Lane.OUT): "forwarded",
    (EventKind.RELAYED, Lane.OUT): "delivered",
    (EventKind.RELAYED, Lane.IN): "delivered",
    (EventKind.HANDED_OVER, Lane.OUT): "handed-over",
    (EventKind.HANDED_OVER, Lane.THROUGH): "handed-over",
    (EventKind.REFUSED, Lane.OUT): "refused",
    (EventKind.EXPIRED, Lane.OUT): "expired",
    (EventKind.EXPIRED, Lane.IN): "expired",
    (EventKind.CANCELLED, Lane.OUT): "cancelled",
    (EventKind.CANCELLED, Lane.IN): "cancelled",
}
_ALIKE = frozenset({EventKind.REFUSED, EventKind.EXPIRED, EventKind.CANCELLED, EventKind.REDIRECTED})


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with a package, for so many of its addressees; seconds that writing it took."""

    done: str
    package: str
    lane: Lane
    code: str = ""
    addressees: int = 1
    trace: str = ""
    seconds: float = 0.0


Tell = Callable[[Done], None]
What = tuple[str, str, Lane, str]
"""What was done, with which package, in which lane, with which code."""


def done_of(step: Step) -> str:
    """What a step tells was done, or empty: of ours by our own leaf, of others by their word."""
    if step.index is None:
        return _TOLD.get((step.kind, step.lane), "")
    return _OWN.get((step.kind, step.lane), step.kind if step.kind in _ALIKE else "")


class FollowingStore:
    """A store that tells what was done, after each durable write. What fails in telling harms nothing."""

    def __init__(self, store: Store, *tell: Tell) -> None:
        self._store, self._tell = store, (counted, logged, *tell)
        self._traces: OrderedDict[str, str] = OrderedDict()

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """As the store's."""
        noted = _Noted()

        def run(tx: Transaction) -> T:
            noted.forget()  # a batch may be run again
            return work(cast("Transaction", _Noting(tx, noted)))

        started = time.monotonic()
        result = await self._store.write(run)
        if noted.done:
            await self._tell_all(noted, time.monotonic() - started)
        return result

    async def read(self, work: Callable[[View], T]) -> T:
        """As the store's."""
        return await self._store.read(work)

    async def receipt(self, index: int) -> Receipt:
        """As the store's."""
        return await self._store.receipt(index)

    async def _tell_all(self, noted: "_Noted", seconds: float) -> None:
        for package in noted.packages:
            self._remember(package)
        try:
            await self._learn({of for _, of, _, _ in noted.done if of not in self._traces})
            for (what, of, lane, code), addressees in noted.done.items():
                told = Done(what, of, lane, code, addressees, self._traces.get(of) or trace_id(), seconds)
                for tell in self._tell:
                    tell(told)
        except Exception as error:  # noqa: BLE001  it is durable: nobody may hear it failed because a word on it did
            log.warning("following", error=type(error).__name__)

    async def _learn(self, packages: Iterable[str]) -> None:
        """Traces of packages this process did not see come."""
        wanted = [package for package in packages if package]
        if not wanted:
            return
        try:
            found = await self._store.read(lambda view: [view.package(each) for each in wanted])
        except LienThongError:
            return
        for package in found:
            if package is not None:
                self._remember(package)

    def _remember(self, package: Package) -> None:
        self._traces[package.id] = trace_of(package.seal)
        while len(self._traces) > REMEMBERED:
            self._traces.popitem(last=False)


def counted(done: Done) -> None:
    """Count it."""
    DONE.labels(done.lane, done.done).inc(done.addressees)


def logged(done: Done) -> None:
    """One line."""
    told: dict[str, Any] = {"package": done.package, "lane": done.lane.value, "addressees": done.addressees}
    more = {"code": done.code, "trace": done.trace}
    log.info(done.done, **told, **{name: value for name, value in more.items() if value})


class _Noted:
    """What one work did, as far as it is told; counted by addressees, for a circular has thousands."""

    def __init__(self) -> None:
        self.packages: list[Package] = []
        self.done: Counter[What] = Counter()

    def forget(self) -> None:
        self.packages.clear()
        self.done.clear()


class _Noting:
    """A transaction that notes what was done."""

    def __init__(self, tx: Transaction, noted: _Noted) -> None:
        self._tx, self._noted = tx, noted

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def add_package(self, package: Package, small: Mapping[str, bytes]) -> None:
        self._noted.packages.append(package)
        self._tx.add_package(package, small)

    def add_step(self, step: Step) -> None:
        if what := done_of(step):
            self._noted.done[what, step.package, step.lane, step.code] += 1
        self._tx.add_step(step)

    def record(self, event: Event) -> int:
        if event.kind is EventKind.SUBMISSION_REJECTED:
            self._noted.done["refused", event.package or "", Lane.THROUGH, event.code or ""] += 1
        return self._tx.record(event)
