"""The acts of a sender on what is out: each posts the one right call, none without its reason, nothing typed is lost."""

import re

import pytest
from django.test import Client

from lienthong.errors import IllegalMove
from lienthong.testing.desk import FakeDesk, Town
from unit.apps.known import SENT, TO_ALL, UNDERWAY, WAITING, entry


def calls(town: Town, name: str) -> list[tuple[object, ...]]:
    return [call for call in town.calls if call[0] == name]


# ---------------------------------------------------------------- own documents


def test_recall_with_a_reason(clerk: Client, town: Town) -> None:
    package = entry(town, SENT, "out").id
    page = f"/van-ban/{package}/thu-hoi/"
    hidden = re.search(r'name="message_id" value="([0-9a-f-]{36})"', clerk.get(page).content.decode())
    assert hidden is not None
    assert clerk.post(page, {"reason": " ", "message_id": hidden[1]}).status_code == 422
    answer = clerk.post(page, {"reason": "Sai mục 3", "message_id": hidden[1]})
    assert answer["Location"] == f"/van-ban/{package}/"
    assert calls(town, "recall") == [("recall", package, "Sai mục 3", hidden[1])]


def test_a_recall_refused_keeps_its_reason_and_its_id(
    clerk: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise IllegalMove

    monkeypatch.setattr(FakeDesk, "recall", refuse)
    sent = {"reason": "Sai mục 3", "message_id": "11111111-2222-4333-8444-555555555555"}
    text = clerk.post(f"/van-ban/{entry(town, SENT, 'out').id}/thu-hoi/", sent).content.decode()
    assert "Sai mục 3</textarea>" in text
    assert sent["message_id"] in text


def test_update_recipients(clerk: Client, town: Town) -> None:
    package = entry(town, SENT, "out").id
    page = f"/van-ban/{package}/cap-nhat/"
    found = clerk.post(
        page, {"act": "search", "query": "Bộ Tài chính", "reason": "Bổ sung", "remove": "H29.05"}
    ).content.decode()
    assert 'name="add" value="G12"' in found
    assert "Bổ sung</textarea>" in found
    assert 'name="remove" value="H29.05" checked' in found
    sent = {
        "act": "send",
        "add": ["G12"],
        "codes": "g09, G12",
        "remove": ["H29.05"],
        "reason": "Bổ sung",
        "message_id": "11111111-2222-4333-8444-555555555555",
    }
    assert clerk.post(page, sent).status_code == 302
    assert calls(town, "update") == [("update", package, "Bổ sung", ("G12", "G09"), ("H29.05",), sent["message_id"])]


def test_update_needs_somebody_and_a_reason(clerk: Client, town: Town) -> None:
    page = f"/van-ban/{entry(town, SENT, 'out').id}/cap-nhat/"
    assert "Chưa chọn nơi nào" in clerk.post(page, {"act": "send", "reason": "Bổ sung"}).content.decode()
    assert "Cần ghi lý do" in clerk.post(page, {"act": "send", "codes": "G12"}).content.decode()
    assert calls(town, "update") == []


def test_only_own_documents_are_withdrawn(clerk: Client, town: Town) -> None:
    package = entry(town, WAITING).id
    for act in ("thu-hoi", "cap-nhat", "thay-the"):
        assert clerk.get(f"/van-ban/{package}/{act}/").status_code == 404


# ---------------------------------------------------------------- what is told


def test_five_dots_with_their_times_and_trouble_first(clerk: Client, town: Town) -> None:
    text = clerk.get(f"/van-ban/{entry(town, SENT, 'out').id}/").content.decode()
    rows = re.findall(r'<tr role="row"><th scope="row".*?</tr>', text, re.DOTALL)
    assert len(rows) == 6
    assert all(row.count('role="cell"') == 5 for row in rows)
    assert "từ chối" in rows[0]
    assert "không thuộc thẩm quyền" in rows[0]
    assert any("Mã H29.30 đã đóng; văn bản đến cơ quan kế thừa." in row for row in rows)


def test_many_recipients_are_folded_and_alike_steps_gathered(clerk: Client, town: Town) -> None:
    text = clerk.get(f"/van-ban/{entry(town, TO_ALL, 'out').id}/").content.decode()
    assert "Xem 61 nơi nhận còn lại" in text
    assert "đã giao gói tin đến 73 nơi" in text


def test_a_document_on_its_way_says_until_when(clerk: Client, town: Town) -> None:
    text = clerk.get(f"/van-ban/{entry(town, UNDERWAY, 'out').id}/").content.decode()
    assert "vẫn chưa giao được, cơ quan sẽ nhận bằng chứng không giao" in text
