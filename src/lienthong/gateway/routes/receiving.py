"""Receiving: peek, take, acknowledge, release, report."""

from dataclasses import dataclass

from litestar import get, post
from litestar.datastructures import State

from lienthong.gateway import desk, views
from lienthong.gateway.calling import gateway_of
from lienthong.gateway.calling import tenant as tenant_of
from lienthong.gateway.routes.asking import RECEIVE, SMALL, AnyRequest, Limit, OwnId, Seconds
from lienthong.openapi import READING, WRITING


@dataclass(frozen=True, slots=True)
class Status:
    """A business status to report (01…06, 15, 16; 13 by the issuer). 02 and 16 need a description."""

    code: str
    description: str = ""
    staff: str = ""
    message_id: OwnId = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock a document was taken with."""

    lock: str


@get(
    "/v1/inbox",
    summary="Peek: what waits for the agency's software, the most urgent first",
    responses=READING,
    security=RECEIVE,
)
async def inbox(
    request: AnyRequest, state: State, seconds: Seconds = 0.0, limit: Limit = 20, contents: str = "edoc"
) -> tuple[views.Entry, ...]:
    """Changes nothing. `contents`: `edoc`, `status`, or both with a comma."""
    wanted = frozenset(contents.split(","))
    return await desk.waiting(gateway_of(state), tenant_of(request, state), wanted, limit, seconds)


@post(
    "/v1/inbox/{package_id:str}/{addressee:str}/lock",
    status_code=200,
    summary="Take a waiting document",
    responses=WRITING,
    security=RECEIVE,
    request_max_body_size=SMALL,
)
async def lock(request: AnyRequest, state: State, package_id: str, addressee: str) -> views.Taken:
    """The lock runs out by itself; then the document is offered again."""
    return await desk.lock(gateway_of(state), tenant_of(request, state), package_id, addressee)


@post(
    "/v1/inbox/{package_id:str}/{addressee:str}/acknowledge",
    status_code=204,
    summary="The document is stored here",
    responses=WRITING,
    security=RECEIVE,
    request_max_body_size=SMALL,
)
async def acknowledge(request: AnyRequest, state: State, package_id: str, addressee: str, data: Lock) -> None:
    """Handed over, with evidence for the sender. A repeat changes nothing."""
    await desk.done(gateway_of(state), tenant_of(request, state), package_id, addressee, data.lock)


@post(
    "/v1/inbox/{package_id:str}/{addressee:str}/release",
    status_code=204,
    summary="Put a taken document back",
    responses=WRITING,
    security=RECEIVE,
    request_max_body_size=SMALL,
)
async def release(request: AnyRequest, state: State, package_id: str, addressee: str, data: Lock) -> None:
    """It is offered again at once."""
    await desk.put_back(gateway_of(state), tenant_of(request, state), package_id, addressee, data.lock)


@post(
    "/v1/documents/{package_id:str}/statuses",
    status_code=201,
    summary="Report a business status",
    responses=WRITING,
    security=RECEIVE,
    request_max_body_size=SMALL,
)
async def report(request: AnyRequest, state: State, package_id: str, data: Status) -> views.Document:
    """Travels to the sender as a sealed message of its own. A move outside the table is refused."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    await desk.report(gateway, tenant, package_id, data.message_id, data.code, data.description, data.staff)
    return await desk.document(gateway, tenant, package_id)


RECEIVING = [inbox, lock, acknowledge, release, report]
