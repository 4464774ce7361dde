"""The verify button runs the real offline verification."""

import json

import pytest
from django.test import Client

from lienthong.evidence import Bundle
from lienthong.testing.desk import FakeDesk, Town
from unit.apps.known import SENT, entry


@pytest.fixture
def page(town: Town) -> str:
    return f"/van-ban/{entry(town, SENT, 'out').id}/"


def test_proved_in_words(clerk: Client, page: str) -> None:
    text = clerk.get(page + "kiem-chung/").content.decode()
    assert "Đã chứng minh" in text
    assert "Tệp trên trang này đúng là tệp đã được gửi" in text
    assert "Điều bằng chứng này không nói" in text


def test_a_changed_file_is_not_proved(clerk: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeDesk, "part", lambda *_: b"%PDF-1.7 another")
    text = clerk.get(page + "kiem-chung/").content.decode()
    assert "Không chứng minh được" in text
    assert "KHÔNG giống tệp đã được gửi" in text


def test_evidence_that_cannot_be_read_is_not_proved(clerk: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeDesk, "evidence", lambda *_: {"format": "another"})
    assert "Không chứng minh được" in clerk.get(page + "kiem-chung/").content.decode()


def test_without_a_root_nobody_can_tell(clerk: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.office.proof.roots", tuple)
    assert "Chưa kết luận được" in clerk.get(page + "kiem-chung/").content.decode()


def test_each_step_opens_its_evidence(clerk: Client, page: str) -> None:
    text = clerk.get(page + "bang-chung/1/").content.decode()
    assert "Đã chứng minh" in text
    assert "Trục liên thông văn bản quốc gia đã nhận gói tin vào trục." in text
    assert clerk.get(page + "bang-chung/999/").status_code == 404


def test_the_button_swaps_only_its_part(clerk: Client, page: str) -> None:
    text = clerk.get(page + "kiem-chung/", headers={"HX-Request": "true"}).content.decode()
    assert "Đã chứng minh" in text
    assert "<html" not in text


def test_the_bundle_downloads_as_the_verifier_opens_it(clerk: Client, page: str) -> None:
    answer = clerk.get(page + "bang-chung.json")
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(Bundle.from_dict(json.loads(answer.content)).receipts) > 5
    one = clerk.get(page + "bang-chung/1/?tai=1")
    assert json.loads(one.content)["format"] == "lienthong-receipt/1"
