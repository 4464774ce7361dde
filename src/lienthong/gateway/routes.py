"""The desk API, version 1: what an agency's software calls. One access token speaks for one agency."""

from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import msgspec
from litestar import MediaType, Request, Response, get, post, put
from litestar.datastructures import State, UploadFile
from litestar.exceptions import ClientException
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import Parameter
from litestar.response import Stream
from litestar.types import Scope

from lienthong.delivery import Content, Lane, Search
from lienthong.errors import InvalidValue, RegistryStale
from lienthong.gateway import desk, uploading, views
from lienthong.gateway.calling import gateway_of as _gateway
from lienthong.gateway.calling import tenant as _tenant
from lienthong.gateway.calling import tenant_of
from lienthong.gateway.composing import AnyFile, Metadata
from lienthong.gateway.desk import Gateway
from lienthong.gateway.signing_routes import SIGNING
from lienthong.openapi import ALWAYS, RANGING, READING, TOKEN, WRITING, binary, body_of
from lienthong.ranges import served
from lienthong.signature.form import Finding
from lienthong.tus import Uploader, uploads

AnyRequest = Request[Any, Any, Any]
Seconds = Annotated[float, Parameter(ge=0, le=30, description="How long to wait for something, in seconds")]
Limit = Annotated[int, Parameter(ge=1, le=200)]
Ttl = Annotated[float | None, Parameter(ge=0, le=30 * 86400, description="Time to live in seconds")]
# a dollar alone would let a newline through at the end
Name = Annotated[
    str, Parameter(pattern=r"^[A-Za-z0-9._:~-]{1,128}$(?!\n)", description="The caller's own id of the document")
]
OwnId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:~-]{0,128}$(?!\n)")]
Words = Annotated[str, Parameter(max_length=200, description="Words, ids or numbers, in any order; accents optional")]
Cursor = Annotated[str, Parameter(max_length=20, description="`next` of the page before")]
SMALL = 2**20
"""Bytes of a request that carries no files."""
EDXML_TYPES = ("application/xml", "text/xml", "application/octet-stream")


def _form_schema() -> Schema:
    text, files = Schema(type=OpenAPIType.STRING), Schema(type=OpenAPIType.ARRAY, items=binary())
    return Schema(type=OpenAPIType.OBJECT, properties={"metadata": text, "files": files}, required=["metadata"])


Document = body_of(
    "`metadata` là JSON, hoặc tệp edXML · `metadata` is JSON, or a ready edXML file",
    {"multipart/form-data": _form_schema(), **{media_type: binary() for media_type in EDXML_TYPES}},
)


@dataclass(frozen=True, slots=True)
class Recall:
    """Why a document is recalled, and the caller's id for the recall."""

    reason: str
    message_id: OwnId = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, slots=True)
class Cancel:
    """Why a document is not to go out after all."""

    reason: str


@dataclass(frozen=True, slots=True)
class Update:
    """Receivers to add and to remove, and why."""

    reason: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    message_id: OwnId = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, slots=True)
class Status:
    """A business status to report (01…06, 15, 16; 13 by the issuer). 02 and 16 need a description."""

    code: str
    description: str = ""
    staff: str = ""
    message_id: OwnId = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock a document was taken with."""

    lock: str


class Callers:
    """Which agency calls the desk."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def claimed(self, scope: Scope) -> str:
        """Looking the token up is cheap, so what is claimed is proved at once."""
        return self.caller(scope)

    def caller(self, scope: Scope) -> str:
        """The tenant. Raises TokenInvalid."""
        found = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return tenant_of(self._gateway, found.decode("latin-1"))


async def _document(request: AnyRequest, state: State, package_id: str) -> views.Document:
    return await desk.document(_gateway(state), _tenant(request, state), package_id)


@get("/v1/me", summary="Whom the token speaks for", responses=READING, security=TOKEN)
async def me(request: AnyRequest, state: State) -> views.Me:
    """The agency and its gateway."""
    gateway, tenant = _gateway(state), _tenant(request, state)
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
    _tenant(request, state)
    return await desk.organisations(_gateway(state), text, limit)


@put(
    "/v1/outgoing/{message_id:str}",
    status_code=201,
    summary="Hand in a document (idempotent by the caller's id)",
    operation_class=Document,
    responses=WRITING,
    security=TOKEN,
    opt={"takes": True},
)
async def hand_in(request: AnyRequest, state: State, message_id: Name, ttl_seconds: Ttl = None) -> views.Document:
    """`multipart/form-data` with `metadata` (JSON) and `files`, or a ready edXML file as `application/xml`.

    Answered once it is durable; the same id again gives the same document, with other content it is refused.
    """
    gateway, tenant = _gateway(state), _tenant(request, state)
    media_type = request.content_type[0]
    if media_type == "multipart/form-data":
        metadata, files = await _form(request, gateway, tenant)
        package_id = await desk.send(gateway, tenant, message_id, metadata, files, ttl_seconds)
    elif media_type in EDXML_TYPES:
        package_id = await desk.send_edxml(gateway, tenant, message_id, await request.body(), ttl_seconds)
    else:
        raise ClientException(f"multipart/form-data, {', '.join(EDXML_TYPES)}", status_code=415)
    return await desk.document(gateway, tenant, package_id)


