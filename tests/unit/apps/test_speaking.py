"""Representation from–to: handed over with a week of both, ended on a day; the past and others' codes are not touched."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.directory import book
from apps.onboarding.acts import HANDOVER
from apps.ui.times import today
from lienthong.document import OrganisationCode
from lienthong.registry import Gateway, Organisation, Representation

CODE = OrganisationCode("H29.55")
PATH = "/van-hanh/dai-dien/"


@pytest.fixture(autouse=True)
def directory() -> Iterator[None]:
    with transaction.atomic():
        officer = User.objects.create(username="mau.ai-do", name="Người Mẫu", role=Role.REGISTRATION)
        change = book.begin(officer, "begin", "mẫu")
        book.put(change, {CODE: (Organisation(CODE, "Phường Mẫu", "commune"),)})
        for gateway in ("gw-chung", "gw-rieng"):
            book.list_gateway(change, Gateway(gateway, gateway, CODE))
        book.speak(change, [Representation("gw-chung", CODE)])
        yield
        transaction.set_rollback(True)


def spoken() -> list[tuple[str, object, object]]:
    return [(each.gateway, each.valid_from, each.valid_to) for each in book.representations([CODE]).get(CODE, [])]


def test_a_handover_leaves_a_week_of_both(officer: Callable[..., Client]) -> None:
    client = officer(Role.REGISTRATION)
    client.post(PATH, {"act": "begin", "organisation": "H29.55", "gateway": "gw-rieng"})
    assert spoken() == [("gw-chung", None, today() + HANDOVER), ("gw-rieng", today(), None)]
    assert "gw-rieng" in client.get(PATH, {"q": "H29.55"}).content.decode()


def test_an_end_is_the_last_day(officer: Callable[..., Client]) -> None:
    last = today() + timedelta(days=3)
    told = {"act": "end", "organisation": "H29.55", "gateway": "gw-chung", "day": str(last)}
    officer(Role.REGISTRATION).post(PATH, told)
    assert spoken() == [("gw-chung", None, last)]


@pytest.mark.parametrize(
    "told",
    [
        {"gateway": "gw-khong-co"},
        {"gateway": "gw-chung"},
        {"organisation": "H29.56"},
        {"organisation": "!"},
        {"day": "2020-01-01"},
        {"act": "end", "gateway": "gw-rieng"},
    ],
    ids=lambda told: next(iter(told.values())),
)
def test_what_makes_no_sense_changes_nothing(told: dict[str, str], officer: Callable[..., Client]) -> None:
    asked = {"act": "begin", "organisation": "H29.55", "gateway": "gw-rieng"} | told
    page = officer(Role.REGISTRATION).post(PATH, asked, follow=True).content.decode()
    assert "notice error" in page
    assert spoken() == [("gw-chung", None, None)]


def test_others_look_and_another_province_does_not_change_it(officer: Callable[..., Client]) -> None:
    told = {"act": "begin", "organisation": "H29.55", "gateway": "gw-rieng"}
    assert officer(Role.AUDITOR).get(PATH).status_code == 200
    assert officer(Role.AUDITOR).post(PATH, told).status_code == 403
    officer(Role.REGISTRATION, "tinh", agency="H40").post(PATH, told)
    assert spoken() == [("gw-chung", None, None)]
