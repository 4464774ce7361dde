"""'Gửi văn bản': nothing typed is ever lost, the leader signs before the seal, and it is sent once."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4  # noqa: TID251 - what a browser would send

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.office.models import Draft, DraftFile
from lienthong.document import package_id
from lienthong.errors import RecipientUnknown, Unavailable
from lienthong.layout import Draft as Page
from lienthong.layout import compose
from lienthong.signature import Role, validate
from lienthong.testing.desk import FakeDesk, Town
from lienthong.testing.pki import pki
from unit.apps.known import SENT, entry

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
    answer = post(clerk, form, "send", issued="hôm nay", due="2020-01-01", kind="Thư tình")
    text = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("15", "UBND-VX", "hôm nay", "V/v thử nghiệm gửi văn bản mẫu", "Nguyễn Văn Mẫu"):
        assert kept in text
    for said in ("Ngày này không có trong lịch", "Xin chọn một loại", "Chưa chọn nơi nhận nào", "Mọi điều đã nhập"):
        assert said in text
    assert the_draft().fields["subject"] == TYPED["subject"]
    assert TYPED["subject"] in clerk.get(form).content.decode()
    assert TYPED["subject"] in clerk.get("/nhap/").content.decode()


def test_a_file_that_is_no_pdf_is_refused_in_words_and_the_rest_is_kept(clerk: Client, form: str) -> None:
    answer = post(clerk, form, "save", main=upload("bai.docx", b"PK\x03\x04 something"))
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
    post(clerk, form, "send")
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
        return [
            act
            for act in ("save", "leader", "seal", "send")
            if f'class="button primary" name="act" value="{act}"' in text
        ]

    assert step() == ["save"]
    post(clerk, form, "save", main=upload())
    assert step() == ["leader"]
    post(clerk, form, "leader")
    assert step() == ["seal"]
    post(clerk, form, "seal")
    assert step() == ["send"]


def test_the_seal_never_comes_first(clerk: Client, form: str) -> None:
    post(clerk, form, "save", main=upload())
    answer = post(clerk, form, "seal")
    assert answer.status_code == 409
    assert "Không ký được văn bản" in answer.content.decode()
    assert bytes(the_draft().files.get().content) == pdf()


def test_unsigned_documents_are_not_sent(clerk: Client, form: str, town: Town) -> None:
    answer = post(clerk, form, "send", main=upload(), codes="G09")
    assert "Cần đủ chữ ký của lãnh đạo và con dấu" in answer.content.decode()
    assert not [call for call in town.calls if call[0] == "send"]


def signed(clerk: Client, form: str) -> None:
    post(clerk, form, "save", main=upload(), codes="G09 H29.05")
    post(clerk, form, "leader")
    post(clerk, form, "seal")


def test_signed_sealed_and_sent_once(clerk: Client, form: str, town: Town) -> None:
    signed(clerk, form)
    message_id = str(the_draft().id)
    answer = post(clerk, form, "send")
    package = package_id("H29", message_id)
    assert answer["Location"] == f"/van-ban/{package}/"
    ((_, told, files, used),) = [call for call in town.calls if call[0] == "send"]
    assert used == message_id
    assert (told.document_id, told.recipients, told.ttl_seconds) == (
        "H29,2026/11/20,15/UBND-VX",
        ("G09", "H29.05"),
        86400,
    )
    report = validate(files[0].content, pki().roots, datetime.now(UTC))  # noqa: TID251 - signed a moment ago
    assert [one.role for one in report.signatures] == [Role.LEADER, Role.SEAL]
    assert clerk.get(answer["Location"]).status_code == 200
    assert post(clerk, form, "send")["Location"] == answer["Location"]
    assert len([call for call in town.calls if call[0] == "send"]) == 1
    assert "15/UBND-VX" not in clerk.get("/nhap/").content.decode()


def test_when_the_gateway_is_down_the_draft_waits_and_goes_with_the_same_id(
    clerk: Client, form: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(clerk, form)
    monkeypatch.setattr(FakeDesk, "send", _raises(Unavailable))
    answer = post(clerk, form, "send")
    assert answer.status_code == 409
    assert "Mọi điều đã nhập và tệp đã tải vẫn được giữ" in answer.content.decode()
    monkeypatch.undo()
    assert post(clerk, form, "send")["Location"] == f"/van-ban/{package_id('H29', str(the_draft().id))}/"


def test_what_the_exchange_refuses_is_told_beside_the_form(
    clerk: Client, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(clerk, form)
    monkeypatch.setattr(FakeDesk, "send", _raises(RecipientUnknown))
    answer = post(clerk, form, "send")
    assert "Cơ quan nhận không có trong danh bạ." in answer.content.decode()
    assert TYPED["subject"] in answer.content.decode()


def _raises(error: type[Exception]) -> Any:
    def act(*_: object, **__: object) -> None:
        raise error

    return act


def test_state_secrets_stop_here(clerk: Client, form: str) -> None:
    answer = post(clerk, form, "send", subject="TỐI MẬT: V/v thử nghiệm")
    assert "không được gửi qua trục liên thông" in answer.content.decode()


def test_a_replacement_starts_with_the_old_words_and_needs_a_reason(clerk: Client, town: Town) -> None:
    old = entry(town, SENT, "out")
    form = clerk.get(f"/van-ban/{old.id}/thay-the/")["Location"]
    assert clerk.get(f"/van-ban/{old.id}/thay-the/")["Location"] == form
    assert old.subject in clerk.get(form).content.decode()
    signed(clerk, form)
    assert "Cần ghi lý do thay thế" in post(clerk, form, "send").content.decode()
    assert post(clerk, form, "send", reason="Sửa mục 3").status_code == 302
    ((_, replaced, told, _, message_id),) = [call for call in town.calls if call[0] == "replace"]
    assert (replaced, told.business, told.reason) == (old.id, 3, "Sửa mục 3")
    assert message_id == form.split("/")[2]


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
