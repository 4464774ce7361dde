"""The matrix of operations, cell by cell, and what no combination of duties and scopes can ever allow."""

import itertools

import pytest

from lienthong.ca.delegation.matrix import DEFAULT, Matter, level_of, require, require_giving
from lienthong.ca.delegation.model import CENTRE, Duty, Level, Officer, RegistrationAuthority
from lienthong.ca.life.kinds import CaseKind
from lienthong.errors import InvalidValue, NotAllowed, SameOfficer

PROVINCE = RegistrationAuthority("ra-h29", "Sở KHCN mẫu", ("H29",), frozenset({"person"}))
MIDDLE = RegistrationAuthority(CENTRE, "Trung ương")
PATH = "/H29/H29.12/"


def officer(duty: Duty, authority: RegistrationAuthority = PROVINCE, id: str = "hoa") -> Officer:
    return Officer(id, "Lê Thị Hòa (mẫu)", authority.id, frozenset({duty}))


@pytest.mark.parametrize("kind", CaseKind)
def test_the_default_matrix_cell_by_cell(kind: CaseKind) -> None:
    """New and revoke: the centre; renew, change, recover: delegated (Ninh Bình 165/2025, Art. 9–10)."""
    matter = Matter(kind, (PATH,), "person", level_of(kind, PROVINCE))
    require(officer(Duty.APPROVE, MIDDLE), MIDDLE, Duty.APPROVE, matter)
    if DEFAULT[kind] is Level.CENTRE:
        with pytest.raises(NotAllowed):
            require(officer(Duty.APPROVE), PROVINCE, Duty.APPROVE, matter)
    else:
        require(officer(Duty.APPROVE), PROVINCE, Duty.APPROVE, matter)


def test_the_rules_of_the_provinces_are_the_default() -> None:
    delegated = {kind.value for kind, level in DEFAULT.items() if level is Level.DELEGATED}
    assert {"renewal", "change", "recovery"} <= delegated
    assert not {"person", "organisation", "device", "revocation"} & delegated


def test_a_tenant_may_have_another_matrix() -> None:
    own = RegistrationAuthority("ra", "Bộ mẫu", ("G09",), matrix={CaseKind.PERSON: Level.DELEGATED})
    assert level_of(CaseKind.PERSON, own) is Level.DELEGATED
    assert level_of(CaseKind.REVOCATION, own) is Level.CENTRE


@pytest.mark.parametrize("path", ["/H30/", "/H2/", "/H290/", "/", "", "/X/H29X/"])
def test_nothing_outside_the_subtree(path: str) -> None:
    with pytest.raises(NotAllowed):
        require(officer(Duty.REQUEST), PROVINCE, Duty.REQUEST, Matter(CaseKind.RENEWAL, (path,), "person"))


def test_a_transfer_needs_both_ends_in_the_scope() -> None:
    with pytest.raises(NotAllowed):
        require(officer(Duty.REQUEST), PROVINCE, Duty.REQUEST, Matter(CaseKind.CHANGE, (PATH, "/H30/"), "person"))


MINISTRY = RegistrationAuthority("ra-g09", "Bộ mẫu", ("G09",), frozenset({"person"}))
STRANGER = RegistrationAuthority("ra-h30", "Sở khác mẫu", ("H30",), frozenset({"person"}))
TRANSFER = {
    "ask": (Duty.REQUEST, "", (MINISTRY, MIDDLE)),
    "examine": (Duty.EXAMINE, "", (MINISTRY, MIDDLE)),
    "approve before it is agreed": (Duty.APPROVE, "", (MIDDLE,)),
    "approve": (Duty.APPROVE, "minh", (MINISTRY, MIDDLE)),
    "deliver": (Duty.DELIVER, "minh", (MINISTRY, MIDDLE)),
    "agree": (None, "", (PROVINCE, MIDDLE)),
}
"""Who may do what when the ministry asks for a person of the province: nobody decides for the other."""


