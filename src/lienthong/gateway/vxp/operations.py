"""Operators' addresses for systems: issue, rotate, revoke, whom they serve, what they wish, what was refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from lienthong.delivery import canonical
from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue, SenderNotRepresented
from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.systems import System, TrailRow, Wish
from lienthong.openapi import READING, TOKEN, WRITING

AnyRequest = Request[Any, Any, Any]
Who = Callable[[str, bool], str]
"""The operator's name for an `Authorization` header, and whether it is to act. TokenInvalid, NotAllowed."""
Limit = Annotated[int, QueryParameter(ge=1, le=1000)]
LONGEST = 366 * 24.0
"""Hours, of a window and of secrets side by side."""


@dataclass(frozen=True, slots=True)
class NewSystem:
    """A system to register; `window_hours` and `time_to_live_hours` 0 for the gateway's settings."""

    id: str
    name: str
    serves: tuple[str, ...]
    window_hours: float = 0.0
    time_to_live_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Rotation:
    """How long the old secrets count beside the new one."""

    keep_hours: float = 72.0


@dataclass(frozen=True, slots=True)
class Revocation:
    """One secret, or all of them."""

    secret: str = ""


@dataclass(frozen=True, slots=True)
class Serving:
    """All organisations the system calls as from now on."""

    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the wish is fulfilled, and why."""

    approve: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A secret, told this once."""

    system: str
    secret: str


@dataclass(frozen=True, slots=True)
class SecretView:
    """A secret without what it is."""

    id: str
    made: datetime
    until: datetime | None
    revoked: datetime | None
    live: bool


@dataclass(frozen=True, slots=True)
class SystemView:
    """A system as operators see it."""

    id: str
    name: str
    serves: tuple[str, ...]
    made: datetime
    window_hours: float
    time_to_live_hours: float
    secrets: tuple[SecretView, ...]


def operations(house: House, who: Who) -> list[Any]:
    """The routes."""
    return [*_systems(house, who), *_secrets(house, who), *_wishes(house, who)]


def _name(who: Who, request: AnyRequest, *, acts: bool) -> str:
    return who(request.headers.get("authorization", ""), acts)


def hours(told: float) -> float:
    """So many as were asked for. InvalidValue."""
    if not 0 <= told <= LONGEST:
        raise InvalidValue(f"{told} h: 0 … {LONGEST:g}")
    return told


def _systems(house: House, who: Who) -> list[Any]:
    @get("/v1/systems", summary="Software that may call as agencies", responses=READING, security=TOKEN)
    async def listed(request: AnyRequest) -> tuple[SystemView, ...]:
        _name(who, request, acts=False)
        now = house.gateway.now()
        return tuple(_view(system, now) for system in await house.kept.all())

    @post("/v1/systems", summary="Register software; its secret is told once", responses=WRITING, security=TOKEN)
    async def add(request: AnyRequest, data: JSONBody[NewSystem]) -> Issued:
        name, now = _name(who, request, acts=True), house.gateway.now()
        codes = tenants(house, data.serves)
        window, live = (hours(told) * 3600 for told in (data.window_hours, data.time_to_live_hours))
        text = await house.roster.add(System(data.id, data.name, codes, now, (), window, live))
        house.trail.note(now, data.id, "add", "ok", name)
        return Issued(data.id, text)

    @post(
        "/v1/systems/{system:str}/serves",
        status_code=200,
        summary="Whom it calls as",
        responses=WRITING,
        security=TOKEN,
    )
    async def serves(request: AnyRequest, system: FromPath[str], data: JSONBody[Serving]) -> SystemView:
        name, now = _name(who, request, acts=True), house.gateway.now()
        codes = tenants(house, data.serves)
        changed = await house.kept.change(system, lambda known: replace(known, serves=codes))
        await house.roster.refresh()
        house.trail.note(now, system, "serves", "ok", f"{name}: {', '.join(codes)}")
        return _view(changed, now)

    return [listed, add, serves]


