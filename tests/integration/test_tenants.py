"""One suite for the tenants of a gateway and their twin, and what only files can show."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lienthong.adapters.files import write_whole
from lienthong.adapters.tenants import TenantFolder
from lienthong.adapters.tokens import add_token, issue, read_tokens, revoke, rotate, token_digest
from lienthong.ca import requests
from lienthong.ca.ceremony import AuthorityFolder, create_authority
from lienthong.errors import ConfigurationInvalid, InvalidValue, NotFound, SenderNotRepresented, TokenInvalid
from lienthong.gateway.ports import EVERY, Allotted, Bounds, Caller, Scope, Tenants
from lienthong.testing.pki import FOUNDED, pki
from lienthong.testing.tenants import MemoryTenants

G09, H34 = Caller("G09", "phần mềm mẫu"), Caller("H34", "phần mềm ví dụ")
TOKEN, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2


@dataclass(frozen=True)
class Office:
    """Tenants, and how a key or a token comes to them while they are in use."""

    tenants: Tenants
    give_key: Callable[[str], bytes]
    let_in: Callable[[str, Caller], None]


def memory(_folder: Path) -> Office:
    made = MemoryTenants()

    def give_key(code: str) -> bytes:
        made.signers[code] = pki().seal(code)
        return made.signers[code].certificate

    return Office(made, give_key, made.callers.__setitem__)


def files(folder: Path) -> Office:
    tokens, keys = folder / "tokens.json", folder / "tenants"
    home: list[AuthorityFolder] = []

    def give_key(code: str) -> bytes:
        if not home:
            home.append(create_authority(folder / "authority", FOUNDED))
        (keys / code).mkdir(parents=True, mode=0o700)
        return home[0].issue(requests.package_seal(code, f"Cơ quan {code}"), FOUNDED, "seal", keys / code).certificate

    return Office(TenantFolder(keys, tokens), give_key, lambda token, caller: add_token(tokens, token, caller))


def known(caller: Caller) -> Caller:
    """Without the name that only files give."""
    return replace(caller, id="")


@pytest.fixture(params=[memory, pytest.param(files, marks=pytest.mark.integration)], ids=["memory", "files"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    made: Office = request.param(tmp_path)
    return made


# ---------------------------------------------------------------- keys


def test_a_tenant_seals_with_its_own_key_and_always_the_same(office: Office) -> None:
    certificates = {code: office.give_key(code) for code in ("G09", "H34")}
    for code, certificate in certificates.items():
        signer = office.tenants.signer(code)
        assert signer.certificate == certificate
        assert len(signer.sign(b"mau")) == 64  # P-256, r and s
        assert office.tenants.signer(code) is signer
    assert certificates["G09"] != certificates["H34"]


@pytest.mark.parametrize("code", ["H34", "", "g09", "G09/", "../G09", "G09/.."])
def test_nobody_seals_without_a_key(office: Office, code: str) -> None:
    with pytest.raises(SenderNotRepresented):
        office.tenants.signer(code)


def test_a_key_given_later_counts_at_once(office: Office) -> None:
    office.give_key("G09")
    with pytest.raises(SenderNotRepresented, match="H34"):
        office.tenants.signer("H34")
    certificate = office.give_key("H34")
    assert office.tenants.signer("H34").certificate == certificate


# ---------------------------------------------------------------- callers


def test_a_token_says_who_calls(office: Office) -> None:
    office.let_in(TOKEN, G09)
    office.let_in(OTHER, H34)
    assert (known(office.tenants.caller(TOKEN)), known(office.tenants.caller(OTHER))) == (G09, H34)


@pytest.mark.parametrize("token", ["", " ", OTHER, TOKEN.upper(), TOKEN[:-1], f"{TOKEN} ", token_digest(TOKEN)])
def test_no_other_token_opens(office: Office, token: str) -> None:
    with pytest.raises(TokenInvalid):
        office.tenants.caller(TOKEN)
    office.let_in(TOKEN, G09)
    with pytest.raises(TokenInvalid):
        office.tenants.caller(token)


def test_a_token_given_later_counts_at_once_and_may_change_hands(office: Office) -> None:
    office.let_in(TOKEN, G09)
    assert known(office.tenants.caller(TOKEN)) == G09
    office.let_in(OTHER, H34)
    assert known(office.tenants.caller(OTHER)) == H34
    office.let_in(TOKEN, H34)
    assert known(office.tenants.caller(TOKEN)) == H34


# ---------------------------------------------------------------- files only


@pytest.mark.integration
def test_tokens_lie_hashed_in_a_file_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    add_token(path, TOKEN, G09)
    assert TOKEN not in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.integration
@pytest.mark.parametrize("text", ["{", "[]", '{"x": 1}', '{"x": {"tenant": "G09"}}', '{"x": {"is": "odd"}}'])
def test_a_spoilt_file_of_tokens_lets_nobody_in_until_it_is_whole_again(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(text, "utf-8")
    tenants = TenantFolder(tmp_path, path)
    for _ in range(2):
        with pytest.raises(ConfigurationInvalid, match=r"tokens\.json"):
            tenants.caller(TOKEN)
    write_whole(path, b"{}")
    add_token(path, TOKEN, G09)
    assert known(tenants.caller(TOKEN)) == G09


@pytest.mark.integration
def test_a_file_of_tokens_taken_away_takes_the_tokens_along(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    add_token(path, TOKEN, G09)
    tenants = TenantFolder(tmp_path, path)
    assert known(tenants.caller(TOKEN)) == G09
    path.unlink()
    with pytest.raises(TokenInvalid):
        tenants.caller(TOKEN)


# ---------------------------------------------------------------- issued, rotated, revoked


DAY = timedelta(days=1)
READER = Caller("G09", "phần mềm tra cứu", scopes=frozenset({Scope.READ}), issued=FOUNDED, expires=FOUNDED + 30 * DAY)


@pytest.mark.integration
def test_a_token_of_an_older_file_has_every_scope_and_no_end(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(f'{{"{token_digest(TOKEN)}": {{"tenant": "G09", "name": "phần mềm mẫu"}}}}', "utf-8")
    found = TenantFolder(tmp_path, path).caller(TOKEN)
    assert (found.scopes, found.expires, found.ended(FOUNDED + 9999 * DAY)) == (EVERY, None, "")
    assert revoke(path, found.id, FOUNDED).tenant == "G09"  # and has a name to be revoked by


@pytest.mark.integration
def test_an_issued_token_has_its_scopes_and_its_end_and_is_nowhere_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    token, row = issue(path, READER)
    found = TenantFolder(tmp_path, path).caller(token)
    assert found == row
    assert found.scopes == {Scope.READ}
    assert (found.ended(FOUNDED + 29 * DAY), bool(found.ended(FOUNDED + 30 * DAY))) == ("", True)
    assert token not in path.read_text("utf-8")


@pytest.mark.integration
def test_a_rotated_token_overlaps_with_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    old, row = issue(path, READER)
    new, made = rotate(path, row.id, FOUNDED + DAY, 2 * DAY, 90 * DAY)
    tenants = TenantFolder(tmp_path, path)
    assert (tenants.caller(new).expires, made.scopes) == (FOUNDED + 91 * DAY, row.scopes)
    assert tenants.caller(old).expires == FOUNDED + 3 * DAY
    assert new != old
    with pytest.raises(InvalidValue, match="expired"):
        rotate(path, row.id, FOUNDED + 4 * DAY, DAY, None)
    assert len(read_tokens(path)) == 2


@pytest.mark.integration
def test_a_revoked_token_stays_listed_and_says_since_when(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    token, row = issue(path, READER)
    revoke(path, row.id, FOUNDED + DAY)
    revoke(path, row.id, FOUNDED + 2 * DAY)
    assert TenantFolder(tmp_path, path).caller(token).revoked == FOUNDED + DAY
    for nobody in ("", "000000000000"):
        with pytest.raises(NotFound):
            revoke(path, nobody, FOUNDED)


@pytest.mark.integration
@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"scopes": frozenset[Scope]()}, {"tenant": "../H29"}, {"expires": FOUNDED}]
)
def test_what_makes_no_token(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        issue(tmp_path / "tokens.json", replace(READER, **wrong))
    assert read_tokens(tmp_path / "tokens.json") == {}


# ---------------------------------------------------------------- bounds, and what a tenant's administrator does


def test_bounds_are_kept_and_the_agencys_own_beside_the_hosts(tmp_path: Path) -> None:
    for office in (memory(tmp_path), files(tmp_path)):
        tenants = office.tenants
        assert tenants.allotted("G09") == Allotted()
        with pytest.raises(SenderNotRepresented):
            tenants.allot("G09", own=Bounds(documents=5))
        office.give_key("G09")
        assert tenants.allot("G09", own=Bounds(documents=5)).counts == Bounds(documents=5)
        assert tenants.allotted("G09").own == Bounds(documents=5)
        assert tenants.allotted("H34") == Allotted()
    tenants.allot("G09", host=Bounds(documents=3, rate=2.0))
    assert tenants.allotted("G09").counts == Bounds(documents=3, rate=2.0)
    write_whole(tmp_path / "tenants/G09/bounds.json", b'{"host": {"documents": -1}}')
    with pytest.raises(ConfigurationInvalid, match=r"bounds\.json"):
        tenants.allotted("G09")


def test_tokens_are_kept_by_agency(tmp_path: Path) -> None:
    now = FOUNDED
    for office in (memory(tmp_path), files(tmp_path)):
        tenants = office.tenants
        foreign = tenants.issue(replace(H34, issued=now))[1]
        token, made = tenants.issue(replace(G09, issued=now, expires=now + timedelta(days=30)))
        assert tenants.caller(token) == made
        assert tenants.tokens("G09") == [made]
        fresh, turned = tenants.rotate("G09", made.id, now + timedelta(days=1), timedelta(hours=1))
        assert turned.expires == now + timedelta(days=31)
        assert tenants.caller(token).expires == now + timedelta(days=1, hours=1)
        assert tenants.revoke("G09", turned.id, now).ended(now)
        assert tenants.caller(fresh).revoked == now
        with pytest.raises(NotFound):
            tenants.revoke("G09", foreign.id, now)
        with pytest.raises(NotFound):
            tenants.rotate("G09", foreign.id, now, timedelta())
        assert tenants.tokens("H34") == [foreign]
