"""What everybody may ask: lists, answers, the feed, certificates. Cacheable, and all of it signed or public."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from cryptography.x509.ocsp import OCSPResponseStatus
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter

from lienthong.ca.app import ANSWERED, ASKED
from lienthong.ca.authority import pem
from lienthong.ca.house import House
from lienthong.ca.ocsp import MAX_REQUEST, failure
from lienthong.ca.status.answers import Answers
from lienthong.ca.status.feeding import Feeding
from lienthong.ca.status.lists import Lists
from lienthong.errors import NotFound
from lienthong.openapi import ALWAYS, binary, body_of, refusals

CRL, CERTIFICATE, PEM = "application/pkix-crl", "application/pkix-cert", "application/x-pem-file"
FOUND_OR_NOT = ALWAYS | refusals(404)
_LISTS = "public, max-age=60"
_ANSWERS = "public, max-age=60"
_PAGES = "public, max-age=31536000, immutable"
_NEWEST = "public, max-age=1"
AnyRequest = Request[Any, Any, Any]
After = Annotated[int, QueryParameter(ge=0, le=2**53, description="Số cuối đã có · the last number you have")]


@dataclass(frozen=True)
class States:
    """What is behind these routes. `held`: certificates by name, DER; `root_list` the root's own list."""

    house: House
    lists: Lists
    answers: Answers
    feed: Feeding
    held: Mapping[str, bytes]
    root_list: bytes


def _states(state: State) -> States:
    found: States = state.states
    return found


def tagged(request: AnyRequest, body: bytes, media_type: str, caching: str) -> Response[bytes]:
    """The body with its ETag, or 304 to who has it already (RFC 9110 §13.1.2)."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": caching}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(body, headers=headers, media_type=media_type)


@get("/crl/{issuer:str}/{name:str}", media_type=CRL, responses=FOUND_OR_NOT, summary="Danh sách thu hồi của một phần")
async def partition_list(
    state: State, request: AnyRequest, issuer: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """`0.crl` the list of a partition, `0.delta.crl` what changed since it (RFC 5280 §5.2.4)."""
    number, _, kind = name.partition(".")
    known = issuer in _states(state).house.issuers and number.isdigit() and len(number) < 7
    if not known or kind not in {"crl", "delta.crl"}:
        raise NotFound(f"{issuer[:40]}/{name[:40]}")
    found = await _states(state).lists.published(issuer, int(number))
    return tagged(request, found.der(delta=kind == "delta.crl"), CRL, _LISTS)


@post(
    "/ocsp/{issuer:str}",
    status_code=200,
    media_type=ANSWERED,
    request_max_body_size=MAX_REQUEST,
    operation_class=body_of("OCSPRequest, DER", {ASKED: binary()}),
    responses=FOUND_OR_NOT,
    summary="Trạng thái của một chứng thư · State of a certificate (RFC 6960)",
)
async def answer(state: State, request: AnyRequest, issuer: FromPath[str]) -> Response[bytes]:
    """The answer is an OCSPResponse whatever was asked."""
    return Response(await _states(state).answers.answer(issuer, await request.body()), media_type=ANSWERED)


@get(
    "/ocsp/{issuer:str}/{question:path}",
    media_type=ANSWERED,
    responses=FOUND_OR_NOT,
    summary="Trạng thái của một chứng thư, để lưu đệm được · State of a certificate, cacheable (RFC 5019 §5)",
)
async def cached_answer(state: State, issuer: FromPath[str], question: str) -> Response[bytes]:
    """The request in base64 behind the address."""
    try:
        asked = b64decode(question.removeprefix("/"), validate=True)
    except ValueError:
        return Response(failure(OCSPResponseStatus.MALFORMED_REQUEST), status_code=400, media_type=ANSWERED)
    body = await _states(state).answers.answer(issuer, asked[: MAX_REQUEST + 1])
    return Response(body, media_type=ANSWERED, headers={"Cache-Control": _ANSWERS})


@get(
    "/feed/{issuer:str}", responses=FOUND_OR_NOT, summary="Các thay đổi trạng thái, có số và chữ ký · Changes of states"
)
async def feed(state: State, request: AnyRequest, issuer: FromPath[str], after: After = 0) -> Response[bytes]:
    """One page of the feed behind a number; a full page never changes."""
    body, full = await _states(state).feed.page(issuer, after)
    return tagged(request, body, "application/json", _PAGES if full else _NEWEST)


@get("/crl/root.crl", media_type=CRL, summary="Danh sách thu hồi của CA gốc · The root's revocation list, DER")
async def root_list(state: State, request: AnyRequest) -> Response[bytes]:
    """Made at the ceremony, for a year."""
    return tagged(request, _states(state).root_list, CRL, _LISTS)


@get(
    "/ca/{name:str}", media_type=CERTIFICATE, responses=FOUND_OR_NOT, summary="Chứng thư CA · Certificates, PEM or DER"
)
async def certificate(state: State, request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """`root.crt`, `persons.pem` …: DER for machines (RFC 5280 §4.2.2.1), PEM for people."""
    stem, _, kind = name.rpartition(".")
    der = _states(state).held.get(stem)
    if der is None or kind not in {"crt", "pem"}:
        raise NotFound(name[:60])
    body, media_type = (der, CERTIFICATE) if kind == "crt" else (pem(der), PEM)
    return tagged(request, body, media_type, _LISTS)


PUBLIC = [partition_list, answer, cached_answer, feed, root_list, certificate]
"""Routes for everybody, beside stamps."""
