"""A newcomer's way: form, letter, two officers, a code used once, keys that never travel, certificates, directory."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.roles import Role
from apps.directory import book
from apps.onboarding import acts, letters
from apps.onboarding.models import Application, Letter, Request
from lienthong.ca import requests as profiles
from lienthong.ca.authority import Authority
from lienthong.cli.joining import make_keys, requests
from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue
from lienthong.testing.pki import MOMENT, pki
from lienthong.testing.world import DEDICATED, SHARED
from unit.apps.hops import Axis

Officer = Callable[..., Client]
FORM = {
    "code": "H29.51",
    "name": "Ủy ban nhân dân phường Mẫu An",
    "level": "commune",
    "gateway": "gw-mau-an",
    "gateway_name": "Máy chủ Mẫu An",
    "contact": "Người Mẫu",
    "email": "mau@example.vn",
}


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """What a test changes is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def letter() -> SimpleUploadedFile:
    return SimpleUploadedFile("de-nghi.pdf", b"%PDF-1.7 mau", "application/pdf")


def applied(visitor: Client, **changes: str) -> Application:
    answer = visitor.post("/dang-ky/", {**FORM, **changes, "letter": letter()})
    assert answer.status_code == 302, answer.content.decode()
    assert Application.objects.count() == 1
    return Application.objects.get()


def approved(visitor: Client, officer: Officer) -> Application:
    of = applied(visitor)
    path = f"/van-hanh/ho-so/{of.pk}/"
    officer(Role.REGISTRATION).post(path, {"act": "examine"})
    officer(Role.REGISTRATION, "hai").post(path, {"act": "approve"})
    of.refresh_from_db()
    return of


def code(of: Application, officer: Officer) -> str:
    return str(officer(Role.REGISTRATION).post(f"/van-hanh/ho-so/{of.pk}/", {"act": "code"}).context["code"])


def call(visitor: Client, path: str, **told: object) -> tuple[int, dict[str, Any]]:
    answer = visitor.post(f"/dang-ky/noi/{path}", json.dumps(told), content_type="application/json")
    return answer.status_code, answer.json()


def certificates(of: Application, authority: Authority | None = None) -> str:
    """What an authority would answer."""
    by = authority or pki().authority
    kinds = {
        "gateway": profiles.gateway(of.gateway),
        "log": profiles.log(f"lienthong.example/log/{of.gateway}"),
        "package-seal": profiles.package_seal(of.code, of.name),
    }
    pems = []
    for each in Request.objects.filter(application=of):
        key = x509.load_pem_x509_csr(each.csr.encode()).public_key()
        made = by.certify(kinds[each.purpose], key, MOMENT)
        chain = (made, by.issuing.certificate)
        pems += [x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode() for der in chain]
    return "".join(pems)


def torn(pem: str) -> str:
    """A request whose signature is of something else."""
    der = x509.load_pem_x509_csr(pem.encode()).public_bytes(Encoding.DER)
    body = b64encode(der[:-1] + bytes([der[-1] ^ 1])).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{body}\n-----END CERTIFICATE REQUEST-----\n"


def test_a_form_is_refused_field_by_field_and_nothing_is_kept(visitor: Client) -> None:
    page = visitor.post("/dang-ky/", {**FORM, "code": "Z!", "email": "x", "gateway": "Gw Mẫu", "parent": "H99.1"})
    assert page.status_code == 422
    assert page.content.decode().count("aria-invalid") == 3
    assert not Application.objects.exists()


def test_a_letter_that_is_no_pdf_is_refused(visitor: Client) -> None:
    bad = SimpleUploadedFile("x.pdf", b"MZ", "application/pdf")
    assert visitor.post("/dang-ky/", {**FORM, "letter": bad}).status_code == 422
    assert not Application.objects.exists()


def test_a_letter_nobody_checked_says_so(visitor: Client) -> None:
    of = applied(visitor)
    assert of.letter_verdict == Letter.UNCHECKED
    page = visitor.get(f"/dang-ky/{of.link}/").content.decode()
    assert "Còn thiếu:" in page
    assert visitor.get(f"/dang-ky/{of.link[:-2]}xx/").status_code == 404


WARD, CITY = FORM["name"], "Ủy ban nhân dân Thành phố Hồ Chí Minh"
LEADER = "Nguyễn Văn Mẫu"


@pytest.mark.parametrize(
    ("signed", "fine"),
    [
        (letters.Signed(WARD, (CITY,)), True),
        (letters.Signed(WARD, (WARD,)), True),
        (letters.Signed(CITY, (CITY,)), True),
        (letters.Signed(f"{WARD} Đông", (CITY,)), False),
        (letters.Signed(LEADER, (CITY, WARD)), False),
        (letters.Signed(LEADER, (CITY,)), False),
        (letters.Signed("Sở Nội vụ mẫu", (CITY,)), False),
        (letters.Signed(WARD, ("Ủy ban nhân dân tỉnh khác",)), False),
        (letters.Signed("Ủy ban nhân dân phường Mậu An", (CITY,)), False),
        (letters.Signed("Cơ quan khác"), False),
        (letters.Signed(""), False),
    ],
)
def test_a_letter_is_the_applicants_or_its_superiors(
    signed: letters.Signed, fine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "_validated", lambda _: letters.Seen(Letter.VALID, "câu", (signed,)))
    if fine:
        assert letters.look(b"%PDF-1.7", WARD, (CITY,)).verdict is Letter.VALID
    else:
        with pytest.raises(InvalidValue, match="Văn bản do cơ quan khác ký"):
            letters.look(b"%PDF-1.7", WARD, (CITY,))


