"""Software of the VXP face that calls as one agency alone, in the hands of that agency's administrator.

Software that calls as others too is its host's to keep: it is shown, without them, and refuses to be changed.
"""

from dataclasses import dataclass
from datetime import timedelta

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from lienthong.errors import NotAllowed, NotFound
from lienthong.gateway.allowance import keep_act
from lienthong.gateway.calling import caller as caller_of
from lienthong.gateway.ports import Caller
from lienthong.gateway.routes.asking import ADMIN, SMALL, AnyRequest
from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.operations import Issued, Revocation, Rotation, SecretView, hours, secrets_of
from lienthong.gateway.vxp.systems import System
from lienthong.openapi import READING, WRITING


@dataclass(frozen=True, slots=True)
class OwnSystem:
    """Software that calls as the agency; `shared` when it calls as others too, which only the host may change."""

    id: str
    name: str
    shared: bool
    secrets: tuple[SecretView, ...]


@get("/v1/administration/systems", summary="Software of the VXP face", responses=READING, security=ADMIN)
async def systems(request: AnyRequest, state: State) -> tuple[OwnSystem, ...]:
    """What calls as the agency; none where the gateway has no such face."""
    who, house = caller_of(request, state), _house(state)
    found = await house.kept.all() if house else ()
    return tuple(_view(house, each) for each in found if house and who.tenant in each.serves)


@post(
    "/v1/administration/systems/{system:str}/rotate",
    summary="A further secret, told once; the old ones count for a while",
    responses=WRITING,
    security=ADMIN,
    request_max_body_size=SMALL,
)
async def rotate_secret(request: AnyRequest, state: State, system: FromPath[str], data: JSONBody[Rotation]) -> Issued:
    """As the host can, for software of this agency alone."""
    who = caller_of(request, state)
    house = await _own(state, who, system)
    text = await house.roster.rotate(system, house.gateway.now(), timedelta(hours=hours(data.keep_hours)))
    await _noted(house, who, system, "rotate")
    return Issued(system, text)


@post(
    "/v1/administration/systems/{system:str}/revoke",
    status_code=204,
    summary="A secret, or all, count no more",
    responses=WRITING,
    security=ADMIN,
    request_max_body_size=SMALL,
)
async def revoke_secret(request: AnyRequest, state: State, system: FromPath[str], data: JSONBody[Revocation]) -> None:
    """As the host can, for software of this agency alone."""
    who = caller_of(request, state)
    house = await _own(state, who, system)
    await house.roster.revoke(system, house.gateway.now(), data.secret)
    await _noted(house, who, system, "revoke")


def _house(state: State) -> House | None:
    found: House | None = state.house
    return found


async def _own(state: State, who: Caller, system: str) -> House:
    house = _house(state)
    known = house.roster.system(system) if house else None
    if house is None or known is None or who.tenant not in known.serves:
        raise NotFound(system[:64])
    if known.serves != (who.tenant,):
        raise NotAllowed(f"{system}: do đơn vị chủ quản máy chủ giữ / kept by the gateway's host")
    return house


async def _noted(house: House, who: Caller, system: str, act: str) -> None:
    house.trail.note(house.gateway.now(), system, act, "ok", f"{who.tenant} {who.name}")
    await keep_act(house.gateway, who, f"system-{act}", system)


def _view(house: House, system: System) -> OwnSystem:
    secrets = secrets_of(system, house.gateway.now())
    shared = len(system.serves) > 1
    return OwnSystem(system.id, system.name, shared, () if shared else secrets)


OWN_SYSTEMS = [systems, rotate_secret, revoke_secret]
