"""Events and webhooks: hints that something happened; the inbox and the documents remain the contract."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.datastructures import State
from litestar.openapi import ResponseSpec
from litestar.params import Parameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from lienthong.gateway import happening, hooking
from lienthong.gateway.calling import gateway_of
from lienthong.gateway.calling import tenant as tenant_of
from lienthong.gateway.desk import Gateway
from lienthong.gateway.happening import Event, Events
from lienthong.gateway.hooking import Hook
from lienthong.gateway.routes.asking import HOOKS, READ, SMALL, AnyRequest, Cursor, Limit, Name, Seconds
from lienthong.openapi import READING, WRITING

Life = Annotated[float, Parameter(ge=0, le=600, description="Seconds after which the stream ends; come again")]
RECONNECT = 2000
"""Milliseconds after which a browser comes again."""
_STREAM = {
    200: ResponseSpec(bytes, generate_examples=False, description="Server-sent events", media_type="text/event-stream")
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A webhook: its address, the types of events it is called for (none: all), and whether it gets a new secret."""

    url: Annotated[str, msgspec.Meta(max_length=2000)]
    events: tuple[Annotated[str, msgspec.Meta(max_length=64)], ...] = ()
    rotate: bool = False


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook and how it stands: since when it is registered, the last call, why it is not heard."""

    name: str
    url: str
    events: tuple[str, ...]
    since: datetime
    heard_at: datetime | None
    cursor: str
    attempts: int
    next_try: datetime | None
    parked: bool
    code: str
    detail: str
    secret: str = ""


@get("/v1/events", summary="What happened to the agency's documents, beyond a cursor", responses=READING, security=READ)
async def events(
    request: AnyRequest, state: State, after: Cursor = "", limit: Limit = 50, seconds: Seconds = 0.0
) -> Events:
    """Without `after` only what is still to come: keep `next` and ask beyond it. `seconds` waits for something."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    return await happening.listened(gateway, tenant, happening.place(after), limit, seconds)


@get(
    "/v1/events/stream",
    summary="The same as server-sent events",
    responses=READING | _STREAM,
    security=READ,
    opt={"polls": True},
)
async def stream(request: AnyRequest, state: State, after: Cursor = "", seconds: Life = 300.0) -> ServerSentEvent:
    """`Last-Event-ID` or `after` goes on behind an event. A comment every 15 seconds says that the stream lives."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    place = happening.place(request.headers.get("last-event-id", "") or after)
    return ServerSentEvent(_messages(gateway, tenant, place, seconds), retry_duration=RECONNECT)


async def _messages(gateway: Gateway, tenant: str, place: int, seconds: float) -> AsyncIterator[ServerSentEventMessage]:
    async for found in happening.streamed(gateway, tenant, place, seconds):
        if isinstance(found, Event):
            yield ServerSentEventMessage(msgspec.json.encode(found).decode(), event=found.type, id=found.id)
        else:
            yield ServerSentEventMessage(comment=f"up to {found}", id=str(found))


@put(
    "/v1/webhooks/{name:str}",
    status_code=200,
    summary="Register a webhook, or change it",
    responses=WRITING,
    security=HOOKS,
    request_max_body_size=SMALL,
)
async def register(request: AnyRequest, state: State, name: Name, data: Wanted) -> Webhook:
    """Answers with the secret its calls are signed with (Standard Webhooks). It is called from now on."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    made = await hooking.register(gateway, tenant, name, data.url, data.events, rotate=data.rotate)
    return _shown(made, hooking.written_secret(hooking.service(gateway).secret(made)))


@get("/v1/webhooks", summary="The agency's webhooks", responses=READING, security=HOOKS)
async def webhooks(request: AnyRequest, state: State) -> tuple[Webhook, ...]:
    """Without their secrets."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    return tuple(_shown(each) for each in await hooking.service(gateway).hooks.of(tenant))


@get("/v1/webhooks/{name:str}", summary="One webhook, and why it is not heard", responses=READING, security=HOOKS)
async def webhook(request: AnyRequest, state: State, name: str) -> Webhook:
    """Without its secret."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    return _shown(await hooking.service(gateway).hooks.get(tenant, name))


@delete("/v1/webhooks/{name:str}", status_code=204, summary="Drop a webhook", responses=WRITING, security=HOOKS)
async def drop(request: AnyRequest, state: State, name: str) -> None:
    """Harmless when there is none."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    await hooking.service(gateway).hooks.drop(tenant, name)


@post(
    "/v1/webhooks/{name:str}/resume",
    status_code=200,
    summary="Call a parked webhook again",
    responses=WRITING,
    security=HOOKS,
)
async def resume(request: AnyRequest, state: State, name: str) -> Webhook:
    """It goes on where it stood."""
    gateway, tenant = gateway_of(state), tenant_of(request, state)
    return _shown(await hooking.resume(gateway, tenant, name))


def _shown(hook: Hook, secret: str = "") -> Webhook:
    return Webhook(
        hook.name,
        hook.url,
        hook.events,
        hook.since,
        hook.heard_at,
        str(hook.cursor),
        hook.attempts,
        hook.due if hook.attempts and not hook.parked else None,
        hook.parked,
        hook.code,
        hook.detail,
        secret,
    )


EVENTS = [events, stream, register, webhooks, webhook, drop, resume]
