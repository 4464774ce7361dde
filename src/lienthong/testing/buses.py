"""A province's bus in three manners: a real HTTP server on loopback, with the faults that such servers have.

async with BusServer(Shape.LANG_SON) as bus:
    bus.put(edxml)                       # waits for us, as an agency of the province sent it
    bus.faults.append(Fault.LOSES)       # the next call is done, its answer is lost
    ... bus.url, bus.system, bus.secret, bus.got, bus.states ...
"""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from lienthong.gateway.bus.settings import Shape

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Fault(Enum):
    """What goes wrong with one call."""

    DOWN = "answers 503"
    MUMBLES = "answers what is no JSON"
    LOSES = "does it, and the answer is lost"
    FORGETS = "knows our token no longer"
    BUSY = "answers 429"


@dataclass
class Got:
    """What was sent to the bus."""

    organ: str
    kind: str
    data: bytes


@dataclass
class BusServer:
    """The bus. `faults` befall the next calls in order (logins aside); `refuses`: a code for every file from now on."""

    shape: Shape
    system: str = "he-thong-mau"
    secret: str = "bi-mat-mau"  # noqa: S105 - a sample value of a test server
    refuses: str = ""
    faults: list[Fault | None] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    waiting: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    url: str = ""
    _token: str = ""
    _tokens: int = 0
    _runner: web.AppRunner | None = None

    def put(self, edxml: bytes, kind: str = "edoc", id: str = "") -> str:
        """Something waits for us."""
        name = id or f"doc-{len(self.waiting) + 1}"
        self.waiting[name] = (kind, edxml)
        return name

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._befallen], client_max_size=1 << 28)
        app.add_routes(_ROUTES[self.shape](self))
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _befallen(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.calls.append(f"{request.method} {request.path}")
        login = request.path in {"/token", "/api/lgspedoc/login"}
        fault = None if login or not self.faults else self.faults.pop(0)
        if fault is Fault.DOWN:
            return web.Response(status=503)
        if fault is Fault.BUSY:
            return web.Response(status=429, headers={"Retry-After": "30"})
        if fault is Fault.MUMBLES:
            return web.Response(text="<html>502 Bad Gateway</html>", content_type="text/html")
        if fault is Fault.FORGETS:
            self._token = "another"  # noqa: S105 - it is none
        answer = await handler(request)
        if fault is Fault.LOSES and request.transport is not None:
            request.transport.close()
        return answer

    def granted(self) -> str:
        """A new token."""
        self._tokens += 1
        self._token = f"token-{self._tokens}"
        return self._token

    def admits(self, request: web.Request) -> bool:
        """Whether a call shows the token in force."""
        return bool(self._token) and request.headers.get("Authorization") == f"Bearer {self._token}"

    def open(self, kind: str) -> list[str]:
        """Ids of what waits."""
        return [name for name, (of, _) in self.waiting.items() if kind in {"", of} and name not in self.states]

    def take(self, organ: str, kind: str, data: bytes) -> str:
        """Take a file, or the code it is refused with."""
        if not self.refuses:
            self.got.append(Got(organ, kind, data))
        return self.refuses


# ---------------------------------------------------------------- Quảng Nam


def _quang_nam(bus: BusServer) -> list[web.RouteDef]:
    base = "/truclienthong/v1.0.0/vanbans"

    async def token(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != aiohttp.encode_basic_auth(bus.system, bus.secret):
            return web.Response(status=401)
        return web.json_response({"access_token": bus.granted(), "expires_in": 3600})

    async def listed(request: web.Request) -> web.Response:
        rows = [{"docId": name, "status": "INITIAL"} for name in bus.open(request.query.get("messageType", ""))]
        return web.json_response({"data": rows})

    async def one(request: web.Request) -> web.Response:
        return web.json_response({"data": _b64(bus.waiting[request.match_info["id"]][1])})

    async def state(request: web.Request) -> web.Response:
        bus.states[request.match_info["id"]] = (await request.json())["status"]
        return web.json_response({})

    async def send(request: web.Request) -> web.Response:
        body = await request.json()
        refused = bus.take(request.headers["organId"], body["messageType"], base64.b64decode(body["data"]))
        return web.json_response({"message": refused}, status=422 if refused else 201)

    calls = [("GET", base, listed), ("GET", base + "/{id}", one), ("PUT", base + "/{id}", state), ("POST", base, send)]
    return [web.post("/token", token), *(web.route(how, path, _admitted(bus, call)) for how, path, call in calls)]


def _admitted(bus: BusServer, call: Handler) -> Handler:
    async def asked(request: web.Request) -> web.StreamResponse:
        return await call(request) if bus.admits(request) else web.Response(status=401)

    return asked


# ---------------------------------------------------------------- Lạng Sơn


def _lang_son(bus: BusServer) -> list[web.RouteDef]:
    async def login(request: web.Request) -> web.Response:
        if await request.json() != {"systemId": bus.system, "secretKey": bus.secret}:
            return web.json_response({"success": False, "errorCode": "15"})
        return web.json_response({"success": True, "errorCode": "0", "token": bus.granted()})

    async def listed(request: web.Request) -> web.Response:
        kind = request.query["messageType"]
        done = [{"docId": name, "status": state, "messageType": kind} for name, state in bus.states.items()]
        rows = [{"docId": name, "status": "initial", "messageType": kind} for name in bus.open(kind)]
        return web.json_response({"success": True, "count": len(rows), "data": done + rows})

    async def one(request: web.Request) -> web.Response:
        return web.json_response(
            {"docId": request.query["docId"], "edxml": _b64(bus.waiting[request.query["docId"]][1])}
        )

    async def state(request: web.Request) -> web.Response:
        body = await request.json()
        bus.states[body["docId"]] = body["status"]
        return web.json_response({"success": True, "errorCode": "0"})

    async def send(request: web.Request) -> web.Response:
        form = await request.post()
        file: Any = form["edocFile"]
        refused = bus.take("", str(form["messageType"]), file.file.read())
        return web.json_response({"success": not refused, "errorCode": refused or "0"})

    calls = {"/v1/syncReceivedEdocList": listed, "/v1/getEdoc": one}
    posts = {"/v1/updateStatus": state, "/v1/sendEdoc": send}
    return [
        web.post("/api/lgspedoc/login", login),
        *(web.get(path, _admitted(bus, call)) for path, call in calls.items()),
        *(web.post(path, _admitted(bus, call)) for path, call in posts.items()),
    ]


# ---------------------------------------------------------------- Bkav


def _bkav(bus: BusServer) -> list[web.RouteDef]:
    async def pending(_: web.Request) -> web.Response:
        return _good(bus.open(""))

    async def one(request: web.Request) -> web.Response:
        return web.Response(body=bus.waiting[(await request.json())["docId"]][1])

    async def confirm(request: web.Request) -> web.Response:
        bus.states[(await request.json())["docId"]] = "received"
        return _good()

    async def exists(request: web.Request) -> web.Response:
        wanted = (await request.json())["hash-edoc"]
        return _good(any(hashlib.sha256(each.data).hexdigest() == wanted for each in bus.got))

    async def send(request: web.Request) -> web.Response:
        data = await request.read()
        if hashlib.sha256(data).hexdigest() != request.headers["hash-edoc"]:
            return _bad("M.SendDocument")
        refused = bus.take(request.headers["organId"], request.headers["messageType"], data)
        return _bad(refused) if refused else _good("id")

    posts = {"getDocument": one, "confirmReceived": confirm, "checkExistDocument": exists, "sendDocument": send}
    return [
        web.get("/EdocService/getPendingDocIds", _permitted(bus, pending)),
        *(web.post(f"/EdocService/{path}", _permitted(bus, call)) for path, call in posts.items()),
    ]


def _permitted(bus: BusServer, call: Handler) -> Handler:
    async def asked(request: web.Request) -> web.StreamResponse:
        return await call(request) if request.headers.get("token") == bus.secret else _bad("M.CheckPermission")

    return asked


def _good(data: object = None) -> web.Response:
    return web.json_response({"code": "0", "data": data})


def _bad(*errors: str) -> web.Response:
    return web.json_response({"code": "9999", "errors": list(errors)})


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


_ROUTES: dict[Shape, Callable[[BusServer], list[web.RouteDef]]] = {
    Shape.QUANG_NAM: _quang_nam,
    Shape.LANG_SON: _lang_son,
    Shape.BKAV: _bkav,
}
