"""What the processes' HTTP faces share: problem documents, the server, OpenAPI pages without outside requests."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import structlog
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.static_files import create_static_files_router

from lienthong.errors import InvalidValue, LienThongError

SWAGGER = Path(__file__).parent / "static" / "swagger"
log = structlog.get_logger()


def problem_of(error: LienThongError) -> Response[bytes]:
    """RFC 9457 problem document: stable code, the sentence in both languages, what was found."""
    body = {
        "type": f"urn:lienthong:problem:{error.code}",
        "title": error.en,
        "tieu_de": error.vi,
        "status": error.kind.value,
        "detail": error.detail,
        "code": error.code,
        "retryable": not error.permanent,
        "facts": error.facts,
    }
    headers = {} if error.permanent else {"Retry-After": "1"}
    return Response(
        msgspec.json.encode(body), status_code=error.kind.value, media_type="application/problem+json", headers=headers
    )


def _known(_: Request[Any, Any, Any], error: LienThongError) -> Response[bytes]:
    return problem_of(error)


def _framework(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    body = {
        "type": "about:blank",
        "title": error.detail,
        "tieu_de": "Yêu cầu không hợp lệ.",
        "status": error.status_code,
        "detail": error.detail,
        "code": f"http-{error.status_code}",
        "retryable": error.status_code >= 500,
        "facts": {},
    }
    return Response(msgspec.json.encode(body), status_code=error.status_code, media_type="application/problem+json")


def _invalid(_: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    return problem_of(InvalidValue(str(error.extra or error.detail)))


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Nothing of the inside goes out; the log keeps it."""
    log.error("unexpected", path=request.url.path, error=repr(error), exc_info=error)
    return problem_of(LienThongError())


EXCEPTION_HANDLERS: Mapping[Any, Callable[..., Response[bytes]]] = {
    LienThongError: _known,
    ValidationException: _invalid,
    HTTPException: _framework,
    Exception: _unexpected,
}


def openapi(title: str, version: str, description: str) -> OpenAPIConfig:
    """OpenAPI 3.1 at /schema, shown by Swagger UI from our own files."""
    base = "/schema-static"
    return OpenAPIConfig(
        title=title,
        version=version,
        description=description,
        render_plugins=[
            SwaggerRenderPlugin(
                js_url=f"{base}/swagger-ui-bundle.js",
                standalone_preset_js_url=f"{base}/swagger-ui-standalone-preset.js",
                css_url=f"{base}/swagger-ui.css",
                path="/",
            )
        ],
    )


def openapi_files() -> list[Any]:
    """The route that serves Swagger UI's files, when they were installed."""
    return [create_static_files_router("/schema-static", [SWAGGER])] if SWAGGER.is_dir() else []


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a face listens, and with which certificate. `client_ca`: callers must show a certificate of it."""

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None


async def serve(faces: list[tuple[Any, Listen]], started: Callable[[], Awaitable[None]] | None = None) -> None:
    """Serve every face in this process's loop until SIGTERM or SIGINT; in-flight requests are finished."""
    servers = [_server(app, listen) for app, listen in faces]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        tasks = [loop.create_task(server.serve()) for server in servers]
        stack.push_async_callback(_finish, servers, tasks)
        if started is not None:
            await started()
        waiter = loop.create_task(stop.wait())
        done, _ = await asyncio.wait([waiter, *tasks], return_when=asyncio.FIRST_COMPLETED)
        waiter.cancel()
        for task in done - {waiter}:
            task.result()


async def _finish(servers: list[Server], tasks: list[asyncio.Task[None]]) -> None:
    for server in servers:
        server.stop()
    await asyncio.gather(*tasks, return_exceptions=True)


def _server(app: Any, listen: Listen) -> Server:
    return Server(
        app,
        address=listen.host,
        port=listen.port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
        ssl_cert=listen.certificate,
        ssl_key=listen.key,
        ssl_ca=listen.client_ca,
        ssl_client_verify=listen.client_ca is not None,
        backpressure=1024,
    )
