"""Webhooks: the gateway calls an agency's software when something happens. A hint, never the contract.

    registered ─► each event in order ─► 2xx: remembered, the next one
                                     └─► anything else: again after a pause that doubles ─► parked after `park_after`
    410 Gone ─► parked at once         parked ─► nothing is lost: resumed, it goes on where it stood

What is called: only hosts the operator named (`webhooks.hosts`). What is sent: JSON and three headers as Standard
Webhooks says (standardwebhooks.com), signed with HMAC-SHA256. The secret follows from the gateway's key and the hook's
salt, so that no secret lies in the store.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import msgspec

from lienthong.delivery.retry import pause
from lienthong.errors import InvalidValue, LienThongError, NotFound, Unavailable
from lienthong.gateway import happening
from lienthong.gateway.desk import Gateway
from lienthong.gateway.happening import Event

MOST = 10
"""Webhooks of one agency."""
ROUND = 50
"""Events one round brings to one webhook."""
TOGETHER = 16
"""Webhooks called at a time."""
FAR = 1000
"""Others' events after which a webhook's place is written though nothing was to be told."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A registered webhook, and up to which event it was heard. `events` empty: all."""

    tenant: str
    name: str
    url: str
    events: tuple[str, ...]
    salt: str
    cursor: int
    since: datetime
    due: datetime
    attempts: int = 0
    code: str = ""
    detail: str = ""
    parked: bool = False
    heard_at: datetime | None = None


class Hooks(Protocol):
    """Where webhooks are kept."""

    async def put(self, hook: Hook, most: int) -> None:
        """Insert or replace by tenant and name. InvalidValue where the tenant has so many others."""
        ...

    async def of(self, tenant: str) -> Sequence[Hook]:
        """A tenant's, by name."""
        ...

    async def get(self, tenant: str, name: str) -> Hook:
        """One of them. NotFound."""
        ...

    async def drop(self, tenant: str, name: str) -> None:
        """Forget one; harmless when there is none."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Hook]:
        """Those not parked whose time has come, the longest waiting first."""
        ...

    async def change(self, tenant: str, name: str, work: Callable[[Hook], Hook]) -> None:
        """Change one if it is still there."""
        ...


class Caller(Protocol):
    """Whoever calls out."""

    def require(self, url: str) -> None:
        """InvalidValue for no address, NotAllowed for one that may not be called."""
        ...

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer; no redirect is followed. Unavailable, NotAllowed."""
        ...


@dataclass(frozen=True, slots=True)
class Hooking:
    """The webhooks of a gateway. `key` is at least 32 random bytes."""

    hooks: Hooks
    caller: Caller
    key: bytes
    park_after: int = 12

    def secret(self, hook: Hook) -> bytes:
        """What a hook's calls are signed with."""
        return hmac.digest(self.key, f"webhook\n{hook.tenant}\n{hook.name}\n{hook.salt}".encode(), hashlib.sha256)


def written_secret(secret: bytes) -> str:
    """As Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def signed(secret: bytes, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a call (Standard Webhooks, *Signature scheme*)."""
    moment = str(int(at.timestamp()))
    mac = hmac.digest(secret, b".".join((id.encode(), moment.encode(), body)), hashlib.sha256)
    return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


# ---------------------------------------------------------------- what an agency asks for


def service(gateway: Gateway) -> Hooking:
    """The webhooks of this gateway. NotFound where it calls nobody."""
    if gateway.hooking is None:
        raise NotFound("webhooks")
    return gateway.hooking


async def register(gateway: Gateway, tenant: str, name: str, url: str, events: Sequence[str], *, rotate: bool) -> Hook:
    """Register, or change; the same again changes nothing. InvalidValue, NotAllowed."""
    hooking, now = service(gateway), gateway.now()
    hooking.caller.require(url)
    if unknown := sorted(set(events) - {f"document.{kind}" for kind in happening.KINDS}):
        raise InvalidValue(f"events: {', '.join(unknown)[:200]}")
    known = {hook.name: hook for hook in await hooking.hooks.of(tenant)}.get(name)
    salt = known.salt if known and not rotate else gateway.hop.lots.token()
    if known is None:
        _, newest = await happening.page(gateway, tenant, -1, 0)
        made = Hook(tenant, name, url, tuple(events), salt, newest, now, now)
    else:
        moved = known if known.url == url else _again(known, now)
        made = replace(moved, url=url, events=tuple(events), salt=salt)
    await hooking.hooks.put(made, MOST)
    return made


async def resume(gateway: Gateway, tenant: str, name: str) -> Hook:
    """Call it again at once, going on where it stood. NotFound."""
    hooks, now = service(gateway).hooks, gateway.now()
    await hooks.get(tenant, name)
    await hooks.change(tenant, name, lambda hook: _again(hook, now))
    return await hooks.get(tenant, name)


def _again(hook: Hook, now: datetime) -> Hook:
    return replace(hook, due=now, attempts=0, code="", detail="", parked=False)


# ---------------------------------------------------------------- calling


async def call_all(gateway: Gateway) -> int:
    """Bring what happened to every webhook whose time has come; how many events were heard."""
    hooking = service(gateway)
    due = await hooking.hooks.due(gateway.now(), 10 * TOGETHER)
    places = asyncio.Semaphore(TOGETHER)

    async def one(hook: Hook) -> int:
        async with places:
            return await _bring(gateway, hooking, hook)

    return sum(await asyncio.gather(*(one(hook) for hook in due)))


async def _bring(gateway: Gateway, hooking: Hooking, hook: Hook) -> int:
    """A round of events in order; the first one that is not heard ends it."""
    found, told = await happening.page(gateway, hook.tenant, hook.cursor, ROUND)
    wanted = [event for event in found if not hook.events or event.type in hook.events]
    for heard, event in enumerate(wanted):
        try:
            await _call(gateway, hooking, hook, event)
        except LienThongError as error:
            await _missed(gateway, hooking, hook, error)
            return heard
        await _heard(gateway, hooking, hook, int(event.id))
    if found or told - hook.cursor >= FAR:
        await hooking.hooks.change(hook.tenant, hook.name, lambda each: replace(each, cursor=max(each.cursor, told)))
    return len(found)


async def _call(gateway: Gateway, hooking: Hooking, hook: Hook, event: Event) -> None:
    body = msgspec.json.encode({"type": event.type, "timestamp": event.at, "data": event})
    name = f"{gateway.hop.name}-{hook.tenant}-{event.id}"
    status = await hooking.caller.post(hook.url, body, signed(hooking.secret(hook), name, gateway.now(), body))
    if status == 410:
        raise NotFound("HTTP 410")
    if not 200 <= status < 300:
        raise Unavailable(f"HTTP {status}")


async def _heard(gateway: Gateway, hooking: Hooking, hook: Hook, number: int) -> None:
    now = gateway.now()
    await hooking.hooks.change(
        hook.tenant, hook.name, lambda each: replace(_again(each, now), cursor=number, heard_at=now)
    )


async def _missed(gateway: Gateway, hooking: Hooking, hook: Hook, error: LienThongError) -> None:
    now, jitter = gateway.now(), gateway.hop.lots.jitter()

    def count(each: Hook) -> Hook:
        attempts = each.attempts + 1
        parked = error.permanent or attempts >= hooking.park_after
        due = now + pause(gateway.hop.terms, attempts - 1, jitter)
        return replace(each, due=due, attempts=attempts, code=error.code, detail=error.detail[:200], parked=parked)

    await hooking.hooks.change(hook.tenant, hook.name, count)
