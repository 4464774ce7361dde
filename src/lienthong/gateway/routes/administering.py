"""What an agency's own administrator does at a shared gateway: its tokens and its bounds, within the host's.

Nothing here names another agency: a token, a bound, an act of one is to the others as if it were not there. Every act
is a leaf of the log.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from litestar import get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from lienthong.errors import InvalidValue, NotAllowed
from lienthong.gateway.allowance import allowance, in_words, keep_act, live_tokens, subject
from lienthong.gateway.calling import caller as caller_of
from lienthong.gateway.calling import gateway_of
from lienthong.gateway.desk import Gateway
from lienthong.gateway.ports import Bounds, Caller, Scope
from lienthong.gateway.routes.asking import ADMIN, SMALL, AnyRequest
from lienthong.gateway.views import Allowance
from lienthong.openapi import READING, WRITING

LONGEST_DAYS, LONGEST_OVERLAP = 3650, 90 * 24.0


@dataclass(frozen=True, slots=True)
class Administration:
    """The host's bounds, the agency's own, which of them count, and what was used today. 0: no bound of this kind."""

    host: Bounds
    own: Bounds
    counts: Bounds
    allowance: Allowance
    tokens: int


@dataclass(frozen=True, slots=True)
class TokenView:
    """An access token without what it is; `live` while it opens something."""

    id: str
    name: str
    scopes: tuple[str, ...]
    issued: datetime | None
    expires: datetime | None
    revoked: datetime | None
    live: bool


@dataclass(frozen=True, slots=True)
class NewToken:
    """For which software, what it may, and for how many days; 0 for no end."""

    name: str
    scopes: tuple[Scope, ...]
    days: int = 365


@dataclass(frozen=True, slots=True)
class TokenIssued:
    """A token, told this once, and its row."""

    token: str = field(repr=False)
    row: TokenView


@dataclass(frozen=True, slots=True)
class Overlap:
    """How long the old token goes on beside the new one."""

    hours: float = 24.0


@dataclass(frozen=True, slots=True)
class AdministrationAct:
    """What an administrator, or the host, did: when, what, who and to what."""

    at: datetime
    act: str
    text: str


@get("/v1/administration", summary="Bounds, and what was used today", responses=READING, security=ADMIN)
async def administration(request: AnyRequest, state: State) -> Administration:
    """The host's bounds can only be narrowed by one's own."""
    return await _told(gateway_of(state), caller_of(request, state).tenant)


@put(
    "/v1/administration/bounds",
    summary="Set the agency's own bounds",
    responses=WRITING,
    security=ADMIN,
    request_max_body_size=SMALL,
)
async def bound(request: AnyRequest, state: State, data: JSONBody[Bounds]) -> Administration:
    """All of them at once; wider than the host's is refused, so that nobody relies on what does not hold."""
    gateway, who = gateway_of(state), caller_of(request, state)
    host = gateway.tenants.allotted(who.tenant).host
    if wider := data.beyond(host):
        told = f"{', '.join(wider)}: rộng hơn mức của đơn vị chủ quản / wider than the host's: {in_words(host)}"
        raise InvalidValue(told)
    await asyncio.to_thread(gateway.tenants.allot, who.tenant, own=data)
    await keep_act(gateway, who, "bounds", in_words(data))
    return await _told(gateway, who.tenant)


@get("/v1/administration/tokens", summary="The agency's access tokens", responses=READING, security=ADMIN)
async def tokens(request: AnyRequest, state: State) -> tuple[TokenView, ...]:
    """Without what they are; ended ones stay listed."""
    gateway, who = gateway_of(state), caller_of(request, state)
    found = await asyncio.to_thread(gateway.tenants.tokens, who.tenant)
    return tuple(_view(each, gateway.now()) for each in found)


