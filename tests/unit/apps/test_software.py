"""The agency's software at its gateway, kept on a page: tokens, systems, bounds; nobody but its administrator."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from apps.audit.models import Entry
from apps.staff.models import Duty
from lienthong.testing.desk.shared import Shared
from unit.apps.office_made import Agency, undone

PAGE = "/nhan-su/phan-mem/"


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    known = tuple(replace(each, admin_token_file=Path("token")) for each in settings.CONFIG.agency)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, agency=known))
    with undone():
        yield Agency()


@pytest.fixture
def admin(city: Agency) -> Client:
    return entered(city, Duty.ADMINISTRATOR)


def entered(city: Agency, duty: str) -> Client:
    client = Client()
    client.force_login(city.person(duty))
    return client


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_a_token_is_shown_once_and_taken_back(admin: Client, town: object) -> None:
    told = {"act": "issue", "name": "Phần mềm mẫu", "scope": ["read", "send"], "days": "30"}
    once = admin.post(PAGE, told).content.decode()
    assert "token-000000000001" in once
    assert "token-000000000001" not in text(admin)
    assert "Phần mềm mẫu" in text(admin)
    assert admin.post(PAGE, {"act": "rotate", "id": "000000000001"}).status_code == 200
    assert admin.post(PAGE, {"act": "revoke", "id": "000000000002"}).status_code == 302
    assert [each.live for each in Shared.town.offices["H29"].tokens.values()] == [True, False]
    assert set(Entry.objects.values_list("act", flat=True)) >= {"software-issue", "software-rotate", "software-revoke"}


@pytest.mark.parametrize(
    "told",
    [
        {"act": "issue", "name": "x", "days": "30"},
        {"act": "issue", "name": "x", "scope": ["read"], "days": "nhiều"},
        {"act": "revoke", "id": "strangers"},
        {"act": "secret", "id": "phan-mem-chung"},
        {"act": "bound", "documents": "501"},
        {"act": "bound", "documents": "inf"},
        {"act": "bound", "rate": "nan"},
        {"act": "king"},
    ],
)
def test_what_the_gateway_refuses_is_said_and_changes_nothing(
    admin: Client, town: object, told: dict[str, str]
) -> None:
    before = Entry.objects.count()
    answer = admin.post(PAGE, told)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Entry.objects.count() == before


def test_bounds_are_written_in_megabytes_and_systems_get_secrets(admin: Client, town: object) -> None:
    assert admin.post(PAGE, {"act": "bound", "documents": "300", "bytes": "1,5"}).status_code == 302
    assert Shared.town.offices["H29"].own.bytes == 1_500_000
    assert "bi-mat-2" in admin.post(PAGE, {"act": "secret", "id": "phan-mem-mau"}).content.decode()
    assert admin.post(PAGE, {"act": "shut", "id": "phan-mem-mau"}).status_code == 302
    assert "do đơn vị chủ quản giữ" in text(admin)


def test_nobody_else_comes_here(city: Agency, town: object) -> None:
    for duty in (Duty.CLERK, Duty.LEADER):
        assert entered(city, duty).get(PAGE).status_code == 403


def test_without_a_token_of_its_own_the_page_says_what_to_do(city: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tuple(replace(each, admin_token_file=None) for each in settings.CONFIG.agency)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, agency=known))
    assert "admin_token_file" in text(entered(city, Duty.ADMINISTRATOR))
