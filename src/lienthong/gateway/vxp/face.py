"""The VXP face: calls are proved by their headers before a body is read; whatever is refused has the SDK's shape."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import msgspec
from litestar import Litestar, MediaType, Request, Response
from litestar.datastructures import State
from litestar.types import Scope

from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.routes import CALL, CALLS
from lienthong.gateway.vxp.shapes import refused
from lienthong.gateway.vxp.signing import claimed, opened

AnyRequest = Request[Any, Any, Any]
Handler = Callable[[AnyRequest, Any], Response[bytes]]


class Callers:
    """Which system calls. The guard asks."""

    def __init__(self, house: House) -> None:
        self._house = house

    def claimed(self, scope: Scope) -> str:
        """The system it says it is, unproved."""
        return claimed(scope["headers"])

    def caller(self, scope: Scope) -> str:
        """The system, proved; its call goes with the request. As `signing.opened`."""
        house = self._house
        call = opened(scope["headers"], house.roster, house.gateway.now(), house.window)
        cast("dict[str, Any]", scope)[CALL] = call
        return call.system.id


def application(house: House, problems: Mapping[Any, Handler], middleware: Sequence[Any]) -> Litestar:
    """The face. `problems` make problem documents of what is raised; their words are told in the SDK's shape."""
    return Litestar(
        CALLS,
        state=State({"house": house}),
        exception_handlers={kind: _in_shape(handler, house) for kind, handler in problems.items()},
        openapi_config=None,  # the national axis's interface, not ours to describe
        request_max_body_size=house.gateway.hop.limits.bytes,
        middleware=list(middleware),
    )


def _in_shape(handler: Handler, house: House) -> Handler:
    """HTTP 200, as every answer of the national axis; an address that is none stays what HTTP calls it."""

    def answer(request: AnyRequest, error: Any) -> Response[bytes]:
        problem = handler(request, error)
        told = msgspec.json.decode(problem.content)
        path, system = request.url.path, str(request.scope.get("lienthong.caller", ""))
        call = path if any(path in route.paths for route in CALLS) else "?"
        house.trail.note(house.gateway.now(), system, call, told["code"], told["detail"])
        status = problem.status_code if told["code"].startswith("http-") else 200
        kept = {name: value for name, value in problem.headers.items() if name.lower() in {"retry-after", "allow"}}
        return Response(refused(path, told), status_code=status, media_type=MediaType.JSON, headers=kept)

    return answer
