"""The signing addresses of the desk API: sessions in two steps, bulks, the agency's keys."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import State, UploadFile
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import Parameter

from lienthong.errors import InvalidValue, NotFound, PackageTooLarge
from lienthong.gateway import signing as service
from lienthong.gateway.calling import gateway_of, tenant
from lienthong.gateway.ports import Scope
from lienthong.gateway.signing import Signing
from lienthong.gateway.signing_views import Answer, KeyView, SessionView, Wish, key_view, session_view
from lienthong.openapi import READING, WRITING, binary, body_of, needs

AnyRequest = Request[Any, Any, Any]
SIGN = needs(Scope.SIGN)
Seconds = Annotated[float, Parameter(ge=0, le=30, description="How long to wait for the end, in seconds")]
SessionId = Annotated[
    str, Parameter(pattern=r"^[A-Za-z0-9._:~-]{1,128}$(?!\n)", description="The id of a session or bulk")
]
SMALL = 2**20
"""Bytes of an answer: a CMS with its certificates and revocation data."""
LARGE = 96 * 2**20
"""Bytes of all documents of a request: they are held in memory."""
_PDF = {200: ResponseSpec(bytes, generate_examples=False, description="PDF", media_type="application/pdf")}


def _form_schema() -> Schema:
    text, files = Schema(type=OpenAPIType.STRING), Schema(type=OpenAPIType.ARRAY, items=binary())
    return Schema(
        type=OpenAPIType.OBJECT, properties={"metadata": text, "files": files}, required=["metadata", "files"]
    )


Papers = body_of(
    "`metadata` là JSON; mỗi tệp PDF một phần `files` · `metadata` is JSON, one part `files` for each PDF",
    {"multipart/form-data": _form_schema()},
)
File = body_of("PDF", {"application/pdf": binary()})


def _signing(state: State) -> Signing:
    found = gateway_of(state).signing
    if found is None:
        raise NotFound("signing")
    return found


@get("/v1/signatures/keys", summary="The keys the agency may sign with here", responses=READING, security=SIGN)
async def signing_keys(request: AnyRequest, state: State) -> tuple[KeyView, ...]:
    """Keys in a browser or a program of the person's own are not listed: their certificate comes with the session."""
    own = tenant(request, state)
    signing = _signing(state)
    return tuple(key_view(key, signing.levels) for key in signing.keys.of(own).values())


@post(
    "/v1/signatures/sessions",
    status_code=201,
    summary="Prepare documents for signing (idempotent by the caller's id)",
    operation_class=Papers,
    request_max_body_size=LARGE + SMALL,
    responses=WRITING,
    security=SIGN,
    opt={"takes": True},
)
async def begin_signing(request: AnyRequest, state: State) -> tuple[SessionView, ...]:
    """`multipart/form-data`: `metadata` (JSON) and one PDF for each document in `files`, up to 200.

    One document gives a session of the caller's id, several a bulk of that id with sessions `<id>.1`, `<id>.2` …
    """
    own, signing = tenant(request, state), _signing(state)
    wish, files = await _form(request)
    name = gateway_of(state).organisation(own).name
    return tuple(session_view(kept) for kept in await service.begin(signing, own, name, wish, files))


async def _form(request: AnyRequest) -> tuple[Wish, list[bytes]]:
    try:
        form = await request.form()
        wish = msgspec.json.decode(str(form.get("metadata", "")), type=Wish)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidValue(f"metadata: {error}") from error
    files = [await found.read() for found in form.getall("files", []) if isinstance(found, UploadFile)]
    if sum(map(len, files)) > LARGE:
        raise PackageTooLarge(f"{sum(map(len, files))} > {LARGE}")
    return wish, files


@get("/v1/signatures/sessions/{id:str}", summary="A session, or its end", responses=READING, security=SIGN)
async def signing_session(request: AnyRequest, state: State, id: SessionId, seconds: Seconds = 0.0) -> SessionView:
    """With `seconds` the answer waits until the session has ended, or that long."""
    return session_view(await service.session(_signing(state), tenant(request, state), id, seconds))


@post(
    "/v1/signatures/sessions/{id:str}/complete",
    status_code=200,
    summary="Bring the signature value or CMS, or ask the gateway's key",
    responses=WRITING,
    security=SIGN,
    request_max_body_size=SMALL,
)
async def complete_signing(request: AnyRequest, state: State, id: SessionId, data: Answer) -> SessionView:
    """The signed file is checked anew before the session counts as signed. A repeat gives the same."""
    return session_view(await service.complete(_signing(state), tenant(request, state), id, data))


@put(
    "/v1/signatures/sessions/{id:str}/document",
    status_code=200,
    summary="Bring the file that the person's own program signed",
    operation_class=File,
    request_max_body_size=LARGE,
    responses=WRITING,
    security=SIGN,
)
async def complete_signing_file(request: AnyRequest, state: State, id: SessionId) -> SessionView:
    """Taken only if it is the document as it was shown and one more signature by the expected certificate."""
    return session_view(await service.complete_file(_signing(state), tenant(request, state), id, await request.body()))


@delete(
    "/v1/signatures/sessions/{id:str}",
    status_code=200,
    summary="Give a session up",
    responses=WRITING,
    security=SIGN,
)
async def cancel_signing(request: AnyRequest, state: State, id: SessionId) -> SessionView:
    """A repeat changes nothing; `signing-ended` once it is signed."""
    return session_view(await service.cancel(_signing(state), tenant(request, state), id))


@get(
    "/v1/signatures/sessions/{id:str}/document",
    media_type="application/pdf",
    summary="The signed file",
    responses=READING | WRITING | _PDF,
    security=SIGN,
)
async def signed_document(request: AnyRequest, state: State, id: SessionId) -> Response[bytes]:
    """For a day after the session; keep it where you keep your documents."""
    data = await service.document(_signing(state), tenant(request, state), id)
    return Response(data, media_type="application/pdf", headers={"X-Content-Type-Options": "nosniff"})


@get("/v1/signatures/batches/{id:str}", summary="The sessions of a bulk", responses=READING, security=SIGN)
async def signing_batch(request: AnyRequest, state: State, id: SessionId) -> tuple[SessionView, ...]:
    """In the order of the request: the list the signer is shown."""
    return tuple(session_view(kept) for kept in await service.batch(_signing(state), tenant(request, state), id))


@post(
    "/v1/signatures/batches/{id:str}/complete",
    status_code=200,
    summary="Ask the gateway's key for a whole bulk under one authorisation",
    responses=WRITING,
    security=SIGN,
    request_max_body_size=SMALL,
)
async def complete_batch(request: AnyRequest, state: State, id: SessionId, data: Answer) -> tuple[SessionView, ...]:
    """Each document has its own outcome."""
    found = await service.complete_batch(_signing(state), tenant(request, state), id, data)
    return tuple(session_view(kept) for kept in found)


SIGNING = [
    signing_keys,
    begin_signing,
    signing_session,
    complete_signing,
    complete_signing_file,
    cancel_signing,
    signed_document,
    signing_batch,
    complete_batch,
]
