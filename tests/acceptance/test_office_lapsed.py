"""In the browser: a leader's post runs out, the signing page says so, the draft is back at its drafter and goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from apps_process import scripted
from office_site import Site, enter, served
from served_site import violations

pytestmark = pytest.mark.acceptance
GONE = "không còn quyền ký"
RUNS_OUT = """
from datetime import timedelta
from django.utils import timezone
from apps.accounts.models import User
from apps.staff.models import Duty, Post
from apps.staff.rights import first_post
Post.objects.filter(person__username="lanhdao").update(until=timezone.localdate() - timedelta(1))
other = User.objects.create(username="lanhdao2", name="Lãnh đạo Mẫu Hai", agency="H29")
first_post(other, Duty.LEADER)
"""
ROUND = "from apps.office.rounds import go_round; go_round()"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An office of its own: its leader goes."""
    with served(tmp_path, 5) as found:
        yield found


def at(chrome: Browser, site: Site, who: str) -> Page:
    return enter(chrome.new_context(base_url=site.address, locale="vi-VN"), who)


def test_from_the_leader_who_may_sign_no_more_to_another(chrome: Browser, site: Site, tmp_path: Path) -> None:
    leader, officer = at(chrome, site, "lanhdao"), at(chrome, site, "chuyenvien")
    leader.goto(site.paths["sign"])
    expect(leader.get_by_role("group", name="Cách ký")).to_be_visible()
    scripted(tmp_path, RUNS_OUT)
    leader.reload()
    expect(leader.get_by_role("alert")).to_contain_text(GONE)
    expect(leader.get_by_role("group", name="Cách ký")).to_have_count(0)
    assert violations(leader) == []

    scripted(tmp_path, ROUND)
    officer.goto("/thong-bao/")
    officer.get_by_role("link", name=GONE).first.click()
    mine = officer.get_by_role("region", name="Phần của tôi")
    expect(mine).to_contain_text(GONE)
    assert violations(officer) == []
    mine.get_by_role("link", name="Sửa và trình lại").click()
    officer.get_by_label("Trình ai ký").select_option("Lãnh đạo Mẫu Hai")
    officer.get_by_role("button", name="Trình", exact=True).click()
    expect(mine).to_contain_text("Chờ ở bước")
    expect(mine).not_to_contain_text(GONE)
