"""Keys that answer by themselves, on the sample desk: telephone and signing service, every way it can end."""

import re

import pytest
from django.test import Client

from apps.office import answering
from apps.office.models import Draft, Signing
from lienthong.errors import Unavailable
from lienthong.signature.inspection import inspect
from lienthong.testing.desk import Town
from lienthong.testing.desk.answering import PIN, Habit
from unit.apps.test_outgoing import City
from unit.apps.test_signing_page import city, entered, leader, waiting

__all__ = ["city", "leader"]
LEADER = "Nguyễn Văn Mẫu"


@pytest.fixture
def draft(city: City) -> str:
    """The signing page of a draft that waits for its leader."""
    return f"/soan/{waiting(city)}/ky/"


def fields() -> list[str]:
    return [each.field for each in inspect(bytes(Draft.objects.get().files.get(main=True).content)).signatures]


def ring(leader: Client, draft: str) -> str:
    """Press the telephone's button; the address of the page that waits."""
    answer = leader.post(f"{draft}khoa/", {"key": "phone"})
    assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.content.decode())[:2000]
    return str(answer["Location"])


def test_the_signers_own_keys_are_offered_and_only_those(leader: Client, draft: str) -> None:
    text = leader.get(draft).content.decode()
    assert "Ký bằng điện thoại" in text
    assert 'name="pin-remote"' in text
    Draft.objects.update(fields=Draft.objects.get().fields | {"signer_name": "Trần Thị Khác"})
    assert "Ký bằng điện thoại" not in leader.get(draft).content.decode()
    assert leader.post(f"{draft}khoa/", {"key": "phone"}).status_code == 409


def test_the_telephone_rings_waits_and_signs(leader: Client, draft: str, town: Town) -> None:
    page = ring(leader, draft)
    text = leader.get(page).content.decode()
    assert "4821" in text
    assert LEADER in text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert leader.get(page.removesuffix("cho/")).json()["state"] == "waiting"
    assert fields() == []
    town.sessions.habit = Habit.ACCEPTS
    assert leader.get(page.removesuffix("cho/")).json()["state"] == "signed"
    assert fields() == ["LeaderSignature1"]
    assert "Đã ký" in leader.get(page, follow=True).content.decode()


def test_what_is_confirmed_after_the_page_was_closed_comes_by_the_worker(
    leader: Client, draft: str, town: Town
) -> None:
    ring(leader, draft)
    answering.follow_all("H29")
    assert fields() == []
    town.sessions.habit = Habit.ACCEPTS
    answering.follow_all("G22")
    assert fields() == []
    answering.follow_all("H29")
    answering.follow_all("H29")
    assert fields() == ["LeaderSignature1"]


def test_refused_on_the_telephone(leader: Client, draft: str, town: Town) -> None:
    page = ring(leader, draft)
    town.sessions.habit = Habit.REFUSES
    assert "Người ký đã từ chối trên thiết bị" in leader.get(page, follow=True).content.decode()
    assert fields() == []
    town.sessions.habit = Habit.ACCEPTS
    leader.get(ring(leader, draft))
    assert fields() == ["LeaderSignature1"], "another try is another session"


def test_given_up_the_question_is_taken_back(leader: Client, draft: str, town: Town) -> None:
    page = ring(leader, draft)
    assert leader.post(page)["Location"].endswith("/ky/")
    assert town.calls[-1][0] == "cancel_signature"
    town.sessions.habit = Habit.ACCEPTS
    leader.get(page)
    assert fields() == []


def test_a_gateway_away_meanwhile_loses_nothing(leader: Client, draft: str, town: Town) -> None:
    page = ring(leader, draft)
    town.sessions.habit, town.failure = Habit.ACCEPTS, Unavailable()
    assert "4821" in leader.get(page).content.decode()
    town.failure = None
    leader.get(page)
    assert fields() == ["LeaderSignature1"]


def test_the_file_that_was_changed_meanwhile_gets_no_signature(leader: Client, draft: str, town: Town) -> None:
    page = ring(leader, draft)
    main = Draft.objects.get().files.get(main=True)
    main.content = bytes(main.content) + b"\n"
    main.save()
    town.sessions.habit = Habit.ACCEPTS
    leader.get(page)
    assert Signing.objects.get().state == "cancelled"
    assert fields() == []


def test_a_service_asks_for_its_pin_which_is_kept_nowhere(leader: Client, draft: str) -> None:
    answer = leader.post(f"{draft}khoa/", {"key": "remote", "pin-remote": "1"})
    assert answer.status_code == 409
    assert fields() == []
    answer = leader.post(f"{draft}khoa/", {"key": "remote", "pin-remote": PIN})
    assert fields() == ["LeaderSignature1"]
    kept = [*Signing.objects.values_list("prepared", "problem", "tickets"), *Draft.objects.values_list("fields")]
    assert PIN not in str(kept)


def test_another_persons_session_is_nobodys(leader: Client, city: City, draft: str) -> None:
    page, other = ring(leader, draft), entered(city.clerk.person)
    assert other.get(page).status_code == 400
    assert other.post(page).status_code == 400
    assert Signing.objects.get().state == "waiting"