@pytest.mark.parametrize("authority", [PROVINCE, MINISTRY, STRANGER, MIDDLE], ids=lambda each: each.id)
@pytest.mark.parametrize(("duty", "agreed", "allowed"), TRANSFER.values(), ids=TRANSFER)
def test_a_transfer_between_two_step_by_step(
    duty: Duty | None, agreed: str, allowed: tuple[RegistrationAuthority, ...], authority: RegistrationAuthority
) -> None:
    matter = Matter(CaseKind.CHANGE, ("/G09/",), "person", Level.DELEGATED, "bo", "bac", PATH, agreed)
    who = officer(duty or Duty.APPROVE, authority)

    def act() -> None:
        require(who, authority, duty, matter) if duty else require_giving(who, authority, matter)

    if authority in allowed:
        act()
    else:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("who", ["bo", "bac"])
def test_who_asked_or_examined_never_agrees(who: str) -> None:
    matter = Matter(CaseKind.CHANGE, ("/G09/",), "person", Level.DELEGATED, "bo", "bac", PATH)
    with pytest.raises(SameOfficer):
        require_giving(officer(Duty.APPROVE, MIDDLE, who), MIDDLE, matter)


def test_who_agreed_never_approves() -> None:
    matter = Matter(CaseKind.CHANGE, ("/G09/",), "person", Level.DELEGATED, "bo", "bac", PATH, "trung")
    with pytest.raises(SameOfficer):
        require(officer(Duty.APPROVE, MIDDLE, "trung"), MIDDLE, Duty.APPROVE, matter)


def test_no_profile_that_was_not_given() -> None:
    with pytest.raises(NotAllowed):
        require(officer(Duty.REQUEST), PROVINCE, Duty.REQUEST, Matter(CaseKind.DEVICE, (PATH,), "gateway"))


@pytest.mark.parametrize(("given", "wanted"), [*itertools.permutations((Duty.REQUEST, Duty.EXAMINE, Duty.APPROVE), 2)])
def test_no_duty_follows_from_another(given: Duty, wanted: Duty) -> None:
    with pytest.raises(NotAllowed):
        require(officer(given), PROVINCE, wanted, Matter(CaseKind.RENEWAL, (PATH,), "person", Level.DELEGATED))


def test_who_asked_or_examined_never_approves() -> None:
    for matter in (
        Matter(CaseKind.RENEWAL, (PATH,), "person", Level.DELEGATED, requester="hoa"),
        Matter(CaseKind.RENEWAL, (PATH,), "person", Level.DELEGATED, examiner="hoa"),
    ):
        with pytest.raises(SameOfficer):
            require(officer(Duty.APPROVE), PROVINCE, Duty.APPROVE, matter)


def test_what_was_stopped_acts_no_more() -> None:
    stopped = RegistrationAuthority("ra-h29", "Sở KHCN mẫu", ("H29",), frozenset({"person"}), active=False)
    gone = Officer("hoa", "Lê Thị Hòa (mẫu)", "ra-h29", frozenset({Duty.REQUEST}), active=False)
    matter = Matter(CaseKind.RENEWAL, (PATH,), "person")
    for who, where in ((officer(Duty.REQUEST), stopped), (gone, PROVINCE), (officer(Duty.REQUEST, MIDDLE), PROVINCE)):
        with pytest.raises(NotAllowed):
            require(who, where, Duty.REQUEST, matter)


@pytest.mark.parametrize(
    "duties",
    [{Duty.EXAMINE, Duty.APPROVE}, {Duty.ADMINISTER, Duty.APPROVE}, {Duty.AUDIT, Duty.EXAMINE}, set()],
    ids=lambda duties: "+".join(sorted(duties)) or "none",
)
def test_roles_are_kept_apart(duties: set[Duty]) -> None:
    with pytest.raises(InvalidValue):
        Officer("hoa", "Lê Thị Hòa (mẫu)", CENTRE, frozenset(duties))


@pytest.mark.parametrize("duty", [Duty.STOP, Duty.ADMINISTER, Duty.AUDIT])
def test_duties_of_the_centre_are_not_delegated(duty: Duty) -> None:
    with pytest.raises(InvalidValue):
        officer(duty)
