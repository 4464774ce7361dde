"""The rail: each role's own work first, lesser lists folded away, and a telephone's bar with the few that matter."""

import re

import pytest
from django.test import Client

from apps.staff.models import Duty
from lienthong.errors import Unavailable
from lienthong.testing.desk import Town
from unit.apps.office_made import Agency, undone

FOLDS = re.compile(r'<details class="section" data-section="([a-z-]+)"( open)?>')


def rail(client: Client, path: str = "/tim/") -> str:
    found = re.search(r'<nav class="rail".*?</nav>', client.get(path).content.decode(), re.DOTALL)
    assert found
    return found[0]


def bar(client: Client) -> list[str]:
    """Addresses of the bar, without the sheet of the rest."""
    text = client.get("/tim/").content.decode()
    return re.findall(
        r'href="([^"]+)"', text[text.index('<nav class="bar"') : text.index('<details class="menu more">')]
    )


def entered(city: Agency, duty: str) -> Client:
    client = Client()
    client.force_login(city.person(duty))
    return client


@pytest.mark.parametrize(
    ("duty", "first"),
    [
        (Duty.CLERK, ["/den/cho-tiep-nhan/", "/den/cho-but-phe/", "/di/viec/cho-cap-so/", "/den/cho-xu-ly/"]),
        (Duty.LEADER, ["/den/cho-but-phe/", "/di/viec/cho-ky/", "/den/cho-xu-ly/", "/den/qua-han/"]),
        (Duty.UNIT_HEAD, ["/di/viec/cho-toi-duyet/", "/den/cho-xu-ly/", "/den/qua-han/", "/tong-quan/"]),
        (Duty.OFFICER, ["/den/cho-xu-ly/", "/den/qua-han/", "/di/viec/du-thao-cua-toi/", "/tong-quan/"]),
        (Duty.ADMINISTRATOR, ["/dao-mot-vong/", "/nhan-su/", "/di/cac-buoc/", "/quy-tac/", "/huong-dan/"]),
    ],
)
def test_the_bar_has_what_the_role_begins_its_day_with(duty: str, first: list[str]) -> None:
    with undone():
        client = entered(Agency(), duty)
        path = "/nhan-su/" if duty == Duty.ADMINISTRATOR else "/tim/"
        assert first == (bar(client) if path == "/tim/" else re.findall(r'<a href="([^"]+)"', rail(client, path)))


def test_few_lines_stand_open_and_nothing_is_lost(clerk: Client) -> None:
    text = rail(clerk)
    folded = "".join(re.findall(r"<details.*?</details>", text, re.DOTALL))
    assert text.count("<li>") - folded.count("<li>") < 10
    assert [key for key, opened in FOLDS.findall(text) if not opened] == ["den", "di", "ho-so", "thiet-lap"]
    for path in ("/den/tat-ca/", "/di/dang-gui/", "/di/tat-ca/", "/nhap/", "/ho-so/", "/so/", "/di/so/"):
        assert f'href="{path}"' in folded, path


def test_where_one_is_stands_open_and_what_was_opened_stays_so(clerk: Client) -> None:
    assert ("ho-so", " open") in FOLDS.findall(rail(clerk, "/ho-so/"))
    clerk.cookies["rail"] = "di.ho-so"
    assert [key for key, opened in FOLDS.findall(rail(clerk)) if opened] == ["di", "ho-so"]
    clerk.cookies["rail"] = '"><script>'
    assert "<script>" not in rail(clerk)


def test_a_gateway_that_is_away_costs_its_counts_alone(clerk: Client, town: Town) -> None:
    town.failure = Unavailable()
    assert 'href="/di/can-xem/"' in rail(clerk)
