"""The matrix of operations and the one rule that says whether an officer may act.

New certificates and revocations are decided by the centre; renewal, change and recovery are delegated (Ninh Bình
165/2025, Articles 9 and 10). What stops harm at once, suspension and a report of loss, is delegated too; what undoes it
is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lienthong.ca.delegation.model import Duty, Level, Officer, RegistrationAuthority
from lienthong.ca.life.kinds import CaseKind
from lienthong.errors import NotAllowed, SameOfficer

DEFAULT: Mapping[CaseKind, Level] = {
    CaseKind.PERSON: Level.CENTRE,
    CaseKind.ORGANISATION: Level.CENTRE,
    CaseKind.DEVICE: Level.CENTRE,
    CaseKind.RENEWAL: Level.DELEGATED,
    CaseKind.CHANGE: Level.DELEGATED,
    CaseKind.SUSPENSION: Level.DELEGATED,
    CaseKind.RESUMPTION: Level.CENTRE,
    CaseKind.REVOCATION: Level.CENTRE,
    CaseKind.RECOVERY: Level.DELEGATED,
    CaseKind.HANDOVER: Level.DELEGATED,
    CaseKind.RETURN: Level.DELEGATED,
    CaseKind.LOSS: Level.DELEGATED,
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What an act is about, as far as the right to it goes. `paths`: every organisation it touches for who asks.

    `requester` and `examiner` are the officers who did the steps before. `level`: who decides it, by the matrix of the
    registration authority the case belongs to. `leaves`: the organisation a person is taken from whose registration
    authority did not ask; `agreed`: who agreed there.
    """

    kind: CaseKind
    paths: tuple[str, ...]
    profile: str = ""
    level: Level = Level.CENTRE
    requester: str = ""
    examiner: str = ""
    leaves: str = ""
    agreed: str = ""


def level_of(kind: CaseKind, authority: RegistrationAuthority) -> Level:
    """Who decides this kind of case for that registration authority."""
    return authority.matrix.get(kind, DEFAULT[kind])


def require(officer: Officer, authority: RegistrationAuthority, duty: Duty, matter: Matter) -> None:
    """The one place where rights are decided: NotAllowed, or SameOfficer, unless this officer may do this."""
    require_duty(officer, authority, duty)
    require_scope(authority, matter.paths, matter.profile if duty in _WITH_PROFILE else "")
    if duty is Duty.APPROVE and matter.level is Level.CENTRE and not authority.is_centre:
        raise NotAllowed(f"{matter.kind.vi}: trung ương quyết định / {matter.kind.en}: the centre decides")
    if duty is Duty.APPROVE and matter.leaves and not matter.agreed and not authority.covers(matter.leaves):
        raise NotAllowed("nơi đi chưa đồng ý / where the person leaves has not agreed")
    if duty is Duty.EXAMINE and officer.id == matter.requester:
        raise SameOfficer("người lập / who asked")
    if duty is Duty.APPROVE and officer.id in {matter.requester, matter.examiner, matter.agreed}:
        raise SameOfficer("người lập, thẩm tra, đồng ý / who asked, examined or agreed")


def require_scope(authority: RegistrationAuthority, paths: Sequence[str], profile: str) -> None:
    """NotAllowed unless all these organisations, and the profile where one is named, are a registration authority's."""
    if not authority.active:
        raise NotAllowed(f"{authority.name}: đã ngừng / no longer in force")
    if not paths or not all(authority.covers(path) for path in paths):
        raise _outside(authority)
    if profile and not _may_have(authority, profile):
        raise NotAllowed(f"mẫu {profile} / profile {profile}: {authority.name}")


def require_giving(officer: Officer, authority: RegistrationAuthority, matter: Matter) -> None:
    """NotAllowed, SameOfficer unless this officer may agree, or refuse, for the organisation that a person leaves."""
    require_duty(officer, authority, Duty.APPROVE)
    if not matter.leaves or not authority.covers(matter.leaves):
        raise _outside(authority)
    if officer.id in {matter.requester, matter.examiner}:
        raise SameOfficer("người lập, người thẩm tra / who asked or examined")


def _outside(authority: RegistrationAuthority) -> NotAllowed:
    return NotAllowed(f"ngoài phạm vi của {authority.name} / outside the scope of {authority.name}")


def require_duty(officer: Officer, authority: RegistrationAuthority, duty: Duty) -> None:
    """Raises NotAllowed unless officer and authority are in force, belong together, and the duty is the officer's."""
    if not officer.active or not authority.active or officer.authority != authority.id:
        raise NotAllowed(f"{officer.id}, {authority.id}: đã ngừng / no longer in force")
    if duty not in officer.duties:
        raise NotAllowed(f"{officer.id}: {duty.value}")


_WITH_PROFILE = frozenset({Duty.REQUEST, Duty.EXAMINE, Duty.APPROVE})


def _may_have(authority: RegistrationAuthority, profile: str) -> bool:
    return authority.is_centre or profile in authority.profiles