@post(
    "/v1/administration/tokens",
    summary="A further token, told once",
    responses=WRITING,
    security=ADMIN,
    request_max_body_size=SMALL,
)
async def issue(request: AnyRequest, state: State, data: JSONBody[NewToken]) -> TokenIssued:
    """For software of this agency alone."""
    gateway, who, now = gateway_of(state), caller_of(request, state), gateway_of(state).now()
    if not 0 <= data.days <= LONGEST_DAYS:
        raise InvalidValue(f"days: 0 … {LONGEST_DAYS}")
    await _require_room(gateway, who.tenant)
    expires = now + timedelta(days=data.days) if data.days else None
    wanted = Caller(who.tenant, data.name[:200], scopes=frozenset(data.scopes), issued=now, expires=expires)
    token, row = await asyncio.to_thread(gateway.tenants.issue, wanted)
    await keep_act(gateway, who, "token-issued", f"{row.id} {row.name}: {' '.join(sorted(row.scopes))}")
    return TokenIssued(token, _view(row, now))


@post(
    "/v1/administration/tokens/{id:str}/rotate",
    summary="A new token in the place of one, told once",
    responses=WRITING,
    security=ADMIN,
    request_max_body_size=SMALL,
)
async def rotate(request: AnyRequest, state: State, id: FromPath[str], data: JSONBody[Overlap]) -> TokenIssued:
    """The same rights and life; the old one goes on for so long."""
    gateway, who, now = gateway_of(state), caller_of(request, state), gateway_of(state).now()
    if not 0 <= data.hours <= LONGEST_OVERLAP:
        raise InvalidValue(f"hours: 0 … {LONGEST_OVERLAP:g}")
    overlap = timedelta(hours=data.hours)
    token, row = await asyncio.to_thread(gateway.tenants.rotate, who.tenant, id, now, overlap)
    await keep_act(gateway, who, "token-rotated", f"{id} → {row.id} {row.name}")
    return TokenIssued(token, _view(row, now))


@post(
    "/v1/administration/tokens/{id:str}/revoke",
    status_code=200,
    summary="Take a token back at once",
    responses=WRITING,
    security=ADMIN,
)
async def revoke(request: AnyRequest, state: State, id: FromPath[str]) -> TokenView:
    """A repeat changes nothing. One's own too: then the host issues the next."""
    gateway, who, now = gateway_of(state), caller_of(request, state), gateway_of(state).now()
    row = await asyncio.to_thread(gateway.tenants.revoke, who.tenant, id, now)
    await keep_act(gateway, who, "token-revoked", f"{row.id} {row.name}")
    return _view(row, now)


@get("/v1/administration/acts", summary="What was done here, and by whom", responses=READING, security=ADMIN)
async def acts(request: AnyRequest, state: State) -> tuple[AdministrationAct, ...]:
    """Newest first; each is a leaf of the gateway's log."""
    gateway, who = gateway_of(state), caller_of(request, state)
    steps = await gateway.hop.store.read(lambda view: view.steps(subject(who.tenant)))
    return tuple(AdministrationAct(each.at, each.code, each.text) for each in reversed(steps))


async def _told(gateway: Gateway, tenant: str) -> Administration:
    found, live = gateway.tenants.allotted(tenant), await live_tokens(gateway, tenant)
    return Administration(found.host, found.own, found.counts, await allowance(gateway, tenant), len(live))


async def _require_room(gateway: Gateway, tenant: str) -> None:
    most = gateway.tenants.allotted(tenant).counts.tokens
    if most and len(await live_tokens(gateway, tenant)) >= most:
        raise NotAllowed(f"tối đa {most} mã truy cập còn hiệu lực / at most {most} live tokens")


def _view(row: Caller, now: datetime) -> TokenView:
    scopes = tuple(sorted(row.scopes))
    return TokenView(row.id, row.name, scopes, row.issued, row.expires, row.revoked, live=not row.ended(now))


ADMINISTERING = [administration, bound, tokens, issue, rotate, revoke, acts]
