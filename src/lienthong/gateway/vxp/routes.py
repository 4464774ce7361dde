"""The SDK's addresses. Who calls, and with what, was proved before (`face`); a call ignores what it does not use."""

from typing import Any, cast

from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Stream

from lienthong.delivery import Content
from lienthong.gateway.packages import edxml
from lienthong.gateway.vxp import agencies, calls, packages
from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.shapes import good, noted
from lienthong.gateway.vxp.signing import Call

AnyRequest = Request[Any, Any, Any]
CALL = "lienthong.vxp"
"""Where a request's scope keeps the proved call."""
SMALL = 2**20
"""Bytes of a request that carries no package."""
ASKED = "Đã ghi nhận đề nghị, chờ người vận hành duyệt / the request is kept and waits for an operator"


async def _call(request: AnyRequest) -> Call:
    """The proved call, once its body is here: a streamed answer over an unread one may be cut off by the server."""
    await request.body()
    return cast("dict[str, Call]", request.scope)[CALL]


def _house(state: State) -> House:
    house: House = state.house
    return house


def _json(body: bytes) -> Response[bytes]:
    return Response(body, media_type=MediaType.JSON)


@post("/sendEdoc", status_code=200, opt={"takes": True})
async def send_edoc(request: AnyRequest, state: State) -> Response[bytes]:
    """An edXML file as it is, of the message type that is said; answered once it is durable, with what was noted."""
    package, warnings = await calls.send(_house(state), await _call(request), await request.body())
    return _json(good(DocId=package, **noted(warnings)))


@post("/getReceivedEdocList", status_code=200, request_max_body_size=SMALL)
async def received(request: AnyRequest, state: State) -> Response[bytes]:
    """What waits, in `initial`."""
    return _json(good(data=await calls.received(_house(state), await _call(request))))


@post("/getEdoc", status_code=200, request_max_body_size=SMALL)
async def get_edoc(request: AnyRequest, state: State) -> Stream:
    """The file, in base64."""
    house = _house(state)
    package = await calls.fetched(house, await _call(request))
    return Stream(await packages.reply(house.gateway, package), media_type=MediaType.JSON)


@post("/downloadEdoc", status_code=200, request_max_body_size=SMALL)
async def download_edoc(request: AnyRequest, state: State) -> Stream:
    """The file, byte for byte."""
    house = _house(state)
    package = await calls.fetched(house, await _call(request))
    return Stream(await edxml(house.gateway, package), media_type="application/octet-stream")


@post("/updateStatus", status_code=200, request_max_body_size=SMALL)
async def update_status(request: AnyRequest, state: State) -> Response[bytes]:
    """What became of a received item."""
    await calls.update(_house(state), await _call(request))
    return _json(good())


@post("/getSentEdocList", status_code=200, request_max_body_size=SMALL)
async def sent(request: AnyRequest, state: State) -> Response[bytes]:
    """How far it got with each addressee."""
    return _json(good(data=await calls.sent(_house(state), await _call(request))))


@post("/getAgenciesList", status_code=200, request_max_body_size=SMALL)
async def agencies_list(request: AnyRequest, state: State) -> Stream:
    """Organisations in force."""
    await _call(request)
    gateway = _house(state).gateway
    directory, now = gateway.directory(), gateway.now()
    return _stream(agencies.listed(directory, agencies.agency, agencies.in_force(now)))


@post("/getAgenciesListQD20", status_code=200, request_max_body_size=SMALL)
async def agencies_qd20(request: AnyRequest, state: State) -> Stream:
    """The same by codes of Decision 20/2020, of one level if one is said."""
    gateway = _house(state).gateway
    directory, shown = gateway.directory(), agencies.in_force(gateway.now(), (await _call(request)).get("level"))
    return _stream(agencies.listed(directory, agencies.agency_qd20, shown))


@post("/getSynchronizeUnit", status_code=200, request_max_body_size=SMALL)
async def units(request: AnyRequest, state: State) -> Stream:
    """Every organisation, ended ones marked."""
    await _call(request)
    gateway = _house(state).gateway
    directory = gateway.directory()
    return _stream(agencies.listed(directory, agencies.unit(directory, gateway.now()), agencies.everything))


def _stream(body: Any) -> Stream:
    return Stream(body, media_type=MediaType.JSON)


@post("/registerAgency", status_code=200, request_max_body_size=SMALL)
async def register(request: AnyRequest, state: State) -> Response[bytes]:
    """Kept as a wish; people decide."""
    asked = await calls.register(_house(state), await _call(request), await request.body())
    return _json(good(ErrorDesc=ASKED) if asked else good())


@post("/deleteAgency", status_code=200, request_max_body_size=SMALL)
async def delete(request: AnyRequest, state: State) -> Response[bytes]:
    """Kept as a wish; people decide."""
    await calls.delete(_house(state), await _call(request))
    return _json(good(ErrorDesc=ASKED))


@get("/countReceiveEdoc")
async def count_edoc(request: AnyRequest, state: State) -> Response[bytes]:
    """How many documents wait."""
    return _json(good(count=await calls.count(_house(state), await _call(request), Content.EDOC)))


@get("/countReceiveStatus")
async def count_status(request: AnyRequest, state: State) -> Response[bytes]:
    """How many statuses wait."""
    return _json(good(count=await calls.count(_house(state), await _call(request), Content.STATUS)))


CALLS = [
    send_edoc,
    received,
    get_edoc,
    download_edoc,
    update_status,
    sent,
    agencies_list,
    agencies_qd20,
    units,
    register,
    delete,
    count_edoc,
    count_status,
]
