"""Metrics for Prometheus: what waits, how long, under which registry. No content, no names of documents."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec
from litestar import get
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from lienthong.adapters.keys import load_certificates
from lienthong.adapters.retention_settings import MISSING
from lienthong.adapters.space import free_bytes
from lienthong.adapters.tracing import PROCESS
from lienthong.delivery import AXIS, Hop
from lienthong.delivery.ports import Log, View
from lienthong.delivery.retry import Breaker
from lienthong.errors import LienThongError
from lienthong.registry import Snapshot
from lienthong.signature.lasting.keeping import Standing as Proofs

OLDEST = "oldest_waiting"
FOUND = Counter("lienthong_reconciler_findings", "What the reconciler found", ["code", "mended"], registry=None)
TEXT = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # the framework adds it to every text


@dataclass(frozen=True, slots=True)
class Standing:
    """How a process stands at its store: whether it has a seat and the duty, and how many writes wait."""

    seated: bool
    on_duty: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class Watched:
    """What else a hop stands on: its log, the folder it fills, the certificates that run out (name → PEM).

    `seals`: those of its agencies, which come and go while it runs.
    """

    log: Log
    folder: Path
    certificates: Mapping[str, Path | None] = field(default_factory=dict)
    seals: Callable[[], Mapping[str, Path]] = dict
    stamped: bool = False  # whether an authority is set
    stand: Callable[[], Standing] | None = None
    proofs: Callable[[], Awaitable[Proofs]] | None = None  # where proofs are made to last


@dataclass(frozen=True, slots=True)
class _Found:
    """What the store says at one moment."""

    counts: dict[str, int]
    dead: Mapping[str, int]
    breaker: str


class Seated(Protocol):
    """A store that may have to wait for a seat."""

    @property
    def seated(self) -> bool: ...
    @property
    def on_duty(self) -> bool: ...
    @property
    def waiting(self) -> int: ...


def standing(store: Seated) -> Standing:
    """How this process stands at its store now."""
    return Standing(store.seated, store.on_duty, store.waiting)


def metrics(hop: Hop, watched: Watched) -> Any:  # a route handler; the library types it in part
    """The route `GET /metrics` of a hop's operations face."""

    @get("/metrics", media_type=TEXT, summary="Metrics in the text form of Prometheus")
    async def show() -> str:
        found = await hop.store.read(_found)
        now = hop.clock.now()
        registry = collected(found.counts, now)
        add_troubles(registry, found.dead, found.breaker, now)
        registry.register(FOUND)
        missing = await hop.store.read(lambda view: view.mark(MISSING))
        told = "Contents that rows name and nobody has, at the last look"
        Gauge("lienthong_objects_missing", told, registry=registry).set(int(missing or 0))
        add_registry(registry, hop.directory().snapshot, now)
        add_log(registry, await watched.log.unstamped_since() if watched.stamped else None, now)
        if watched.stand is not None:
            add_stand(registry, watched.stand())
        if watched.proofs is not None:
            add_proofs(registry, await watched.proofs(), now)
        await asyncio.to_thread(add_machine, registry, watched, now)
        return (generate_latest(registry) + generate_latest(PROCESS)).decode()

    return show


def _found(view: View) -> _Found:
    return _Found(dict(view.counts()), view.dead_letters(), view.mark(f"breaker:{AXIS}"))


def collected(counts: dict[str, int], now: datetime) -> CollectorRegistry:
    """Gauges of one moment: legs by lane and state, age of the oldest undelivered one in seconds."""
    registry = CollectorRegistry()
    oldest = counts.pop(OLDEST, None)
    legs = Gauge("lienthong_legs", "Legs by lane and transport state", ["lane", "state"], registry=registry)
    for name, number in counts.items():
        lane, _, state = name.partition("/")
        legs.labels(lane, state).set(number)
    age = Gauge("lienthong_oldest_waiting_seconds", "Age of the oldest undelivered leg", registry=registry)
    age.set(0 if oldest is None else max(0.0, now.timestamp() - oldest))
    return registry


