"""The report on signatures beside a document: a page to print, and the signed one."""

import pytest
from django.test import Client
from lxml import html

from lienthong.signature.judging import Trust
from lienthong.signature.reporting import verified
from lienthong.testing.desk import FakeDesk, Town
from lienthong.testing.pki import pki
from unit.apps.known import WAITING, entry


@pytest.fixture
def page(town: Town) -> str:
    return f"/van-ban/{entry(town, WAITING).id}/"


def test_the_page_links_to_both(clerk: Client, page: str) -> None:
    links = html.fromstring(clerk.get(page).content.decode()).xpath("//details//a/@href")
    assert [each for each in links if "chu-ky" in each] == [f"{page}tep/1/chu-ky/", f"{page}tep/1/chu-ky/?tai=1"]


def test_a_page_to_read_and_print(clerk: Client, page: str) -> None:
    answer = clerk.get(f"{page}tep/1/chu-ky/")
    shown = html.fromstring(answer.content)
    assert "Báo cáo kiểm tra chữ ký số" in shown.text_content()
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert not shown.xpath("//script")


def test_the_signed_one_is_checked_by_anybody(clerk: Client, page: str) -> None:
    answer = clerk.get(f"{page}tep/1/chu-ky/?tai=1")
    assert answer["Content-Disposition"].startswith("attachment")
    assert verified(answer.content.decode(), Trust("", pki().roots)).statement.service == "gw-h29"


def test_what_is_not_there(clerk: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clerk.get(f"{page}tep/9/chu-ky/").status_code == 404
    known = FakeDesk.known_file

    def gone(self: FakeDesk, sha256: str) -> object:
        return known(self, sha256).__class__(sha256)

    monkeypatch.setattr(FakeDesk, "known_file", gone)
    assert clerk.get(f"{page}tep/1/chu-ky/").status_code == 404
