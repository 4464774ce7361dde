"""Spans of a document over all hops, in the library's own memory."""

from dataclasses import replace

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from lienthong.adapters.following import Done, FollowingStore
from lienthong.adapters.spans import Telemetry, collected, spans
from lienthong.delivery import Lane, hand_in
from lienthong.testing.world import World, handing

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_a_delivery_is_five_spans_of_one_trace() -> None:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tell = spans(provider)
    country = World(around=lambda name, port: FollowingStore(port, tell) if name.endswith(".store") else port)
    handed = replace(handing("H29", country.edoc("H29", ["G09"], subject="V/v kín"), "traced"), trace=TRACE)
    sent = await hand_in(country.home("H29"), country.signer("H29"), handed)
    await country.run()
    await country.hand_over("G09")
    await country.run()
    found = kept.get_finished_spans()
    assert sorted(span.name for span in found) == ["accept", "forward", "hand-in", "hand-over", "pull"]
    assert {f"{span.context.trace_id:032x}" for span in found if span.context} == {TRACE}
    assert {str((span.attributes or {})["lienthong.package"]) for span in found} == {sent.id}
    assert all((span.start_time or 0) <= (span.end_time or 0) for span in found)
    assert "kín" not in repr([span.to_json() for span in found])


def test_what_has_no_trace_begins_one() -> None:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    spans(provider)(Done("pulled", "p", Lane.IN))
    assert [span.parent for span in kept.get_finished_spans()] == [None]


def test_without_a_collector_there_is_nobody_to_tell() -> None:
    with collected(Telemetry(), "axis") as told:
        assert told == ()


def test_a_collector_is_told_by_one() -> None:
    with collected(Telemetry("http://127.0.0.1:1/v1/traces"), "axis") as told:
        assert len(told) == 1
