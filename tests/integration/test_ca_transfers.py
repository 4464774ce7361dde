"""A person goes from one registration authority to another: the one they come to asks, the one they leave agrees."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from ca_house import CaWorld, ca_world, people, person
from lienthong.ca.life.forms import ChangeForm
from lienthong.ca.life.kinds import CertificateState, Reason
from lienthong.ca.life.states import CaseState
from lienthong.ca.registers import Case, Held
from lienthong.ca.tokens import token_of
from lienthong.ca.transfers import awaiting
from lienthong.errors import (
    IllegalMove,
    LienThongError,
    NotAllowed,
    OrderInvalid,
    OrganisationClosed,
    SameOfficer,
)

pytestmark = pytest.mark.integration
FROM, TO = "/H29/H29.12/", "/G09/"


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    async with ca_world(tmp_path / "ca") as world:
        yield world


@pytest.fixture
async def held(ca: CaWorld) -> Held:
    return await ca.issued(person(token="T1"))


def move(held: Held, to: str = "G09", **more: str) -> ChangeForm:
    return ChangeForm(organisation=to, certificate=held.id, **more)


async def waiting(ca: CaWorld, *scope: str) -> list[str]:
    return [each.id for each in await ca.registers.read(lambda view: awaiting(view, scope))]


async def examined(ca: CaWorld, held: Held) -> Case:
    return await ca.decided(await ca.opened(move(held), "t", by="bo"), "examine", "bac")


async def test_the_ministry_asks_and_the_province_agrees(ca: CaWorld, held: Held) -> None:
    case = await ca.opened(move(held), "t", by="bo")
    assert (case.leaves, case.awaits, case.path) == (FROM, FROM, TO)
    assert [await waiting(ca, "/H29/"), await waiting(ca), await waiting(ca, TO)] == [["t"], ["t"], []]
    case = await ca.decided(case, "examine", "bac")
    with pytest.raises(NotAllowed, match="nơi đi"):
        await ca.decided(case, "approve", "binh")
    ca.clock.advance(timedelta(hours=1))
    agreed = await ca.decided(case, "agree", "minh")
    assert (agreed.agreed, agreed.state, agreed.since, agreed.due) == ("minh", case.state, case.since, case.due)
    assert await waiting(ca, "/H29/") == []
    with pytest.raises(OrderInvalid):  # the case is another one since it was agreed to
        await ca.decided(case, "approve", "binh")
    await ca.decided(agreed, "approve", "binh")
    [done] = await ca.carrying.carry_out(["t"])
    fresh, old = await ca.held(done.about), await ca.held(held.id)
    assert (fresh.path, fresh.key) == (TO, held.key)
    assert (old.state, old.reason) == (CertificateState.REVOKED, Reason.AFFILIATION_CHANGED)
    token = await ca.registers.read(lambda view: token_of(view, "T1"))
    assert token is not None
    assert (token.path, token.certificate, token.due) == (TO, fresh.id, None)
    acts = [each.act for each in await ca.registers.read(lambda view: view.deeds(case="t"))]
    assert acts == ["open", "examine", "refused:approve", "agree", "refused:approve", "approve", "revoke", "issue"]


async def test_the_province_refuses(ca: CaWorld, held: Held) -> None:
    case = await ca.opened(move(held), "t", by="bo")
    assert (await ca.decided(case, "refuse", "minh")).state is CaseState.REFUSED
    assert await waiting(ca) == []


async def test_the_centre_agrees_in_its_place(ca: CaWorld, held: Held) -> None:
    agreed = await ca.decided(await examined(ca, held), "agree", "trung")
    with pytest.raises(SameOfficer):
        await ca.decided(agreed, "approve", "trung")
    assert (await ca.decided(agreed, "approve", "binh")).state is CaseState.APPROVED


async def test_the_centre_approves_what_nobody_agreed_to(ca: CaWorld, held: Held) -> None:
    assert (await ca.decided(await examined(ca, held), "approve", "trung")).state is CaseState.APPROVED
    assert await waiting(ca) == []


@pytest.mark.parametrize(
    ("who", "act"),
    [("hoa", "agree"), ("bo", "agree"), ("binh", "agree"), ("minh", "return"), ("minh", "approve"), ("hoa", "refuse")],
)
async def test_nobody_acts_outside_their_scope(ca: CaWorld, held: Held, who: str, act: str) -> None:
    case = await examined(ca, held)
    with pytest.raises((NotAllowed, SameOfficer)):
        await ca.decided(case, act, who)
    assert await ca.registers.read(lambda view: view.case("t")) == case


async def test_agreed_once_and_only_where_it_is_needed(ca: CaWorld, held: Held) -> None:
    agreed = await ca.decided(await examined(ca, held), "agree", "minh")
    with pytest.raises(IllegalMove):
        await ca.decided(agreed, "agree", "trung")
    own = await ca.opened(move(held, "H29.13"), "own")
    with pytest.raises(NotAllowed):
        await ca.decided(own, "agree", "minh")


async def test_another_form_is_agreed_to_anew(ca: CaWorld, held: Held) -> None:
    agreed = await ca.decided(await ca.opened(move(held), "t", by="bo"), "agree", "minh")
    assert agreed.awaits == ""
    again = await ca.casework.resubmit(ca.asker("bo"), "t", move(held, post="Vụ trưởng"))
    assert (again.agreed, again.awaits) == ("", FROM)
    assert await waiting(ca, "/H29/") == ["t"]
    await ca.casework.withdraw(ca.asker("bo"), "t")
    assert await waiting(ca, "/H29/") == []


@pytest.mark.parametrize(
    ("by", "to", "error"),
    [("lan", "G09", NotAllowed), ("bo", "H29.13", NotAllowed), ("lan", "H29.99", OrganisationClosed)],
    ids=["sent away by who is left", "for a third", "to a closed one"],
)
async def test_who_may_not_ask(ca: CaWorld, by: str, to: str, error: type[LienThongError]) -> None:
    form = person(code="G09" if to == "H29.99" else "H29.12")
    case = await ca.opened(form, "c1", by="bo" if form.organisation == "G09" else "lan")
    case = await ca.decided(case, "examine", "bac" if form.organisation == "G09" else "hoa")
    await ca.decided(case, "approve", "trung")
    held = await ca.held((await ca.carrying.carry_out(["c1"]))[0].about)
    with pytest.raises(error):
        await ca.opened(move(held, to), "t", by=by)
    assert await waiting(ca) == []


async def test_other_requests_about_anothers_certificate_stay_closed(ca: CaWorld, held: Held) -> None:
    """Only a transfer is asked for from outside, and it takes the person: nothing else is changed there."""
    with pytest.raises(NotAllowed):
        await ca.opened(move(held, "H29.12", post="Giám đốc"), "t", by="bo")
    assert "bo" in people()
