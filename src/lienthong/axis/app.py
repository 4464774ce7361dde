"""The axis as HTTP applications: the wire for gateways, and the operations face on its own port."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig

from lienthong.axis.routes import OPERATIONS, WIRE, Axis

Handlers = Mapping[Any, Callable[..., Any]]


def wire(
    axis: Axis, handlers: Handlers, openapi: OpenAPIConfig, extra: list[Any], middleware: Sequence[Any] = ()
) -> Litestar:
    """What gateways call; bodies up to the package limit. `middleware` stands before the addresses."""
    return Litestar(
        [*WIRE, *extra],
        state=State({"axis": axis}),
        exception_handlers=dict(handlers),
        openapi_config=openapi,
        request_max_body_size=axis.hop.limits.bytes,
        middleware=list(middleware),
    )


def operations(axis: Axis, handlers: Handlers, openapi: OpenAPIConfig, extra: list[Any]) -> Litestar:
    """Health, the public log, metrics, and the pages that describe both faces."""
    return Litestar(
        [*OPERATIONS, *extra],
        state=State({"axis": axis}),
        exception_handlers=dict(handlers),
        openapi_config=openapi,
    )
