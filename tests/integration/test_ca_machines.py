"""Certificates of machines: nobody gets one that names another's gateway, log or host, by a form or by ACME."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from acme_machine import Signer
from ca_house import AUTHORITIES, DIRECTORY, CaWorld, ca_world, csr, gateway
from lienthong.ca.acme.jwk import thumbprint
from lienthong.ca.acme.model import Account, Grant, Order, Status, grant_of_case, put
from lienthong.ca.acme.problem import AcmeProblem
from lienthong.ca.acme.service import Acme
from lienthong.ca.life.states import CaseState
from lienthong.ca.people import record_of
from lienthong.ca.registers import Change
from lienthong.document.codes import OrganisationCode
from lienthong.errors import NotAllowed, SubjectMisleading
from lienthong.registry import Directory
from lienthong.registry.model import Gateway

pytestmark = pytest.mark.integration
LATER = Directory(
    replace(
        DIRECTORY.snapshot,
        gateways=(
            *DIRECTORY.snapshot.gateways,
            Gateway("gw-mau", "Máy chủ mẫu", OrganisationCode("H29.13"), endpoint="https://gw.example"),
        ),
    )
)
"""What the directory came to say: the gateway that the forms ask for is another office's."""


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    async with ca_world(tmp_path / "ca") as world:
        yield world


def learnt(ca: CaWorld, directory: Directory) -> None:
    """The directory says something else from now on."""
    object.__setattr__(ca.house, "directory", lambda: directory)


OWN: dict[str, tuple[str, dict[str, Any]]] = {
    "its own": ("H29.13", {"holder": "gateway:gw-yte", "hosts": ("gw-yte.example",)}),
    "one below": ("H29", {"holder": "gateway:gw-yte", "hosts": ("GW-YTE.example.", "localhost")}),
    "one it shares out": ("H29", {"holder": "gateway:gw-tinh", "hosts": ("gw.tinh.example", "*.tinh.example")}),
    "one that a host runs for it": ("H29.12", {"holder": "gateway:gw-thue"}),
    "one to come": ("H29.12", {"holder": "gateway:gw-moi", "hosts": ("gw-moi.example",)}),
}


@pytest.mark.parametrize(("code", "form"), OWN.values(), ids=OWN)
async def test_a_gateway_for_who_runs_it(ca: CaWorld, code: str, form: dict[str, Any]) -> None:
    assert (await ca.done(gateway(code, **form))).state is CaseState.DELIVERED


FOREIGN: dict[str, tuple[str, dict[str, Any]]] = {
    "of a neighbour": ("H29.12", {"holder": "gateway:gw-yte"}),
    "of a ministry": ("H29", {"holder": "gateway:gw-bo"}),
    "shared, by a tenant": ("H29.12", {"holder": "gateway:gw-tinh"}),
    "of the exchange": ("H29", {"holder": "gateway:axis"}),
    "host of a neighbour": ("H29.12", {"hosts": ("gw-moi.example", "gw-yte.example")}),
    "host spelt otherwise": ("H29.12", {"hosts": ("GW-YTE.EXAMPLE.",)}),
    "host as a name": ("H29.12", {"name": "gw-yte.example"}),
    "address of a ministry": ("H29", {"hosts": ("192.0.2.9",)}),
    "hosts by a wildcard": ("H29.12", {"hosts": ("*.tinh.example",)}),
    "hosts by a wildcard in a label": ("H29.12", {"hosts": ("g*.tinh.example",)}),
}


@pytest.mark.parametrize(("code", "form"), FOREIGN.values(), ids=FOREIGN)
async def test_a_gateway_of_somebody_else(ca: CaWorld, code: str, form: dict[str, Any]) -> None:
    with pytest.raises(SubjectMisleading, match=code):
        await ca.opened(gateway(code, **form))
    assert await ca.history() == ["refused:open"]
    await ca.nothing_issued()


@pytest.mark.parametrize("holder", ["log:gw-bo", "log:bo.example/log"])
async def test_a_log_of_somebody_else_also_by_the_centre(ca: CaWorld, holder: str) -> None:
    with pytest.raises(SubjectMisleading, match="H29"):
        await ca.opened(gateway("H29", profile="log", holder=holder, hosts=(), csr=""), by="uong")


