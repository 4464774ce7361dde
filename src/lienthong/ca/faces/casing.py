"""Officers ask and decide: a case from its form to the hand. A token lets in; only a signed order decides."""

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Annotated

from litestar import Response, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from lienthong.ca.acme.model import grant_of_case
from lienthong.ca.acme.model import put as put_grant
from lienthong.ca.casework import ORDERED
from lienthong.ca.delegation.model import Duty
from lienthong.ca.delegation.orders import Statement as OrderStatement
from lienthong.ca.faces import views
from lienthong.ca.faces.office import (
    LARGEST_BODY,
    After,
    AnyRequest,
    Limit,
    Offset,
    Order,
    Overdue,
    Text,
    bytes_of,
    id_of,
    office_of,
)
from lienthong.ca.life.forms import Form
from lienthong.ca.life.states import CaseAct
from lienthong.ca.people import called
from lienthong.ca.registers import CasesWanted, Change, Deed
from lienthong.ca.transfers import awaiting
from lienthong.errors import InvalidValue, NotFound
from lienthong.openapi import READING, TOKEN, WRITING


@get("/v1/cases", security=TOKEN, responses=READING, summary="Danh sách hồ sơ · Cases")
async def cases(
    state: State,
    request: AnyRequest,
    of_state: Annotated[str, QueryParameter(name="state", max_length=20)] = "",
    kind: Text = "",
    organisation: Text = "",
    authority: Text = "",
    batch: Text = "",
    overdue: Overdue = False,  # noqa: FBT002  # a word of the address
    after: After = None,
    limit: Limit = 50,
) -> list[views.CaseView]:
    """The newest first; `overdue` those past the target of their step."""
    office = office_of(state)
    asker = await office.asker(request)
    late = office.house.now() if overdue else None
    scope = office.scope(asker)
    wanted = CasesWanted(of_state, kind, organisation, authority, batch, scope, late, after, limit)
    found = await office.registers.read(lambda view: view.cases(wanted))
    return await office.listed(found)


@get("/v1/transfers", security=TOKEN, responses=READING, summary="Chờ đồng ý chuyển đi · Transfers to agree to")
async def transfers(state: State, request: AnyRequest, offset: Offset = 0, limit: Limit = 50) -> list[views.CaseView]:
    """Cases of other registration authorities about people of the caller's scope, the oldest first."""
    office = office_of(state)
    scope = office.scope(await office.asker(request))
    found = await office.registers.read(lambda view: awaiting(view, scope, offset, limit))
    return await office.listed([(0, case) for case in found])


@get("/v1/cases/{id:str}", security=TOKEN, responses=READING, summary="Một hồ sơ · A case with its history")
async def case_page(state: State, request: AnyRequest, id: FromPath[str]) -> views.CasePage:
    """What was asked, by whom, how far it is, and who did each step."""
    office = office_of(state)
    case = await office.case(await office.asker(request), id)
    history = await office.registers.read(lambda view: views.deed_views(view.deeds(case=id)))
    who = {*case.officers, *(each.who for each in history)}
    people = await office.registers.read(lambda view: called(view, who))
    return views.CasePage(await office.shown(case), history, people)


@get(
    "/v1/cases/{id:str}/letter",
    media_type="application/pdf",
    security=TOKEN,
    responses=READING,
    summary="Công văn của hồ sơ · The signed letter of a case",
)
async def letter(state: State, request: AnyRequest, id: FromPath[str]) -> Response[bytes]:
    """The very file that was brought, for whoever examines."""
    office = office_of(state)
    case = await office.case(await office.asker(request), id)
    found = await office.registers.read(lambda view: view.paper(case.form.letter)) if case.form.letter else None
    if found is None:
        raise NotFound(id[:80])
    return Response(found, media_type="application/pdf")


@dataclass(frozen=True, slots=True)
class Asked:
    """A form of any kind (`kind` says which), and its signed letter in base64."""

    form: Form
    letter: str = ""


@put(
    "/v1/cases/{id:str}",
    security=TOKEN,
    responses=WRITING,
    request_max_body_size=LARGEST_BODY,
    summary="Lập hồ sơ · Ask for something; a repeat changes nothing",
)
async def open_case(state: State, request: AnyRequest, id: FromPath[str], data: JSONBody[Asked]) -> views.CaseView:
    """`id` is of the caller's choice, the same on every repeat."""
    office = office_of(state)
    asker = await office.asker(request, Duty.REQUEST)
    return await office.shown(await office.casework.open(asker, data.form, id_of(id), bytes_of(data.letter)))


