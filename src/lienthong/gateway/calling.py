"""Who calls at the desk, for every group of addresses."""

from typing import Any

from litestar import Request
from litestar.datastructures import State

from lienthong.errors import TokenInvalid
from lienthong.gateway.desk import Gateway

AnyRequest = Request[Any, Any, Any]


def gateway_of(state: State) -> Gateway:
    """What the faces stand on."""
    gateway: Gateway = state.gateway
    return gateway


def tenant_of(gateway: Gateway, authorization: str) -> str:
    """The tenant an access token speaks for. Raises TokenInvalid, and what `organisation` raises."""
    scheme, _, token = authorization.partition(" ")
    if scheme != "Bearer" or not token:
        raise TokenInvalid("Authorization: Bearer …")
    found = gateway.tenants.caller(token).tenant
    gateway.organisation(found)
    return found


def tenant(request: AnyRequest, state: State) -> str:
    """The tenant of a request. As `tenant_of`."""
    return tenant_of(gateway_of(state), request.headers.get("authorization", ""))
