"""Looking: lists and search, one document, its files and receipts."""

from typing import Annotated
from urllib.parse import quote

from litestar import MediaType, Response, get
from litestar.datastructures import State
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from lienthong.delivery import JourneyState, Lane
from lienthong.gateway import desk, views
from lienthong.gateway.boxes import BoxName
from lienthong.gateway.calling import gateway_of
from lienthong.gateway.calling import tenant as tenant_of
from lienthong.gateway.routes.asking import READ, AnyRequest, Cursor, Limit
from lienthong.gateway.routes.evidenced import BUNDLE, RECEIPT
from lienthong.gateway.routes.seeking import SOUGHT, Sought, Statuses
from lienthong.openapi import RANGING, READING, refusals
from lienthong.ranges import served
from lienthong.signature.form import Finding


async def _document(request: AnyRequest, state: State, package_id: str) -> views.Document:
    return await desk.document(gateway_of(state), tenant_of(request, state), package_id)


@get(
    "/v1/outgoing",
    summary="Documents sent, newest first",
    dependencies=SOUGHT,
    responses=READING,
    security=READ,
)
async def outgoing(request: AnyRequest, state: State, sought: Sought) -> views.Page:
    """With every recipient's journey and status."""
    return await _listed(request, state, sought, Lane.OUT)


@get(
    "/v1/incoming",
    summary="Documents received, newest first",
    dependencies=SOUGHT,
    responses=READING,
    security=READ,
)
async def incoming(request: AnyRequest, state: State, sought: Sought) -> views.Page:
    """Waiting and handed over alike."""
    return await _listed(request, state, sought, Lane.IN)


@get(
    "/v1/search",
    summary="Find documents by any field, sent and received together",
    dependencies=SOUGHT,
    responses=READING,
    security=READ,
)
async def search(request: AnyRequest, state: State, sought: Sought) -> views.Page:
    """By any id, number, notation, words, agency, dates, or where it stands."""
    return await _listed(request, state, sought, None)


async def _listed(request: AnyRequest, state: State, sought: Sought, lane: Lane | None) -> views.Page:
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    return await desk.listing(gateway, tenant, sought.search(gateway.directory(), lane), counted=sought.count)


@get("/v1/boxes", summary="How many documents each box holds, exactly", responses=READING, security=READ)
async def boxes(request: AnyRequest, state: State, box: list[BoxName] | None = None) -> dict[str, int]:
    """By name; `box` repeated asks for some only. `/v1/incoming?box=…` and `/v1/outgoing?box=…` list what is in one."""
    return await desk.counts(gateway_of(state), tenant_of(request, state), box or list(BoxName))


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
    "/v1/documents/{package_id:str}/recipients",
    summary="How far a document got with each recipient, and with how many",
    responses=READING,
    security=READ,
)
async def recipients(
    request: AnyRequest,
    state: State,
    package_id: str,
    reached: Annotated[list[JourneyState] | None, QueryParameter(name="state")] = None,
    status: Statuses | None = None,
    after: Cursor = "",
    limit: Limit = 50,
) -> views.Recipients:
    """In the order of the envelope; `states` and `statuses` count all of them, whatever is asked for."""
    asked = desk.Asked(frozenset(reached or ()), frozenset(status or ()), after, limit)
    return await desk.recipients(gateway_of(state), tenant_of(request, state), package_id, asked)


@get(
    "/v1/documents/{package_id:str}/files/{name:str}",
    media_type="*/*",
    summary="A file of a document, by ranges",
    responses=RANGING
    | {206: ResponseSpec(bytes, generate_examples=False, description="Một khoảng · a range", media_type="*/*")},
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
    responses=READING | BUNDLE,
    security=READ,
)
async def evidence(request: AnyRequest, state: State, package_id: str) -> Response[bytes]:
    """What `lienthong verify` opens."""
    bundle = await desk.evidence(gateway_of(state), tenant_of(request, state), package_id)
    return Response(bundle.to_json().encode(), media_type=MediaType.JSON)


@get(
    "/v1/documents/{package_id:str}/evidence/{step:str}",
    summary="The receipt of one step",
    responses=READING | RECEIPT,
    security=READ,
)
async def one_receipt(request: AnyRequest, state: State, package_id: str, step: str) -> Response[bytes]:
    """One receipt as JSON."""
    receipt = await desk.receipt(gateway_of(state), tenant_of(request, state), package_id, step)
    return Response(receipt.to_json().encode(), media_type=MediaType.JSON)


@get(
    "/v1/documents/{package_id:str}/proof",
    media_type="application/zip",
    summary="Everything that proves a document for years to come, as one ZIP",
    responses=READING | refusals(409),
    security=READ,
)
async def proof(request: AnyRequest, state: State, package_id: str) -> Response[bytes]:
    """What `lienthong verify` opens, and other tools after `unzip`. 409 while it is being secured."""
    data = await desk.proof(gateway_of(state), tenant_of(request, state), package_id)
    name = f"attachment; filename={package_id}.zip"
    return Response(data, media_type="application/zip", headers={"Content-Disposition": name})


@get(
    "/v1/documents/{package_id:str}/findings",
    summary="What the form check found in a document's files",
    responses=READING,
    security=READ,
)
async def findings(request: AnyRequest, state: State, package_id: str) -> dict[str, tuple[Finding, ...]]:
    """By file name; a box counts pages from 0 and points from the lower left corner."""
    return (await _document(request, state, package_id)).findings


LOOKING = [outgoing, incoming, search, boxes, document, recipients, file, findings, evidence, one_receipt, proof]
