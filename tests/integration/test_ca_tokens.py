"""Tokens: each follows its holder's certificate, comes back when that is over, and is nobody else's to move."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ca_house import CaWorld, ca_world, csr, gateway, person
from lienthong.ca.life.forms import ChangeForm, Form, LossForm, RenewalForm, ReturnForm
from lienthong.ca.life.kinds import CaseKind, Reason
from lienthong.ca.life.states import CaseState, working_days
from lienthong.ca.life.table import columns_of, read_table
from lienthong.ca.registers import Held, RecordsWanted
from lienthong.ca.tokens import KIND, Token, TokenState, put, stock, token_of, tokens
from lienthong.errors import IllegalMove, InvalidValue, LienThongError, NotAllowed

pytestmark = pytest.mark.integration


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    async with ca_world(tmp_path / "ca") as world:
        yield world


async def the(ca: CaWorld, serial: str = "T1") -> Token:
    found = await ca.registers.read(lambda view: token_of(view, serial))
    assert found is not None
    return found


def renewal(certificate: str, **more: Any) -> RenewalForm:
    return RenewalForm(organisation="H29.12", certificate=certificate, **more)


async def test_a_token_follows_a_renewal_and_comes_back_with_the_newest_certificate(ca: CaWorld) -> None:
    old = await ca.issued(person(token="T1"))
    fresh = await ca.held((await ca.done(renewal(old.id), "c2", by="minh")).about)
    assert ((await the(ca)).certificate, (await the(ca)).due) == (fresh.id, None)
    await ca.revoked(old, "r1", Reason.SUPERSEDED)
    assert (await the(ca)).due is None  # its key is still in use
    await ca.revoked(fresh, "r2", Reason.CESSATION)
    assert (await the(ca)).due == working_days(ca.clock.now(), 5)


async def test_a_token_moves_with_its_person(ca: CaWorld) -> None:
    old = await ca.issued(person(token="T1"))
    change = ChangeForm(organisation="H29.13", certificate=old.id)
    fresh = await ca.held((await ca.done(change, "c2", by="minh")).about)
    moved = await the(ca)
    assert (moved.certificate, moved.path, moved.due) == (fresh.id, "/H29/H29.13/", None)
    await ca.revoked(fresh, reason=Reason.CESSATION)
    assert (await the(ca)).due == working_days(ca.clock.now(), 5)


async def test_a_new_key_in_the_same_token(ca: CaWorld) -> None:
    old = await ca.issued(person(token="T1"))
    fresh = await ca.held((await ca.done(renewal(old.id, csr=csr()), "c2", by="minh")).about)
    assert fresh.key != old.key
    assert ((await the(ca)).certificate, (await the(ca)).due) == (fresh.id, None)


async def test_a_new_key_in_another_token_calls_the_old_one_back(ca: CaWorld) -> None:
    old = await ca.issued(person(token="T1"))
    fresh = await ca.held((await ca.done(renewal(old.id, csr=csr(), token="T2"), "c2", by="minh")).about)
    assert ((await the(ca, "T2")).certificate, (await the(ca, "T2")).due) == (fresh.id, None)
    assert (await the(ca)).due == working_days(ca.clock.now(), 5)
    await ca.revoked(fresh, reason=Reason.CESSATION)
    assert (await the(ca, "T2")).due is not None


async def test_a_new_key_on_no_token_calls_the_old_one_back(ca: CaWorld) -> None:
    old = await ca.issued(person(token="T1"))
    change = ChangeForm(organisation="H29.12", certificate=old.id, post="Trưởng phòng", csr=csr(), off_token=True)
    fresh = await ca.held((await ca.done(change, "c2", by="minh")).about)
    assert (await the(ca)).due == working_days(ca.clock.now(), 5)
    again = await ca.done(renewal(fresh.id), "c3", by="minh")  # and it stays so
    assert getattr(again.says, "token", None) == ""


async def test_a_token_that_stayed_with_the_certificate_before_is_still_called_back(ca: CaWorld) -> None:
    old = await ca.issued(person(token="T1"))
    before = await the(ca)
    fresh = await ca.held((await ca.done(renewal(old.id), "c2", by="minh")).about)
    await ca.registers.write(lambda tx: put(tx, before))  # as renewals left it once
    await ca.revoked(fresh, reason=Reason.CESSATION)
    assert (await the(ca)).due == working_days(ca.clock.now(), 5)


TICKS = {"x": True, "Có": True, "TRUE": True, "không": False, "": False, "maybe": None}


@pytest.mark.parametrize(("cell", "meant"), TICKS.items(), ids=TICKS)
def test_a_table_says_that_a_new_key_is_on_no_token(cell: str, meant: bool | None) -> None:
    said = ("H29.12", "persons/1", "MII", "", cell)
    [row] = read_table(CaseKind.RENEWAL, [columns_of(CaseKind.RENEWAL), said])
    if meant is None:
        assert "off_token" in row.problem
    else:
        assert row.form == renewal("persons/1", csr="MII", off_token=meant)


async def test_what_is_to_come_back_is_found_page_by_page(ca: CaWorld) -> None:
    now = ca.clock.now()
    kept = [Token(f"T{number}", "/H29/", due=now if number % 2 else None) for number in range(6)]
    await ca.registers.write(lambda tx: [put(tx, each) for each in kept])

    async def serials(**wanted: Any) -> list[str]:
        found = await ca.registers.read(lambda view: tokens(view, RecordsWanted(KIND, **wanted)))
        return [each.serial for each in found]

    assert await serials(due=now) == ["T1", "T3", "T5"]
    assert await serials(due=now, offset=1, limit=1) == ["T3"]
    assert await serials(within=("/G09/",)) == []


MISPLACED = {
    "the key stays": {"token": "T2"},
    "the key stays, off": {"off_token": True},
    "both": {"token": "T2", "off_token": True, "csr": "new"},
    "no serial number": {"token": "T\n2", "csr": "new"},
}


@pytest.mark.parametrize("more", MISPLACED.values(), ids=MISPLACED)
async def test_a_device_without_a_key(ca: CaWorld, more: dict[str, object]) -> None:
    old = await ca.issued(person(token="T1"))
    told = {name: csr() if value == "new" else value for name, value in more.items()}
    with pytest.raises(InvalidValue, match="token"):
        await ca.opened(renewal(old.id, **told), "c2")


async def test_a_machine_has_no_token(ca: CaWorld) -> None:
    old = await ca.issued(gateway())
    with pytest.raises(InvalidValue, match="token"):
        await ca.opened(renewal(old.id, csr=csr(), token="T2"), "c2")


async def test_the_same_key_asked_for_again_stays_where_it_is(ca: CaWorld) -> None:
    text = csr()
    old = await ca.issued(person(token="T1", csr=text))
    with pytest.raises(InvalidValue, match="token"):
        await ca.opened(renewal(old.id, csr=text, token="T2"), "c2")


def loss(**more: Any) -> LossForm:
    return LossForm(organisation="H29.12", token="T1", **more)


async def states(ca: CaWorld, *held: Held) -> list[str]:
    return [(await ca.held(each.id)).state.value for each in held]


async def test_a_lost_token_stops_every_certificate_of_its_key_whichever_is_named(ca: CaWorld) -> None:
    old = await ca.issued(person(token="T1"))
    fresh = await ca.held((await ca.done(renewal(old.id), "c2", by="minh")).about)
    case = await ca.done(loss(), "lost", by="minh")
    assert (case.about, (await the(ca)).state) == (fresh.id, TokenState.LOST)
    assert await states(ca, old, fresh) == ["suspended", "suspended"]
    told = await ca.registers.read(lambda view: view.deeds(certificate=old.id))
    assert (told[-1].act, told[-1].case) == ("suspend", "lost")


async def test_a_lost_token_whose_certificate_is_over_is_lost_all_the_same(ca: CaWorld) -> None:
    held = await ca.revoked(await ca.issued(person(token="T1")), reason=Reason.CESSATION)
    assert (await ca.done(loss(certificate=held.id), "lost", by="minh")).state is CaseState.DONE
    assert ((await the(ca)).state, await states(ca, held)) == (TokenState.LOST, ["revoked"])


async def test_a_report_names_no_certificate_of_another(ca: CaWorld) -> None:
    await ca.issued(person(token="T1"))
    other = await ca.issued(person("Trần Thị Ví Dụ"), "c2")
    with pytest.raises(IllegalMove, match="T1"):
        await ca.opened(loss(certificate=other.id), "lost")
    assert await states(ca, other) == ["active"]


ELSEWHERE: dict[str, Form] = {
    "issue": person(token="G1"),
    "return": ReturnForm(organisation="H29.12", token="G1"),
    "loss": LossForm(organisation="H29.12", token="G1"),
}


@pytest.mark.parametrize("form", ELSEWHERE.values(), ids=ELSEWHERE)
async def test_a_token_of_another_registration_authority(ca: CaWorld, form: Form) -> None:
    theirs = Token("G1", "/G09/")
    await ca.registers.write(lambda tx: put(tx, theirs))
    with pytest.raises(NotAllowed):
        await ca.opened(form)
    mine = replace(theirs, path="/H29/H29.12/")
    with pytest.raises(NotAllowed):
        await ca.registers.write(lambda tx: stock(tx, ca.asker("lan"), mine, ca.clock.now()))
    assert await the(ca, "G1") == theirs


async def test_a_token_that_holds_the_key_of_another(ca: CaWorld) -> None:
    held = await ca.issued(person(token="T1"))
    with pytest.raises(IllegalMove, match=held.name):
        await ca.opened(person("Trần Thị Ví Dụ", token="T1"), "c2")
    await ca.revoked(held, reason=Reason.CESSATION)
    await ca.done(ReturnForm(organisation="H29.12", token="T1"), "ret", by="minh")
    await ca.issued(person("Trần Thị Ví Dụ", token="T1"), "c3")
    assert (await the(ca)).holder == "Trần Thị Ví Dụ"


async def test_a_token_lost_between_the_approval_and_the_signing(ca: CaWorld) -> None:
    case = await ca.approved(person(token="T1"))
    await ca.registers.write(lambda tx: put(tx, Token("T1", "/H29/H29.12/", TokenState.LOST)))
    [stopped] = await ca.carrying.carry_out([case.id])
    assert stopped.state is CaseState.STOPPED
    [told] = await ca.registers.read(lambda view: [each for each in view.deeds(case=case.id) if each.act == "give-up"])
    assert told.text.startswith(IllegalMove.code)
    with pytest.raises(LienThongError):
        await ca.opened(person(token="T1"), "c2")
