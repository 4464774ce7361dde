"""The authority's screens over a real authority of one process: ask, examine, decide, look; who may what."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.audit.models import Entry
from apps.authority import exporting, words
from apps.authority.door import keep_token
from apps.authority.models import Proposal, Sheet
from ca_house import csr, people, rsa_key
from lienthong.adapters.sql.ca import SqlView
from lienthong.ca.departures import Departures
from lienthong.client import Called
from lienthong.document.times import VIETNAM
from lienthong.testing.clock import START
from unit.apps.authority_made import PHRASE, PROVINCE, VERDICT, Made

ROOT = "/van-hanh/chung-thu/"
Enter = Callable[[str], Client]


def text(client: Client, path: str, **query: str) -> str:
    answer = client.get(ROOT + path, query)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return str(answer.content.decode())


def asked(client: Client, id: str, name: str = "Nguyễn Văn Mẫu", **more: Any) -> Any:
    told = {"id": id, "organisation": "H29.12", "full_name": name, "locality": "Thành phố mẫu", "csr": csr()} | more
    return client.post(f"{ROOT}lap/person/", told)


def statement(client: Client, case: str, act: str, why: str = "") -> Any:
    """The page with the order, after the case was looked at."""
    shown = client.get(f"{ROOT}ho-so/{case}/").context
    told = {"act": act, "why": why, "digest": shown["case"].digest, "seen": shown["case"].state}
    return client.post(f"{ROOT}ho-so/{case}/lenh/", told)


def decided(client: Client, case: str, act: str, why: str = "", **way: Any) -> Any:
    page = statement(client, case, act, why)
    assert page.status_code == 200, page
    told = {"statement": page.context["statement"], **(way or {"passphrase": PHRASE})}
    return client.post(f"{ROOT}ho-so/{case}/quyet-dinh/", told)


def issued(enter: Enter, case: str, name: str = "Nguyễn Văn Mẫu") -> str:
    assert asked(enter("lan"), case, name).status_code == 302
    assert decided(enter("hoa"), case, "examine").status_code == 302
    assert decided(enter("trung"), case, "approve").status_code == 302
    found: str = enter("lan").get(f"{ROOT}ho-so/{case}/").context["case"].about
    return found


# ---------------------------------------------------------------- from the form to the certificate


def test_from_a_form_to_a_certificate(enter: Enter) -> None:
    held = issued(enter, "walk", "Lê Thị Đường Đi")
    page = text(enter("lan"), f"tim/{held}/")
    for word in (
        "Lê Thị Đường Đi",
        "chữ ký của cá nhân",
        "http://ca.example/crl/persons/",
        "/ocsp/persons",
        "thẩm tra",
    ):
        assert word in page
    assert "hoa" in page, "who"
    pem = enter("lan").get(f"{ROOT}tim/{held}/tep/").content
    assert pem.count(b"BEGIN CERTIFICATE") == 2
    assert "Ghi đã bàn giao" in text(enter("lan"), "ho-so/walk/")
    enter("lan").post(f"{ROOT}ho-so/walk/", {"act": "deliver", "receiver": "Lê Thị Đường Đi"})
    assert "đã bàn giao" in text(enter("lan"), "ho-so/walk/")
    assert Entry.objects.filter(act="ca-order", subject="walk", actor="mau.trung").exists()


def test_who_leaves_is_recorded_put_off_and_taken_back(enter: Enter) -> None:
    held, client = issued(enter, "leaves", "Vũ Nghỉ Hưu"), enter("lan")
    assert "Ghi ngày rời cơ quan" in text(client, f"tim/{held}/")
    place = f"{ROOT}roi-co-quan/{held}/"
    for told in (
        {},
        {"reason": "retirement"},
        {"reason": "leaving", "day": "?"},
        {"reason": "transfer", "day": "2026-12-01"},
    ):
        assert client.post(place, told).status_code == 422
    refused = client.post(place, {"reason": "leaving", "day": "2062-01-01", "why": "gõ nhầm"})
    assert (refused.status_code, "gõ nhầm" in refused.content.decode()) == (422, True)
    day = (START + timedelta(days=60)).date().isoformat()
    assert client.post(place, {"reason": "retirement", "day": day}).status_code == 302
    assert "người sắp rời cơ quan" in text(client, "")
    listed = text(client, "roi-co-quan/", **{"trang-thai": "waiting"})
    assert "chờ đến ngày" in listed
    assert f"{people()['lan'].officer.name} (lan)" in listed
    shown = text(client, f"roi-co-quan/{held}/")
    assert f'value="{day}"' in shown
    assert "ghi ngày rời cơ quan" in text(client, f"tim/{held}/")
    assert "Đổi ngày hoặc lý do" in shown
    assert "Đổi ngày hoặc lý do" not in text(enter("hoa"), f"roi-co-quan/{held}/")
    assert "Vũ Nghỉ Hưu" not in text(enter("bo"), "roi-co-quan/")
    assert enter("bo").get(place).status_code == 404
    client.post(place, {"act": "stay"})
    assert "đã rút, người ở lại" in text(client, f"roi-co-quan/{held}/")
    assert Entry.objects.filter(act="ca-stay", subject=held).exists()


def test_on_the_day_the_cases_are_there(enter: Enter, made: Made) -> None:
    held, client = issued(enter, "today", "Vũ Thôi Việc"), enter("lan")
    place = f"{ROOT}roi-co-quan/{held}/"
    day = START.astimezone(VIETNAM).date().isoformat()
    assert client.post(place, {"reason": "leaving", "day": day}).status_code == 302
    world = made.world
    with made.client.portal() as portal:
        assert portal.call(Departures(world.house, world.registers).round) == 1
    page = client.get(place).content.decode()
    assert "đã lập hồ sơ" in page
    assert "Rút lại" not in page
    [case] = client.get(place).context["known"].cases
    assert "thôi việc từ ngày" in text(enter("hoa"), f"ho-so/{case}/")
    client.post(place, {"act": "stay"})
    assert "đã lập hồ sơ" in text(client, f"roi-co-quan/{held}/")


def test_found_by_name_without_accents_serial_organisation_and_state(enter: Enter) -> None:
    held = issued(enter, "find", "Đỗ Quỳnh Tìm")
    serial, client = held.partition("/")[2], enter("lan")
    for query in ({"q": "quynh t"}, {"q": serial}, {"so": serial}, {"co-quan": "H29.12", "q": "do quynh"}):
        assert "Đỗ Quỳnh Tìm" in text(client, "tim/", **query), query
    assert "Đỗ Quỳnh Tìm" in text(client, "tim/", **{"q": "tim", "trang-thai": "active", "mau": "person"})
    assert "Không thấy chứng thư nào" in text(client, "tim/", **{"q": "tim", "trang-thai": "revoked"})
    assert "Không thấy chứng thư nào" in text(client, "tim/", q="MST:0")


def test_the_overview_counts_draws_and_speaks_english(enter: Enter) -> None:
    issued(enter, "count", "Trần Đếm Số")
    client = enter("lan")
    page = text(client, "")
    assert '<svg class="chart"' in page
    assert 'class="bar-issued"' in page
    assert "H29.12" in page
    assert "style=" not in page
    client.post("/ngon-ngu/", {"language": "en"})
    assert "The last 14 days" in text(client, "")


# ---------------------------------------------------------------- who may what


def test_a_local_officer_sees_their_own_subtree_alone(enter: Enter) -> None:
    held = issued(enter, "scope", "Phạm Riêng Tư")
    stranger = enter("bo")
    for path in ("ho-so/scope/", f"tim/{held}/", f"tim/{held}/tep/", "ho-so/scope/cong-van/"):
        assert stranger.get(ROOT + path).status_code == 404, path
    assert "Phạm Riêng Tư" not in text(stranger, "tim/", q="rieng")
    assert "Không có hồ sơ nào" in text(stranger, "ho-so/")
    assert stranger.get(ROOT).context["counts"].issued == 0
    assert "ra-h29" not in text(stranger, "dang-ky/")
    assert asked(stranger, "outside").status_code == 422, "nor asks outside it"


def test_maker_and_checker_are_two_people_and_the_page_says_so(enter: Enter) -> None:
    both = enter("uong")
    assert asked(both, "maker").status_code == 302
    page = text(both, "ho-so/maker/")
    assert "người khác thẩm tra và duyệt" in page
    assert 'value="examine"' not in page
    refused = decided(both, "maker", "examine")
    assert refused.status_code == 422, "whoever forges the button meets the authority"
    assert Entry.objects.filter(act="ca-order", subject="maker", outcome="refused").exists()
    asked(enter("lan"), "levels")
    decided(enter("hoa"), "levels", "examine")
    assert "do trung ương duyệt" in text(enter("minh"), "ho-so/levels/")


def test_other_roles_and_stopped_tokens_get_nowhere(enter: Enter, officer: Callable[..., Client]) -> None:
    assert officer(Role.SECURITY).get(ROOT).status_code == 403
    assert enter("lan").get("/van-hanh/").status_code == 403, "nor do these officers run the exchange"
    assert enter("lan").get("/")["Location"] == ROOT
    fresh = officer(Role.AUTHORITY, "moi")
    assert fresh.get(ROOT)["Location"] == f"{ROOT}ma-truy-cap/"
    assert fresh.post(f"{ROOT}ma-truy-cap/", {"token": "x"}).status_code == 422
    assert fresh.post(f"{ROOT}ma-truy-cap/", {"token": "token-lan"})["Location"] == ROOT
    assert "Sở KHCN mẫu" in text(fresh, "ma-truy-cap/")
    assert "token-lan" not in text(fresh, "ma-truy-cap/")
    keep_token(User.objects.get(username="mau.moi"), "stopped")
    assert fresh.get(ROOT)["Location"] == f"{ROOT}ma-truy-cap/"


# ---------------------------------------------------------------- orders


def test_an_order_is_signed_with_any_key_of_the_officers_own(enter: Enter) -> None:
    lan, hoa, key = enter("lan"), enter("hoa"), people()["hoa"].key
    for number, way in enumerate(("bare", "base64", "file", "helper")):
        case = f"way-{number}"
        asked(lan, case)
        page = statement(hoa, case, "examine")
        data = b64decode(page.context["statement"])
        value = key.sign(data, ec.ECDSA(SHA256()))
        answer = hoa.post(
            f"{ROOT}ho-so/{case}/quyet-dinh/", {"statement": page.context["statement"], **_by(way, data, value)}
        )
        assert answer.status_code == 302, way
        assert hoa.get(f"{ROOT}ho-so/{case}/").context["case"].state == "examined"


def _by(way: str, data: bytes, value: bytes) -> dict[str, Any]:
    said = b64encode(value).decode()
    if way == "helper":
        r, s = utils.decode_dss_signature(value)
        plain = b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
        return {"value": plain, "certificate": people()["hoa"].officer.certificate}
    whole = f'{{"statement": "{b64encode(data).decode()}", "signature": "{said}"}}'
    content = {"bare": value, "base64": said.encode() + b"\n", "file": whole.encode()}[way]
    return {"signature": SimpleUploadedFile("chu-ky", content)}


def test_nobody_elses_key_and_no_other_order_counts(enter: Enter) -> None:
    lan, hoa = enter("lan"), enter("hoa")
    asked(lan, "strict")
    page = statement(hoa, "strict", "examine")
    told, to = page.context["statement"], f"{ROOT}ho-so/strict/quyet-dinh/"
    foreign = people()["minh"].key.sign(b64decode(told), ec.ECDSA(SHA256()))
    other = b'{"statement": "e30=", "signature": "e30="}'
    wrong: tuple[dict[str, Any], ...] = (
        {"passphrase": "sai"},
        {},
        {"signature": SimpleUploadedFile("a", foreign)},
        {"signature": SimpleUploadedFile("a", other)},
        {"value": "e30=", "certificate": people()["hoa"].officer.certificate},
    )
    for way in wrong:
        assert hoa.post(to, {"statement": told, **way}).status_code == 422, way
    theirs = b64encode(b64decode(told).replace(b'"hoa"', b'"minh"')).decode()
    assert hoa.post(to, {"statement": theirs, "passphrase": PHRASE}).status_code == 403
    assert hoa.post(to, {"statement": "e30=", "passphrase": PHRASE}).status_code == 403
    assert hoa.get(f"{ROOT}ho-so/strict/").context["case"].state == "received"


def test_what_changed_meanwhile_is_looked_at_again(enter: Enter) -> None:
    lan, hoa = enter("lan"), enter("hoa")
    asked(lan, "moved")
    seen = hoa.get(f"{ROOT}ho-so/moved/").context["case"]
    lan.post(f"{ROOT}ho-so/moved/", {"act": "withdraw"})
    told = {"act": "examine", "digest": seen.digest, "seen": seen.state}
    assert hoa.post(f"{ROOT}ho-so/moved/lenh/", told)["Location"] == f"{ROOT}ho-so/moved/"
    assert "Hồ sơ đã đổi" in text(hoa, "ho-so/moved/")


def test_a_returned_case_is_completed(enter: Enter) -> None:
    lan, hoa = enter("lan"), enter("hoa")
    asked(lan, "back")
    assert statement(hoa, "back", "return").status_code == 302, "a reason is needed"
    assert decided(hoa, "back", "return", "Thiếu chức vụ").status_code == 302
    assert "Thiếu chức vụ" in text(lan, "ho-so/back/")
    assert 'value="Nguyễn Văn Mẫu"' in text(lan, "ho-so/back/bo-sung/")
    told = {
        "organisation": "H29.12",
        "full_name": "Nguyễn Văn Mẫu",
        "locality": "Mẫu",
        "post": "Chuyên viên",
        "csr": csr(),
    }
    assert lan.post(f"{ROOT}ho-so/back/bo-sung/", told).status_code == 302
    case = lan.get(f"{ROOT}ho-so/back/").context["case"]
    assert (case.state, case.form["post"]) == ("received", "Chuyên viên")


# ---------------------------------------------------------------- forms, letters, lists, tokens


def test_a_form_that_is_not_whole_keeps_what_was_written(enter: Enter) -> None:
    lan = enter("lan")
    answer = asked(lan, "half", "", email="mau@example.vn")
    assert answer.status_code == 422
    assert 'value="mau@example.vn"' in answer.content.decode()
    assert "Chưa có." in answer.content.decode()
    refused = asked(lan, "closed", organisation="H29.99")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert lan.get(f"{ROOT}ho-so/closed/").status_code == 404, "nothing was opened"
    assert lan.get(f"{ROOT}lap/nothing/").status_code == 404


def test_sending_a_form_twice_asks_once(enter: Enter) -> None:
    lan, request = enter("lan"), csr()
    for _ in range(2):
        assert asked(lan, "twice", "Đinh Hai Lần", csr=request).status_code == 302


def test_a_letter_comes_along_with_its_verdict(enter: Enter) -> None:
    lan = enter("lan")
    letter = SimpleUploadedFile("thu.pdf", b"%PDF-1.7 mau", "application/pdf")
    assert asked(lan, "letter", letter=letter).status_code == 302
    assert VERDICT in text(enter("hoa"), "ho-so/letter/")
    got = enter("hoa").get(f"{ROOT}ho-so/letter/cong-van/")
    assert (got.content, got["Content-Disposition"].split(";")[0]) == (b"%PDF-1.7 mau", "attachment")
    assert asked(lan, "no-letter", letter=SimpleUploadedFile("thu.pdf", b"<html>")).status_code == 422


def test_every_kind_of_form_opens_from_where_it_belongs(enter: Enter) -> None:
    held, lan = issued(enter, "kinds", "Hồ Các Loại"), enter("lan")
    page = text(lan, f"tim/{held}/")
    for kind in ("renewal", "change", "suspension", "revocation"):
        assert f"{ROOT}lap/{kind}/?organisation=H29.12&amp;certificate={held}" in page
        assert f'value="{held}"' in text(lan, f"lap/{kind}/", organisation="H29.12", certificate=held)
    told = {"id": "stop", "organisation": "H29.12", "certificate": held, "why": "Nghỉ thai sản"}
    assert lan.post(f"{ROOT}lap/suspension/", told).status_code == 302
    assert "<h1>Hồ Các Loại</h1>" in text(lan, "ho-so/stop/"), "called by the name in the certificate"
    decided(enter("hoa"), "stop", "examine")
    assert decided(enter("minh"), "stop", "approve").status_code == 302, "delegated"
    page = text(lan, f"tim/{held}/")
    assert "đang tạm dừng" in page
    assert f"{ROOT}lap/resumption/" in page


def _table(lan: Client, *rows: list[str]) -> bytes:
    empty = load_workbook(BytesIO(lan.get(f"{ROOT}lap/person/danh-sach/mau/").content))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([cell.value for cell in empty.worksheets[0][1]])
    for row in rows:
        sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _row(name: str, code: str = "H29.12") -> list[str]:
    return [code, name, "Thành phố mẫu", "", "", "", "", "", csr()]


def _brought(lan: Client, table: bytes) -> Any:
    return lan.post(f"{ROOT}lap/person/danh-sach/", {"table": SimpleUploadedFile("ds.xlsx", table)})


def test_a_list_is_shown_row_by_row_and_opened_whole(enter: Enter) -> None:
    lan = enter("lan")
    wrong = _brought(lan, _table(lan, _row("Đỗ Văn Một"), _row("Đỗ Văn Hai", "H29.99")))["Location"]
    page = lan.get(wrong).content.decode()
    assert "1 dòng sai" in page
    assert "Lập hồ sơ cho cả danh sách" not in page
    assert lan.post(wrong)["Location"] == wrong, "nor by force"
    right = _brought(lan, _table(lan, _row("Đỗ Văn Ba"), _row("Đỗ Văn Bốn")))["Location"]
    assert enter("hoa").get(right).status_code == 404, "another's table"
    cases = lan.post(right)["Location"]
    page = lan.get(cases).content.decode()
    assert f"{people()['lan'].officer.name} (lan), {PROVINCE.name}" in page
    assert "Đỗ Văn Ba" in page
    assert "Đỗ Văn Bốn" in page
    assert _brought(lan, b"junk").status_code == 422
    Sheet.objects.all().delete()


def test_cases_are_taken_along_as_excel(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    lan = enter("lan")
    batch = lan.post(_brought(lan, _table(lan, _row("Đỗ Văn Sáu")))["Location"])["Location"]
    answer = lan.get(f"{batch}&excel=1")
    assert "ho-so-chung-thu" in answer["Content-Disposition"]
    heads, *rows = [[*row] for row in load_workbook(BytesIO(answer.content)).worksheets[0].values]
    [told] = [dict(zip(heads, row, strict=True)) for row in rows]
    who = f"{people()['lan'].officer.name} (lan), {PROVINCE.name}"
    assert (told["Về"], told["Người lập"], told["Nơi lập"]) == ("Đỗ Văn Sáu", who, PROVINCE.name)
    monkeypatch.setattr(exporting, "MOST", 0)
    assert lan.get(f"{batch}&excel=1")["Location"] == batch, "not a part of it"


def test_who_acts_has_a_name() -> None:
    known = {"lan": Called("Lan Mẫu", "Sở mẫu"), "noi": Called("Nơi Mẫu", "")}
    said = [words.officer(each, known) for each in ("lan", "noi", "ca", "acme:k1", "gone")]
    assert said == ["Lan Mẫu (lan), Sở mẫu", "Nơi Mẫu (noi)", "dịch vụ chứng thư", "máy có mã ACME k1", "gone"]


def test_a_form_says_where_the_key_lies() -> None:
    said = [words.key_place(each) for each in ({"token": "T1"}, {"off_token": True}, {"token": ""}, {})]
    assert said == ["thiết bị T1", "không trên thiết bị", "", ""]


class Counting:
    """A connection that counts what it is asked."""

    asked = 0

    def __init__(self, own: Any) -> None:
        self._own = own

    def execute(self, *told: Any) -> Any:
        Counting.asked += 1
        return self._own.execute(*told)


def test_a_long_list_takes_no_more_statements_than_a_short_one(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    lan, told = enter("lan"), set[int]()
    tables = [_table(lan, *map(_row, names)) for names in (["Hồ A"], ["Hồ B", "Hồ C", "Hồ D"])]
    batches = [lan.post(_brought(lan, table)["Location"])["Location"] for table in tables]
    begun = SqlView.__init__
    monkeypatch.setattr(SqlView, "__init__", lambda self, own: begun(self, Counting(own)))
    for batch in batches:
        Counting.asked = 0
        assert lan.get(batch).status_code == 200
        told.add(Counting.asked)
    assert len(told) == 1
    assert told != {0}


def test_all_that_ends_is_renewed_by_one_act(enter: Enter) -> None:
    lan = enter("lan")
    page = lan.get(f"{ROOT}sap-het-han/")
    assert page.status_code == 200
    answer = lan.post(f"{ROOT}sap-het-han/", {"batch": page.context["batch"]})
    assert answer["Location"] == f"{ROOT}ho-so/?lo={page.context['batch']}"


def test_tokens_are_stocked_and_lead_to_their_forms(enter: Enter) -> None:
    lan = enter("lan")
    lan.post(f"{ROOT}thiet-bi/", {"serial": "T-900", "organisation": "H29.12", "model": "USB mẫu"})
    page = text(lan, "thiet-bi/")
    assert "T-900" in page
    assert f"{ROOT}lap/hand-over/?token=T-900" in page
    assert "T-900" not in text(enter("bo"), "thiet-bi/")
    lan.post(f"{ROOT}thiet-bi/", {"serial": "T-901", "organisation": "G09"})
    assert "T-901" not in text(lan, "thiet-bi/")


def test_the_rail_has_what_an_officers_duties_open(enter: Enter) -> None:
    asking, keeping = f'href="{ROOT}lap/"', f'href="{ROOT}nhat-ky/"'
    shown = {who: text(enter(who), "thiet-bi/") for who in ("lan", "hoa")}
    assert [(asking in page, keeping in page) for page in shown.values()] == [(True, False), (False, False)]


def test_a_case_about_an_organisation_has_its_name(enter: Enter) -> None:
    lan = enter("lan")
    told = {
        "id": "seal",
        "organisation": "H29.12",
        "locality": "Thành phố mẫu",
        "token": "T-902",
        "csr": csr(rsa_key()),
    }
    lan.post(f"{ROOT}thiet-bi/", {"serial": "T-902", "organisation": "H29.12"})
    assert lan.post(f"{ROOT}lap/organisation/", told).status_code == 302
    assert lan.get(f"{ROOT}ho-so/seal/").context["case"].name == "Sở Nội vụ mẫu"


# ---------------------------------------------------------------- authorities and officers


def _changed(client: Client, path: str, told: dict[str, Any]) -> Any:
    """Written, shown, signed with the soft key."""
    page = client.post(ROOT + path, told)
    assert page.status_code == 200, page.content.decode()[:500]
    signed = {"statement": page.context["statement"], "body": page.context["body"], "passphrase": PHRASE}
    return client.post(page.context["to"], signed)


SCOPE = {
    "name": "Bộ mẫu",
    "roots": "G09",
    "profiles": ["person"],
    "daily": "7",
    "level-change": "centre",
    "active": "yes",
}


def test_a_scope_changes_once_two_administrators_have_signed(enter: Enter) -> None:
    quan, tri = enter("quan"), enter("tri")
    assert _changed(quan, "dang-ky/authority/sua/ra-g09/", SCOPE).status_code == 302
    number = Proposal.objects.get().pk
    again = _second(quan, number)
    assert again.status_code == 422, "one administrator twice"
    assert "ra-g09" in text(tri, "dang-ky/")
    assert _second(tri, number).status_code == 302
    found = next(each for each in tri.get(f"{ROOT}dang-ky/").context["authorities"] if each.id == "ra-g09")
    assert (found.daily, found.matrix, found.active) == (7, {"change": "centre"}, True)
    assert Proposal.objects.count() == 0
    assert "Xem và ký" not in text(enter("lan"), "dang-ky/authority/sua/ra-h29/"), "looking is all others may"


def _second(client: Client, number: int) -> Any:
    page = client.get(f"{ROOT}dang-ky/cho-ky/{number}/")
    return client.post(page.context["to"], {"statement": page.context["statement"], "passphrase": PHRASE})


def test_the_centre_stops_an_officer_who_keeps_the_token_on_record(enter: Enter) -> None:
    bo = {"name": "bo (mẫu)", "authority": "ra-g09", "duties": ["request", "approve"], "email": "bo@example.vn"}
    for active, status in (("", 302), ("yes", 200)):
        assert _changed(enter("quan"), "dang-ky/officer/sua/bo/", bo | {"active": active}).status_code == 302
        assert _second(enter("tri"), Proposal.objects.get().pk).status_code == 302
        assert enter("bo").get(ROOT).status_code == status
    assert 'value="bo@example.vn"' in text(enter("quan"), "dang-ky/officer/sua/bo/")


def test_an_order_about_something_else_than_was_shown_is_refused(enter: Enter) -> None:
    quan = enter("quan")
    page = quan.post(f"{ROOT}dang-ky/authority/sua/ra-g09/", SCOPE)
    more = page.context["body"].replace('"daily":7', '"daily":7000')
    told = {"statement": page.context["statement"], "body": more, "passphrase": PHRASE}
    assert quan.post(f"{ROOT}dang-ky/authority/ky/", told).status_code == 422
    assert Proposal.objects.count() == 0
    assert quan.post(f"{ROOT}dang-ky/authority/sua/ra-g09/", SCOPE | {"daily": "nhiều"}).status_code == 422


def test_the_centre_stops_a_case(enter: Enter) -> None:
    asked(enter("lan"), "halt")
    assert decided(enter("dung"), "halt", "stop", "Nghi giả mạo").status_code == 302
    page = text(enter("lan"), "ho-so/halt/")
    assert "bị trung ương dừng" in page
    assert "Nghi giả mạo" in page


def test_five_wrong_pass_phrases_are_enough(enter: Enter) -> None:
    asked(enter("lan"), "guess")
    hoa = enter("hoa")
    for _ in range(5):
        decided(hoa, "guess", "examine", passphrase="sai")
    assert decided(hoa, "guess", "examine").status_code == 422


# ---------------------------------------------------------------- from one scope into another: last, for a stranger gains


def test_a_person_goes_to_another_registration_authority(enter: Enter) -> None:
    held = issued(enter, "goes", "Hoàng Chuyển Đi")
    told = {"id": "go", "organisation": "G09", "certificate": held}
    assert enter("bo").post(f"{ROOT}lap/change/", told).status_code == 302
    assert "chờ đồng ý" in text(enter("bo"), "ho-so/go/")
    giving = enter("minh")
    assert "người chờ đồng ý chuyển đi" in text(giving, "")
    assert "Hoàng Chuyển Đi" in text(giving, "ho-so/", **{"chuyen-di": "co"})
    assert giving.get(f"{ROOT}ho-so/go/").context["orders"] == ["agree", "refuse"]
    assert enter("lan").get(f"{ROOT}ho-so/go/").context["orders"] == []
    assert enter("binh").get(f"{ROOT}ho-so/go/").context["orders"] == ["return", "refuse"]
    assert decided(enter("bac"), "go", "examine").status_code == 302
    assert decided(giving, "go", "agree").status_code == 302
    assert "người chờ đồng ý chuyển đi" not in text(giving, "")
    assert "đồng ý cho chuyển đi: minh" in text(enter("binh"), "ho-so/go/")
    assert decided(enter("trung"), "go", "approve").status_code == 302
    assert "đã thu hồi" in text(giving, f"tim/{held}/")
