"""One id of a machine for one organisation, also where the directory does not know it yet: who asked first has it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ca_house import CaWorld, ca_world, csr, gateway
from lienthong.ca.acme.model import grant_of_case, put
from lienthong.ca.life.forms import ChangeForm, DeviceForm, RenewalForm
from lienthong.ca.life.states import CaseState
from lienthong.ca.registers import Case, Change
from lienthong.errors import SubjectMisleading

pytestmark = pytest.mark.integration
NEIGHBOUR = "H29.13"


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    async with ca_world(tmp_path / "ca") as world:
        yield world


async def refused(ca: CaWorld, form: DeviceForm, id: str = "c2", by: str = "lan") -> None:
    with pytest.raises(SubjectMisleading, match=r"H29\.12 asked first"):
        await ca.opened(form, id, by)
    assert await ca.history(id) == ["refused:open"]
    assert await ca.registers.read(lambda view: view.case(id)) is None


SAME: dict[str, dict[str, Any]] = {
    "as it is": {},
    "in capitals": {"holder": "gateway:GW-Mau"},
    "as a service": {"holder": "service:gw-mau"},
    "with other hosts": {"hosts": ("gw.yte.example",), "name": "gw-yte-moi"},
    "by itself later": {"acme": True, "csr": ""},
}


@pytest.mark.parametrize("said", SAME.values(), ids=SAME)
async def test_an_id_that_another_asked_for(ca: CaWorld, said: dict[str, Any]) -> None:
    await ca.opened(gateway())
    await refused(ca, gateway(NEIGHBOUR, **said))
    await ca.nothing_issued()


async def test_of_two_that_ask_at_once_one_is_first(ca: CaWorld) -> None:
    both = (ca.opened(gateway(), "c1"), ca.opened(gateway(NEIGHBOUR), "c2"))
    told = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(each).__name__ for each in told) == ["Case", "SubjectMisleading"]


async def test_an_id_that_another_was_issued_until_it_is_revoked(ca: CaWorld) -> None:
    held = await ca.issued(gateway())
    await refused(ca, gateway(NEIGHBOUR, csr=csr()))
    await ca.revoked(held)
    assert (await ca.done(gateway(NEIGHBOUR), "c3")).state is CaseState.DELIVERED


async def test_an_id_whose_certificate_ran_out(ca: CaWorld) -> None:
    held = await ca.issued(gateway())
    ca.clock.advance(held.ends - ca.clock.now() + timedelta(days=1))
    assert (await ca.opened(gateway(NEIGHBOUR), "c2")).state is CaseState.RECEIVED


async def test_an_id_that_another_was_refused_or_took_back(ca: CaWorld) -> None:
    await ca.decided(await ca.opened(gateway()), "refuse", "hoa", why="mẫu")
    await ca.opened(gateway(NEIGHBOUR), "c2")
    await ca.casework.withdraw(ca.asker("lan"), "c2")
    assert (await ca.opened(gateway(), "c3")).state is CaseState.RECEIVED


async def test_its_own_organisation_asks_again_and_renews(ca: CaWorld) -> None:
    held = await ca.issued(gateway())
    assert (await ca.done(gateway(), "c2")).state is CaseState.DELIVERED
    renewal = RenewalForm(organisation="H29.12", certificate=held.id, csr=csr())
    assert (await ca.done(renewal, "c3", "minh")).state is CaseState.DELIVERED
    await ca.revoked(held)
    await refused(ca, gateway(NEIGHBOUR), "c4")


async def test_a_form_completed_with_anothers_id(ca: CaWorld) -> None:
    await ca.opened(gateway())
    await ca.opened(gateway(NEIGHBOUR, holder="gateway:gw-khac"), "c2")
    with pytest.raises(SubjectMisleading):
        await ca.casework.resubmit(ca.asker("lan"), "c2", gateway(NEIGHBOUR))
    await ca.casework.resubmit(ca.asker("lan"), "c1", gateway(holder="gateway:gw-moi"))
    freed = await ca.casework.resubmit(ca.asker("lan"), "c2", gateway(NEIGHBOUR))
    assert freed.says == freed.form


async def test_a_machine_that_asks_by_itself_keeps_its_id_until_its_key_is_stopped(ca: CaWorld) -> None:
    case = await ca.done(gateway(acme=True, csr=""))
    await refused(ca, gateway(NEIGHBOUR))

    def stop(tx: Change) -> None:
        found = grant_of_case(tx, case.id)
        assert found is not None
        put(tx, replace(found, active=False))

    await ca.registers.write(stop)
    assert (await ca.opened(gateway(NEIGHBOUR), "c3")).state is CaseState.RECEIVED


async def test_a_machine_that_moves_takes_its_id_along(ca: CaWorld) -> None:
    held = await ca.issued(gateway())
    change = ChangeForm(organisation=NEIGHBOUR, certificate=held.id)
    asked = await ca.opened(change, "c2")
    own = await ca.opened(RenewalForm(organisation="H29.12", certificate=held.id, csr=csr()), "c3")
    await ca.casework.withdraw(ca.asker("lan"), own.id)  # nobody is kept from renewing by who would take it over
    examined = await ca.decided(asked, "examine", "hoa")
    await ca.decided(examined, "approve", "minh")
    [after] = await ca.carrying.carry_out([asked.id])
    assert after.state is CaseState.DELIVERED
    with pytest.raises(SubjectMisleading, match=r"H29\.13 asked first"):
        await ca.opened(gateway(), "c4")


async def test_a_service_and_one_that_bears_the_id_of_a_hop(ca: CaWorld) -> None:
    def service(code: str, holder: str) -> DeviceForm:
        return gateway(code, profile="tsa", name="Dấu thời gian mẫu", holder=holder, hosts=())

    first: Case = await ca.opened(service("H29.12", "service:tsa-mau"), by="uong")
    assert first.state is CaseState.RECEIVED
    await refused(ca, service(NEIGHBOUR, "service:tsa-mau"), by="uong")
    with pytest.raises(SubjectMisleading, match=r"not a machine of H29\.12"):
        await ca.opened(service("H29.12", "service:gw-yte"), "c3", "uong")
    assert (await ca.opened(service(NEIGHBOUR, "service:gw-yte"), "c4", "uong")).state is CaseState.RECEIVED
