"""Operators' addresses for the tenants of a shared gateway: what each may use and used today, its administrators."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from lienthong.delivery import Order
from lienthong.delivery.acts import ordered
from lienthong.document import OrganisationCode
from lienthong.errors import SenderNotRepresented
from lienthong.gateway.allowance import allowance, in_words, live_tokens, subject
from lienthong.gateway.desk import Gateway
from lienthong.gateway.ports import Bounds, Scope
from lienthong.gateway.views import Allowance, name_of
from lienthong.openapi import READING, TOKEN, WRITING

AnyRequest = Request[Any, Any, Any]
Looks = Callable[[AnyRequest], object]
"""Refuses whoever is no operator. TokenInvalid."""
Orders = Callable[[AnyRequest, str], Order]
"""The operator's order with its reason. TokenInvalid, NotAllowed, InvalidValue."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """One agency this gateway speaks for. `administrators`: how many of its live `tokens` administer it."""

    code: str
    name: str
    host: Bounds
    own: Bounds
    allowance: Allowance
    tokens: int
    administrators: int


@dataclass(frozen=True, slots=True)
class HostBounds:
    """The host's bounds of an agency, all of them at once, and why."""

    reason: str
    bounds: Bounds


def operations(gateway: Gateway, looks: Looks, orders: Orders) -> list[Any]:
    """The routes."""

    @get("/v1/tenants", summary="Agencies here, their bounds and use", responses=READING, security=TOKEN)
    async def tenants(request: AnyRequest) -> tuple[Tenant, ...]:
        looks(request)
        found = gateway.directory().represented_by(gateway.hop.name, gateway.now())
        return tuple([await _tenant(gateway, code) for code in sorted(str(each.code) for each in found)])

    @post(
        "/v1/tenants/{tenant:str}/bounds",
        status_code=200,
        summary="Set what an agency may use",
        responses=WRITING,
        security=TOKEN,
    )
    async def bound(request: AnyRequest, tenant: FromPath[str], data: JSONBody[HostBounds]) -> Tenant:
        order, code = orders(request, f"{data.reason} ({in_words(data.bounds)})" if data.reason.strip() else ""), tenant
        if not gateway.directory().represents(gateway.hop.name, OrganisationCode.parse(code), gateway.now()):
            raise SenderNotRepresented(f"{gateway.hop.name}: {code}")
        await asyncio.to_thread(gateway.tenants.allot, code, host=data.bounds)
        await gateway.hop.store.write(lambda tx: ordered(tx, gateway.hop, order, "bounds", subject(code)))
        return await _tenant(gateway, code)

    return [tenants, bound]


async def _tenant(gateway: Gateway, code: str) -> Tenant:
    found, live = gateway.tenants.allotted(code), await live_tokens(gateway, code)
    administrators = sum(Scope.ADMIN in each.scopes for each in live)
    name, told = name_of(gateway.directory(), code), await allowance(gateway, code)
    return Tenant(code, name, found.host, found.own, told, len(live), administrators)
