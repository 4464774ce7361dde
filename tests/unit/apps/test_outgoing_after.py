"""After the issue: recall, replacement, correction with their effects on the kept copy; the day-of-signing rule."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from apps.office.incoming import acts as incoming
from apps.office.models import Document, Draft, Link, LinkKind, Role, Standing
from apps.office.outgoing import acts, sending, watching, withdrawing
from apps.staff.calendar import Calendar, calendar_of
from apps.staff.models import SpecialDay
from lienthong.testing.desk import Town
from unit.apps.office_made import undone
from unit.apps.test_outgoing import story
from unit.apps.test_outgoing_flow import Office

FRIDAY = datetime(2026, 11, 20, 9, 55, tzinfo=UTC)  # 16:55 in Viet Nam


@pytest.fixture
def city() -> Iterator[Office]:
    with undone():
        yield Office()


@pytest.fixture
def sent(city: Office) -> Document:
    return city.sent()


def answered(town: Town, document: Document, standing: str) -> None:
    """As the recipients' answers make it at the gateway."""
    entries = town.entries[document.agency]
    for place, entry in enumerate(entries):
        if entry.id == document.package:
            everyone = tuple(replace(one, standing=standing) for one in entry.recipients)
            entries[place] = replace(entry, recipients=everyone)
    cache.clear()


@pytest.mark.parametrize(("answer", "standing"), [
    ("recalled", Standing.RECALLED), ("in-force", Standing.IN_FORCE), ("replaced", Standing.REPLACED),
])  # fmt: skip
def test_the_kept_copy_is_frozen_until_everyone_has_answered(
    city: Office, town: Town, sent: Document, answer: str, standing: Standing
) -> None:
    withdrawing.recall_asked(city.clerk, sent.package, "Gửi nhầm (mẫu)")
    sent.refresh_from_db()
    assert sent.standing == Standing.FROZEN
    answered(town, sent, "frozen")
    assert withdrawing.settle(city.desk, city.code) == 0
    answered(town, sent, answer)
    assert withdrawing.settle(city.desk, city.code) == 1
    sent.refresh_from_db()
    assert sent.standing == standing
    assert story(sent)[-2] == "recall-asked"
    assert sent.files.exists()


def test_the_recall_form_freezes_the_copy(city: Office, sent: Document) -> None:
    client = Client()
    client.force_login(city.clerk.person)
    client.post(f"/van-ban/{sent.package}/thu-hoi/", {"reason": "Gửi nhầm (mẫu)"})
    sent.refresh_from_db()
    assert sent.standing == Standing.FROZEN


def test_what_replaces_is_linked_and_freezes_what_it_replaces(city: Office, sent: Document) -> None:
    draft = city.typed()
    draft.replaces, draft.fields = sent.package, draft.fields | {"reason": "Thay bản cũ (mẫu)"}
    draft.save()
    new = city.issued(draft)
    sending.send(city.desk, city.code)
    sent.refresh_from_db()
    assert sent.standing == Standing.FROZEN
    assert Link.objects.get(target=sent).source == new


def test_a_correction_is_a_letter_linked_to_what_it_corrects(city: Office, sent: Document) -> None:
    draft = withdrawing.correct(city.officer, sent)
    assert draft.fields["subject"] == f"V/v đính chính Quyết định số {sent.code}"
    draft.fields = city.typed().fields | draft.fields | {"notation": "UBND-KT"}
    draft.save()
    letter = city.issued(Draft.objects.get(pk=draft.pk))
    link = Link.objects.get(target=sent)
    assert (link.source, link.kind) == (letter, LinkKind.CORRECTS)
    assert sent.standing == Standing.IN_FORCE


def test_working_days_holidays_and_urgency_decide_until_when() -> None:
    week, holiday = Calendar(), Calendar({date(2026, 11, 23): False})
    monday_noon, tuesday_noon = datetime(2026, 11, 23, 5, 0, tzinfo=UTC), datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert watching.due_after(week, FRIDAY, 0) == monday_noon
    assert watching.due_after(holiday, FRIDAY, 0) == tuesday_noon
    assert watching.due_after(week, FRIDAY, 2) == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert watching.due_after(week, FRIDAY + timedelta(hours=1), 2) == monday_noon
    assert watching.due_after(Calendar({date(2026, 11, 21): True}), FRIDAY, 0) == monday_noon - timedelta(days=2)


def test_the_agencys_own_holidays_count(city: Office) -> None:
    SpecialDay.objects.create(agency=city.code, day=date(2026, 11, 23), name="Nghỉ mẫu")
    assert watching.due_after(calendar_of(city.code), FRIDAY, 0).day == 24
    assert watching.due_after(calendar_of("G22"), FRIDAY, 0).day == 23


def test_what_is_late_is_told_once(city: Office) -> None:
    document = city.through(city.typed())
    acts.signed(replace(city.leader, at=FRIDAY), document, 1, lambda: None)
    due = document.assignments.get(role=Role.ISSUE).due
    assert due is not None
    assert watching.tell_late(city.code, due - timedelta(seconds=1)) == 0
    assert watching.tell_late(city.code, due + timedelta(seconds=1)) == 1
    assert watching.tell_late(city.code, due + timedelta(days=1)) == 0
    assert document.events.get(what="late").told == {"due": "12:00 23/11/2026"}


def test_an_answer_goes_the_way_out_and_is_linked_to_what_it_answers(city: Office) -> None:
    question = city.arrived()
    incoming.register(city.clerk, question, city.book)
    incoming.direct(city.leader, question, "Giao Phòng Kinh tế (mẫu)", [incoming.Recipient(city.room)])
    incoming.forward(city.head, question, [incoming.Recipient(city.room, city.officer.person)])
    draft = incoming.reply(city.officer, question)
    draft.fields = city.typed().fields | draft.fields
    draft.save()
    answer = city.issued(draft)
    assert Link.objects.get(target=question, kind=LinkKind.ANSWERS).source == answer
    assert incoming.reply_to(question) == answer