async def _form(request: AnyRequest, gateway: Gateway, tenant: str) -> tuple[Metadata, list[AnyFile]]:
    try:
        form = await request.form()
        metadata = msgspec.json.decode(str(form.get("metadata", "")), type=Metadata)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidValue(f"metadata: {error}") from error
    given = [found for found in form.getall("files", []) if isinstance(found, UploadFile)]
    return metadata, [await uploading.taken(gateway.hop, tenant, found) for found in given]


@post(
    "/v1/signatures/form-check",
    status_code=200,
    summary="What the form check would find; nothing is sent",
    operation_class=Document,
    responses=WRITING,
    security=TOKEN,
    opt={"takes": True},
)
async def form_check(request: AnyRequest, state: State) -> dict[str, tuple[Finding, ...]]:
    """`multipart/form-data` as for handing in: `metadata` (JSON) and `files`. Findings by file name."""
    gateway, tenant = _gateway(state), _tenant(request, state)
    if request.content_type[0] != "multipart/form-data":
        raise ClientException("multipart/form-data", status_code=415)
    metadata, files = await _form(request, gateway, tenant)
    return await desk.form_check(gateway, tenant, metadata, files)


@get(
    "/v1/documents/{package_id:str}/findings",
    summary="What the form check found in a document's files",
    responses=READING,
    security=TOKEN,
)
async def findings(request: AnyRequest, state: State, package_id: str) -> dict[str, tuple[Finding, ...]]:
    """By file name; a box counts pages from 0 and points from the lower left corner."""
    return (await _document(request, state, package_id)).findings


@get("/v1/outgoing", summary="Documents sent, newest first", responses=READING, security=TOKEN)
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
    return await desk.listing(_gateway(state), _tenant(request, state), search)


@get("/v1/incoming", summary="Documents received, newest first", responses=READING, security=TOKEN)
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
    return await desk.listing(_gateway(state), _tenant(request, state), search)


@get("/v1/search", summary="Find a document by any id, number, notation or words", responses=READING, security=TOKEN)
async def search(request: AnyRequest, state: State, text: Words, after: Cursor = "", limit: Limit = 50) -> views.Page:
    """Sent and received together."""
    return await desk.listing(_gateway(state), _tenant(request, state), Search(text=text, after=after, limit=limit))


@get(
    "/v1/documents/{package_id:str}",
    summary="One document: data, journey, statuses, signatures",
    responses=READING,
    security=TOKEN,
)
async def document(request: AnyRequest, state: State, package_id: str) -> views.Document:
    """Only for its sender and its recipients."""
    return await _document(request, state, package_id)


@get(
    "/v1/documents/{package_id:str}/files/{name:str}",
    media_type="*/*",
    summary="A file of a document, by ranges",
    responses=RANGING | {206: ResponseSpec(bytes, description="Một khoảng · a range", media_type="*/*")},
    security=TOKEN,
)
async def file(request: AnyRequest, state: State, package_id: str, name: str) -> Stream:
    """The bytes as they came, streamed; one `Range` is served, so that a broken download goes on."""
    gateway = _gateway(state)
    source = await desk.part(gateway, _tenant(request, state), package_id, name)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return await served(request, gateway.hop.objects, source, headers)


@get(
    "/v1/documents/{package_id:str}/evidence",
    summary="All receipts in one bundle, to be verified offline",
    responses=READING,
    security=TOKEN,
)
async def evidence(request: AnyRequest, state: State, package_id: str) -> Response[bytes]:
    """What `lienthong verify` opens."""
    bundle = await desk.evidence(_gateway(state), _tenant(request, state), package_id)
    return Response(bundle.to_json().encode(), media_type=MediaType.JSON)


@get(
    "/v1/documents/{package_id:str}/evidence/{step:str}",
    summary="The receipt of one step",
    responses=READING,
    security=TOKEN,
)
async def one_receipt(request: AnyRequest, state: State, package_id: str, step: str) -> Response[bytes]:
    """One receipt as JSON."""
    receipt = await desk.receipt(_gateway(state), _tenant(request, state), package_id, step)
    return Response(receipt.to_json().encode(), media_type=MediaType.JSON)


@post(
    "/v1/documents/{package_id:str}/statuses",
    status_code=201,
    summary="Report a business status",
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=SMALL,
)
async def report(request: AnyRequest, state: State, package_id: str, data: Status) -> views.Document:
    """Travels to the sender as a sealed message of its own. A move outside the table is refused."""
    gateway, tenant = _gateway(state), _tenant(request, state)
    await desk.report(gateway, tenant, package_id, data.message_id, data.code, data.description, data.staff)
    return await desk.document(gateway, tenant, package_id)


