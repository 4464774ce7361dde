"""'Gửi văn bản': nothing typed is ever lost, and what is wrong is told before it is handed on."""

import re
from datetime import date
from typing import Any
from uuid import uuid4  # noqa: TID251 - what a browser would send

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.office.models import Draft, DraftFile
from apps.staff.models import Duty
from apps.unsent import note
from lienthong.layout import Draft as Page
from lienthong.layout import compose
from lienthong.testing.desk import Town
from unit.apps.known import SENT, entry
from unit.apps.office_made import Agency, note_on, undone

EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
CITY = "Ủy ban nhân dân Thành phố Hồ Chí Minh"
TYPED = {
    "number": "15",
    "notation": "UBND-VX",
    "issued": "2026-11-20",
    "kind": "Công văn",
    "subject": "V/v thử nghiệm gửi văn bản mẫu",
    "signer_name": "Nguyễn Văn Mẫu",
    "signer_position": "Chủ tịch",
    "urgency": "1",
    "due": "2026-12-01",
    "ttl_hours": "24",
    "sign_place": "middle",
}


def pdf() -> bytes:
    page = Page(
        CITY,
        "15",
        "UBND-VX",
        "Thành phố Hồ Chí Minh",
        date(2026, 11, 20),
        "Công văn",
        "V/v thử nghiệm",
        ("Nội dung mẫu.",),
        "Chủ tịch",
        "Nguyễn Văn Mẫu",
    )
    return compose(page).pdf