def _secrets(house: House, who: Who) -> list[Any]:
    @post(
        "/v1/systems/{system:str}/rotate",
        summary="A further secret, told once; the old ones count for a while",
        responses=WRITING,
        security=TOKEN,
    )
    async def rotate(request: AnyRequest, system: FromPath[str], data: JSONBody[Rotation]) -> Issued:
        name, now = _name(who, request, acts=True), house.gateway.now()
        text = await house.roster.rotate(system, now, timedelta(hours=hours(data.keep_hours)))
        house.trail.note(now, system, "rotate", "ok", name)
        return Issued(system, text)

    @post(
        "/v1/systems/{system:str}/revoke",
        status_code=204,
        summary="A secret, or all, count no more",
        responses=WRITING,
        security=TOKEN,
    )
    async def revoke(request: AnyRequest, system: FromPath[str], data: JSONBody[Revocation]) -> None:
        name, now = _name(who, request, acts=True), house.gateway.now()
        await house.roster.revoke(system, now, data.secret)
        house.trail.note(now, system, "revoke", "ok", f"{name} {data.secret}".strip())

    @get("/v1/systems-trail", summary="What was refused, by the minute", responses=READING, security=TOKEN)
    async def trail(request: AnyRequest, system: str = "", limit: Limit = 100) -> tuple[TrailRow, ...]:
        _name(who, request, acts=False)
        await house.trail.keep()
        return tuple(await house.kept.trail(system, limit))

    return [rotate, revoke, trail]


def _wishes(house: House, who: Who) -> list[Any]:
    @get("/v1/systems-wishes", summary="What software asks for", responses=READING, security=TOKEN)
    async def wishes(request: AnyRequest, every: bool = False) -> tuple[Wish, ...]:  # noqa: FBT001, FBT002  a query
        _name(who, request, acts=False)
        return tuple(await house.kept.wishes(waiting=not every))

    @post(
        "/v1/systems-wishes/{wish:str}",
        status_code=200,
        summary="Fulfil a wish, or refuse it",
        responses=WRITING,
        security=TOKEN,
    )
    async def decide(request: AnyRequest, wish: FromPath[str], data: JSONBody[Decision]) -> Wish:
        return await decided(house, wish, data, _name(who, request, acts=True))

    return [wishes, decide]


async def decided(house: House, id: str, decision: Decision, name: str) -> Wish:
    """First the system changes, then the wish is done with: a repeat after a crash does the same again."""
    if not decision.reason.strip():
        raise InvalidValue("reason: phải nêu lý do / a reason is required")
    wish = await house.kept.decide(id, lambda waiting: waiting)
    if decision.approve:
        codes = tenants(house, (wish.code,)) if wish.act == "register" else (wish.code,)
        await house.kept.change(wish.system, lambda system: _fulfilled(system, wish.act, codes))
        await house.roster.refresh()
    state = "approved" if decision.approve else "refused"
    done = await house.kept.decide(id, lambda at: replace(at, state=state, decided_by=name, reason=decision.reason))
    house.trail.note(house.gateway.now(), wish.system, wish.act, state, f"{name}: {wish.code}")
    return done


def _fulfilled(system: System, act: str, codes: tuple[str, ...]) -> System:
    kept = tuple(code for code in system.serves if code not in codes)
    return replace(system, serves=(*kept, *codes) if act == "register" else kept)


def tenants(house: House, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The registry's codes of organisations this gateway speaks for and has keys of. SenderNotRepresented."""
    gateway, found = house.gateway, dict[str, None]()
    for text in codes:
        code = canonical(gateway.directory(), OrganisationCode.parse(text))
        if not gateway.directory().represents(gateway.hop.name, OrganisationCode(code), gateway.now()):
            raise SenderNotRepresented(f"{gateway.hop.name}: {code}")
        gateway.tenants.signer(code)
        found[code] = None
    if not found:
        raise InvalidValue("serves")
    return tuple(found)


def secrets_of(system: System, now: datetime) -> tuple[SecretView, ...]:
    """Its secrets, without what they are."""
    return tuple(SecretView(each.id, each.made, each.until, each.revoked, each.live(now)) for each in system.secrets)


def _view(system: System, now: datetime) -> SystemView:
    window, live = system.window / 3600, system.time_to_live / 3600
    return SystemView(system.id, system.name, system.serves, system.made, window, live, secrets_of(system, now))
