"""The HTTP face of the CA process: stamps, answers about certificates, lists. All it serves is signed or public."""

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from cryptography.x509.ocsp import OCSPResponseStatus
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.openapi import ResponseSpec
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from lienthong.ca.desk import HELD, CertificateDesk
from lienthong.ca.ocsp import MAX_REQUEST as MAX_QUESTION
from lienthong.ca.ocsp import failure
from lienthong.ca.tsa import MAX_REQUEST, Failure, rejection

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"  # RFC 3161 §3.4
ASKED, ANSWERED = "application/ocsp-request", "application/ocsp-response"  # RFC 6960 appendix A
_CRL, _CERTIFICATE, _PEM = "application/pkix-crl", "application/pkix-cert", "application/x-pem-file"  # RFC 2585 §4
_SHORT = {"Cache-Control": "public, max-age=60"}
TITLE = "Liên Thông CA"
VERSION = "1.0"
DESCRIPTION = (
    "Dấu thời gian (RFC 3161), danh sách chứng thư bị thu hồi và chứng thư của CA. "
    "Time stamps (RFC 3161), revocation lists and the authority's certificates."
)

AnyRequest = Request[Any, Any, Any]
Handlers = Mapping[Any, Callable[..., Response[bytes]]]


@dataclass
class StampOperation(Operation):
    """The raw request body, which no signature can tell."""

    def __post_init__(self) -> None:
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, max_length=MAX_REQUEST)
        body = RequestBody({QUERY: OpenAPIMediaType(schema=binary)}, "TimeStampReq, DER", required=True)
        self.request_body = body


def _paths(pattern: str, *names: str) -> list[str]:
    # Written out one by one, so that the published schema names every address.
    return [pattern.format(name) for name in names]


def _name(request: AnyRequest) -> str:
    return PurePosixPath(request.url.path).stem


def _refusal_of(description: str) -> ResponseSpec:
    return ResponseSpec(bytes, generate_examples=False, description=description, media_type=REPLY)


def _answer_of(description: str) -> ResponseSpec:
    return ResponseSpec(bytes, generate_examples=False, description=description, media_type=ANSWERED)


def _refused(status: int, failure: Failure, text: str) -> Response[bytes]:
    return Response(rejection(failure, text), status_code=status, media_type=REPLY)


def _too_large(_: AnyRequest, __: RequestEntityTooLarge) -> Response[bytes]:
    return _refused(413, Failure.BAD_DATA, f"a request has at most {MAX_REQUEST} bytes")


@post(
    "/tsa",
    status_code=200,
    media_type=REPLY,
    request_max_body_size=MAX_REQUEST,
    exception_handlers={RequestEntityTooLarge: _too_large},
    operation_class=StampOperation,
    responses={
        413: _refusal_of(f"Request over {MAX_REQUEST} bytes; a rejection"),
        415: _refusal_of("Another media type; a rejection"),
    },
    summary="Cấp dấu thời gian · Stamp a digest (RFC 3161)",
)
async def stamp(request: AnyRequest, state: State) -> Response[bytes]:
    """The answer is a TimeStampResp whatever was asked; HTTP's status tells only what went wrong in HTTP."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != QUERY:
        return _refused(415, Failure.BAD_REQUEST, f"the content type must be {QUERY}")
    body = await request.body()
    return Response(_desk(state).stamp(body), media_type=REPLY)


@dataclass
class QuestionOperation(Operation):
    """The raw request body, which no signature can tell."""

    def __post_init__(self) -> None:
        binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, max_length=MAX_QUESTION)
        self.request_body = RequestBody({ASKED: OpenAPIMediaType(schema=binary)}, "OCSPRequest, DER", required=True)


def _question_too_large(_: AnyRequest, __: RequestEntityTooLarge) -> Response[bytes]:
    return _answered(failure(OCSPResponseStatus.MALFORMED_REQUEST), status=413)


def _answered(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    return Response(body, status_code=status, media_type=ANSWERED, headers=dict(headers or {}))


@post(
    "/ocsp",
    status_code=200,
    media_type=ANSWERED,
    request_max_body_size=MAX_QUESTION,
    exception_handlers={RequestEntityTooLarge: _question_too_large},
    operation_class=QuestionOperation,
    responses={413: _answer_of(f"Request over {MAX_QUESTION} bytes; malformedRequest")},
    summary="Trạng thái của một chứng thư · State of a certificate (RFC 6960)",
)
async def state_of(request: AnyRequest, state: State) -> Response[bytes]:
    """The answer is an OCSPResponse whatever was asked; it is good for half a day, and made anew each time."""
    return _answered(_desk(state).state(await request.body()))


@get(
    "/ocsp/{question:path}",
    media_type=ANSWERED,
    responses={400: _answer_of("Not base64; malformedRequest")},
    summary="Trạng thái của một chứng thư, để lưu đệm được · State of a certificate, cacheable (RFC 5019 §5)",
)
async def state_cached(question: str, state: State) -> Response[bytes]:
    """The request in base64 behind the address; caches may keep the answer for a minute."""
    try:
        body = b64decode(question.removeprefix("/"), validate=True)
    except ValueError:
        return _answered(failure(OCSPResponseStatus.MALFORMED_REQUEST), status=400)
    return _answered(_desk(state).state(body[: MAX_QUESTION + 1]), headers=_SHORT)


@get(_paths("/crl/{}.crl", "issuing", "root"), media_type=_CRL, summary="Danh sách thu hồi · Revocation list, DER")
async def revocation_list(state: State, request: AnyRequest) -> Response[bytes]:
    """Rebuilt at most once a minute."""
    return Response(_desk(state).revocation_list(_name(request)), media_type=_CRL, headers=_SHORT)


@get(_paths("/ca/{}.pem", *HELD), media_type=_PEM, summary="Chứng thư CA · Certificate, PEM")
async def certificate_pem(state: State, request: AnyRequest) -> Response[bytes]:
    """For people and configuration files."""
    return Response(_desk(state).certificate_pem(_name(request)), media_type=_PEM, headers=_SHORT)


@get(_paths("/ca/{}.crt", *HELD), media_type=_CERTIFICATE, summary="Chứng thư CA · Certificate, DER")
async def certificate_der(state: State, request: AnyRequest) -> Response[bytes]:
    """For machines: where certificates' caIssuers point (RFC 5280 §4.2.2.1)."""
    return Response(_desk(state).certificate(_name(request)), media_type=_CERTIFICATE, headers=_SHORT)


@get(
    "/health",
    summary="Tình trạng · Whether stamps can be made, and what runs out soon",
    responses={503: ResponseSpec(dict, generate_examples=False, description="A certificate ran out")},
)
async def health(state: State) -> Response[dict[str, object]]:
    """503 once a certificate of the authority ran out."""
    found = _desk(state).health()
    return Response(found, status_code=200 if found["ok"] else 503)


def application(
    desk: CertificateDesk, openapi: OpenAPIConfig, handlers: Handlers, extra: Sequence[Any] = ()
) -> Litestar:
    """The ASGI application around a desk; how errors look and how the schema is shown comes from the bootstrap."""
    return Litestar(
        [stamp, state_of, state_cached, revocation_list, certificate_pem, certificate_der, health, *extra],
        state=State({"desk": desk}),
        openapi_config=openapi,
        exception_handlers=dict(handlers),
    )


def _desk(state: State) -> CertificateDesk:
    desk: CertificateDesk = state.desk
    return desk
