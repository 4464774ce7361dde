"""A desk that breaks its promises: a proxy before a right one, each fault small and named."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4  # noqa: TID251  # a desk that forgets ids makes new ones

import httpx
import msgspec
from aiohttp import web

HOP_BY_HOP = {"host", "content-length", "transfer-encoding", "connection", "content-encoding", "accept-encoding"}


@dataclass
class WrongDesk:
    """Passes everything on to `url`, but for its faults."""

    url: str
    owner: str  # a token that opens everything
    verify: Any
    _http: httpx.AsyncClient = field(init=False)

    async def answer(self, request: web.Request) -> web.Response:
        """One request, made worse on its way there and back."""
        path, headers = self._there(request)
        body = await request.read()
        came = await self._http.request(
            request.method, self.url + path, params=list(request.query.items()), headers=headers, content=body
        )
        kept = {name: value for name, value in came.headers.items() if name.lower() not in HOP_BY_HOP}
        return self._back(request, web.Response(status=came.status_code, body=came.content, headers=kept))

    def _there(self, request: web.Request) -> tuple[str, dict[str, str]]:
        path = request.path
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        if path == "/v1/me":  # lets anybody in
            headers["Authorization"] = f"Bearer {self.owner}"
        if request.method == "GET" and path.startswith("/v1/documents/"):  # shows everybody everything
            headers["Authorization"] = f"Bearer {self.owner}"
        if path.startswith("/v1/outgoing/") and request.content_type == "multipart/form-data":  # forgets ids
            path = f"/v1/outgoing/{uuid4().hex}"
        return path, headers

    def _back(self, request: web.Request, answer: web.Response) -> web.Response:
        said = bytes(answer.body) if isinstance(answer.body, bytes) else b""
        if b"recipient-closed" in said:  # mutters instead of refusing in words
            return web.Response(status=422, text="error")
        if request.path == "/v1/inbox" and request.method == "GET":  # puts the urgent last
            answer.body = msgspec.json.encode(msgspec.json.decode(said)[::-1])
        if request.path == "/v1/outgoing":  # knows no second page
            answer.body = msgspec.json.encode({**msgspec.json.decode(said), "next": ""})
        if request.path.endswith("/evidence"):  # changes what was attested
            answer.body = said.replace(b"H29,", b"H28,")
        return answer

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address while it serves."""
        self._http = httpx.AsyncClient(verify=self.verify, timeout=90)
        with served(self.answer, self._http.aclose) as url:
            yield url


@contextmanager
def served(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]], close: Callable[[], Awaitable[None]]
) -> Iterator[str]:
    """The address of whatever answers so, in a thread of its own; closed in the end."""
    ready, over, where = threading.Event(), asyncio.Event(), []

    async def serve() -> None:
        app = web.Application(client_max_size=2**28)
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        where.append((asyncio.get_running_loop(), runner.addresses[0][1]))
        ready.set()
        await over.wait()
        await runner.cleanup()
        await close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(30)
    loop, port = where[0]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)
