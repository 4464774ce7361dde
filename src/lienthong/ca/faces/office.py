"""What is behind the officers' routes, and what they share.

Whatever a caller sees or does lies in the scope of their registration authority; the centre's is everything.
"""

from base64 import b64decode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from litestar import Request
from litestar.datastructures import State
from litestar.params import QueryParameter

from lienthong.ca.bulk import Bulk, scope_of
from lienthong.ca.carrying import Carrying
from lienthong.ca.casework import Casework
from lienthong.ca.delegation.model import LOOKING, Asker, Duty, Officer
from lienthong.ca.delegation.orders import SignedOrder
from lienthong.ca.departures import Departures
from lienthong.ca.faces import views
from lienthong.ca.house import House
from lienthong.ca.life.kinds import case_kind
from lienthong.ca.life.states import CaseState
from lienthong.ca.life.table import MOST_ROWS, Row, read_table
from lienthong.ca.noting import Attempt, Noting
from lienthong.ca.people import People, authorities_of, called, caller
from lienthong.ca.registers import Case, Registers, View
from lienthong.document.codes import OrganisationCode
from lienthong.errors import InvalidValue, KeyUnavailable, LienThongError, NotAllowed, NotFound

AnyRequest = Request[Any, Any, Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_BODY = 16 << 20
Text = Annotated[str, QueryParameter(max_length=200)]
Limit = Annotated[int, QueryParameter(ge=1, le=1000)]
Offset = Annotated[int, QueryParameter(ge=0, le=10**6, description="bỏ qua bấy nhiêu · so many are left out")]
After = Annotated[int | None, QueryParameter(ge=0, le=2**53)]
Moment = Annotated[datetime | None, QueryParameter()]
Overdue = Annotated[bool, QueryParameter(description="quá hạn xử lý · past the target of their step")]


@dataclass(frozen=True)
class Tables:
    """What reads and writes Excel files."""

    read: Any
    template: Any


@dataclass(frozen=True)
class Office:
    """What is behind these routes."""

    house: House
    registers: Registers
    casework: Casework
    carrying: Carrying
    departures: Departures
    people: People
    bulk: Bulk
    tables: Tables
    root: bytes = b""

    async def asker(self, request: AnyRequest, duty: Duty | None = None) -> Asker:
        """Who calls. TokenInvalid; NotAllowed without the duty, which is noted."""
        told = request.headers.get("authorization", "")
        officer, authority = await self.registers.read(lambda view: caller(view, told))
        if duty is not None and duty not in officer.duties:
            raise await self._noted(officer, duty.value, "", NotAllowed(f"{officer.id}: {duty.value}"))
        return Asker(officer, authority)

    async def worker(self, request: AnyRequest, act: str) -> Asker:
        """One whose duties are not to look alone. NotAllowed, which is noted."""
        found = await self.asker(request)
        if found.officer.duties <= LOOKING:
            raise await self._noted(found.officer, act, "", NotAllowed(f"{found.officer.id}: {act}"))
        return found

    async def _noted(self, officer: Officer, act: str, case: str, error: LienThongError) -> LienThongError:
        """The refusal, once there is a line about it."""
        await Noting(self.house, self.registers).refused(Attempt(officer.id, act, case), error)
        return error

    def scope(self, asker: Asker) -> tuple[str, ...]:
        """What a caller sees, as paths."""
        return scope_of(self.house, asker)

    async def case(self, asker: Asker, id: str, act: str = "") -> Case:
        """A case in the caller's scope. NotFound for any other: who may not see it does not learn that it is there.
        `act`: what is to be done to it, noted if it is refused.
        """
        found = await self.registers.read(lambda view: view.case(id))
        mine = asker.authority
        if found is None or not (mine.covers(found.path) or mine.covers(found.leaves) or found.authority == mine.id):
            error = NotFound(id[:80])
            raise await self._noted(asker.officer, act, id, error) if act and found else error
        return found

    async def shown(self, case: Case) -> views.CaseView:
        """As it is shown."""
        [found] = await self.listed([(0, case)])
        return found

    async def listed(self, found: Sequence[tuple[int, Case]]) -> list[views.CaseView]:
        """As they are shown, by their numbers in a list that goes on; in four questions however many there are."""
        return await self.registers.read(lambda view: self._listed(view, found))

    def _listed(self, view: View, found: Sequence[tuple[int, Case]]) -> list[views.CaseView]:
        owners = authorities_of(view, {case.authority for _, case in found})
        people, now = called(view, {each for _, case in found for each in case.officers}), self.house.now()
        known = self._called({case.organisation for _, case in found})
        known |= view.names({case.about for _, case in found if case.about})
        return [views.case_view(case, owners[case.authority], now, number, people, known) for number, case in found]

    def _called(self, codes: Collection[str]) -> dict[str, str]:
        """What the directory calls these organisations, by code."""
        directory = self.house.directory()
        found = {each: directory.organisation(OrganisationCode.parse(each)) for each in codes}
        return {code: each.name for code, each in found.items() if each is not None}

    async def carried(self, case: Case) -> Case:
        """Approved: carried out at once, or by the next round where the key is away."""
        if case.state is not CaseState.APPROVED:
            return case
        try:
            return (await self.carrying.carry_out([case.id]))[0]
        except KeyUnavailable:
            return case


def office_of(state: State) -> Office:
    found: Office = state.office
    return found


async def rows_of(office: Office, request: AnyRequest, kind: str) -> Sequence[Row]:
    return read_table(case_kind(kind), office.tables.read(await request.body(), MOST_ROWS + 1))


def history_of(view: View, certificate: str, case: str) -> tuple[views.DeedView, ...]:
    """Of the certificate, and of the case it came from; each line once."""
    found: Mapping[int | None, Any] = {
        each.index: each for each in (*view.deeds(case=case or "-"), *view.deeds(certificate=certificate))
    }
    return views.deed_views(sorted(found.values(), key=lambda each: each.at))


def named(thing: Any, id: str) -> Any:
    if thing.id != id:
        raise InvalidValue(f"{id[:60]}: {thing.id[:60]}")
    return thing


def state_of(text: str) -> str:
    if text not in {"", "active", "suspended", "revoked"}:
        raise InvalidValue(f"state: {text}")
    return text


def id_of(text: str) -> str:
    if not 0 < len(text) <= 80 or not text.isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise InvalidValue("id: a–z, 0–9, - và / and _")
    return text


def bytes_of(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise InvalidValue("base64") from None


@dataclass(frozen=True, slots=True)
class Order:
    """A signed order: statement and signature value (RSA PKCS#1 v1.5 or ECDSA in DER), base64."""

    statement: str
    signature: str

    def opened(self) -> SignedOrder:
        """InvalidValue for what is no base64."""
        return SignedOrder(bytes_of(self.statement), bytes_of(self.signature))
