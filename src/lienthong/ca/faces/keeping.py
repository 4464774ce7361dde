"""Officers keep: the inventory of tokens, and who may do what."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from litestar import get, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from lienthong.ca.delegation.model import Asker, Duty, Officer, RegistrationAuthority
from lienthong.ca.faces.office import AnyRequest, Limit, Offset, Order, Overdue, Text, named, office_of
from lienthong.ca.house import House
from lienthong.ca.life.subjects import chain_of, path_of
from lienthong.ca.noting import Attempt, Noting
from lienthong.ca.people import authorities, officers
from lienthong.ca.registers import Change, RecordsWanted
from lienthong.ca.tokens import KIND as INVENTORY
from lienthong.ca.tokens import Token, stock, tokens
from lienthong.openapi import READING, TOKEN, WRITING


@get("/v1/tokens", security=TOKEN, responses=READING, summary="Kho thiết bị · The inventory of tokens")
async def inventory(
    state: State,
    request: AnyRequest,
    path: Text = "",
    of_state: Annotated[str, QueryParameter(name="state", max_length=20)] = "",
    overdue: Overdue = False,  # noqa: FBT002  # a word of the address
    offset: Offset = 0,
    limit: Limit = 1000,
) -> list[Token]:
    """In stock, issued, returned, lost; those in the caller's scope. `overdue`: those to be given back by now."""
    office = office_of(state)
    scope, due = office.scope(await office.asker(request)), office.house.now() if overdue else None
    wanted = RecordsWanted(INVENTORY, path, of_state, scope, due, offset, limit)
    return await office.registers.read(lambda view: tokens(view, wanted))


@dataclass(frozen=True, slots=True)
class Stocked:
    """A device that comes into the stock of an organisation."""

    organisation: str
    model: str = ""


@put(
    "/v1/tokens/{serial:str}", security=TOKEN, responses=WRITING, summary="Nhập kho thiết bị · Take a token into stock"
)
async def stock_token(state: State, request: AnyRequest, serial: FromPath[str], data: JSONBody[Stocked]) -> Token:
    """A new one, or one that came back."""
    office = office_of(state)
    asker = await office.asker(request, Duty.DELIVER)
    fresh = Token(serial, path_of(chain_of(office.house.directory(), data.organisation)), model=data.model[:60])
    trying = Attempt(asker.officer.id, "stock", about=f"token {serial}")
    work = partial(_stocked, office.house, asker, fresh)
    return await Noting(office.house, office.registers).done(trying, work)


def _stocked(house: House, asker: Asker, fresh: Token, tx: Change) -> Token:
    return stock(tx, asker, fresh, house.moment(tx))


@get("/v1/authorities", security=TOKEN, responses=READING, summary="Cơ quan đăng ký · Registration authorities")
async def list_authorities(state: State, request: AnyRequest) -> list[RegistrationAuthority]:
    """All of them to the centre, their own to the others."""
    asker = await office_of(state).asker(request)
    found = await office_of(state).registers.read(authorities)
    return [each for each in found if asker.authority.is_centre or each.id == asker.authority.id]


@get("/v1/officers", security=TOKEN, responses=READING, summary="Cán bộ · Officers")
async def list_officers(state: State, request: AnyRequest) -> list[Officer]:
    """All of them to the centre, their own to the others."""
    asker = await office_of(state).asker(request)
    of = "" if asker.authority.is_centre else asker.authority.id
    return await office_of(state).registers.read(lambda view: officers(view, of))


@dataclass(frozen=True, slots=True)
class AuthorityOrdered:
    """A registration authority as two administrators order it."""

    authority: RegistrationAuthority
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class OfficerOrdered:
    """An officer as two administrators order it."""

    officer: Officer
    orders: tuple[Order, ...]


@put(
    "/v1/authorities/{id:str}",
    security=TOKEN,
    responses=WRITING,
    summary="Lập, sửa, dừng cơ quan đăng ký · Put one down",
)
async def put_authority(
    state: State, request: AnyRequest, id: FromPath[str], data: JSONBody[AuthorityOrdered]
) -> RegistrationAuthority:
    """Scope, profiles, quota, matrix, whether it may act. Two administrators sign the same digest."""
    asker = await office_of(state).asker(request, Duty.ADMINISTER)
    orders = [each.opened() for each in data.orders]
    await office_of(state).people.put(named(data.authority, id), orders, asker.officer.id)
    return data.authority


@put("/v1/officers/{id:str}", security=TOKEN, responses=WRITING, summary="Lập, sửa, dừng cán bộ · Put an officer down")
async def put_officer(
    state: State, request: AnyRequest, id: FromPath[str], data: JSONBody[OfficerOrdered]
) -> dict[str, str]:
    """Duties, certificate, digest of the access token. Two administrators sign the same digest."""
    asker = await office_of(state).asker(request, Duty.ADMINISTER)
    orders = [each.opened() for each in data.orders]
    await office_of(state).people.put(named(data.officer, id), orders, asker.officer.id)
    return {"officer": id}