async def test_the_centre_asks_for_the_hops_of_the_exchange(ca: CaWorld) -> None:
    asked = await ca.opened(gateway("G09", holder="gateway:axis", hosts=("axis.example",)), by="uong")
    assert asked.state is CaseState.RECEIVED


async def test_a_gateway_that_became_somebody_elses_before_it_was_approved(ca: CaWorld) -> None:
    case = await ca.decided(await ca.opened(gateway()), "examine", "hoa")
    learnt(ca, LATER)
    with pytest.raises(SubjectMisleading):
        await ca.decided(case, "approve", "trung")
    assert (await ca.history())[-1] == "refused:approve"
    await ca.nothing_issued()


async def test_a_gateway_that_became_somebody_elses_before_it_was_signed(ca: CaWorld) -> None:
    case = await ca.approved(gateway())
    learnt(ca, LATER)
    [after] = await ca.carrying.carry_out([case.id])
    assert (after.state, (await ca.history())[-1]) == (CaseState.STOPPED, "give-up")
    await ca.nothing_issued()


# ---------------------------------------------------------------- machines that ask by themselves


class Answering:
    """A host that shows what it was asked for."""

    def __init__(self, print_: str) -> None:
        self._print = print_

    async def shown(self, host: str, token: str) -> str:
        return f"{token}.{self._print}"


@dataclass
class Standing:
    """A machine with an approved grant and its account."""

    acme: Acme
    account: Account
    grant: Grant

    async def ready(self) -> Order:
        order = await self.acme.order(self.account, {"identifiers": [{"type": "dns", "value": "gw.example"}]})
        await self.acme.challenge(self.account, order.id, 0)
        return order

    async def finalized(self, order: Order) -> Order:
        text = csr(hosts=("gw.example",))
        body = "".join(text.splitlines()[1:-1]).replace("+", "-").replace("/", "_").rstrip("=")
        return await self.acme.finalize(self.account, order.id, body)


async def standing(ca: CaWorld) -> Standing:
    case = await ca.done(gateway(acme=True, csr=""))
    grant = await ca.registers.read(lambda view: grant_of_case(view, case.id))
    assert grant is not None
    signer = Signer()
    account = Account("a1", signer.jwk, grant.id)

    def work(tx: Change) -> None:
        put(tx, account)
        put(tx, replace(grant, account=account.id))

    await ca.registers.write(work)
    acme = Acme(ca.house, ca.registers, ca.casework, ca.carrying, Answering(thumbprint(signer.jwk)))
    return Standing(acme, account, grant)


async def now_may(ca: CaWorld, **changes: Any) -> None:
    """The centre changes what the province's registration authority may have."""
    [before] = [each for each in AUTHORITIES if each.id == "ra-h29"]
    await ca.registers.write(lambda tx: tx.put_record(record_of(replace(before, **changes))))


async def test_a_machine_asks_while_its_authority_may(ca: CaWorld) -> None:
    machine = await standing(ca)
    assert (await machine.finalized(await machine.ready())).status is Status.VALID


LESS: dict[str, dict[str, Any]] = {
    "profiles": {"profiles": frozenset({"person"})},
    "scope": {"roots": ("H29.13",)},
    "stopped": {"active": False},
}


@pytest.mark.parametrize("changes", LESS.values(), ids=LESS)
async def test_a_grant_is_no_more_than_its_authority_may_have_now(ca: CaWorld, changes: dict[str, Any]) -> None:
    machine = await standing(ca)
    order = await machine.ready()
    await now_may(ca, **changes)
    with pytest.raises(AcmeProblem) as finalizing:
        await machine.finalized(order)
    with pytest.raises(AcmeProblem) as ordering:
        await machine.ready()
    assert [each.value.kind for each in (finalizing, ordering)] == ["unauthorized", "unauthorized"]
    assert (await ca.history())[-2:] == ["refused:acme-finalize", "refused:acme-order"]
    with pytest.raises(NotAllowed):
        await ca.casework.standing("c1", gateway(), "by-hand", "acme:x")
    await ca.nothing_issued()


async def test_a_grant_for_a_gateway_that_became_somebody_elses(ca: CaWorld) -> None:
    machine = await standing(ca)
    order = await machine.ready()
    learnt(ca, LATER)
    with pytest.raises(AcmeProblem, match="gw-mau"):
        await machine.finalized(order)
    with pytest.raises(AcmeProblem, match="gw-mau"):
        await machine.ready()
    await ca.nothing_issued()
