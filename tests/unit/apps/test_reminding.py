"""Reminding recipients elsewhere: who is late by working days, the letter drafted and linked, the story told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from apps.office.models import Document, Draft, Link, LinkKind
from apps.office.outgoing import reminding
from apps.staff.models import Duty
from lienthong.client import Document as Told
from lienthong.client import Recipient
from lienthong.errors import InvalidValue, NotAllowed
from unit.apps.office_made import undone
from unit.apps.test_outgoing import story
from unit.apps.test_outgoing_flow import Office

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
FRIDAY, NEXT_MONDAY = MONDAY + timedelta(days=4), MONDAY + timedelta(days=7)


@pytest.fixture
def city() -> Iterator[Office]:
    with undone():
        yield Office()


@pytest.fixture
def sent(city: Office) -> Document:
    return city.sent()


def told(city: Office, sent: Document, *everyone: Recipient, due: str = "") -> Told:
    """What the gateway says, with recipients of our own."""
    known = city.desk.document(sent.package)
    return replace(known, entry=replace(known.entry, recipients=everyone, recorded_at=MONDAY, due=due))


def at(code: str, state: str = "handed-over", status: str = "", standing: str = "in-force") -> Recipient:
    return Recipient(code, code, f"Cơ quan {code} (mẫu)", False, state, MONDAY, status, standing=standing)


def late(sent: Document, known: Told, now: datetime, patience: int = 3) -> dict[str, int]:
    return {one.code: one.days for one in reminding.laggards(sent, known, now, patience)}


def test_late_is_counted_in_working_days_and_only_of_who_owes_something(city: Office, sent: Document) -> None:
    known = told(
        city, sent, at("G01"), at("G02", "accepted"), at("G03", status="03"), at("G04", status="06"),
        at("G05", status="02"), at("G06", "refused"), at("G07", standing="recalled"), at("G08", status="01"),
        due="2026-11-26",
    )  # fmt: skip
    assert late(sent, known, MONDAY + timedelta(days=2)) == {}
    assert late(sent, known, MONDAY + timedelta(days=3)) == {"G01": 3, "G02": 3, "G08": 3}
    assert late(sent, known, NEXT_MONDAY, 1) == {"G01": 5, "G02": 5, "G08": 5, "G03": 2}
    without_deadline = replace(known, entry=replace(known.entry, due=""))
    assert "G03" not in late(sent, without_deadline, NEXT_MONDAY, 0)


def test_the_letter_is_drafted_once_and_linked_when_it_is_issued(city: Office, sent: Document) -> None:
    deed = replace(city.officer, at=FRIDAY)
    known = told(city, sent, at("G01"), at("G09"), at("G04", status="06"))
    draft = reminding.begin(deed, sent, known, ["G09", "G04", "G99"])
    assert reminding.begin(deed, sent, known, ["G09"]).pk == draft.pk
    assert [row["code"] for row in draft.recipients] == ["G09"]
    assert draft.fields["subject"] == f"V/v đôn đốc tiếp nhận, xử lý Quyết định số {sent.code}"
    assert "trước ngày 04/12/2026" in draft.fields["body"]
    assert story(sent).count("urging") == 1
    draft.fields = city.typed().fields | draft.fields | {"notation": "UBND-KT"}
    draft.save()
    letter = city.issued(Draft.objects.get(pk=draft.pk))
    assert Link.objects.get(target=sent).kind == LinkKind.REMINDS
    assert sent.events.get(what="urged").told == {"number": letter.code, "to": ["Cơ quan G09 (mẫu)"]}


def test_who_has_answered_or_was_not_chosen_is_not_reminded(city: Office, sent: Document) -> None:
    with pytest.raises(InvalidValue):
        reminding.begin(city.officer, sent, told(city, sent, at("G09", status="06")), ["G09"])
    with pytest.raises(InvalidValue):
        reminding.begin(city.officer, sent, told(city, sent, at("G09")), [])
    for stranger in (city.deed(Duty.OFFICER, city.other_room), city.deed(Duty.INSPECTOR)):
        with pytest.raises(NotAllowed):
            reminding.begin(stranger, sent, told(city, sent, at("G09")), ["G09"])
    assert "urging" not in story(sent)


def test_the_page_lists_the_late_and_leads_to_the_draft(city: Office, sent: Document) -> None:
    client = Client()
    client.force_login(city.officer.person)
    page = client.get(f"/di/van-ban/{sent.pk}/?ngay=0").content.decode()
    assert "Soạn công văn đôn đốc" in page
    assert "chưa tiếp nhận sau" in page
    assert "don-doc" in client.get(f"/van-ban/{sent.package}/").content.decode()
    answer = client.post(f"/di/van-ban/{sent.pk}/don-doc/", {"to": ["G09"]})
    draft = Draft.objects.get(document=None, agency=city.code, author=city.officer.person)
    assert answer.url == f"/soan/{draft.pk}/"
    assert "đôn đốc" in client.get(answer.url).content.decode()
    again = client.post(f"/di/van-ban/{sent.pk}/don-doc/", {}, follow=True).content.decode()
    assert "Chưa chọn nơi nhận nào cần nhắc" in again


def test_a_stranger_finds_no_such_page(city: Office, sent: Document, other_clerk: Client) -> None:
    assert other_clerk.post(f"/di/van-ban/{sent.pk}/don-doc/", {"to": ["G09"]}).status_code == 404
