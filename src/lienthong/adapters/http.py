"""What the processes' HTTP faces share: the server, and OpenAPI pages without outside requests."""

import asyncio
import errno
import gc
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server
from litestar import Litestar, MediaType, Request, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.static_files import create_static_files_router

from lienthong.adapters.problems import EXCEPTION_HANDLERS, problem_of, turned_away
from lienthong.adapters.tracing import App, Scope, traced
from lienthong.errors import ConfigurationInvalid, HeadTooLarge

__all__ = [
    "EXCEPTION_HANDLERS",
    "Connections",
    "Listen",
    "described",
    "openapi",
    "openapi_files",
    "problem_of",
    "serve",
    "settle",
]

SWAGGER = Path(__file__).parent / "static" / "swagger"
_KNOCKS, _KNOCK_EVERY = 500, 0.02  # ten seconds
YOUNG = 10_000
"""Objects that come to be and stay before they are searched for cycles. A package makes thousands, all of them gone
with its answer and none in a cycle: a search after every 700 was an eighth of opening it.
"""


BUFFER = 256 * 1024
"""Bytes that a connection holds at most before the application takes them, so a body comes in pieces of this size: in
pieces of 64 KiB a group of packages took the loop a fifth longer. A head beyond it the server itself refuses, untraced.
"""


def openapi(title: str, version: str, description: str) -> OpenAPIConfig:
    """OpenAPI 3.1 at /schema, shown by Swagger UI from our own files."""
    return OpenAPIConfig(
        title=title,
        version=version,
        description=description,
        components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
        render_plugins=[_page()],
    )


def _page() -> SwaggerRenderPlugin:
    base = "/schema-static"
    return SwaggerRenderPlugin(
        js_url=f"{base}/swagger-ui-bundle.js",
        standalone_preset_js_url=f"{base}/swagger-ui-standalone-preset.js",
        css_url=f"{base}/swagger-ui.css",
        favicon='<link rel="icon" href="data:,">',  # the library's own comes from outside
        path="/",
    )


def described(path: str, face: Litestar) -> list[Any]:
    """Routes that show another face's OpenAPI at `path`: for faces a browser cannot enter, such as mutual TLS."""
    plugin = _page()

    @get(f"{path}/openapi.json", include_in_schema=False)
    async def document() -> dict[str, Any]:
        return face.openapi_schema.to_schema()

    @get(path, media_type=MediaType.HTML, include_in_schema=False)
    async def page(request: Request[Any, Any, Any]) -> bytes:
        return plugin.render(request, face.openapi_schema.to_schema())

    return [document, page]


def openapi_files() -> list[Any]:
    """The route that serves Swagger UI's files, when they were installed."""
    return [create_static_files_router("/schema-static", [SWAGGER])] if SWAGGER.is_dir() else []


@dataclass(frozen=True, slots=True)
class Connections:
    """What a face bears of connections. `most` at a time; a head in `head_seconds`, which is also how long a connection
    may idle; names and values of a head of at most `head_bytes`.
    """

    most: int = 8192
    head_seconds: float = 20.0
    head_bytes: int = 65536


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a face listens, and with which certificate. `client_ca`: callers must show a certificate of it.

    `socket`: a Unix socket instead of host and port, for a reverse proxy beside it; its group may use it. `oldest_tls`:
    `1.3`, or `1.2` for callers that know no newer.
    """

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    socket: Path | None = None
    connections: Connections = Connections()
    oldest_tls: str = "1.3"


def settle() -> None:
    """What is loaded by now stays for good: no search for cycles looks at it again, which took 0.1 s of a circular."""
    gc.set_threshold(YOUNG)
    gc.collect()
    gc.freeze()


async def serve(
    faces: Sequence[tuple[Any, Listen]],
    started: Callable[[], Awaitable[None]] | None = None,
    leaving: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve every face in this process's loop until SIGTERM or SIGINT; in-flight requests are finished.

    `started` is called once every face answers, `leaving` once we are asked to stop, before any face
    closes. Raises ConfigurationInvalid for an address that cannot be had.
    """
    settle()
    for _, listen in faces:
        _claim(listen)
    servers = [_server(traced(_headed(app, listen.connections.head_bytes)), listen) for app, listen in faces]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        tasks = [loop.create_task(server.serve()) for server in servers]
        stack.push_async_callback(_finish, servers, tasks)
        await asyncio.gather(*(_answering(listen) for _, listen in faces))
        if started is not None:
            await started()
        waiter = loop.create_task(stop.wait())
        done, _ = await asyncio.wait([waiter, *tasks], return_when=asyncio.FIRST_COMPLETED)
        if waiter in done and leaving is not None:
            await leaving()
        waiter.cancel()
        for task in done - {waiter}:
            task.result()


def _headed(app: App, most: int) -> App:
    """The application, for requests whose head is no larger. HeadTooLarge."""

    async def within(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and sum(len(name) + len(value) for name, value in scope["headers"]) > most:
            await turned_away(scope, send, HeadTooLarge(f"> {most} B"))
        else:
            await app(scope, receive, send)

    return within


def _claim(listen: Listen) -> None:
    """The server shares its port with whoever listens there already, and half the callers would reach that one."""
    if listen.socket is not None:
        _unused(listen.socket)
        return
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what is still closing is nobody
        try:
            probe.bind((listen.host, listen.port))
        except OSError as error:
            where = f"{listen.host}:{listen.port}"
            raise ConfigurationInvalid(f"không mở được / cannot listen at {where}: {error.strerror}") from error


def _unused(path: Path) -> None:
    """A killed process leaves its socket behind; one that still answers belongs to somebody. ConfigurationInvalid."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise ConfigurationInvalid(f"không mở được / cannot listen at {path}: {os.strerror(errno.EADDRINUSE)}")


async def _answering(listen: Listen) -> None:
    """Wait until the port answers, so that who is told of the start can connect at once."""
    for _ in range(_KNOCKS):
        if await _answers(listen):
            if listen.socket is not None:
                listen.socket.chmod(0o660)
            return
        await asyncio.sleep(_KNOCK_EVERY)
    raise ConfigurationInvalid(f"không trả lời / no answer at {listen.host}:{listen.port}")


async def _answers(listen: Listen) -> bool:
    try:
        if listen.socket is not None:
            _, writer = await asyncio.open_unix_connection(listen.socket)
        else:
            _, writer = await asyncio.open_connection(listen.host, listen.port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def _finish(servers: Sequence[Any], tasks: Sequence[asyncio.Task[None]]) -> None:
    for server in servers:
        server.stop()
    await asyncio.gather(*tasks, return_exceptions=True)


def _server(app: Any, listen: Listen) -> Any:  # the library types its server only in part
    return Server(
        app,
        address=listen.host,
        port=listen.port,
        uds=listen.socket,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # no caller of ours speaks HTTP/2; its floods (resets, continuations) stay outside
        websockets=False,
        log_enabled=False,
        ssl_cert=listen.certificate,
        ssl_key=listen.key,
        ssl_protocol_min=SSLProtocols(f"tls{listen.oldest_tls}"),
        ssl_ca=listen.client_ca,
        ssl_client_verify=listen.client_ca is not None,
        backlog=1024,
        backpressure=listen.connections.most,
        http1_settings=HTTP1Settings(
            header_read_timeout=round(1000 * listen.connections.head_seconds),
            max_buffer_size=max(BUFFER, listen.connections.head_bytes),
        ),
    )
