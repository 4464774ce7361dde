"""Who the caller is, and who is who."""

from urllib.parse import urlencode

from litestar import Response, get
from litestar.datastructures import State

from lienthong.gateway import desk, views
from lienthong.gateway.allowance import allowance
from lienthong.gateway.calling import gateway_of
from lienthong.gateway.calling import tenant as tenant_of
from lienthong.gateway.capabilities import Capability
from lienthong.gateway.routes.asking import AnyRequest, Codes, Cursor, Limit, Words
from lienthong.openapi import READING, TOKEN


@get("/v1/me", summary="Whom the token speaks for", responses=READING, security=TOKEN)
async def me(request: AnyRequest, state: State) -> views.Me:
    """The agency and its gateway, and what it may use of it today."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    name = gateway.organisation(tenant).name
    return views.Me(tenant, name, gateway.hop.name, allowance=await allowance(gateway, tenant))


@get(
    "/v1/organisations",
    summary="The directory, searched by code or name, accents optional",
    responses=READING,
    security=TOKEN,
)
async def organisations(
    request: AnyRequest, state: State, text: Words = "", limit: Limit = 20, after: Cursor = ""
) -> Response[tuple[views.Org, ...]]:
    """Closed codes are listed with their successor. The header `Link` leads to the next page, while there is one."""
    tenant_of(request, state)
    found, more = await desk.organisations(gateway_of(state), text, limit, after)
    query = urlencode({"text": text, "limit": limit, "after": more})
    return Response(found, headers={"Link": f'<{request.url.path}?{query}>; rel="next"'} if more else {})


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