def test_a_wrong_signature_is_refused_whoever_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = letters.Seen(Letter.INVALID, "tệp đã bị sửa", (letters.Signed(WARD),))
    monkeypatch.setattr(letters, "_validated", lambda _: seen)
    with pytest.raises(InvalidValue, match="tệp đã bị sửa"):
        letters.look(b"%PDF-1.7", WARD)


def test_a_name_cut_short_is_for_a_person_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = letters.Seen(Letter.VALID, "câu", (letters.Signed("Ủy ban nhân dân phường…", (CITY,)),))
    monkeypatch.setattr(letters, "_validated", lambda _: seen)
    found = letters.look(b"%PDF-1.7", WARD, (CITY,))
    assert found.verdict is Letter.OPEN
    assert "cắt ngắn" in found.words


def test_whoever_examined_does_not_approve(visitor: Client, officer: Officer) -> None:
    of = applied(visitor)
    path = f"/van-hanh/ho-so/{of.pk}/"
    client = officer(Role.REGISTRATION)
    client.post(path, {"act": "approve"})
    client.post(path, {"act": "examine"})
    page = client.post(path, {"act": "approve"}, follow=True).content.decode()
    assert "không tự duyệt" in page
    of.refresh_from_db()
    assert of.approved_by is None
    for role in (Role.SECURITY, Role.AUDITOR):
        assert officer(role).post(path, {"act": "approve"}).status_code == 403


def test_a_province_decides_about_its_own_alone(visitor: Client, officer: Officer) -> None:
    of = applied(visitor)
    stranger = officer(Role.REGISTRATION, "tinh", agency="H40")
    stranger.post(f"/van-hanh/ho-so/{of.pk}/", {"act": "examine"})
    of.refresh_from_db()
    assert of.examined_by is None


def test_the_whole_way(visitor: Client, officer: Officer, tmp_path: Path) -> None:
    of = approved(visitor, officer)
    once = code(of, officer)
    told = requests(make_keys(tmp_path), of.gateway, "lienthong.example")
    assert "PRIVATE" not in json.dumps(told)
    status, joined = call(visitor, "", code=once, **told)
    assert (status, joined["organisation"]) == (200, "H29.51")
    assert call(visitor, "", code=once, **told)[0] == 401, "a code is good once"
    ticket = joined["ticket"]
    assert call(visitor, "xem/", ticket=ticket)[1]["state"] == "waiting"
    path = f"/van-hanh/ho-so/{of.pk}/"
    officer(Role.REGISTRATION).post(path, {"act": "enter"})
    assert not book.history(OrganisationCode("H29.51")), "not before its certificates are there"
    assert officer(Role.REGISTRATION).post(path, {"act": "certificates", "pem": certificates(of)}).status_code == 403
    officer(Role.SECURITY).post(path, {"act": "certificates", "pem": certificates(of)})
    assert call(visitor, "xem/", ticket=ticket)[1]["state"] == "certified"
    officer(Role.REGISTRATION).post(path, {"act": "enter"})
    state = call(visitor, "xem/", ticket=ticket)[1]
    assert state["state"] == "listed"
    assert sorted(dict(state["certificates"])) == ["gateway", "log", "package-seal"]
    spoken = book.representations([OrganisationCode("H29.51")])[OrganisationCode("H29.51")]
    assert [each.gateway for each in spoken] == ["gw-mau-an"]
    assert call(visitor, "thu/", ticket=ticket, axis="", echo="")[1]["seen"] == "away"
    assert "Trục không trả lời" in visitor.get(f"/dang-ky/{of.link}/").content.decode()
    of.refresh_from_db()
    of.seen_at = of.listed_at
    of.save()
    page = visitor.get(f"/dang-ky/{of.link}/").content.decode()
    assert "Còn thiếu:" not in page


@pytest.fixture
def axis(tmp_path: Path) -> Iterator[Axis]:
    Axis.now = Axis(tmp_path)
    with Axis.now.client:
        yield Axis.now
    Axis.now = None


def listed(gateway: str) -> Application:
    return Application.objects.create(
        link=gateway, code="H29.51", name=WARD, gateway=gateway, level="commune", listed_at=timezone.now()
    )


