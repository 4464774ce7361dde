"""The directory on the page and for scripts: who may what, faults in words, nothing without consent."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.directory import background, book, imports, keys, models, press, publishing, under_way
from lienthong.registry import Gateway, Representation, level1_histories, peek
from lienthong.testing.pki import pki
from unit.apps.test_directory import CSV, MERGER, Printed, code

DAY = date(2026, 12, 1)
SignedIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    with transaction.atomic():
        change = book.begin(None, "begin", "mẫu")
        book.put(change, level1_histories())
        book.list_gateway(change, Gateway("gw-1", "Máy chủ mẫu", code("H26")))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def registrar(officer: SignedIn) -> Client:
    return officer("registration")


@pytest.fixture
def another() -> Client:
    """A second registration officer."""
    client = Client()
    client.force_login(User.objects.create(username="mau.hai", name="Người Mẫu Hai", role="registration"))
    return client


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Printed:
    made = Printed()
    monkeypatch.setattr(press, "press", lambda: made)
    monkeypatch.setattr(press, "here", lambda: True)
    return made


def text_of(answer: Any) -> str:
    return answer.content.decode()


def brought(client: Client, content: str = CSV) -> int:
    file = SimpleUploadedFile("mau.csv", content.encode())
    answer = client.post("/danh-ba/nhap/", {"file": file, "ngay": "2020-09-15"})
    assert answer.status_code == 302, text_of(answer)
    return int(re.search(r"(\d+)/$", answer["Location"])[1])  # type: ignore[index]  # the address of the import


def deeds() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("-index").values_list("act", "outcome")[:3])


# ---------------------------------------------------------------- looking


def test_the_tree_search_and_one_with_its_past(registrar: Client):
    number = brought(registrar)
    registrar.post(f"/danh-ba/nhap/{number}/")
    top = text_of(registrar.get("/danh-ba/"))
    assert "Ủy ban nhân dân tỉnh Lai Châu" not in text_of(registrar.get("/danh-ba/?q=lang+son"))
    assert "Bộ Nội vụ" in top
    assert "Lạng Sơn" in text_of(registrar.get("/danh-ba/?q=lang+son"))
    page = text_of(registrar.get("/danh-ba/co-quan/H26/"))
    assert "Phường Một (mẫu)" in page
    page = text_of(registrar.get("/danh-ba/co-quan/H57/?ngay=2024-05-01"))
    assert "<h1>Ủy ban nhân dân tỉnh Thừa Thiên Huế</h1>" in page
    page = text_of(registrar.get("/danh-ba/co-quan/000.00.00.H25/?ngay=2026-12-01"))
    assert "H42" in page
    assert "Đã đóng" in page
    assert "Hà Nam" in text_of(registrar.get("/danh-ba/co-quan/H42/"))
    assert registrar.get("/danh-ba/co-quan/X99/").status_code == 404


def test_two_days_side_by_side(registrar: Client):
    page = text_of(registrar.get("/danh-ba/so-sanh/?tu=2025-06-30&den=2025-07-01"))
    assert "58 mã khác nhau" in page  # 29 provinces and their councils
    assert "1 mã khác nhau" in text_of(registrar.get("/danh-ba/so-sanh/?tu=2025-06-30&den=2025-07-01&duoi=H25"))


def test_what_was_believed_before(registrar: Client):
    number = brought(registrar)
    registrar.post(f"/danh-ba/nhap/{number}/")
    assert registrar.get("/danh-ba/co-quan/H26.1/?biet=2020-01-01T00:00").status_code == 404
    assert registrar.get("/danh-ba/co-quan/H26.1/?biet=%22").status_code == 200


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file(registrar: Client, form: str):
    answer = registrar.get(f"/danh-ba/xuat/{form}/?duoi=H26")
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]
    assert registrar.get("/danh-ba/xuat/pdf/").status_code == 404


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("auditor", "/danh-ba/", 200),
        ("auditor", "/danh-ba/nhap/", 403),
        ("operator", "/danh-ba/ke-hoach/moi/", 403),
        ("security", "/danh-ba/phat-hanh/", 200),
        ("clerk", "/danh-ba/", 403),
    ],
)
def test_the_table_of_roles_holds(officer: SignedIn, role: str, path: str, status: int):
    assert officer(role).get(path).status_code == status


def test_a_registration_officer_publishes_nothing(registrar: Client, printed: Printed):
    assert registrar.post("/danh-ba/phat-hanh/", {"act": "publish", "days": "7"}).status_code == 403
    assert printed.out == []


# ---------------------------------------------------------------- imports and plans


def test_nothing_is_taken_in_without_consent(registrar: Client):
    number = brought(registrar)
    page = text_of(registrar.get(f"/danh-ba/nhap/{number}/"))
    assert "2 khác biệt" in page
    assert book.history(code("H26.1")) == ()
    registrar.post(f"/danh-ba/nhap/{number}/")
    assert deeds()[0] == ("table-taken", "done")
    again = text_of(registrar.post(f"/danh-ba/nhap/{number}/", follow=True))
    assert "đã được đưa vào" in again
    assert deeds()[0] == ("table-taken", "refused")


def test_faults_are_shown_by_row(registrar: Client):
    number = brought(registrar, CSV + "H26.3,,commune,H99\n")
    page = text_of(registrar.get(f"/danh-ba/nhap/{number}/"))
    assert "Bảng có 1 lỗi" in page
    assert '<td role="cell" class="figure">4</td><td role="cell">Tên cơ quan</td>' in page
    file = b"".join(registrar.get(f"/danh-ba/nhap/{number}/tat-ca.csv").streaming_content).decode()
    assert "4,Tên cơ quan,Lỗi,bỏ trống,is empty" in file


FEW_LINES = "".join(f"H26.{number:06},Phường Mẫu {number},commune,H26\n" for number in range(100_000))
HEADING = "Mã định danh,Tên cơ quan,Cấp,Mã cấp trên\n"


@override_settings(CONFIG=replace(settings.CONFIG, site=replace(settings.CONFIG.site, largest_file=8 << 20)))
def test_a_hundred_thousand_lines_with_three_errors_change_nothing(registrar: Client):
    lines = FEW_LINES.splitlines()
    for place, line in (
        (10, "H26.X1,Phường,commune,H99"),
        (50_000, "H26 %,Phường,commune,H26"),
        (99_999, "H26.X2,,commune,H26"),
    ):
        lines[place] = line
    before = book.revision()
    number = brought(registrar, HEADING + "\n".join(lines))
    page = text_of(registrar.get(f"/danh-ba/nhap/{number}/"))
    assert "Đang xem bảng" in page
    assert 'http-equiv="refresh"' in page
    background.go_round()
    page = text_of(registrar.get(f"/danh-ba/nhap/{number}/"))
    assert "Bảng có 3 lỗi" in page
    for row in (12, 50_002, 100_001):
        assert f'<td role="cell" class="figure">{row}</td>' in page
    assert "Đưa vào danh bạ</button>" not in page
    assert deeds()[0] == ("table-brought", "done")
    registrar.post(f"/danh-ba/nhap/{number}/")
    assert deeds()[0] == ("table-ordered", "refused")
    background.go_round()
    assert book.revision() == before


def test_a_table_beyond_what_the_site_takes_is_refused_in_words(registrar: Client):
    file = SimpleUploadedFile("mau.csv", b"x" * (settings.CONFIG.site.largest_file + 1))
    answer = registrar.post("/danh-ba/nhap/", {"file": file, "ngay": "2020-09-15"})
    assert (answer.status_code, "Tệp “mau.csv” lớn hơn" in text_of(answer)) == (422, True)


def test_a_large_table_is_taken_in_by_the_worker(registrar: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "LARGE", 10)
    number = brought(registrar)
    background.go_round()
    page = text_of(registrar.get(f"/danh-ba/nhap/{number}/"))
    assert "2 khác biệt" in page
    registrar.post(f"/danh-ba/nhap/{number}/")
    assert "Đang đưa vào danh bạ" in text_of(registrar.get(f"/danh-ba/nhap/{number}/"))
    assert book.history(code("H26.1")) == ()
    background.go_round()
    assert book.history(code("H26.1"))
    assert deeds()[0] == ("table-taken", "done")
    background.go_round()
    assert "Đã vào danh bạ" in text_of(registrar.get(f"/danh-ba/nhap/{number}/"))


def test_a_large_file_that_is_no_table_says_so(registrar: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imports, "LARGE", 10)
    number = brought(registrar, "PK\x03\x04 mau mau mau")
    background.go_round()
    assert "Chưa có gì thay đổi." in text_of(registrar.get(f"/danh-ba/nhap/{number}/"))
    assert deeds()[0] == ("table-brought", "refused")


def test_a_file_that_is_none(registrar: Client):
    assert registrar.post("/danh-ba/nhap/", {"ngay": "2026-12-01"}).status_code == 422
    wrong = SimpleUploadedFile("x.xlsx", b"PK\x03\x04")
    answer = registrar.post("/danh-ba/nhap/", {"file": wrong, "ngay": "2026-12-01"})
    assert answer.status_code == 422
    assert "Excel" in text_of(answer)


def drafted(client: Client) -> str:
    answer = client.post("/danh-ba/ke-hoach/moi/", {"title": "Sắp xếp mẫu", "day": "2026-12-01", "basis": "NQ mẫu"})
    assert answer.status_code == 302
    return str(answer["Location"])


STEPS: tuple[dict[str, str], ...] = (
    {"step_act": "open", "codes": "h26.9", "name": "Phường mới", "level": "commune", "into": "H26"},
    {"step_act": "merge", "codes": "H26.1", "into": "H26.9"},
    {"step_act": "split", "codes": "H26.2", "into": "H26.9, H26"},
    {"step_act": "represent", "codes": "H26.9", "gateway": "gw-1"},
    {"step_act": "rename", "codes": "H26", "name": "Ủy ban nhân dân tỉnh mới"},
    {"step_act": "move", "codes": "H26.9", "into": "H26", "level": "commune"},
    {"step_act": "close", "codes": "H35"},
)


def test_a_plan_by_two_people(registrar: Client, another: Client):
    registrar.post(f"/danh-ba/nhap/{brought(registrar)}/")
    place = drafted(registrar)
    for step in STEPS:
        assert registrar.post(place, {"act": "add", **step}).status_code == 302
    assert registrar.post(place, {"act": "drop", "step": "7"}).status_code == 302
    page = text_of(registrar.get(place))
    assert "sẽ bị từ chối, nêu tên: H26.9, H26" in page
    registrar.post(place, {"act": "propose"})
    own = registrar.post(place, {"act": "approve"})
    assert (own.status_code, "không tự duyệt" in text_of(own)) == (422, True)
    assert deeds()[0] == ("plan-approve", "refused")
    another.post(place, {"act": "approve"})
    registrar.post(place, {"act": "carry-out"})
    assert models.Plan.objects.get().state == "carried-out"
    assert deeds()[0] == ("plan-carry-out", "done")
    assert "Phường mới" in text_of(registrar.get("/danh-ba/co-quan/H26/?ngay=2026-12-01"))
    assert registrar.get(place).status_code == 200


def test_steps_and_plans_that_cannot_be(registrar: Client, officer: SignedIn):
    place = drafted(registrar)
    for wrong in ({"codes": ""}, {"codes": "H26", "step_act": "abolish"}, {"codes": "H 26 !", "step_act": "close"}):
        assert registrar.post(place, {"act": "add", **wrong}).status_code in {302, 422}
    assert registrar.post(place, {"act": "explode"}).status_code == 422
    assert registrar.post("/danh-ba/ke-hoach/moi/", {"title": ""}).status_code == 422
    assert officer("auditor").post(place, {"act": "withdraw"}).status_code == 422
    large = SimpleUploadedFile("p.json", json.dumps(MERGER | {"day": "2026-12-01"}).encode())
    assert registrar.post("/danh-ba/ke-hoach/moi/", {"file": large}).status_code == 302
    assert "Chưa trình được" in text_of(registrar.get(f"/danh-ba/ke-hoach/{models.Plan.objects.latest('pk').pk}/"))
    assert "Sắp xếp mẫu" in text_of(registrar.get("/danh-ba/ke-hoach/"))


def test_documents_under_way_are_counted_for_each_code_however_many(monkeypatch: pytest.MonkeyPatch):
    axis = SimpleNamespace(waiting=lambda: {"H26": 1, "H26.4000": 2, "H35": 5})
    monkeypatch.setattr(under_way, "import_string", lambda _: lambda _hop, acts: axis)
    asked = [code("H26"), *(code(f"H26.{number}") for number in range(1, 10_600))]
    assert under_way.waiting(asked) == {code("H26"): 1, code("H26.4000"): 2}


def test_an_axis_that_does_not_answer_counts_nothing():
    assert under_way.waiting([code("H26")]) is None


# ---------------------------------------------------------------- publications


def test_a_security_officer_publishes_and_names_the_next_key(officer: SignedIn, printed: Printed):
    security = officer("security")
    assert security.post("/danh-ba/phat-hanh/", {"act": "publish", "days": "99"}).status_code == 422
    assert security.post("/danh-ba/phat-hanh/", {"act": "publish", "days": "7"}).status_code == 302
    assert [version for version, _, _ in printed.out] == [1]
    answer = security.get("/danh-ba/phat-hanh/1/")
    assert peek(answer.content).version == 1
    following = pki().registry(2)
    pem = x509.load_der_x509_certificate(following.certificate).public_bytes(Encoding.PEM)
    wrong = SimpleUploadedFile("x.pem", b"x")
    assert security.post("/danh-ba/phat-hanh/", {"act": "rotate", "certificate": wrong}).status_code == 422
    file = SimpleUploadedFile("x.pem", pem)
    assert security.post("/danh-ba/phat-hanh/", {"act": "rotate", "certificate": file}).status_code == 302
    assert len(publishing.succession()) == 1
    assert "khóa cũ đã chỉ định" in text_of(security.get("/danh-ba/phat-hanh/"))


# ---------------------------------------------------------------- scripts


def key_of(role: str, name: str = "kich-ban") -> dict[str, str]:
    who, _ = User.objects.get_or_create(username=f"mau.{name}", defaults={"name": name, "role": role})
    return {"Authorization": f"Bearer {keys.make(who, 'máy', 1)}"}


def call(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> HttpResponse:
    return Client().generic(method, f"/api/directory/{path}", body, headers=headers)  # type: ignore[return-value]  # a plain answer


def test_a_script_imports_plans_and_asks(printed: Printed):
    maker, checker = key_of("registration", "mot"), key_of("registration", "hai")
    shown = json.loads(call("POST", "imports?day=2020-09-15&name=a.csv", maker, CSV.encode()).content)
    assert (shown["rows"], shown["findings"], len(shown["differences"])) == (2, [], 2)
    assert call("POST", f"imports/{shown['id']}/take", maker).status_code == 200
    plan = json.dumps(MERGER | {"day": "2026-12-01"}).encode()
    made = json.loads(call("POST", "plans", maker, plan).content)
    assert (made["findings"], made["gateways_left_alone"]) == ([], [])
    for act, key, status in (
        ("propose", maker, 200),
        ("approve", maker, 403),
        ("approve", checker, 200),
        ("carry-out", checker, 200),
        ("carry-out", checker, 400),
        ("explode", checker, 404),
    ):
        assert call("POST", f"plans/{made['id']}/{act}", key).status_code == status
    assert json.loads(call("GET", "plans", maker).content)["plans"][0]["state"] == "carried-out"
    assert json.loads(call("GET", f"plans/{made['id']}", maker).content)["approver"] == "mau.hai"
    told = json.loads(call("GET", "organisations/H26.1?on=2026-12-01", maker).content)
    assert (told["bearer"], told["row"]["successors"]) == (None, ["H26.9"])
    assert json.loads(call("GET", "organisations?q=phuong+moi", maker).content)["organisations"][0]["code"] == "H26.9"
    below = json.loads(call("GET", "organisations?under=H26&on=2026-11-30", maker).content)
    assert [each["code"] for each in below["organisations"]] == ["H26.1", "H26.2"]
    differing = json.loads(call("GET", "differences?from=2026-11-30&to=2026-12-01", maker).content)
    assert {each["code"]: each["kind"] for each in differing["differences"]} == {
        "H26.1": "closed",
        "H26.2": "closed",
        "H26.9": "opened",
    }
    assert call("GET", "differences?from=x&to=y", maker).status_code == 400
    assert call("GET", "export?format=xlsx", maker).status_code == 200


def test_a_script_publishes(printed: Printed):
    security = key_of("security", "an-ninh")
    assert call("GET", "publications", security).status_code == 404
    made = json.loads(call("POST", "publications", security, b'{"days": 5}').content)
    assert made["version"] == 1
    assert call("GET", "publications/1", security).content == printed.out[0][1]
    assert json.loads(call("GET", "publications", security).content)["due"] is False
    assert call("POST", "publications", security, b'{"days": "x"}').status_code == 400
    assert call("POST", "succession", security, b"x").status_code == 400
    assert call("POST", "publications", key_of("registration")).status_code == 403


def test_a_key_is_asked_for_and_ends_with_its_person():
    assert call("GET", "organisations", {}).status_code == 401
    assert call("GET", "organisations", {"Authorization": "Bearer ltd_x"}).status_code == 401
    key = key_of("registration")
    assert call("GET", "organisations", key).status_code == 200
    assert call("DELETE", "organisations", key).status_code == 405
    User.objects.filter(username="mau.kich-ban").update(is_active=False)
    refused = call("GET", "organisations", key)
    assert (refused.status_code, json.loads(refused.content)["code"]) == (401, "token-invalid")
    models.Key.objects.update(expires="2020-01-01T00:00:00Z")
    assert call("GET", "organisations", key).status_code == 401


def test_a_key_is_shown_once(registrar: Client):
    page = text_of(registrar.post("/danh-ba/khoa/", {"name": "máy mẫu", "days": "30"}))
    secret = re.search(r"ltd_[\w-]+", page)[0]  # type: ignore[index]  # shown once
    assert secret not in text_of(registrar.get("/danh-ba/khoa/"))
    assert call("GET", "organisations", {"Authorization": f"Bearer {secret}"}).status_code == 200
    assert registrar.post("/danh-ba/khoa/", {"name": "", "days": "0"}).status_code == 422
    registrar.post("/danh-ba/khoa/", {"drop": str(models.Key.objects.get().pk)})
    assert call("GET", "organisations", {"Authorization": f"Bearer {secret}"}).status_code == 401


def test_every_representation_stands_on_the_page(registrar: Client):
    book.speak(book.begin(None, "x", "x"), [Representation("gw-1", code("H26"), DAY)])
    assert "01/12/2026" in text_of(registrar.get("/danh-ba/co-quan/H26/"))
