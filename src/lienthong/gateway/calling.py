"""Who calls at the desk, for every group of addresses: whose token it is, in force, with the scopes of the address."""

from collections.abc import Iterable
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.types import Scope as Connection

from lienthong.errors import NotAllowed, TokenInvalid
from lienthong.gateway.desk import Gateway
from lienthong.gateway.ports import Caller

AnyRequest = Request[Any, Any, Any]


def gateway_of(state: State) -> Gateway:
    """What the faces stand on."""
    gateway: Gateway = state.gateway
    return gateway


def caller_of(gateway: Gateway, authorization: str, scopes: Iterable[str] = ()) -> Caller:
    """Whose access token it is.

    Raises TokenInvalid (unknown, revoked, expired), NotAllowed (a scope is missing), and what `organisation` raises.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme != "Bearer" or not token:
        raise TokenInvalid("Authorization: Bearer …")
    caller = gateway.tenants.caller(token)
    if ended := caller.ended(gateway.now()):
        raise TokenInvalid(ended)
    if missing := " ".join(sorted(set(scopes) - caller.scopes)):
        raise NotAllowed(f"mã truy cập này thiếu quyền / this token lacks the scope {missing}", scope=missing)
    gateway.organisation(caller.tenant)
    return caller


def tenant_of(gateway: Gateway, authorization: str, scopes: Iterable[str] = ()) -> str:
    """The tenant an access token speaks for. As `caller_of`."""
    return caller_of(gateway, authorization, scopes).tenant


def caller(request: AnyRequest, state: State) -> Caller:
    """Whose token a request has. As `caller_of`."""
    return caller_of(gateway_of(state), request.headers.get("authorization", ""), _asked(request.route_handler))


def tenant(request: AnyRequest, state: State) -> str:
    """The tenant of a request. As `tenant_of`."""
    return tenant_of(gateway_of(state), request.headers.get("authorization", ""), _asked(request.route_handler))


class Callers:
    """Which agency calls the desk, judged by the header alone."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def claimed(self, scope: Connection) -> str:
        """Looking the token up is cheap, so what is claimed is proved at once."""
        return self.caller(scope)

    def caller(self, scope: Connection) -> str:
        """The tenant. As `tenant_of`."""
        found = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return tenant_of(self._gateway, found.decode("latin-1"), _asked(scope.get("route_handler")))


def _asked(handler: Any) -> Iterable[str]:
    """The scopes an address asks for: those it publishes (OpenAPI 3.1, Security Requirement Object)."""
    return (name for each in getattr(handler, "security", None) or () for names in each.values() for name in names)