@post(
    "/v1/cases/{id:str}/form", status_code=200, security=TOKEN, responses=WRITING, summary="Bổ sung hồ sơ · Complete it"
)
async def resubmit(state: State, request: AnyRequest, id: FromPath[str], data: JSONBody[Asked]) -> views.CaseView:
    """Another form in place of the one that was returned, or that nobody has examined yet."""
    office = office_of(state)
    asker = await office.asker(request, Duty.REQUEST)
    await office.case(asker, id, "resubmit")
    return await office.shown(await office.casework.resubmit(asker, id, data.form, bytes_of(data.letter)))


@post(
    "/v1/cases/{id:str}/withdraw",
    status_code=200,
    security=TOKEN,
    responses=WRITING,
    summary="Rút hồ sơ · Take it back",
)
async def withdraw(state: State, request: AnyRequest, id: FromPath[str]) -> views.CaseView:
    """By who asked, while nothing is decided."""
    office = office_of(state)
    asker = await office.asker(request, Duty.REQUEST)
    await office.case(asker, id, "withdraw")
    return await office.shown(await office.casework.withdraw(asker, id))


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who was handed what was issued."""

    receiver: str


@dataclass(frozen=True, slots=True)
class AcmeKey:
    """What an ACME client is given: key id, secret (base64url), the hosts it may ask for."""

    id: str
    secret: str
    hosts: tuple[str, ...]


@post(
    "/v1/cases/{id:str}/acme/stop", status_code=200, security=TOKEN, responses=WRITING, summary="Dừng mã ACME · Stop it"
)
async def stop_acme(state: State, request: AnyRequest, id: FromPath[str]) -> views.CaseView:
    """From now on the machine gets nothing more; what it has stays until it is revoked. Anybody of the scope may, but
    who only looks.
    """
    office = office_of(state)
    asker = await office.worker(request, "acme-stop")
    case = await office.case(asker, id, "acme-stop")

    def work(tx: Change) -> None:
        found = grant_of_case(tx, id)
        if found is None:
            raise NotFound(id[:80])
        put_grant(tx, replace(found, active=False))
        tx.note(Deed(office.house.moment(tx), asker.officer.id, "acme-stop", id))

    await office.registers.write(work)
    return await office.shown(case)


@get("/v1/cases/{id:str}/acme", security=TOKEN, responses=READING, summary="Mã ACME · The key of an approved machine")
async def acme_key(state: State, request: AnyRequest, id: FromPath[str]) -> AcmeKey:
    """For external account binding (RFC 8555 §7.3.4); to who asked, after it was approved."""
    office = office_of(state)
    asker = await office.asker(request, Duty.REQUEST)
    case = await office.case(asker, id)
    found = await office.registers.read(lambda view: grant_of_case(view, id))
    if found is None or case.requester != asker.officer.id:
        raise NotFound(id[:80])
    return AcmeKey(found.id, found.secret, found.hosts)


@post(
    "/v1/cases/{id:str}/deliver", status_code=200, security=TOKEN, responses=WRITING, summary="Bàn giao · Hand it over"
)
async def deliver(state: State, request: AnyRequest, id: FromPath[str], data: JSONBody[Receiver]) -> views.CaseView:
    """Form 07: recorded with the name of who took it."""
    office = office_of(state)
    asker = await office.asker(request, Duty.DELIVER)
    await office.case(asker, id, "deliver")
    return await office.shown(await office.casework.deliver(asker, id, data.receiver))


@get("/v1/cases/{id:str}/statement", security=TOKEN, responses=READING, summary="Nội dung lệnh để ký · What to sign")
async def statement(
    state: State, request: AnyRequest, id: FromPath[str], act: FromQuery[CaseAct], nonce: Text, why: Text = ""
) -> views.Statement:
    """The bytes of an order about the case as it stands, for the officer's key to sign with SHA-256.

    `nonce`: 32 hex digits. Show the person what they sign: an officer's program builds or checks the bytes itself.
    """
    office = office_of(state)
    asker = await office.asker(request)
    case = await office.case(asker, id)
    if act not in ORDERED:
        raise InvalidValue(f"act: {act.value}")
    told = OrderStatement(
        office.house.name,
        act.value,
        id,
        case.digest,
        asker.officer.id,
        office.house.now(),
        nonce,
        case.state.value,
        why,
    )
    OrderStatement.from_bytes(told.to_bytes())
    return views.Statement(b64encode(told.to_bytes()).decode())


@post("/v1/cases/{id:str}/orders", status_code=200, security=TOKEN, responses=WRITING, summary="Quyết định · Decide")
async def decide(state: State, request: AnyRequest, id: FromPath[str], data: JSONBody[Order]) -> views.CaseView:
    """Examine, return, refuse, approve, stop, agree. The order alone decides; the token only lets the caller in.

    What is approved is carried out at once.
    """
    office = office_of(state)
    await office.case(await office.asker(request), id, "decide")
    return await office.shown(await office.carried(await office.casework.decide(id, data.opened())))
