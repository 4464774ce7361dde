"""People who retire, leave or move: their day is kept, others decide, and nothing is forgotten."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from ca_house import CaWorld, agency, ca_world, csr, gateway, people, person
from lienthong.ca.bulk import Bulk
from lienthong.ca.departures import KIND, Departures, departure_of, departures
from lienthong.ca.life.departure import Departure, DepartureState, Leaving, Notice
from lienthong.ca.life.forms import ChangeForm, RenewalForm, RevocationForm
from lienthong.ca.life.kinds import CaseKind, CertificateState, Reason
from lienthong.ca.life.states import CaseState, working_days
from lienthong.ca.people import record_of
from lienthong.ca.registers import Case, Held
from lienthong.ca.tokens import token_of
from lienthong.document.times import VIETNAM
from lienthong.errors import (
    ClockBehind,
    IllegalMove,
    InvalidValue,
    LetterRefused,
    LienThongError,
    NotAllowed,
    NotFound,
    OrganisationClosed,
)
from lienthong.testing.clock import START

pytestmark = pytest.mark.integration
DAY = START.astimezone(VIETNAM).date() + timedelta(days=30)
RETIRED = Notice(Leaving.RETIREMENT, DAY)


@dataclass
class Leavers:
    """The authority, and its record of who leaves."""

    ca: CaWorld
    desk: Departures

    async def recorded(self, held: Held, notice: Notice = RETIRED, by: str = "lan") -> Departure:
        return await self.desk.record(self.ca.asker(by), held.id, notice)

    async def the(self, held: Held) -> Departure:
        found = await self.ca.registers.read(lambda view: departure_of(view, held.id))
        assert found is not None
        return found

    async def cases(self, held: Held) -> list[Case]:
        ids = (await self.the(held)).cases
        return list(await self.ca.registers.read(lambda view: view.cases_of(ids)))

    async def decided(self, case: Case, by: str = "trung") -> Case:
        examined = await self.ca.decided(case, "examine", "hoa")
        await self.ca.decided(examined, "approve", by)
        return (await self.ca.carrying.carry_out([case.id]))[0]

    async def acts(self, held: Held) -> list[str]:
        return [each.act for each in await self.ca.registers.read(lambda view: view.deeds(certificate=held.id))]

    def at(self, moment: datetime) -> None:
        self.ca.clock.advance(moment - self.ca.clock.now())


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Leavers]:
    async with ca_world(tmp_path / "ca") as ca:
        yield Leavers(ca, Departures(ca.house, ca.registers))


async def test_who_retires_is_revoked_by_others_on_the_day(here: Leavers) -> None:
    held = await here.ca.issued(person(token="T1"))
    assert (await here.recorded(held)).state is DepartureState.WAITING
    here.at(RETIRED.begins - timedelta(seconds=1))
    assert await here.desk.round() == 0
    here.at(RETIRED.begins)
    assert await here.desk.round() == 1
    assert await here.desk.round() == 0
    [case] = await here.cases(held)
    assert (case.kind, case.state, case.requester) == (CaseKind.REVOCATION, CaseState.RECEIVED, "lan")
    assert isinstance(case.form, RevocationForm)
    assert case.form.why == f"nghỉ hưu từ ngày {DAY:%d/%m/%Y}."
    await here.decided(case)
    assert await here.desk.round() == 1
    assert (await here.the(held)).state is DepartureState.DONE
    assert ((await here.ca.held(held.id)).state, await here.desk.round()) == (CertificateState.REVOKED, 0)
    token = await here.ca.registers.read(lambda view: token_of(view, "T1"))
    assert token is not None
    assert token.due == working_days(here.ca.clock.now(), 5)
    assert [each for each in await here.acts(held) if each.startswith("depart")] == [
        "depart", "depart-opened", "depart-done",
    ]  # fmt: skip


async def test_who_recorded_it_decides_nothing(here: Leavers) -> None:
    held = await here.ca.issued(person())
    await here.recorded(held, by="uong")
    here.at(RETIRED.begins)
    await here.desk.round()
    [case] = await here.cases(held)
    with pytest.raises(LienThongError) as refused:
        await here.ca.decided(case, "examine", "uong")
    assert refused.value.code == "same-officer"


async def test_who_moves_within_a_province_gets_another_certificate(here: Leavers) -> None:
    first = await here.ca.issued(person(token="T1"))
    renewal = RenewalForm(organisation="H29.12", certificate=first.id)
    second = await here.ca.held((await here.ca.done(renewal, "c2", by="minh")).about)
    await here.recorded(first, Notice(Leaving.TRANSFER, DAY, to="H29.13"))
    here.at(RETIRED.begins)
    assert await here.desk.round() == 1
    [case] = await here.cases(first)
    assert (case.kind, case.about) == (CaseKind.CHANGE, second.id)
    fresh = await here.ca.held((await here.decided(case, "minh")).about)
    assert (fresh.organisation, fresh.key) == ("H29.13", first.key)
    assert {(await here.ca.held(each.id)).state for each in (first, second)} == {CertificateState.REVOKED}
    await here.desk.round()
    assert (await here.the(first)).state is DepartureState.DONE


async def test_all_certificates_of_the_person_and_of_nobody_else(here: Leavers) -> None:
    mine = await here.ca.issued(person(citizen_id="1"), "c1")
    phone = await here.ca.issued(person(citizen_id="1", csr=csr()), "c2")
    namesake = await here.ca.issued(person(citizen_id="2", csr=csr()), "c3")
    change = ChangeForm(organisation="H29.13", certificate=phone.id, csr=csr(), full_name="Nguyễn Thị Mẫu")
    moved = await here.ca.held((await here.ca.done(change, "c4", by="minh")).about)
    await here.recorded(mine)
    here.at(RETIRED.begins)
    await here.desk.round()
    asked = {each.about for each in await here.cases(mine)}
    assert asked == {mine.id, moved.id}
    assert namesake.id not in asked


async def test_a_certificate_issued_meanwhile_is_not_forgotten(here: Leavers) -> None:
    held = await here.ca.issued(person())
    await here.recorded(held)
    here.at(RETIRED.begins)
    await here.desk.round()
    [first] = await here.cases(held)
    renewal = RenewalForm(organisation="H29.12", certificate=held.id)
    await here.ca.done(renewal, "c2", by="minh")
    await here.decided(first)
    assert await here.desk.round() == 1
    assert len(await here.cases(held)) == 2
    assert (await here.the(held)).state is DepartureState.OPENED


async def test_late_is_said_once(here: Leavers) -> None:
    held = await here.ca.issued(person())
    departure = await here.recorded(held)
    assert departure.due == working_days(RETIRED.begins, 5)
    here.at(RETIRED.begins)
    await here.desk.round()
    here.at(departure.due)
    assert [await here.desk.round(), await here.desk.round()] == [1, 0]
    here.ca.clock.advance(timedelta(seconds=-90))  # as far as clocks may differ
    assert await here.desk.round() == 0
    assert (await here.the(held)).state is DepartureState.LATE
    assert (await here.acts(held)).count("depart-late") == 1
    [case] = await here.cases(held)
    here.ca.clock.advance(timedelta(seconds=90))
    await here.decided(case)
    await here.desk.round()
    assert (await here.the(held)).state is DepartureState.DONE


async def test_who_stays_after_all(here: Leavers) -> None:
    held = await here.ca.issued(person())
    await here.recorded(held)
    gone = await here.desk.withdraw(here.ca.asker("lan"), held.id)
    assert gone.state is DepartureState.WITHDRAWN
    assert await here.desk.withdraw(here.ca.asker("lan"), held.id) == gone
    here.at(RETIRED.begins)
    assert await here.desk.round() == 0
    await here.recorded(held)  # and leaves after all
    assert await here.desk.round() == 1
    with pytest.raises(IllegalMove):
        await here.desk.withdraw(here.ca.asker("lan"), held.id)


async def test_another_day(here: Leavers) -> None:
    held = await here.ca.issued(person())
    first = await here.recorded(held)
    assert await here.recorded(held) == first
    later = replace(RETIRED, day=DAY + timedelta(days=7))
    await here.recorded(held, later)
    here.at(RETIRED.begins)
    assert await here.desk.round() == 0
    here.at(later.begins)
    assert await here.desk.round() == 1
    assert (await here.recorded(held, later)).state is DepartureState.OPENED  # a repeat that comes late
    with pytest.raises(IllegalMove):
        await here.recorded(held)


async def test_decided_against_and_recorded_again(here: Leavers) -> None:
    held = await here.ca.issued(person())
    await here.recorded(held)
    here.at(RETIRED.begins)
    await here.desk.round()
    [case] = await here.cases(held)
    await here.ca.decided(case, "refuse", "hoa", why="nhầm người")
    assert await here.desk.round() == 1
    assert (await here.the(held)).state is DepartureState.REFUSED
    here.ca.clock.advance(timedelta(minutes=1))
    await here.recorded(held)
    await here.desk.round()
    [again] = await here.cases(held)
    assert (again.id != case.id, again.state) == (True, CaseState.RECEIVED)


async def test_a_recorder_who_is_gone_too(here: Leavers) -> None:
    held = await here.ca.issued(person())
    await here.recorded(held)
    lan = replace(people()["lan"].officer, active=False)
    await here.ca.registers.write(lambda tx: tx.put_record(record_of(lan)))
    here.at(RETIRED.begins)
    assert [await here.desk.round(), await here.desk.round()] == [1, 0]
    stuck = await here.the(held)
    assert (stuck.state, stuck.cases, stuck.problem[:11]) == (DepartureState.WAITING, (), "not-allowed")
    here.at(stuck.due)
    await here.desk.round()
    assert (await here.the(held)).state is DepartureState.LATE
    await here.recorded(held, by="uong")
    await here.desk.round()
    assert [each.requester for each in await here.cases(held)] == ["uong"]
    assert (await here.the(held)).problem == ""


async def test_a_crash_opens_nothing_twice_and_loses_nothing(here: Leavers, monkeypatch: pytest.MonkeyPatch) -> None:
    held = await here.ca.issued(person())
    await here.recorded(held)
    here.at(RETIRED.begins)

    def dies(*_: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as crash:
        crash.setattr(Departures, "_put", dies)
        with pytest.raises(OSError, match="power"):
            await here.desk.round()
    assert await here.cases(held) == []
    again = Departures(here.ca.house, here.ca.registers)
    assert [await again.round(), await here.desk.round()] == [1, 0]
    assert len(await here.cases(held)) == 1


async def test_a_clock_set_back_opens_nothing(here: Leavers) -> None:
    held = await here.ca.issued(person())
    before = await here.recorded(held)
    here.at(RETIRED.begins)
    await here.ca.opened(person(csr=csr()), "later")
    here.ca.clock.advance(timedelta(days=-40))
    assert await here.desk.round() == 0
    with pytest.raises(ClockBehind):
        await here.recorded(held, replace(RETIRED, day=DAY + timedelta(days=1)))
    assert await here.the(held) == before


async def test_who_leaves_is_not_renewed_with_all_others(here: Leavers) -> None:
    leaver, mover, other = [await here.ca.issued(person(name), name[-1]) for name in ("Lê A", "Lê B", "Lê C")]
    phone = RenewalForm(organisation=leaver.organisation, certificate=leaver.id, csr=csr(), off_token=True)
    await here.ca.done(phone, "phone", by="minh")
    here.at(leaver.ends - timedelta(days=30))
    soon = (leaver.ends - timedelta(days=10)).date()
    await here.recorded(leaver, Notice(Leaving.RETIREMENT, soon))
    await here.recorded(mover, Notice(Leaving.TRANSFER, soon, to="H29.13"))
    opened = await Bulk(here.ca.house, here.ca.registers, here.ca.casework).renew(here.ca.asker("lan"), "all")
    assert {each.about for each in opened} == {mover.id, other.id}


class Approving:
    async def judged(self, data: bytes, names: object) -> str:
        return f"{len(data)} {names}"


async def test_the_letter_goes_with_the_case(here: Leavers) -> None:
    held, letter = await here.ca.issued(person()), b"%PDF-1.7"
    signed = replace(RETIRED, letter=sha256(letter).hexdigest())
    with pytest.raises(LetterRefused):
        await here.desk.record(here.ca.asker("lan"), held.id, signed, letter)
    with pytest.raises(InvalidValue):
        await here.desk.record(here.ca.asker("lan"), held.id, signed)
    desk = Departures(replace(here.ca.house, letters=Approving()), here.ca.registers)
    await desk.record(here.ca.asker("lan"), held.id, signed, letter)
    later = await desk.record(here.ca.asker("lan"), held.id, replace(RETIRED, why="quyết định số 1"))
    assert (later.notice.letter, later.notice.why) == (signed.letter, "quyết định số 1")  # it stays with another notice
    moves = Notice(Leaving.TRANSFER, DAY, to="H29.13")  # for which somebody else would have signed
    assert (await desk.record(here.ca.asker("lan"), held.id, moves)).notice.letter == ""
    await desk.record(here.ca.asker("lan"), held.id, signed, letter)
    here.at(RETIRED.begins)
    await desk.round()
    [case] = await here.cases(held)
    assert case.letter.startswith("8 ")
    assert await here.ca.registers.read(lambda view: view.paper(case.form.letter)) == letter


REFUSED: dict[str, tuple[Notice, str, type[LienThongError]]] = {
    "out of scope": (RETIRED, "bo", NotAllowed),
    "no such duty": (RETIRED, "hoa", NotAllowed),
    "out of the province": (Notice(Leaving.TRANSFER, DAY, to="G09"), "lan", NotAllowed),
    "to a closed one": (Notice(Leaving.TRANSFER, DAY, to="H29.99"), "lan", OrganisationClosed),
    "a slip ahead": (Notice(Leaving.LEAVING, date(2062, 1, 1)), "lan", InvalidValue),
    "a slip back": (Notice(Leaving.LEAVING, date(2002, 1, 1)), "lan", InvalidValue),
}


@pytest.mark.parametrize(("notice", "by", "error"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_is_refused_when_it_is_recorded(
    here: Leavers, notice: Notice, by: str, error: type[LienThongError]
) -> None:
    held = await here.ca.issued(person())
    with pytest.raises(error):
        await here.recorded(held, notice, by)
    assert (await here.acts(held))[-1] == "refused:depart"
    assert await here.ca.registers.read(lambda view: departure_of(view, held.id)) is None


async def test_whose_departure_it_can_be(here: Leavers) -> None:
    seal, machine = await here.ca.issued(agency(), "c1"), await here.ca.issued(gateway(), "c2")
    for held in (seal, machine):
        with pytest.raises(InvalidValue):
            await here.recorded(held)
    gone = await here.ca.revoked(await here.ca.issued(person(), "c3"), reason=Reason.CESSATION)
    with pytest.raises(IllegalMove):
        await here.recorded(gone)
    with pytest.raises(NotFound):
        await here.desk.record(here.ca.asker("lan"), "persons/abc", RETIRED)
    with pytest.raises(NotFound):
        await here.desk.withdraw(here.ca.asker("lan"), seal.id)


@pytest.mark.parametrize(("reason", "to"), [(Leaving.TRANSFER, ""), (Leaving.RETIREMENT, "H29.13")])
def test_only_a_transfer_leads_somewhere(reason: Leaving, to: str) -> None:
    with pytest.raises(InvalidValue):
        Notice(reason, DAY, to=to)


async def test_counts_are_those_of_the_lists(here: Leavers) -> None:
    first, second = await here.ca.issued(person(), "c1"), await here.ca.issued(person("Trần Thị Ví Dụ"), "c2")
    await here.recorded(first)
    await here.recorded(second, replace(RETIRED, day=DAY + timedelta(days=30)))
    here.at(RETIRED.begins)
    await here.desk.round()
    for scope, told in (((), 1), (("/H29/",), 1), (("/G09/",), 0)):
        counts = await here.ca.registers.read(lambda view, scope=scope: view.tally(KIND, scope))
        for state in ("waiting", "opened"):
            found = await here.ca.registers.read(
                lambda view, scope=scope, state=state: departures(view, scope, state=state)
            )
            assert counts.get(state, 0) == len(found) == told