def upload(name: str = "15-UBND-VX.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content, "application/pdf")


@pytest.fixture
def form() -> str:
    return f"/soan/{uuid4()}/"


def post(clerk: Client, form: str, act: str, **more: Any) -> Any:
    return clerk.post(form, {**TYPED, "act": act, **more})


def the_draft() -> Draft:
    return Draft.objects.get()


def test_a_new_form_keeps_nothing_until_something_is_typed(clerk: Client) -> None:
    address = clerk.get("/soan/")["Location"]
    assert clerk.get(address).status_code == 200
    assert not Draft.objects.exists()


def test_whatever_is_typed_is_kept_even_when_it_is_wrong(clerk: Client, form: str) -> None:
    answer = post(clerk, form, "submit", issued="hôm nay", due="2020-01-01", kind="Thư tình")
    text = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("15", "UBND-VX", "hôm nay", "V/v thử nghiệm gửi văn bản mẫu", "Nguyễn Văn Mẫu"):
        assert kept in text
    for said in ("Ngày này không có trong lịch", "Xin chọn một loại", "Chưa chọn nơi nhận nào", "Mọi điều đã nhập"):
        assert said in text
    assert the_draft().fields["subject"] == TYPED["subject"]
    assert TYPED["subject"] in clerk.get(form).content.decode()
    assert TYPED["subject"] in clerk.get("/nhap/").content.decode()


@pytest.mark.parametrize("sent", ["khẩn", "99", "9" * 5000])
def test_a_choice_that_no_form_offers_leaves_the_one_before(clerk: Client, form: str, sent: str) -> None:
    post(clerk, form, "save")
    assert post(clerk, form, "save", urgency=sent, ttl_hours=sent).status_code < 400
    assert the_draft().fields.items() >= {"urgency": "1", "ttl_hours": "24"}.items()


def test_what_is_typed_comes_back_when_the_session_has_run_out(clerk: Client, form: str, other_clerk: Client) -> None:
    told = note_on(clerk, form)
    who = User.objects.get(username="vanthu.h29")
    clerk.logout()
    answer = post(clerk, form, "submit", **told)
    assert answer["Location"] == f"/dang-nhap/?next={form}"
    clerk.force_login(who)
    assert TYPED["subject"] in clerk.get(form).content.decode()
    assert not Draft.objects.exists(), "kept, not done"
    for wrong in ({note.NAME: told[note.NAME] + "x"}, {}, note_on(other_clerk, f"/soan/{uuid4()}/")):
        post(Client(), form, "save", **wrong, subject="V/v của người lạ")
    text = clerk.get(form).content.decode()
    assert (TYPED["subject"] in text, "V/v của người lạ" in text) == (True, False)
    stale = Client(enforce_csrf_checks=True)
    stale.force_login(who)
    answer = post(stale, form, "save", **told, subject="V/v viết ở lần đăng nhập trước")
    assert (answer.status_code, "V/v viết ở lần đăng nhập trước" in answer.content.decode()) == (403, True)


def test_a_file_that_is_no_pdf_is_refused_in_words_and_the_rest_is_kept(clerk: Client, form: str) -> None:
    answer = post(clerk, form, "save", main=upload("bai.txt", "Kính gửi các đơn vị (mẫu)".encode()))
    assert answer.status_code == 422
    assert "không phải PDF" in answer.content.decode()
    assert TYPED["subject"] in answer.content.decode()
    assert not DraftFile.objects.exists()


@pytest.mark.parametrize(("content", "said"), [(b"%PDF-" + b"0" * 400_000, "lớn hơn"), (b"", "trống")])
def test_sizes(clerk: Client, form: str, content: bytes, said: str) -> None:
    answer = post(clerk, form, "save", main=upload(content=content))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_file_stays_between_tries(clerk: Client, form: str) -> None:
    post(clerk, form, "save", main=upload())
    post(clerk, form, "submit")
    assert bytes(the_draft().files.get().content) == pdf()
    assert clerk.get(form + "tep/0/").content == pdf()


def test_recipients_by_search_by_button_and_by_codes(clerk: Client, form: str) -> None:
    found = post(clerk, form, "search", query="Bộ Nội vụ").content.decode()
    assert 'value="add:G09"' in found
    assert TYPED["subject"] in found
    assert 'value="add:G09"' in clerk.get(form + "co-quan/?query=Nội vụ").content.decode()
    post(clerk, form, "add:G09")
    post(clerk, form, "save", codes="g12; H29.30\nX99.1 G09 H29")
    rows = {row["code"]: row["state"] for row in the_draft().recipients}
    assert rows == {"G09": "open", "G12": "open", "H29.30": "closed", "X99.1": "unknown"}
    text = clerk.get(form).content.decode()
    assert "mã đã đóng; sẽ chuyển đến H29.101" in text
    assert "không có trong danh bạ" in text
    post(clerk, form, "remove:X99.1")
    assert "X99.1" not in {row["code"] for row in the_draft().recipients}


def test_the_next_lawful_step_is_the_one_coloured_button(clerk: Client, form: str) -> None:
    def step() -> list[str]:
        text = clerk.get(form).content.decode()
        return re.findall('class="button primary" name="act" value="([a-z]+)"', text)

    with undone():
        assert step() == ["save"], "nobody may sign"
        Agency().person(Duty.LEADER)
        assert step() == ["submit"]


def test_state_secrets_stop_here(clerk: Client, form: str) -> None:
    answer = post(clerk, form, "submit", subject="TỐI MẬT: V/v thử nghiệm")
    assert "không được gửi qua trục liên thông" in answer.content.decode()


def test_a_replacement_starts_with_the_old_words_and_needs_a_reason(clerk: Client, town: Town) -> None:
    old = entry(town, SENT, "out")
    form = clerk.get(f"/van-ban/{old.id}/thay-the/")["Location"]
    assert clerk.get(f"/van-ban/{old.id}/thay-the/")["Location"] == form
    assert old.subject in clerk.get(form).content.decode()
    assert "Cần ghi lý do thay thế" in post(clerk, form, "submit").content.decode()
    assert "Cần ghi lý do thay thế" not in post(clerk, form, "submit", reason="Sửa mục 3").content.decode()


def test_annexes_travel_along_and_can_be_dropped(clerk: Client, form: str) -> None:
    post(clerk, form, "save", main=upload(), annex=[upload("a.pdf"), upload("b.zip", EMPTY_ZIP)])
    assert [(f.name, f.media_type) for f in the_draft().files.all()][1:] == [
        ("a.pdf", "application/pdf"),
        ("b.zip", "application/octet-stream"),
    ]
    post(clerk, form, f"drop:{the_draft().files.last().pk}")  # type: ignore[union-attr]  # two are there
    assert the_draft().files.count() == 2


def test_another_agency_sees_no_draft_of_ours(clerk: Client, other_clerk: Client, form: str) -> None:
    post(clerk, form, "save", main=upload())
    for path in (form, form + "tep/0/", form + "co-quan/?query=a"):
        assert other_clerk.get(path).status_code == 404
    assert post(other_clerk, form, "delete").status_code == 404
    assert TYPED["subject"] not in other_clerk.get("/nhap/").content.decode()


def test_a_draft_can_be_deleted(clerk: Client, form: str) -> None:
    post(clerk, form, "save", main=upload())
    assert post(clerk, form, "delete")["Location"] == "/nhap/"
    assert not Draft.objects.exists()