def test_the_axis_says_what_it_sees(axis: Axis, officer: Officer) -> None:
    known, silent, stranger = listed(DEDICATED), listed(SHARED), listed("gw-mau-an")
    client = officer(Role.REGISTRATION)

    def told(of: Application) -> str:
        path = f"/van-hanh/ho-so/{of.pk}/"
        return client.post(path, {"act": "test"}, follow=True).content.decode()

    assert "chưa gọi lần nào" in told(silent)
    assert "Trục chưa biết máy chủ này" in told(stranger)
    assert "tạm giữ" not in told(known)
    known.refresh_from_db()
    assert known.seen_at == axis.world.clock.now()
    for each in (silent, stranger):
        each.refresh_from_db()
        assert each.seen_at is None
    assert officer(Role.AUDITOR).post(f"/van-hanh/ho-so/{known.pk}/", {"act": "test"}).status_code == 403


def test_a_code_runs_out_and_a_new_one_ends_the_old(visitor: Client, officer: Officer, tmp_path: Path) -> None:
    of = approved(visitor, officer)
    old, new = code(of, officer), code(of, officer)
    told = requests(make_keys(tmp_path), of.gateway, "lienthong.example")
    assert call(visitor, "", code=old, **told)[0] == 401
    of.refresh_from_db()
    of.code_until = of.at
    of.save()
    assert call(visitor, "", code=new, **told)[0] == 401


def test_guessing_codes_is_paused(visitor: Client) -> None:
    answers = [call(visitor, "", code=f"x{n}", requests={}, vkey="")[0] for n in range(6)]
    assert answers == [401] * 5 + [429]


@pytest.mark.parametrize("harm", ["another's key", "one key for all", "not signed by it", "missing", "another's log"])
def test_bad_requests_are_refused_and_the_code_stays_good(
    harm: str, visitor: Client, officer: Officer, tmp_path: Path
) -> None:
    of = approved(visitor, officer)
    once = code(of, officer)
    good = requests(make_keys(tmp_path), of.gateway, "lienthong.example")
    bad = {**good, "requests": dict(good["requests"])}
    if harm == "another's key":
        other = Application.objects.create(link="x", code="H40", gateway="gw-x", name="X", level="province")
        spki = acts.read_request("gateway", good["requests"]["gateway"]).spki
        Request.objects.create(application=other, purpose="gateway", holder="gateway:gw-x", csr="", spki=spki)
    elif harm == "one key for all":
        bad["requests"]["package-seal"] = good["requests"]["gateway"]
    elif harm == "not signed by it":
        bad["requests"]["gateway"] = torn(good["requests"]["gateway"])
    elif harm == "missing":
        del bad["requests"]["log"]
    else:
        bad["vkey"] = requests(make_keys(tmp_path), "gw-khac", "lienthong.example")["vkey"]
    assert call(visitor, "", code=once, **bad)[0] in {400, 409, 422}
    of.refresh_from_db()
    assert of.joined_at is None
    assert not Request.objects.filter(application=of).exists()
    Application.objects.exclude(pk=of.pk).delete()
    assert call(visitor, "", code=once, **good)[0] == 200


def test_a_key_that_is_used_already_is_refused_in_words(visitor: Client, officer: Officer, tmp_path: Path) -> None:
    of = approved(visitor, officer)
    keys = make_keys(tmp_path)
    assert call(visitor, "", code=code(of, officer), **requests(keys, of.gateway, "lienthong.example"))[0] == 200
    Application.objects.filter(pk=of.pk).update(listed_at=timezone.now())
    once = "mã dùng một lần của phường thứ hai"
    late = Application.objects.create(
        link="y", code="H29.52", gateway="gw-mau-hai", name="Phường Mẫu Hai", level="commune",
        code_digest=acts.digest(once), code_until=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    status, told = call(visitor, "", code=once, **requests(keys, late.gateway, "lienthong.example"))
    assert (status, told["code"]) == (409, "key-reused")
    assert "Khóa này đã dùng cho một chứng thư khác" in told["tieu_de"]
    assert "already belongs to another certificate" in told["title"]
    assert "gateway" in told["detail"]
    late.refresh_from_db()
    assert late.joined_at is None
    assert not Request.objects.filter(application=late).exists(), "nothing half-applied"
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    good = requests(make_keys(fresh), late.gateway, "lienthong.example")
    assert call(visitor, "", code=once, **good)[0] == 200, "the code stays good for new keys"


def test_certificates_of_other_keys_are_not_taken(visitor: Client, officer: Officer, tmp_path: Path) -> None:
    of = approved(visitor, officer)
    call(visitor, "", code=code(of, officer), **requests(make_keys(tmp_path), of.gateway, "lienthong.example"))
    strange = x509.load_der_x509_certificate(pki().seal("H29").certificate).public_bytes(Encoding.PEM).decode()
    officer(Role.SECURITY).post(f"/van-hanh/ho-so/{of.pk}/", {"act": "certificates", "pem": certificates(of) + strange})
    strangers = certificates(of, pki().stranger)
    officer(Role.SECURITY).post(f"/van-hanh/ho-so/{of.pk}/", {"act": "certificates", "pem": strangers})
    assert acts.missing_certificates(of) == ["gateway", "log", "package-seal"]
