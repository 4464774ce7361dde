"""Handing in, and what is said of own documents afterwards."""

from dataclasses import dataclass, field
from uuid import uuid4

import msgspec
from litestar import Response, post, put
from litestar.datastructures import State, UploadFile
from litestar.exceptions import ClientException
from litestar.openapi.spec import Schema
from litestar.openapi.spec.enums import OpenAPIType

from lienthong.errors import InvalidValue
from lienthong.gateway import desk, uploading, views
from lienthong.gateway.allowance import headers
from lienthong.gateway.calling import gateway_of
from lienthong.gateway.calling import tenant as tenant_of
from lienthong.gateway.composing import AnyFile, Metadata
from lienthong.gateway.desk import Gateway
from lienthong.gateway.routes.asking import SEND, SMALL, AnyRequest, Name, OwnId, Ttl
from lienthong.openapi import WRITING, binary, body_of
from lienthong.signature.form import Finding
from lienthong.tus import Uploader, uploads

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


@put(
    "/v1/outgoing/{message_id:str}",
    status_code=201,
    summary="Hand in a document (idempotent by the caller's id)",
    operation_class=Document,
    responses=WRITING,
    security=SEND,
    opt={"takes": True},
)
async def hand_in(
    request: AnyRequest, state: State, message_id: Name, ttl_seconds: Ttl = None
) -> Response[views.Document]:
    """`multipart/form-data` with `metadata` (JSON) and `files`, or a ready edXML file as `application/xml`.

    Answered once it is durable; the same id again gives the same document, with other content it is refused.
    """
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    media_type = request.content_type[0]
    if media_type == "multipart/form-data":
        metadata, files = await _form(request, gateway, tenant)
        package_id = await desk.send(gateway, tenant, message_id, metadata, files, ttl_seconds)
    elif media_type in EDXML_TYPES:
        package_id = await desk.send_edxml(gateway, tenant, message_id, await request.body(), ttl_seconds)
    else:
        raise ClientException(f"multipart/form-data, {', '.join(EDXML_TYPES)}", status_code=415)
    return Response(await desk.document(gateway, tenant, package_id), headers=await headers(gateway, tenant))


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
    security=SEND,
    opt={"takes": True},
)
async def form_check(request: AnyRequest, state: State) -> dict[str, tuple[Finding, ...]]:
    """`multipart/form-data` as for handing in: `metadata` (JSON) and `files`. Findings by file name."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    if request.content_type[0] != "multipart/form-data":
        raise ClientException("multipart/form-data", status_code=415)
    metadata, files = await _form(request, gateway, tenant)
    return await desk.form_check(gateway, tenant, metadata, files)


@post(
    "/v1/documents/{package_id:str}/recall",
    status_code=201,
    summary="Recall an own document",
    responses=WRITING,
    security=SEND,
    request_max_body_size=SMALL,
)
async def recall(request: AnyRequest, state: State, package_id: str, data: Recall) -> views.Document:
    """Freezes it here; each receiver answers 15 or 16."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    found = await desk.recall(gateway, tenant, package_id, data.message_id, data.reason)
    return await desk.document(gateway, tenant, found)


@post(
    "/v1/documents/{package_id:str}/cancel",
    status_code=200,
    summary="Stop an own document that the axis has not accepted yet",
    responses=WRITING,
    security=SEND,
    request_max_body_size=SMALL,
)
async def cancel(request: AnyRequest, state: State, package_id: str, data: Cancel) -> views.Document:
    """The axis decides; until it answers, `pending` says so. Accepted already: `illegal-move`, recall it instead."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    await desk.cancel(gateway, tenant, package_id, data.reason)
    return await desk.document(gateway, tenant, package_id)


@post(
    "/v1/documents/{package_id:str}/update",
    status_code=201,
    summary="Add or remove receivers of an own document",
    responses=WRITING,
    security=SEND,
    request_max_body_size=SMALL,
)
async def update(request: AnyRequest, state: State, package_id: str, data: Update) -> views.Document:
    """Added ones get the document, removed ones are asked to cancel it."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    found = await desk.update(gateway, tenant, package_id, data.message_id, data.reason, data.add, data.remove)
    return await desk.document(gateway, tenant, found)


def _uploader(request: AnyRequest, state: State) -> Uploader:
    return Uploader(gateway_of(state).hop, tenant_of(request, state))


SENDING = [hand_in, form_check, recall, cancel, update, *uploads(_uploader, security=SEND)]
