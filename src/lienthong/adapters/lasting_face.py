"""The operators' look at lasting proofs: how they stand, and what will stop being provable."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get

from lienthong.adapters.operators import Operators
from lienthong.openapi import READING, TOKEN
from lienthong.signature.lasting.foresight import Foresight

AnyRequest = Request[Any, Any, Any]


def lasting_routes(operators: Operators, look: Callable[[], Awaitable[Foresight]]) -> list[Any]:
    """The route `GET /v1/lasting`."""

    @get(
        "/v1/lasting",
        summary="How lasting proofs stand, and what will stop being provable when",
        responses=READING,
        security=TOKEN,
    )
    async def lasting(request: AnyRequest) -> Foresight:
        operators.caller(request.headers.get("authorization", ""), acts=False)
        return await look()

    return [lasting]
