"""Who may what: every page of the console under every role, held on the server."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.middleware import right_of
from apps.accounts.models import User
from apps.accounts.roles import CONSOLE, MAY, Right, Role, may
from apps.audit.models import Entry

OPEN = {"first-run"}
"""Pages of the console that nobody signs in for; each guards itself."""


def patterns(found: list[Any], before: str = "") -> list[tuple[str, URLPattern]]:
    out = []
    for each in found:
        path = before + str(each.pattern)
        out += patterns(each.url_patterns, path) if isinstance(each, URLResolver) else [(path, each)]
    return out


def console_pages() -> list[tuple[str, URLPattern]]:
    return [(path, each) for path, each in patterns(get_resolver().url_patterns) if path.startswith("van-hanh/")]


def address(path: str) -> str:
    return "/" + re.sub(r"<\w+:\w+>", "1", path)


def test_every_page_of_the_console_names_its_right() -> None:
    unnamed = [path for path, each in console_pages() if each.name not in OPEN and right_of(each.callback) is None]
    assert unnamed == []


@pytest.mark.parametrize("role", list(Role))
def test_a_page_opens_to_those_with_its_right_and_to_nobody_else(role: Role, officer: Callable[[str], Client]) -> None:
    client = officer(role)
    for path, each in console_pages():
        if each.name in OPEN:
            continue
        right = right_of(each.callback)
        assert right is not None
        answers = {client.get(address(path)).status_code, client.post(address(path), {}).status_code}
        assert (answers == {403}) is (not may(role, right)), path


def test_anonymous_people_see_the_door(visitor: Client) -> None:
    for path, each in console_pages():
        if each.name not in OPEN:
            assert visitor.get(address(path))["Location"].startswith("/dang-nhap/"), path


def test_console_people_have_no_office(officer: Callable[[str], Client]) -> None:
    for path in ("/den/cho-tiep-nhan/", "/soan/", "/nhap/", "/tim/?q=a"):
        assert officer(Role.OPERATOR).get(path).status_code == 403


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Right.DECIDE_APPLICATIONS, Right.DECIDE_CERTIFICATES),
        (Right.CHANGE_DIRECTORY, Right.PUBLISH),
        (Right.USERS, Right.FREE_MESSAGES),
        (Right.USERS, Right.DECIDE_APPLICATIONS),
    ],
)
def test_no_role_holds_two_rights_that_check_each_other(one: Right, other: Right) -> None:
    assert [role for role in Role if {one, other} <= MAY[role]] == []


def test_an_auditor_changes_nothing() -> None:
    looking = {Right.LOOK, Right.MESSAGES, Right.APPLICATIONS, Right.SETTINGS, Right.AUDIT}
    assert MAY[Role.AUDITOR] <= looking


def test_an_unknown_role_opens_nothing() -> None:
    assert not any(may("leader", right) for right in Right)


def test_a_refusal_is_kept(officer: Callable[[str], Client]) -> None:
    officer(Role.OPERATOR).get("/van-hanh/nguoi-dung/")
    found = Entry.objects.order_by("-index")[0]
    assert (found.act, found.outcome, found.subject) == ("refused", "refused", "/van-hanh/nguoi-dung/")


def test_nobody_changes_their_own_rights(officer: Callable[[str], Client]) -> None:
    client = officer(Role.SECURITY)
    me = User.objects.get(username="mau.security")
    client.post(f"/van-hanh/nguoi-dung/{me.pk}/", {"act": "role", "role": Role.OPERATOR})
    me.refresh_from_db()
    assert me.role == Role.SECURITY


def test_whoever_loses_a_role_is_out_at_once(officer: Callable[[str], Client]) -> None:
    chief, theirs = officer(Role.SECURITY), officer(Role.OPERATOR)
    who = User.objects.get(username="mau.operator")
    assert theirs.get("/van-hanh/").status_code == 200
    chief.post(f"/van-hanh/nguoi-dung/{who.pk}/", {"act": "leave"})
    assert theirs.get("/van-hanh/").status_code == 302


def test_a_clerk_is_no_role_of_the_console(officer: Callable[[str], Client]) -> None:
    told = {"username": "x", "name": "X", "role": Role.CLERK}
    assert officer(Role.SECURITY).post("/van-hanh/nguoi-dung/them/", told).status_code == 422
    assert Role.CLERK not in CONSOLE


def test_settings_are_changed_by_security_officers_alone(officer: Callable[[str], Client]) -> None:
    told = {"idle": "20", "late": "5", "down": "30", "ending": "30"}
    assert officer(Role.OPERATOR).post("/van-hanh/cai-dat/", told).status_code == 403
    assert officer(Role.SECURITY).post("/van-hanh/cai-dat/", told).status_code == 302
    assert officer(Role.SECURITY).post("/van-hanh/cai-dat/", {**told, "idle": "0"}).status_code == 422
    told |= {"notice": "Bảo trì lúc 22 giờ", "idle": "20"}
    officer(Role.SECURITY).post("/van-hanh/cai-dat/", told)
    page = officer(Role.OPERATOR).get("/van-hanh/cai-dat/").content.decode()
    assert "Bảo trì lúc 22 giờ" in page.split("<h1")[0]
    assert 'value="20"' in page
    assert "Chỉ cán bộ an ninh đổi được" in page
