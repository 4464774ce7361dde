"""Officers record who retires, leaves or moves, and when; the authority opens the cases on the day."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated

from litestar import get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from lienthong.ca.delegation.model import Asker, Duty
from lienthong.ca.departures import departure_of, departures
from lienthong.ca.faces.office import LARGEST_BODY, AnyRequest, Limit, Office, Offset, bytes_of, office_of
from lienthong.ca.life.departure import Departure, DepartureState, Leaving, Notice
from lienthong.errors import NotFound
from lienthong.openapi import READING, TOKEN, WRITING

_State = Annotated[DepartureState | None, QueryParameter(name="state")]


@get("/v1/departures", security=TOKEN, responses=READING, summary="Người rời cơ quan · Departures")
async def list_departures(
    state: State, request: AnyRequest, of_state: _State = None, offset: Offset = 0, limit: Limit = 50
) -> list[Departure]:
    """Those of the caller's scope by `state`, the soonest first."""
    office = office_of(state)
    scope, wanted = office.scope(await office.asker(request)), of_state.value if of_state else ""
    return await office.registers.read(lambda view: departures(view, scope, state=wanted, offset=offset, limit=limit))


@get(
    "/v1/departures/{issuer:str}/{serial:str}",
    security=TOKEN,
    responses=READING,
    summary="Một người rời cơ quan · One departure, by a certificate",
)
async def one_departure(state: State, request: AnyRequest, issuer: FromPath[str], serial: FromPath[str]) -> Departure:
    """Its day, who recorded it, how far it is, and its cases."""
    office = office_of(state)
    return await _departure(office, await office.asker(request), f"{issuer}/{serial.lower()}")


@dataclass(frozen=True, slots=True)
class Told:
    """Why, the first day the person is no longer there, where to, and the signed letter in base64."""

    reason: Leaving
    day: date
    to: str = ""
    why: str = ""
    letter: str = ""


@put(
    "/v1/departures/{issuer:str}/{serial:str}",
    security=TOKEN,
    responses=WRITING,
    request_max_body_size=LARGEST_BODY,
    summary="Ghi người rời cơ quan · Record who retires, leaves or moves; a repeat changes nothing",
)
async def record_departure(
    state: State, request: AnyRequest, issuer: FromPath[str], serial: FromPath[str], data: JSONBody[Told]
) -> Departure:
    """The person whom that certificate names. Another day or reason replaces the first until a case is open."""
    office = office_of(state)
    asker, letter = await office.asker(request, Duty.REQUEST), bytes_of(data.letter)
    digest = sha256(letter).hexdigest() if letter else ""
    notice = Notice(data.reason, data.day, data.to, data.why, digest)
    return await office.departures.record(asker, f"{issuer}/{serial.lower()}", notice, letter)


@post(
    "/v1/departures/{issuer:str}/{serial:str}/withdraw",
    status_code=200,
    security=TOKEN,
    responses=WRITING,
    summary="Rút lại: người đó ở lại · Take it back: the person stays",
)
async def withdraw_departure(
    state: State, request: AnyRequest, issuer: FromPath[str], serial: FromPath[str]
) -> Departure:
    """Until its cases are open."""
    office, named = office_of(state), f"{issuer}/{serial.lower()}"
    asker = await office.asker(request, Duty.REQUEST)
    await _departure(office, asker, named)
    return await office.departures.withdraw(asker, named)


async def _departure(office: Office, asker: Asker, certificate: str) -> Departure:
    """NotFound outside the caller's scope."""
    found = await office.registers.read(lambda view: departure_of(view, certificate))
    if found is None or not asker.authority.covers(found.path):
        raise NotFound(certificate[:80])
    return found
