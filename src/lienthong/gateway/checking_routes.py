"""The checking addresses of the desk API: a file brought, a file known by its digest, its report signed or to print."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.openapi import ResponseSpec
from litestar.params import Parameter

from lienthong.errors import InvalidValue, NotFound
from lienthong.gateway import known_files as service
from lienthong.gateway.calling import gateway_of, tenant
from lienthong.gateway.checking import Checking
from lienthong.gateway.forming import LOOKED_AT
from lienthong.gateway.known_files import CheckedFile
from lienthong.gateway.ports import Scope
from lienthong.openapi import READING, WRITING, binary, body_of, needs
from lienthong.signature.reporting import MEDIA_TYPE, as_html

AnyRequest = Request[Any, Any, Any]
Digest = Annotated[str, Parameter(pattern=r"^[0-9a-f]{64}$(?!\n)", description="SHA-256 of the file, hex")]
PolicyName = Annotated[Literal["", "vn", "strict"], Parameter(description="Not given: the gateway's own")]
Form = Annotated[Literal["jws", "html"], Parameter(description="Signed by the gateway, or a page to print")]
File = body_of("PDF", {"application/pdf": binary(), "application/octet-stream": binary()})
READ = needs(Scope.READ)
_FORMS = {200: ResponseSpec(bytes, generate_examples=False, description="JWS, HTML", media_type=MEDIA_TYPE)}
_PAGE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


def _checking(state: State) -> Checking:
    found = gateway_of(state).checking
    if found is None:
        raise NotFound("checking")
    return found


@post(
    "/v1/signatures/files",
    status_code=200,
    summary="Check the signatures in a file",
    operation_class=File,
    request_max_body_size=LOOKED_AT,
    responses=WRITING,
    security=READ,
)
async def check_file(request: AnyRequest, state: State, policy: PolicyName = "") -> CheckedFile:
    """The file is looked at in a confined process and not kept; what was found is, for 90 days."""
    own, body = tenant(request, state), await request.body()
    if not body:
        raise InvalidValue("body: PDF")
    return await service.check(gateway_of(state), _checking(state), own, body, policy)


@get(
    "/v1/signatures/files/{sha256:str}",
    summary="What is known of a file by its digest",
    responses=READING,
    security=READ,
)
async def known_file(request: AnyRequest, state: State, sha256: Digest, policy: PolicyName = "") -> CheckedFile:
    """Where it stands among the agency's documents, and its verdict now: nothing is uploaded."""
    return await service.file(gateway_of(state), _checking(state), tenant(request, state), sha256, policy)


@get(
    "/v1/signatures/files/{sha256:str}/report",
    summary="The report on a file, signed by the gateway or as a page to print",
    responses=READING | _FORMS,
    security=READ,
)
async def file_report(
    request: AnyRequest, state: State, sha256: Digest, form: Form = "jws", policy: PolicyName = ""
) -> Response[bytes]:
    """Judged now from what was found in the file, by the policy, trust and revocation of today."""
    own, gateway, checking = tenant(request, state), gateway_of(state), _checking(state)
    if form == "html":
        found = await service.report(gateway, checking, own, sha256, policy)
        return Response(as_html(found, service=checking.name), media_type="text/html; charset=utf-8", headers=_PAGE)
    signed = await service.statement(gateway, checking, own, sha256, policy)
    return Response(signed.encode(), media_type=MEDIA_TYPE, headers={"X-Content-Type-Options": "nosniff"})


CHECKING = [check_file, known_file, file_report]
