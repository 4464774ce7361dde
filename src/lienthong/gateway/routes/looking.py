"""Looking: lists and search, one document, its files and receipts."""

from urllib.parse import quote

from litestar import MediaType, Response, get
from litestar.datastructures import State
from litestar.openapi import ResponseSpec
from litestar.response import Stream

from lienthong.delivery import Content, Lane, Search
from lienthong.gateway import desk, views
from lienthong.gateway.calling import gateway_of
from lienthong.gateway.calling import tenant as tenant_of
from lienthong.gateway.routes.asking import READ, AnyRequest, Cursor, Limit, Words
from lienthong.openapi import RANGING, READING
from lienthong.ranges import served
from lienthong.signature.form import Finding


async def _document(request: AnyRequest, state: State, package_id: str) -> views.Document:
    return await desk.document(gateway_of(state), tenant_of(request, state), package_id)


@get("/v1/outgoing", summary="Documents sent, newest first", responses=READING, security=READ)
async def outgoing(
    request: AnyRequest,
    state: State,
    text: Words = "",
    after: Cursor = "",
    limit: Limit = 50,
    content: Content = Content.EDOC,
) -> views.Page:
    """With every recipient's journey and status."""
    search = Search(Lane.OUT, content=content, text=text, after=after, limit=limit)
    return await desk.listing(gateway_of(state), tenant_of(request, state), search)


@get("/v1/incoming", summary="Documents received, newest first", responses=READING, security=READ)
async def incoming(
    request: AnyRequest,
    state: State,
    text: Words = "",
    after: Cursor = "",
    limit: Limit = 50,
    content: Content = Content.EDOC,
) -> views.Page:
    """Waiting and handed over alike."""
    search = Search(Lane.IN, content=content, text=text, after=after, limit=limit)
    return await desk.listing(gateway_of(state), tenant_of(request, state), search)


@get("/v1/search", summary="Find a document by any id, number, notation or words", responses=READING, security=READ)
async def search(request: AnyRequest, state: State, text: Words, after: Cursor = "", limit: Limit = 50) -> views.Page:
    """Sent and received together."""
    return await desk.listing(gateway_of(state), tenant_of(request, state), Search(text=text, after=after, limit=limit))


@get(
    "/v1/documents/{package_id:str}",
    summary="One document: data, journey, statuses, signatures",
    responses=READING,
    security=READ,
)
async def document(request: AnyRequest, state: State, package_id: str) -> views.Document:
    """Only for its sender and its recipients."""
    return await _document(request, state, package_id)


@get(
    "/v1/documents/{package_id:str}/files/{name:str}",
    media_type="*/*",
    summary="A file of a document, by ranges",
    responses=RANGING | {206: ResponseSpec(bytes, description="Một khoảng · a range", media_type="*/*")},
    security=READ,
)
async def file(request: AnyRequest, state: State, package_id: str, name: str) -> Stream:
    """The bytes as they came, streamed; one `Range` is served, so that a broken download goes on."""
    gateway = gateway_of(state)
    source = await desk.part(gateway, tenant_of(request, state), package_id, name)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return await served(request, gateway.hop.objects, source, headers)


@get(
    "/v1/documents/{package_id:str}/evidence",
    summary="All receipts in one bundle, to be verified offline",
    responses=READING,
    security=READ,
)
async def evidence(request: AnyRequest, state: State, package_id: str) -> Response[bytes]:
    """What `lienthong verify` opens."""
    bundle = await desk.evidence(gateway_of(state), tenant_of(request, state), package_id)
    return Response(bundle.to_json().encode(), media_type=MediaType.JSON)


@get(
    "/v1/documents/{package_id:str}/evidence/{step:str}",
    summary="The receipt of one step",
    responses=READING,
    security=READ,
)
async def one_receipt(request: AnyRequest, state: State, package_id: str, step: str) -> Response[bytes]:
    """One receipt as JSON."""
    receipt = await desk.receipt(gateway_of(state), tenant_of(request, state), package_id, step)
    return Response(receipt.to_json().encode(), media_type=MediaType.JSON)


@get(
    "/v1/documents/{package_id:str}/findings",
    summary="What the form check found in a document's files",
    responses=READING,
    security=READ,
)
async def findings(request: AnyRequest, state: State, package_id: str) -> dict[str, tuple[Finding, ...]]:
    """By file name; a box counts pages from 0 and points from the lower left corner."""
    return (await _document(request, state, package_id)).findings


LOOKING = [outgoing, incoming, search, document, file, findings, evidence, one_receipt]