def add_troubles(registry: CollectorRegistry, dead: Mapping[str, int], breaker: str, now: datetime) -> None:
    """Dead letters by cause; whether the way to the axis rests."""
    letters = Gauge("lienthong_dead_letters", "Dead letters by the code of their cause", ["code"], registry=registry)
    for code, number in dead.items():
        letters.labels(code).set(number)
    known = msgspec.json.decode(breaker, type=Breaker) if breaker else Breaker()
    open_ = Gauge("lienthong_breaker_open", "1 while the next hop is left alone after failures", registry=registry)
    open_.set(0 if known.closed(now) else 1)


def add_registry(registry: CollectorRegistry, snapshot: Snapshot, now: datetime) -> None:
    """Which registry is in force, how old it is, and how long it may still be relied on."""
    Gauge("lienthong_registry_version", "Registry version in force", registry=registry).set(snapshot.version)
    age = Gauge("lienthong_registry_age_seconds", "Age of the registry in force", registry=registry)
    age.set((now - snapshot.issued_at).total_seconds())
    left = Gauge("lienthong_registry_left_seconds", "Until the registry in force runs out", registry=registry)
    left.set((snapshot.expires_at - now).total_seconds())


def add_log(registry: CollectorRegistry, since: datetime | None, now: datetime) -> None:
    """How long the oldest checkpoint waits for its time stamp."""
    age = Gauge("lienthong_unstamped_seconds", "Age of the oldest checkpoint without a time stamp", registry=registry)
    age.set(0 if since is None else max(0.0, (now - since).total_seconds()))


def add_proofs(registry: CollectorRegistry, found: Proofs, now: datetime) -> None:
    """Documents by how far their proof is, the age of the oldest that is not secured, and when the first one ends."""
    states = Gauge("lienthong_proofs", "Documents by how far their proof is", ["state"], registry=registry)
    for name in ("waiting", "gathered", "unstamped", "secured", "failing"):
        states.labels(name).set(getattr(found, name))
    damaged = Gauge("lienthong_proof_damaged", "Objects of proofs that are damaged or gone", registry=registry)
    damaged.set(found.damaged)
    age = Gauge("lienthong_proof_unsecured_seconds", "Age of the oldest document not secured", registry=registry)
    age.set(0 if found.oldest is None else max(0.0, (now - found.oldest).total_seconds()))
    if found.ends is not None:
        left = Gauge("lienthong_proof_left_seconds", "Until the first proof ends unless renewed", registry=registry)
        left.set((found.ends - now).total_seconds())


def add_stand(registry: CollectorRegistry, stand: Standing) -> None:
    """Whether this process holds a seat, and the duty; how many writes wait for their batch."""
    Gauge("lienthong_seats", "Seats at the store this process holds", registry=registry).set(int(stand.seated))
    Gauge("lienthong_on_duty", "1 for the process that does background work", registry=registry).set(int(stand.on_duty))
    Gauge("lienthong_writes_waiting", "Writes that wait for their batch", registry=registry).set(stand.waiting)


def add_machine(registry: CollectorRegistry, watched: Watched, now: datetime) -> None:
    """Room on the disk, and how long certificates still hold."""
    free = Gauge("lienthong_disk_free_bytes", "Free bytes where the data lies", registry=registry)
    free.set(free_bytes(watched.folder))
    left = Gauge("lienthong_certificate_left_seconds", "Until a certificate runs out", ["name"], registry=registry)
    for name, path in {**watched.certificates, **watched.seals()}.items():
        if path is not None:
            left.labels(name).set(_left(path, now))


def _left(path: Path, now: datetime) -> float:
    """Seconds until the first of a chain ends; none for a file that cannot be read, which is as bad."""
    try:
        return (min(each.not_valid_after_utc for each in load_certificates(path)) - now).total_seconds()
    except LienThongError:
        return 0.0