@post(
    "/v1/documents/{package_id:str}/recall",
    status_code=201,
    summary="Recall an own document",
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=SMALL,
)
async def recall(request: AnyRequest, state: State, package_id: str, data: Recall) -> views.Document:
    """Freezes it here; each receiver answers 15 or 16."""
    gateway, tenant = _gateway(state), _tenant(request, state)
    found = await desk.recall(gateway, tenant, package_id, data.message_id, data.reason)
    return await desk.document(gateway, tenant, found)


@post(
    "/v1/documents/{package_id:str}/cancel",
    status_code=200,
    summary="Stop an own document that the axis has not accepted yet",
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=SMALL,
)
async def cancel(request: AnyRequest, state: State, package_id: str, data: Cancel) -> views.Document:
    """The axis decides; until it answers, `pending` says so. Accepted already: `illegal-move`, recall it instead."""
    gateway, tenant = _gateway(state), _tenant(request, state)
    await desk.cancel(gateway, tenant, package_id, data.reason)
    return await desk.document(gateway, tenant, package_id)


@post(
    "/v1/documents/{package_id:str}/update",
    status_code=201,
    summary="Add or remove receivers of an own document",
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=SMALL,
)
async def update(request: AnyRequest, state: State, package_id: str, data: Update) -> views.Document:
    """Added ones get the document, removed ones are asked to cancel it."""
    gateway, tenant = _gateway(state), _tenant(request, state)
    found = await desk.update(gateway, tenant, package_id, data.message_id, data.reason, data.add, data.remove)
    return await desk.document(gateway, tenant, found)


@get(
    "/v1/inbox",
    summary="Peek: what waits for the agency's software, the most urgent first",
    responses=READING,
    security=TOKEN,
)
async def inbox(
    request: AnyRequest, state: State, seconds: Seconds = 0.0, limit: Limit = 20, contents: str = "edoc"
) -> tuple[views.Entry, ...]:
    """Changes nothing. `contents`: `edoc`, `status`, or both with a comma."""
    wanted = frozenset(contents.split(","))
    return await desk.waiting(_gateway(state), _tenant(request, state), wanted, limit, seconds)


@post(
    "/v1/inbox/{package_id:str}/{addressee:str}/lock",
    status_code=200,
    summary="Take a waiting document",
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=SMALL,
)
async def lock(request: AnyRequest, state: State, package_id: str, addressee: str) -> views.Taken:
    """The lock runs out by itself; then the document is offered again."""
    return await desk.lock(_gateway(state), _tenant(request, state), package_id, addressee)


@post(
    "/v1/inbox/{package_id:str}/{addressee:str}/acknowledge",
    status_code=204,
    summary="The document is stored here",
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=SMALL,
)
async def acknowledge(request: AnyRequest, state: State, package_id: str, addressee: str, data: Lock) -> None:
    """Handed over, with evidence for the sender. A repeat changes nothing."""
    await desk.done(_gateway(state), _tenant(request, state), package_id, addressee, data.lock)


@post(
    "/v1/inbox/{package_id:str}/{addressee:str}/release",
    status_code=204,
    summary="Put a taken document back",
    responses=WRITING,
    security=TOKEN,
    request_max_body_size=SMALL,
)
async def release(request: AnyRequest, state: State, package_id: str, addressee: str, data: Lock) -> None:
    """It is offered again at once."""
    await desk.put_back(_gateway(state), _tenant(request, state), package_id, addressee, data.lock)


@get("/health/live", media_type=MediaType.TEXT, summary="The process runs")
async def live() -> str:
    """Always yes."""
    return "ok"


@get("/health/startup", media_type=MediaType.TEXT, summary="The process has what it starts with", responses=ALWAYS)
async def startup(state: State) -> str:
    """Its store is open, or this face would not answer; RegistryStale until it has had a registry."""
    if not _gateway(state).hop.directory().snapshot.version:
        raise RegistryStale
    return "ok"


@get("/health/ready", summary="The process can take documents", responses=ALWAYS)
async def ready(state: State) -> dict[str, int]:
    """Registry fresh, disk with room, store writable. Raises RegistryStale, StorageFull, Unavailable, Busy."""
    _gateway(state).stand()
    hop = _gateway(state).hop
    directory = hop.fresh_directory(hop.clock.now())
    _gateway(state).room()
    await hop.store.write(lambda tx: tx.set_mark("ready", ""))
    counts = await hop.store.read(lambda view: view.counts())
    return {"registry": directory.snapshot.version, **counts}


def _uploader(request: AnyRequest, state: State) -> Uploader:
    return Uploader(_gateway(state).hop, _tenant(request, state))


DESK = [
    me,
    organisations,
    hand_in,
    outgoing,
    incoming,
    search,
    document,
    file,
    evidence,
    findings,
    form_check,
    one_receipt,
    report,
    recall,
    cancel,
    update,
    inbox,
    lock,
    acknowledge,
    release,
    *SIGNING,
    *uploads(_uploader),
]
OPERATIONS = [live, startup, ready]
