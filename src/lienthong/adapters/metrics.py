"""Metrics for Prometheus: what waits, how long, under which registry. No content, no names of documents."""

from datetime import datetime
from typing import Any

from litestar import get
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from lienthong.delivery import Hop

OLDEST = "oldest_waiting"
FOUND = Counter("lienthong_reconciler_findings", "What the reconciler found", ["code", "mended"], registry=None)
TEXT = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # the framework adds it to every text


def metrics(hop: Hop) -> Any:  # a route handler; the library types it in part
    """The route `GET /metrics` of a hop's operations face."""

    @get("/metrics", media_type=TEXT, summary="Metrics in the text form of Prometheus")
    async def show() -> str:
        counts, dead = await hop.store.read(lambda view: (dict(view.counts()), dict(view.dead_letters())))
        registry = collected(counts, hop.directory().snapshot.version, hop.clock.now())
        registry.register(FOUND)
        letters = Gauge("lienthong_dead_letters", "What cannot go on by itself, by cause", ["code"], registry=registry)
        for code, number in dead.items():
            letters.labels(code).set(number)
        return generate_latest(registry).decode()

    return show


def collected(counts: dict[str, int], version: int, now: datetime) -> CollectorRegistry:
    """Gauges of one moment: legs by lane and state, age of the oldest undelivered one in seconds, registry version."""
    registry = CollectorRegistry()
    oldest = counts.pop(OLDEST, None)
    legs = Gauge("lienthong_legs", "Legs by lane and transport state", ["lane", "state"], registry=registry)
    for name, number in counts.items():
        lane, _, state = name.partition("/")
        legs.labels(lane, state).set(number)
    age = Gauge("lienthong_oldest_waiting_seconds", "Age of the oldest undelivered leg", registry=registry)
    age.set(0 if oldest is None else max(0.0, now.timestamp() - oldest))
    Gauge("lienthong_registry_version", "Registry version in force", registry=registry).set(version)
    return registry
