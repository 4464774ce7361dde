"""A collector of OpenTelemetry takes what we send it, by OTLP over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from lienthong.adapters.following import Done
from lienthong.adapters.spans import Telemetry, collected
from lienthong.delivery import Lane

pytestmark = pytest.mark.integration
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the bodies it was sent."""
    came: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/traces", came
        finally:
            server.shutdown()
            thread.join()


def test_what_was_done_reaches_a_collector_under_the_documents_trace() -> None:
    with collector() as (url, came), collected(Telemetry(url), "axis") as (tell,):
        tell(Done("accepted", "p1", Lane.THROUGH, trace=TRACE, seconds=0.5))
        tell(Done("expired", "p1", Lane.THROUGH, trace=TRACE))  # no step of its way
    [sent] = [each for body in came for each in ExportTraceServiceRequest.FromString(body).resource_spans]
    assert [(each.key, each.value.string_value) for each in sent.resource.attributes if each.key == "service.name"] == [
        ("service.name", "lienthong-axis")
    ]
    [span] = sent.scope_spans[0].spans
    assert (span.name, span.trace_id.hex()) == ("accept", TRACE)
    assert span.end_time_unix_nano - span.start_time_unix_nano == 500_000_000
    assert {each.key: each.value.string_value for each in span.attributes}["lienthong.package"] == "p1"
