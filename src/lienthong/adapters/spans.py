"""Spans for an OpenTelemetry collector, where `[telemetry]` names one: what `following` tells, under the same trace.

The library is the extra `otel`; without a collector nothing of it is loaded.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lienthong.adapters.following import Done, Tell
from lienthong.delivery import Lane
from lienthong.errors import ConfigurationInvalid

if TYPE_CHECKING:  # an extra
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider

PATIENCE = 5.0
"""Seconds a collector may take; it is waited for in a thread of its own."""
SPANS = {
    ("handed-in", Lane.OUT): "hand-in",
    ("forwarded", Lane.OUT): "forward",
    ("accepted", Lane.THROUGH): "accept",
    ("pulled", Lane.IN): "pull",
    ("handed-over", Lane.IN): "hand-over",
}


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The collector that takes spans by OTLP over HTTP (`http://host:4318/v1/traces`); none when the URL is empty."""

    url: str = ""


@contextmanager
def collected(settings: Telemetry, service: str) -> Iterator[tuple[Tell, ...]]:
    """Who tells the collector, as long as the block lasts. ConfigurationInvalid without the extra `otel`."""
    if not settings.url:
        yield ()
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  # an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  # an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415  # an extra
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise ConfigurationInvalid("telemetry.url: pip install 'lienthong[otel]'") from error
    provider = TracerProvider(resource=Resource.create({"service.name": f"lienthong-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(settings.url, timeout=PATIENCE)))
    try:
        yield (spans(provider),)
    finally:
        provider.shutdown()


def spans(provider: "TracerProvider") -> Tell:
    """What is told becomes a span of the document's trace, as long as its writing took."""
    tracer = provider.get_tracer("lienthong")

    def tell(done: Done) -> None:
        if (name := SPANS.get((done.done, done.lane))) is None:
            return
        end = time.time_ns()
        said: dict[str, str | int] = {"lienthong.package": done.package, "lienthong.addressees": done.addressees}
        begun = end - int(done.seconds * 1e9)
        tracer.start_span(name, context=_parent(done.trace), attributes=said, start_time=begun).end(end)

    return tell


def _parent(trace: str) -> "Context | None":
    """The trace as it came from outside; its root has the id of the trace's first half."""
    from opentelemetry.trace import (  # noqa: PLC0415  # an extra
        NonRecordingSpan,
        SpanContext,
        TraceFlags,
        set_span_in_context,
    )

    if not trace:
        return None
    root = SpanContext(int(trace, 16), int(trace[:16], 16) or 1, is_remote=True, trace_flags=TraceFlags(1))
    return set_span_in_context(NonRecordingSpan(root))
