"""Whatever scopes, trees, duties and matrices there are: nothing is allowed outside a scope."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from lienthong.ca.delegation.matrix import Matter, level_of, require, require_giving
from lienthong.ca.delegation.model import CENTRE, Duty, Level, Officer, RegistrationAuthority
from lienthong.ca.life.kinds import CaseKind
from lienthong.errors import InvalidValue, NotAllowed, SameOfficer

CODES = st.sampled_from(["H29", "H2", "H29.1", "H29.12", "G09", "G0", "G09.1"])
PATHS = st.lists(CODES, max_size=4).map(lambda codes: "/" + "".join(f"{code}/" for code in codes))
PROFILES = st.sampled_from(["person", "document-seal", "gateway"])
NAMES = st.sampled_from(["lan", "hoa", "minh"])
AUTHORITIES = st.builds(
    RegistrationAuthority,
    id=st.sampled_from(["ra", "rb"]),
    name=st.just("RA mẫu"),
    roots=st.lists(CODES, min_size=1, max_size=3).map(tuple),
    profiles=st.frozensets(PROFILES),
    matrix=st.dictionaries(st.sampled_from(CaseKind), st.sampled_from(Level)),
    active=st.booleans(),
)


@st.composite
def officers(draw: st.DrawFn) -> Officer:
    duties = draw(st.frozensets(st.sampled_from([Duty.REQUEST, Duty.EXAMINE, Duty.APPROVE, Duty.LOOK]), min_size=1))
    authority = draw(st.sampled_from(["ra", "rb", CENTRE]))
    with suppress(InvalidValue):
        return Officer(draw(NAMES), "Người mẫu", authority, duties, active=draw(st.booleans()))
    return Officer("lan", "Người mẫu", authority, frozenset({Duty.REQUEST}))


@given(
    officers(),
    AUTHORITIES,
    st.sampled_from([Duty.REQUEST, Duty.EXAMINE, Duty.APPROVE]),
    st.sampled_from(CaseKind),
    st.lists(PATHS, max_size=2).map(tuple),
    PROFILES,
    NAMES,
    NAMES,
    st.just("") | PATHS,
    st.just("") | NAMES,
)
def test_what_is_allowed_lies_in_the_scope(
    officer: Officer,
    authority: RegistrationAuthority,
    duty: Duty,
    kind: CaseKind,
    paths: tuple[str, ...],
    profile: str,
    requester: str,
    examiner: str,
    leaves: str,
    agreed: str,
) -> None:
    matter = Matter(kind, paths, profile, level_of(kind, authority), requester, examiner, leaves, agreed)
    try:
        require(officer, authority, duty, matter)
    except (NotAllowed, SameOfficer):
        return
    assert officer.active
    assert authority.active
    assert officer.authority == authority.id
    assert duty in officer.duties
    assert paths
    assert all(inside(path, authority) for path in paths)
    assert profile in authority.profiles
    if duty is Duty.APPROVE:
        assert matter.level is Level.DELEGATED
        assert officer.id not in {requester, examiner, agreed}
        assert not leaves or agreed or inside(leaves, authority)


@given(officers(), AUTHORITIES, st.lists(PATHS, max_size=2).map(tuple), NAMES, NAMES, st.just("") | PATHS)
def test_who_agrees_does_so_for_their_own(
    officer: Officer,
    authority: RegistrationAuthority,
    paths: tuple[str, ...],
    requester: str,
    examiner: str,
    leaves: str,
) -> None:
    matter = Matter(CaseKind.CHANGE, paths, "person", Level.DELEGATED, requester, examiner, leaves)
    try:
        require_giving(officer, authority, matter)
    except (NotAllowed, SameOfficer):
        return
    assert officer.active
    assert authority.active
    assert officer.authority == authority.id
    assert Duty.APPROVE in officer.duties
    assert inside(leaves, authority)
    assert officer.id not in {requester, examiner}


def inside(path: str, authority: RegistrationAuthority) -> bool:
    return bool(set(path.strip("/").split("/")) & set(authority.roots))
