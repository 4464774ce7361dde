"""Who the caller is, and who is who."""

from litestar import get
from litestar.datastructures import State

from lienthong.gateway import desk, views
from lienthong.gateway.calling import gateway_of
from lienthong.gateway.calling import tenant as tenant_of
from lienthong.gateway.capabilities import Capability
from lienthong.gateway.routes.asking import AnyRequest, Codes, Limit, Words
from lienthong.openapi import READING, TOKEN


@get("/v1/me", summary="Whom the token speaks for", responses=READING, security=TOKEN)
async def me(request: AnyRequest, state: State) -> views.Me:
    """The agency and its gateway."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    return views.Me(tenant, gateway.organisation(tenant).name, gateway.hop.name)


@get(
    "/v1/organisations",
    summary="The directory, searched by code or name, accents optional",
    responses=READING,
    security=TOKEN,
)
async def organisations(
    request: AnyRequest, state: State, text: Words = "", limit: Limit = 20
) -> tuple[views.Org, ...]:
    """Closed codes are listed with their successor."""
    tenant_of(request, state)
    return await desk.organisations(gateway_of(state), text, limit)


@get(
    "/v1/capabilities",
    summary="Before sending: who would get it, through which gateway, and what is accepted",
    responses=READING,
    security=TOKEN,
)
async def capabilities(request: AnyRequest, state: State, code: Codes) -> tuple[Capability, ...]:
    """One answer for each code, in order; an unknown or closed code is an answer too, with its successors."""
    tenant_of(request, state)
    return desk.capabilities(gateway_of(state), code)


DIRECTORY = [me, organisations, capabilities]
