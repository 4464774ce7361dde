"""Officers look: certificates by name, code or number, their history, counts, reminders, the log."""

from typing import Annotated, Any

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter

from lienthong.ca.delegation.model import Duty
from lienthong.ca.departures import KIND as DEPARTURE
from lienthong.ca.faces import views
from lienthong.ca.faces.office import After, AnyRequest, Limit, Moment, Text, history_of, office_of, state_of
from lienthong.ca.people import called
from lienthong.ca.registers import View, Wanted
from lienthong.ca.reminders import Reminder, reminders
from lienthong.ca.transfers import KIND as TRANSFER
from lienthong.ca.transfers import OPEN
from lienthong.errors import NotFound
from lienthong.openapi import READING, TOKEN


@get("/v1/me", security=TOKEN, responses=READING, summary="Tôi là ai · Who I am here")
async def me(state: State, request: AnyRequest) -> dict[str, Any]:
    """The officer, the registration authority, its scope, and the name that orders carry."""
    asker = await office_of(state).asker(request)
    return {
        "ca": office_of(state).house.name,
        "officer": asker.officer.id,
        "name": asker.officer.name,
        "duties": [duty for duty in Duty if duty in asker.officer.duties],
        "authority": asker.authority.id,
        "authority_name": asker.authority.name,
        "scope": office_of(state).scope(asker),
    }


@get("/v1/certificates", security=TOKEN, responses=READING, summary="Tìm chứng thư · Find certificates")
async def certificates(
    state: State,
    request: AnyRequest,
    text: Text = "",
    uid: Text = "",
    serial: Text = "",
    organisation: Text = "",
    of_state: Annotated[str, QueryParameter(name="state", max_length=20)] = "",
    profile: Text = "",
    ends_after: Moment = None,
    ends_before: Moment = None,
    after: After = None,
    limit: Limit = 50,
) -> list[views.CertificateView]:
    """By a name or the beginning of any of its words, without accents; by UID, serial number, organisation, state."""
    office = office_of(state)
    asker = await office.asker(request)
    wanted = Wanted(
        text, uid, serial, organisation, state_of(of_state), profile, office.scope(asker), ends_before, ends_after,
        after, limit,
    )  # fmt: skip
    found = await office.registers.read(lambda view: view.certificates(wanted))
    return [views.certificate_view(held, office.house.now()) for held in found]


@get(
    "/v1/certificates/{issuer:str}/{serial:str}",
    security=TOKEN,
    responses=READING,
    summary="Một chứng thư với chuỗi và lịch sử · A certificate with its chain and history",
)
async def certificate_page(
    state: State, request: AnyRequest, issuer: FromPath[str], serial: FromPath[str]
) -> views.CertificatePage:
    """Everything that was ever done to it, and by which order."""
    office = office_of(state)
    asker = await office.asker(request)
    named = f"{issuer}/{serial.lower()}"
    held = await office.registers.read(lambda view: view.certificate(named))
    if held is None or not asker.authority.covers(held.path):
        raise NotFound(named[:80])
    history = await office.registers.read(lambda view: history_of(view, named, held.case))
    people = await office.registers.read(lambda view: called(view, {each.who for each in history}))
    chain = (held.certificate, office.house.issuer(held.issuer).certificate, office.root)
    shown, texts = views.certificate_view(held, office.house.now()), views.texts([each for each in chain if each])
    return views.CertificatePage(shown, texts, history, people)


@get("/v1/counts", security=TOKEN, responses=READING, summary="Số liệu · Counts for dashboards")
async def counts(state: State, request: AnyRequest) -> dict[str, Any]:
    """Issued, active, ending within 30, 60, 90 days; by state, profile, organisation and level; cases by state and
    overdue; the last 14 days one by one; the median of seconds from request to certificate; departures by state;
    transfers that wait for an agreement."""
    office = office_of(state)
    scope = office.scope(await office.asker(request))

    def counted(view: View) -> dict[str, Any]:
        told = {"departures": view.tally(DEPARTURE, scope), "transfers": view.tally(TRANSFER, scope).get(OPEN, 0)}
        return {**view.counts(scope, office.house.now()), **told}

    return await office.registers.read(counted)


@get("/v1/reminders", security=TOKEN, responses=READING, summary="Chứng thư sắp hết hạn · Reminders of what ends")
async def ending(state: State, request: AnyRequest) -> list[Reminder]:
    """Said once at 90, 60 and 30 days before the end."""
    asker = await office_of(state).asker(request)
    return await office_of(state).registers.read(lambda view: reminders(view, asker.authority.covers))


@get("/v1/deeds", security=TOKEN, responses=READING, summary="Nhật ký · The newest deeds, for auditors")
async def deeds(state: State, request: AnyRequest, limit: Limit = 100) -> list[views.DeedView]:
    """Each is a leaf of the log, whose head is time-stamped."""
    await office_of(state).asker(request, Duty.AUDIT)
    return list(views.deed_views(await office_of(state).registers.read(lambda view: view.deeds(limit=limit))))
