"""Cases from the form to the certificate, and everything that is refused on the way: in words, in the log, unissued."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from msgspec import structs

from ca_house import CaWorld, agency, ca_world, csr, gateway, home, people, person, rsa_key
from lienthong.ca.bulk import Bulk
from lienthong.ca.life.forms import (
    ChangeForm,
    HandoverForm,
    LossForm,
    RenewalForm,
    ResumptionForm,
    ReturnForm,
    RevocationForm,
    SuspensionForm,
)
from lienthong.ca.life.kinds import CertificateState, Reason
from lienthong.ca.life.states import CaseState, working_days
from lienthong.ca.life.subjects import chain_of
from lienthong.ca.life.table import Row
from lienthong.ca.people import record_of
from lienthong.ca.registers import CasesWanted, Wanted
from lienthong.ca.rules import agility
from lienthong.ca.tokens import TokenState, token_of
from lienthong.errors import (
    AlgorithmNotAllowed,
    ClockBehind,
    DuplicateDiffers,
    IllegalMove,
    InvalidValue,
    KeyReused,
    KeyUnavailable,
    LienThongError,
    NotAllowed,
    NotFound,
    OrderInvalid,
    OrderReplayed,
    OrganisationClosed,
    QuotaUsedUp,
    RequestUnreadable,
    SameOfficer,
    SubjectMisleading,
)
from lienthong.testing.clock import START

pytestmark = pytest.mark.integration


@pytest.fixture
async def ca(tmp_path: Path) -> AsyncIterator[CaWorld]:
    async with ca_world(tmp_path / "ca") as world:
        yield world


# ---------------------------------------------------------------- what works


async def test_a_person_from_the_form_to_the_hand(ca: CaWorld) -> None:
    case = await ca.done(person())
    assert case.state is CaseState.ISSUED
    case = await ca.casework.deliver(ca.asker("lan"), "c1", "Nguyễn Văn Mẫu, CCCD mẫu")
    assert (case.state, case.requester, case.examiner, case.approver) == (CaseState.DELIVERED, "lan", "hoa", "trung")
    assert await ca.history() == ["open", "examine", "approve", "issue", "deliver"]
    held = await ca.held(case.about)
    found = x509.load_der_x509_certificate(held.certificate)
    assert found.subject.rfc4514_string({x509.NameOID.EMAIL_ADDRESS: "E"}) == (
        "E=mau@example.vn,CN=Nguyễn Văn Mẫu,OU=Sở Nội vụ mẫu,O=Ủy ban nhân dân Thành phố mẫu,L=Thành phố mẫu,C=VN"
    )
    found.verify_directly_issued_by(home().issuers["persons"].own)
    assert found.serial_number.bit_length() > 128


async def test_an_agency_by_its_codes(ca: CaWorld) -> None:
    held = await ca.issued(agency())
    assert (held.uid, held.issuer, held.name) == ("MST:0102357802, MNS:1032158", "agencies", "Sở Nội vụ mẫu")


async def test_a_machine_fetches_its_own(ca: CaWorld) -> None:
    assert (await ca.done(gateway())).state is CaseState.DELIVERED


async def test_a_renewal_keeps_the_key_and_is_decided_at_home(ca: CaWorld) -> None:
    old = await ca.issued(person())
    case = await ca.done(RenewalForm(organisation="H29.12", certificate=old.id), "c2", by="minh")
    fresh = await ca.held(case.about)
    assert (fresh.key, fresh.name, fresh.serial != old.serial) == (old.key, old.name, True)
    assert (await ca.held(old.id)).state is CertificateState.ACTIVE


async def test_who_moves_keeps_the_key_and_the_old_certificate_ends(ca: CaWorld) -> None:
    old = await ca.issued(person())
    moved = ChangeForm(organisation="H29.13", certificate=old.id, post="Chuyên viên")
    fresh = await ca.held((await ca.done(moved, "c2", by="minh")).about)
    assert (fresh.key, fresh.organisation) == (old.key, "H29.13")
    before = await ca.held(old.id)
    assert (before.state, before.reason) == (CertificateState.REVOKED, Reason.AFFILIATION_CHANGED)


async def test_suspended_resumed_revoked(ca: CaWorld) -> None:
    held = await ca.issued(person())
    await ca.done(SuspensionForm(organisation="H29.12", certificate=held.id), "s", by="minh")
    assert (await ca.held(held.id)).state is CertificateState.SUSPENDED
    await ca.done(ResumptionForm(organisation="H29.12", certificate=held.id), "r")
    assert (await ca.held(held.id)).state is CertificateState.ACTIVE
    assert (await ca.revoked(held)).reason is Reason.KEY_COMPROMISE
    changes = await ca.registers.read(lambda view: view.changes("persons", 0, 9))
    assert [each.state.value for each in changes] == ["suspended", "active", "revoked"]


async def test_a_token_through_its_life(ca: CaWorld) -> None:
    held = await ca.issued(person(token="T1"))
    token = await ca.registers.read(lambda view: token_of(view, "T1"))
    assert token is not None
    assert (token.state, token.holder, token.certificate) == (TokenState.ISSUED, held.name, held.id)
    told = {"organisation": "H29.12", "token": "T1", "certificate": held.id}
    await ca.done(LossForm(**told), "lost", by="minh")
    assert (await ca.held(held.id)).state is CertificateState.SUSPENDED
    given_up = await ca.done(ReturnForm(organisation="H29.12", token="T1"), "ret", by="minh")
    assert given_up.state is CaseState.STOPPED  # what is lost does not come back by itself
    back = await ca.done(HandoverForm(organisation="H29.12", token="T2", person="Trần Thị Ví Dụ"), "hand", by="minh")
    assert back.state is CaseState.DONE


async def test_the_token_of_a_revoked_certificate_is_to_come_back(ca: CaWorld) -> None:
    held = await ca.issued(person(token="T9"))
    await ca.revoked(held, reason=Reason.CESSATION)
    token = await ca.registers.read(lambda view: token_of(view, "T9"))
    assert token is not None
    assert token.due == working_days(ca.clock.now(), 5)
    await ca.done(ReturnForm(organisation="H29.12", token="T9"), "ret", by="minh")
    back = await ca.registers.read(lambda view: token_of(view, "T9"))
    assert back is not None
    assert (back.state, back.due) == (TokenState.RETURNED, None)


async def test_returned_completed_examined_again(ca: CaWorld) -> None:
    case = await ca.opened(person(csr=""))
    with pytest.raises(InvalidValue, match="csr"):
        await ca.decided(case, "examine", "hoa")
    case = await ca.decided(case, "return", "hoa", why="thiếu khóa")
    assert case.state is CaseState.RETURNED
    case = await ca.casework.resubmit(ca.asker("lan"), "c1", person())
    assert (await ca.decided(case, "examine", "hoa")).state is CaseState.EXAMINED


async def test_the_centre_stops_anything_that_is_not_signed_yet(ca: CaWorld) -> None:
    case = await ca.approved(person())
    assert (await ca.decided(case, "stop", "dung")).state is CaseState.STOPPED
    assert await ca.carrying.round() == 0
    await ca.nothing_issued()


async def test_a_repeat_is_the_same_case(ca: CaWorld) -> None:
    form = person()
    assert await ca.opened(form) == await ca.opened(form)
    assert await ca.history() == ["open"]
    with pytest.raises(DuplicateDiffers):
        await ca.opened(person("Trần Thị Khác"))


async def test_overdue_cases_are_found(ca: CaWorld) -> None:
    await ca.opened(person())
    late = CasesWanted(overdue=START + timedelta(days=2))
    assert len(await ca.registers.read(lambda view: view.cases(late))) == 1


async def test_a_key_that_is_away_is_waited_for(ca: CaWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    case = await ca.approved(person())
    with monkeypatch.context() as gone:
        gone.delitem(ca.house.issuers, "persons")  # type: ignore[arg-type]  # a dictionary here
        with pytest.raises(KeyUnavailable):
            await ca.carrying.round()
    assert await ca.carrying.round() == 1
    assert await ca.carrying.carry_out([case.id]) == []  # and once only


async def test_an_issuer_that_is_away_keeps_no_other_from_its_work(
    ca: CaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await ca.approved(person()), await ca.approved(gateway(), "c2")
    monkeypatch.delitem(ca.house.issuers, "persons")  # type: ignore[arg-type]  # a dictionary here
    with pytest.raises(KeyUnavailable):
        await ca.carrying.round()
    found = await ca.registers.read(lambda view: view.cases_of([first.id, second.id]))
    assert [each.state for each in found] == [CaseState.APPROVED, CaseState.DELIVERED]


async def test_what_must_not_be_signed_any_more_stops_and_keeps_nobody_waiting(ca: CaWorld) -> None:
    first, second = await ca.approved(person()), await ca.approved(person(csr=csr()), "c2")
    like_an_agency = person("Sở Nội vụ mẫu")  # what an organisation has come to be called since
    await ca.registers.write(lambda tx: tx.put_cases([msgspec.structs.replace(first, says=like_an_agency)]))
    assert await ca.carrying.round() == 2
    found = await ca.registers.read(lambda view: view.cases_of([first.id, second.id]))
    assert [each.state for each in found] == [CaseState.STOPPED, CaseState.ISSUED]
    [told] = await ca.registers.read(lambda view: [each for each in view.deeds(case=first.id) if each.act == "give-up"])
    assert SubjectMisleading.code in told.text


async def test_what_was_planned_is_made_after_a_crash(ca: CaWorld) -> None:
    case = await ca.approved(person())
    [(_, [planned])] = (await ca.registers.write(lambda tx: ca.carrying._plan(tx, [case.id])))[0].items()
    directory = ca.house.directory()
    chain = partial(chain_of, directory)
    await ca.carrying._drafted(
        planned, ca.house.issuer("persons"), directory, chain
    )  # to be signed, and the process dies
    assert await ca.carrying.round() == 1
    held = await ca.registers.read(lambda view: view.certificates(Wanted()))
    assert [each.serial for each in held] == [planned.plan.serial if planned.plan else 0]


# ---------------------------------------------------------------- what is refused

WORDS = {
    "cyrillic o": "Nguyễn Văn Hоàng",
    "zero width": "Nguyễn\u200b Văn Mẫu",
    "right to left": "Nguyễn \u202eVăn Mẫu",
    "fullwidth": "Ｎguyễn Văn Mẫu",
    "latin alpha": "Nguyễn Vɑn Mẫu",
    "stacked marks": "Nguyễ\u0301\u0301n Văn Mẫu",
    "two spaces": "Nguyễn  Văn Mẫu",
    "newline": "Nguyễn\nVăn Mẫu",
    "an organisation": "sở nội vụ mẫu",
    "one word": "Mẫu",
}


@pytest.mark.parametrize("name", WORDS.values(), ids=WORDS)
async def test_names_that_mislead(ca: CaWorld, name: str) -> None:
    with pytest.raises(SubjectMisleading):
        await ca.opened(person(name))
    assert await ca.history() == ["refused:open"]
    assert await ca.registers.read(lambda view: view.case("c1")) is None


def weak_exponent() -> str:
    return csr(rsa.generate_private_key(3, 2048))


def short() -> str:
    return csr(rsa_key(1024))


def other_curve() -> str:
    return csr(ec.generate_private_key(ec.SECP384R1()))


def forged() -> str:
    der = bytearray(b64decode("".join(csr().splitlines()[1:-1])))
    der[60] ^= 1
    return b64encode(bytes(der)).decode()


BAD_KEYS = {
    "not a request": (
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        RequestUnreadable,
    ),
    "no base64": ("xin chào", RequestUnreadable),
    "too large": ("A" * 50_000, RequestUnreadable),
    "signed by another": (forged, RequestUnreadable),
    "1024 bits": (short, AlgorithmNotAllowed),
    "exponent 3": (weak_exponent, AlgorithmNotAllowed),
    "P-384": (other_curve, AlgorithmNotAllowed),
}


@pytest.mark.parametrize(("text", "error"), BAD_KEYS.values(), ids=BAD_KEYS)
async def test_requests_that_prove_nothing(ca: CaWorld, text: object, error: type[LienThongError]) -> None:
    with pytest.raises(error):
        await ca.opened(person(csr=text() if callable(text) else text))
    assert await ca.history() == ["refused:open"]


async def test_a_key_belongs_to_one(ca: CaWorld) -> None:
    text = csr()
    await ca.issued(person(csr=text))
    with pytest.raises(KeyReused):
        await ca.opened(person("Trần Thị Ví Dụ", csr=text), "c2")


async def test_two_cases_with_one_key(ca: CaWorld) -> None:
    own, other = ec.generate_private_key(ec.SECP256R1()), person("Trần Thị Ví Dụ", csr=csr())
    first, second = person(csr=csr(own)), person("Trần Thị Ví Dụ", csr=csr(own))
    await ca.opened(first, "c1")
    with pytest.raises(KeyReused, match="hồ sơ khác"):
        await ca.opened(second, "c2")
    await ca.opened(other, "c2")
    with pytest.raises(KeyReused, match="hồ sơ khác"):
        await ca.casework.resubmit(ca.asker("lan"), "c2", second)
    await ca.casework.resubmit(ca.asker("lan"), "c1", person(csr=csr()))
    assert (await ca.casework.resubmit(ca.asker("lan"), "c2", second)).form == second
    await ca.casework.withdraw(ca.asker("lan"), "c2")
    assert (await ca.issued(first, "c3")).case == "c3"


async def test_two_cases_with_one_key_at_once(ca: CaWorld) -> None:
    text = csr()
    told = await asyncio.gather(*(ca.opened(person(csr=text), f"c{n}") for n in range(8)), return_exceptions=True)
    assert sorted(isinstance(each, KeyReused) for each in told) == [False] + 7 * [True]


async def test_a_table_asks_once_for_each_key(ca: CaWorld) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    rows = [Row(number, person(name, csr=csr(key, name))) for number, name in ((2, "Hồ A"), (3, "Hồ B"))]
    with pytest.raises(InvalidValue, match="3"):
        await Bulk(ca.house, ca.registers, ca.casework).open(ca.asker("lan"), rows, "b")
    assert await ca.registers.read(lambda view: view.cases(CasesWanted())) == []


async def test_a_stolen_key_is_not_renewed(ca: CaWorld) -> None:
    text = csr()
    gone = await ca.revoked(await ca.issued(person(csr=text)))
    with pytest.raises(IllegalMove):
        await ca.opened(RenewalForm(organisation="H29.12", certificate=gone.id), "c2")
    with pytest.raises(KeyReused):
        await ca.opened(person(csr=text), "c3")


async def test_a_stolen_key_ends_all_its_certificates(ca: CaWorld) -> None:
    old = await ca.issued(person())
    fresh = await ca.held(
        (await ca.done(RenewalForm(organisation="H29.12", certificate=old.id), "c2", by="minh")).about
    )
    await ca.revoked(fresh)
    before = await ca.held(old.id)
    assert (before.state, before.reason) == (CertificateState.REVOKED, Reason.KEY_COMPROMISE)
    other = await ca.issued(person(), "c3")
    last = await ca.held(
        (await ca.done(RenewalForm(organisation="H29.12", certificate=other.id), "c4", by="minh")).about
    )
    await ca.revoked(other, "r2", Reason.SUPERSEDED)  # of this certificate alone
    assert (await ca.held(last.id)).state is CertificateState.ACTIVE


async def test_a_certificate_revoked_after_its_renewal_was_approved(ca: CaWorld) -> None:
    old = await ca.issued(person())
    case = await ca.approved(RenewalForm(organisation="H29.12", certificate=old.id), "c2", by="minh")
    await ca.revoked(old)
    [after] = await ca.carrying.carry_out([case.id])
    assert (after.state, after.about) == (CaseState.STOPPED, old.id)
    assert len(await ca.registers.read(lambda view: view.of_key(old.key))) == 1


async def test_a_certificate_never_outlives_its_algorithm(ca: CaWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    [row] = [each for each in agility.TABLE if each.family == "p-256"]
    ends = START + timedelta(days=100)
    monkeypatch.setattr(agility, "TABLE", (replace(row, ends=ends),))
    held = await ca.issued(person())
    assert held.ends == ends
    case = await ca.approved(RenewalForm(organisation="H29.12", certificate=held.id), "c2", by="minh")
    monkeypatch.setattr(agility, "TABLE", ())  # the key stays in its token, and the table has become stricter
    [after] = await ca.carrying.carry_out([case.id])
    assert after.state is CaseState.STOPPED
    assert (await ca.history("c2"))[-1] == "give-up"


@pytest.mark.parametrize("form", [RenewalForm, ChangeForm])
async def test_a_kept_key_that_is_no_longer_allowed_is_not_asked_for(
    ca: CaWorld, monkeypatch: pytest.MonkeyPatch, form: type[RenewalForm | ChangeForm]
) -> None:
    held = await ca.issued(person(csr=csr(rsa_key())))
    wish = form(organisation="H29.12", certificate=held.id)
    later = tuple(row for row in agility.TABLE if row.family != "rsa")
    monkeypatch.setattr(agility, "TABLE", later)
    with pytest.raises(AlgorithmNotAllowed, match="rsa 2048"):
        await ca.opened(wish, "c2")
    assert await ca.history("c2") == ["refused:open"]
    assert await Bulk(ca.house, ca.registers, ca.casework).renew(ca.asker("lan"), "b1", timedelta(days=9000)) == []
    renewed = await ca.done(structs.replace(wish, csr=csr()), "c3", by="minh")  # with another key
    assert len(await ca.registers.read(lambda view: view.certificates(Wanted()))) == 2
    assert renewed.about != held.id


async def test_a_kept_key_that_fell_out_of_the_table_before_it_was_examined(
    ca: CaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await ca.issued(person())
    case = await ca.opened(RenewalForm(organisation="H29.12", certificate=held.id), "c2")
    monkeypatch.setattr(agility, "TABLE", ())
    with pytest.raises(AlgorithmNotAllowed):
        await ca.decided(case, "examine", "hoa")
    assert (await ca.history("c2"))[-1] == "refused:examine"


HOLDERS = {
    "the registry": {"holder": "registry"},
    "a log": {"holder": "log:ca.example"},
    "an organisation": {"holder": "org:G09"},
    "a gateway as the registry": {"holder": "gateway:gw", "profile": "registry"},
    "a gateway as a log": {"holder": "gateway:gw", "profile": "log"},
}


@pytest.mark.parametrize("form", HOLDERS.values(), ids=HOLDERS)
async def test_a_machine_is_not_called_what_its_profile_is_not(ca: CaWorld, form: dict[str, str]) -> None:
    with pytest.raises(InvalidValue, match="holder"):
        await ca.opened(gateway(**form), by="uong")
    await ca.nothing_issued()


@pytest.mark.parametrize("code", ["H29.99", "H29.98", "H77"])
async def test_organisations_that_are_not_there(ca: CaWorld, code: str) -> None:
    with pytest.raises(OrganisationClosed):
        await ca.opened(person(code=code))


async def test_outside_the_scope(ca: CaWorld) -> None:
    with pytest.raises(NotAllowed):
        await ca.opened(person(code="G09"))
    with pytest.raises(NotAllowed):  # a profile it was not given
        await ca.opened(gateway(profile="server", holder=""))
    with pytest.raises(NotAllowed):
        await ca.opened(person(), by="bo")


async def test_a_transfer_out_of_the_scope(ca: CaWorld) -> None:
    held = await ca.issued(person())
    with pytest.raises(NotAllowed):
        await ca.opened(ChangeForm(organisation="G09", certificate=held.id), "c2")


async def test_a_province_does_not_approve_what_is_new(ca: CaWorld) -> None:
    case = await ca.decided(await ca.opened(person()), "examine", "hoa")
    with pytest.raises(NotAllowed):
        await ca.decided(case, "approve", "minh")
    with pytest.raises(NotAllowed):
        await ca.decided(case, "approve", "hoa")
    assert (await ca.history())[-1] == "refused:approve"
    await ca.nothing_issued()


async def test_who_asked_does_not_examine(ca: CaWorld) -> None:
    case = await ca.opened(person(), by="uong")
    with pytest.raises(SameOfficer):
        await ca.decided(case, "examine", "uong")


async def test_an_order_counts_once_and_for_the_case_as_it_was(ca: CaWorld) -> None:
    case = await ca.opened(person())
    order = people()["hoa"].order("examine", case, ca.clock.now())
    examined = await ca.casework.decide("c1", order)
    with pytest.raises(OrderReplayed):
        await ca.casework.decide("c1", order)
    await ca.decided(examined, "return", "hoa")
    again = await ca.casework.resubmit(ca.asker("lan"), "c1", case.form)
    assert again.digest == case.digest
    with pytest.raises(OrderReplayed):  # the same case in the same state: the order is still an old one
        await ca.casework.decide("c1", order)
    stale = people()["hoa"].order("examine", case, ca.clock.now())
    await ca.casework.resubmit(ca.asker("lan"), "c1", person("Trần Thị Khác"))
    with pytest.raises(OrderInvalid):  # what was asked for has changed since it was signed
        await ca.casework.decide("c1", stale)


async def test_orders_of_others_elsewhere_or_too_late(ca: CaWorld) -> None:
    case = await ca.opened(person())
    hoa, lan = people()["hoa"], people()["lan"]
    forged = replace(hoa.order("examine", case), signature=lan.order("examine", case).signature)
    bad = [
        forged,
        hoa.order("examine", case, ca="CA khác"),
        hoa.order("examine", case, at=START - timedelta(hours=1)),
        hoa.order("examine", case, at=START + timedelta(hours=1)),
        hoa.order("examine", case, about="c2"),
        hoa.order("examine", case, digest="0" * 64),
        hoa.order("deliver", case),
        replace(forged, statement=b"{}"),
        replace(forged, statement=b"\xff" * 10),
    ]
    for order in bad:
        with pytest.raises(OrderInvalid):
            await ca.casework.decide("c1", order)
    with pytest.raises(NotAllowed):
        await ca.decided(case, "examine", "bo")
    assert (await ca.registers.read(lambda view: view.case("c1"))) == case


async def test_a_day_has_so_many(ca: CaWorld) -> None:
    cases = [await ca.decided(await ca.opened(person(), f"q{n}"), "examine", "hoa") for n in range(6)]
    for case in cases[:5]:
        await ca.decided(case, "approve", "trung")
    with pytest.raises(QuotaUsedUp):
        await ca.decided(cases[5], "approve", "trung")
    ca.clock.advance(timedelta(days=1))
    await ca.decided(cases[5], "approve", "trung")


async def test_revoked_is_for_ever(ca: CaWorld) -> None:
    held = await ca.revoked(await ca.issued(person()))
    again = RevocationForm(organisation="H29.12", certificate=held.id)
    for form in (again, ResumptionForm(organisation="H29.12", certificate=held.id)):
        with pytest.raises(IllegalMove):
            await ca.opened(form, "c9")
    with pytest.raises(NotFound):
        await ca.opened(RevocationForm(organisation="H29.12", certificate="persons/abc"), "c9")


async def test_two_revocations_at_once(ca: CaWorld) -> None:
    held = await ca.issued(person())
    form = RevocationForm(organisation="H29.12", certificate=held.id)
    first, second = [await ca.approved(form, name) for name in ("r1", "r2")]
    done = await ca.carrying.carry_out([first.id, second.id])
    assert [each.state for each in done] == [CaseState.DONE, CaseState.STOPPED]
    assert len(await ca.registers.read(lambda view: view.changes("persons", 0, 9))) == 1


async def test_a_clock_set_back_issues_nothing(ca: CaWorld) -> None:
    case = await ca.approved(person())
    ca.clock.advance(timedelta(hours=-1))
    with pytest.raises(ClockBehind):
        await ca.carrying.carry_out([case.id])
    with pytest.raises(ClockBehind):
        await ca.opened(person(), "c2")
    await ca.nothing_issued()


async def test_an_officer_whose_certificate_was_stopped(ca: CaWorld) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    held = await ca.issued(person(csr=csr(key)))
    hoa = people()["hoa"]
    mine = replace(hoa.officer, certificate=b64encode(held.certificate).decode())
    await ca.registers.write(lambda tx: tx.put_record(record_of(mine)))
    case = await ca.opened(person(), "c2")
    signed = replace(hoa, officer=mine, key=key)
    await ca.registers.write(
        lambda tx: tx.put_state(replace(held, state=CertificateState.SUSPENDED, changed=START, reason=Reason.HOLD))
    )
    with pytest.raises(OrderInvalid):
        await ca.casework.decide("c2", signed.order("examine", case, ca.clock.now()))
