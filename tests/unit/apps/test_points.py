"""The findings of the form check beside the document: gravest first, each with its place; told before sending."""

from typing import Any

import pytest
from django.test import Client

from apps.office.outgoing import flow
from apps.office.points import points
from lienthong.client import Box, Finding
from lienthong.errors import Unavailable
from lienthong.signature import Role
from lienthong.testing.desk.fake import FakeDesk, Town
from unit.apps.office_made import undone
from unit.apps.test_compose import post, upload
from unit.apps.test_outgoing_flow import Office

SPOT = Box(1, 10.04, 20, 30, 40)
ERROR = Finding("seal-missing", "error", "Chưa có dấu", "No seal", SPOT)
NOTE = Finding("not-pades", "note", "Định dạng cũ", "Old format", SPOT)
FUTURE = Finding("new-code", "of a later gateway", "Điều mới", "Something new")


def test_the_gravest_come_first_and_places_belong_to_the_file_shown() -> None:
    found = points({"annex.pdf": [ERROR], "main.pdf": [NOTE, FUTURE, ERROR]}, "main.pdf")
    assert [point.weight for point in found.items] == ["Phải sửa", "Phải sửa", "Nên xem lại", "Để biết"]
    assert [(point.page, point.box, point.file) for point in found.items] == [
        (2, "10.0 20.0 30.0 40.0", ""),
        (0, "", "annex.pdf"),
        (0, "", ""),
        (2, "10.0 20.0 30.0 40.0", ""),
    ]
    assert found.errors == 2
    assert found.checked


@pytest.fixture
def address(town: Town) -> str:
    """A document with findings."""
    desk = FakeDesk(town)
    return next(f"/van-ban/{e.id}/" for e in desk.incoming().entries if any(desk.document(e.id).findings.values()))


def test_each_finding_leads_to_its_page_without_scripts(clerk: Client, address: str) -> None:
    text = clerk.get(address).content.decode()
    assert "Điểm cần xem lại về chữ ký" in text
    assert 'href="' + address + 'tep/1/#page=1" data-point="1" data-page="1" data-box="128.0 738.0 242.0 754.0"' in text
    assert "Số, ký hiệu trên văn bản là" in text


def test_a_document_in_good_form_says_so(clerk: Client, town: Town) -> None:
    desk = FakeDesk(town)
    good = next(e.id for e in desk.incoming().entries if not any(desk.document(e.id).findings.values()))
    assert "không có điểm nào cần sửa" in clerk.get(f"/van-ban/{good}/").content.decode()


@pytest.fixture
def form(clerk: Client) -> str:
    return str(clerk.get("/soan/")["Location"])


def test_the_draft_shows_what_sending_would_find_but_not_what_comes_next(clerk: Client, form: str) -> None:
    post(clerk, form, "save", main=upload())
    assert "không có chữ ký số nào" not in clerk.get(form).content.decode()
    with undone():
        city = Office()
        document = city.through(city.typed())
        city.put(city.leader, document, Role.LEADER)
        flow.give_number(city.clerk, document)
        clerk.force_login(city.clerk.person)
        text = clerk.get(f"/di/van-ban/{document.pk}/").content.decode()
    assert "chưa có dấu thời gian tin cậy" in text
    assert "Chưa có chữ ký số (con dấu)" not in text
    assert "chỉ bao trùm một bản trước" not in text


def test_a_gateway_that_does_not_answer_keeps_the_draft_open(
    clerk: Client, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(FakeDesk, "form_check", away)
    post(clerk, form, "save", main=upload())
    answer = clerk.get(form)
    assert answer.status_code == 200
    assert "Chưa kiểm tra được thể thức chữ ký" in answer.content.decode()
