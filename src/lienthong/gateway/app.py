"""A gateway as HTTP applications: the desk API, and the operations face on its own port."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig

from lienthong.gateway.desk import Gateway
from lienthong.gateway.published import with_examples
from lienthong.gateway.routes import DESK, OPERATIONS
from lienthong.gateway.vxp.calls import House

Handlers = Mapping[Any, Callable[..., Any]]


def desk(
    gateway: Gateway,
    handlers: Handlers,
    openapi: OpenAPIConfig,
    extra: list[Any],
    middleware: Sequence[Any] = (),
    house: House | None = None,
) -> Litestar:
    """What agencies' software calls. `middleware` stands before the addresses; `house`: of the VXP face, if any."""
    return with_examples(_application(DESK, gateway, handlers, openapi, extra, middleware, house))


def operations(gateway: Gateway, handlers: Handlers, openapi: OpenAPIConfig, extra: list[Any]) -> Litestar:
    """Health and the log's checkpoint."""
    return _application(OPERATIONS, gateway, handlers, openapi, extra)


def _application(
    routes: list[Any],
    gateway: Gateway,
    handlers: Handlers,
    openapi: OpenAPIConfig,
    extra: list[Any],
    middleware: Sequence[Any] = (),
    house: House | None = None,
) -> Litestar:
    return Litestar(
        [*routes, *extra],
        state=State({"gateway": gateway, "house": house}),
        exception_handlers=dict(handlers),
        openapi_config=openapi,
        request_max_body_size=gateway.hop.limits.bytes,
        middleware=list(middleware),
    )
