"""One id over every hop a document passes (W3C Trace Context), in log lines, problem documents and answers.

It is taken in with the request that hands a document in and travels in the document's seal (`adapters.following`).
"""

import re
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram

Scope = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]
PARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
PROCESS = CollectorRegistry()
"""What this process counted since it started."""
REQUESTS = Histogram("lienthong_request_seconds", "Requests by address", ["step", "status"], registry=PROCESS)
REFUSALS = Counter("lienthong_refusals_total", "Refusals by code", ["code"], registry=PROCESS)
_STEP = re.compile(r"/(v1|health|log)/([a-z]{1,16})(?=/|$)|/[a-zA-Z]{5,24}$")
_current: ContextVar[str] = ContextVar("trace", default="")


def trace_id() -> str:
    """The id of what is being done, or empty."""
    return _current.get()


def traceparent() -> str:
    """The header for a call to the next hop: the same trace, a span of its own."""
    return f"00-{_current.get() or token_hex(16)}-{token_hex(8)}-01"


@contextmanager
def continuing(trace: str) -> Iterator[None]:
    """What is done inside belongs to that trace; to the one under way if it is empty."""
    if not trace:
        yield
        return
    token = _current.set(trace)
    try:
        with structlog.contextvars.bound_contextvars(trace=trace):
            yield
    finally:
        _current.reset(token)


def traced(app: App) -> App:
    """The application with a trace around every request: the caller's, or a new one."""

    async def around(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        given = PARENT.fullmatch(dict(scope["headers"]).get(b"traceparent", b""))
        trace = given[1].decode() if given else token_hex(16)
        started, status = time.monotonic(), "500"

        async def answer(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                message["headers"] = [*message.get("headers", ()), (b"trace-id", trace.encode())]
            await send(message)

        token = _current.set(trace)
        try:
            with structlog.contextvars.bound_contextvars(trace=trace):
                await app(scope, receive, answer)
        finally:
            _current.reset(token)
            REQUESTS.labels(_step(scope["path"], status), status).observe(time.monotonic() - started)

    return around


def _step(path: str, status: str) -> str:
    """The address without what stands for one document; strangers' addresses count as one."""
    found = None if status == "404" else _STEP.match(path)
    return found[0] if found else "other"
