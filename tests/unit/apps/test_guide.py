"""The guide inside: each role has one, in both languages, and every link opens for whom it is written."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from apps.office.guide.page import _book, roles
from apps.office.incoming.dialogs import KEYS
from apps.staff.models import Duty
from unit.apps.office_made import Agency
from unit.apps.test_overview import given

FIVE = 5
APPS = Path(__file__).parents[3] / "src" / "apps"


def texts() -> list[dict[str, Any]]:
    acts = [act for role in roles().values() for act in role["act"]]
    return [*_book()["key"], *roles().values(), *acts, *(act["link"] for act in acts)]  # type: ignore[list-item]  # maps all


def test_every_role_has_a_guide_of_five_acts_in_two_languages() -> None:
    assert roles().keys() == set(Duty.values)
    assert {len(role["act"]) for role in roles().values()} == {FIVE}
    assert all(each["vi"].strip() and each["en"].strip() and each["vi"] != each["en"] for each in texts())


@pytest.mark.parametrize("duty", Duty.values)
def test_every_link_opens_for_whom_it_is_written(city: Agency, duty: str) -> None:
    client = city.client(duty)
    page = client.get("/huong-dan/", follow=True)
    assert page.redirect_chain == [(f"/huong-dan/{duty}/", 302)]
    for step in page.context["steps"]:
        assert client.get(step.address, follow=True).status_code == 200, step.address
        assert step.address in page.content.decode()


@pytest.mark.parametrize("duty", Duty.values)
def test_on_the_pages_of_others_what_opens_is_a_link_and_nothing_else(city: Agency, duty: str) -> None:
    client = city.client(duty)
    for role, told in roles().items():
        page = client.get(f"/huong-dan/{role}/")
        for step, act in zip(page.context["steps"], told["act"], strict=True):
            address = reverse(act["url"], args=act.get("args", []))
            opens = client.get(address, follow=True).status_code == 200
            assert (step.address == address) is opens, (role, address)
            assert step.link in page.content.decode()


def test_it_tells_what_waits_for_oneself_and_nothing_on_the_pages_of_others(city: Agency) -> None:
    given(city)
    officer = city.client(Duty.OFFICER)
    own = officer.get("/huong-dan/officer/").content.decode()
    assert "Việc đang chờ tôi" in own
    assert '<a href="/den/cho-xu-ly/">Chờ xử lý</a></span><span class="figure">1</span>' in own
    assert "Việc đang chờ tôi" not in officer.get("/huong-dan/leader/").content.decode()
    assert officer.get("/huong-dan/nobody/").status_code == 404


def test_the_second_language_is_english(city: Agency) -> None:
    client = city.client(Duty.LEADER)
    client.post("/ngon-ngu/", {"language": "en"})
    assert "Two things wait for you" in client.get("/huong-dan/leader/").content.decode()


def test_the_table_of_keys_has_a_line_for_each_letter_a_page_offers() -> None:
    offered = {*KEYS.values()}
    for page in APPS.glob("*/templates/**/*.html"):
        offered |= set(re.findall(r'data-key="([a-z])"', page.read_text("utf-8")))
    told = re.findall(r"data-key=([a-z])]", (APPS / "ui/templates/ui/keys.html").read_text("utf-8"))
    assert offered == set(told)
