"""Refusals on HTTP faces: RFC 9457 problem documents in both languages, and a line in the log for each."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException

from lienthong.adapters.tracing import REFUSALS, Scope, continuing, trace_id
from lienthong.errors import InvalidValue, Kind, LienThongError, PackageTooLarge
from lienthong.openapi import Problem

MEDIA_TYPE = "application/problem+json"
AnyRequest = Request[Any, Any, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
log = structlog.get_logger()


def problem_of(error: LienThongError) -> Response[bytes]:
    """RFC 9457 problem document: stable code, the sentence in both languages, what was found."""
    headers = _challenge(error) if error.permanent else _come_again(error)
    return _response(Problem.of(error), headers)


async def turned_away(scope: Scope, send: Send, error: LienThongError) -> None:
    """The document for a request that no application is to see."""
    body = msgspec.json.encode(_counted(scope["method"], scope["path"], error))
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": error.kind.value, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def told(path: str, error: Exception, trace: str) -> Problem:
    """The document for one package of many in a request: logged and counted as if it had come alone, by its trace."""
    with continuing(trace):
        return _counted("POST", path, error)


def _counted(method: str, path: str, error: Exception) -> Problem:
    problem = Problem.of(_noted(method, path, error), trace_id())
    REFUSALS.labels(problem.code).inc()
    return problem


def _challenge(error: LienThongError) -> dict[str, str]:
    """What is wrong with a token, in the words of RFC 6750 §3."""
    if error.kind is Kind.UNKNOWN_CALLER:
        return {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    scope = error.facts.get("scope")
    return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'} if scope else {}


def _come_again(error: LienThongError) -> dict[str, str]:
    """When another try makes sense; for the busy also in the words of draft-ietf-httpapi-ratelimit-headers."""
    seconds = error.facts.get("retry_after", "1")
    if error.kind is not Kind.BUSY:
        return {"Retry-After": seconds}
    policy, left = error.facts.get("policy", "share"), error.facts.get("left", "0")
    return {"Retry-After": seconds, "RateLimit": f'"{policy}";r={left};t={seconds}'}


def _response(problem: Problem, headers: Mapping[str, str]) -> Response[bytes]:
    REFUSALS.labels(problem.code).inc()
    return Response(
        msgspec.json.encode(replace(problem, trace=trace_id())),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers),
    )


def _noted(method: str, path: str, error: Exception) -> LienThongError:
    """A line in the log, and what may go out of it: of an unforeseen fault nothing of the inside."""
    if not isinstance(error, LienThongError):
        log.error("unexpected", path=path, error=repr(error), exc_info=error)
        return LienThongError()
    status, detail = error.kind.value, error.detail[:500]
    log.warning("refused", method=method, path=path, status=status, code=error.code, detail=detail)
    return error


def _known(request: AnyRequest, error: Exception) -> Response[bytes]:
    return problem_of(_noted(request.method, request.url.path, error))


# What the framework itself refuses, before anything of ours is asked.
_SENTENCES = {
    400: ("Yêu cầu không đúng cấu trúc.", "The request is not well formed."),
    404: ("Không có địa chỉ này.", "There is no such address."),
    405: ("Địa chỉ này không nhận phương thức đó.", "This address does not take that method."),
    412: ("Phiên bản tus này không được nhận.", "This version of tus is not served."),
    416: ("Khoảng yêu cầu nằm ngoài tệp.", "The range lies beyond the file."),
    415: ("Kiểu nội dung này không được nhận.", "This content type is not taken."),
}
_ANY_SENTENCE = ("Yêu cầu không hợp lệ.", "The request is not valid.")


def _framework(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    # the framework blames itself for a body that ends before its announced end, or is no valid chunk
    cut = isinstance(error, InternalServerException) and "disconnected" in error.detail
    status = 400 if cut else error.status_code
    if status == 413:
        return _known(request, PackageTooLarge(error.detail))
    vi, en = _SENTENCES.get(status, _ANY_SENTENCE)
    code = f"http-{status}"
    log.warning("refused", method=request.method, path=request.url.path, status=status, code=code, detail=error.detail)
    named = f"urn:lienthong:problem:{code}"
    problem = Problem(named, en, vi, status, error.detail, code, retryable=status >= 500)
    return _response(problem, error.headers or {})


def _invalid(request: AnyRequest, error: ValidationException) -> Response[bytes]:
    return _known(request, InvalidValue(str(error.extra or error.detail)))


def _too_deep(request: AnyRequest, _: RecursionError) -> Response[bytes]:
    """JSON nested so deep that its reader gives up; only a stranger writes that."""
    return _known(request, InvalidValue("lồng quá sâu / nested too deep"))


EXCEPTION_HANDLERS: Mapping[Any, Callable[..., Response[bytes]]] = {
    LienThongError: _known,
    ValidationException: _invalid,
    HTTPException: _framework,
    RecursionError: _too_deep,
    Exception: _known,
}
