"""A tab that shows PDF after PDF holds one at a time, and of a long one the pages near sight."""

from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lienthong.layout import Draft, compose
from office_site import enter
from paging import Tab

pytestmark = pytest.mark.acceptance
WARM, MORE = 3, 9
NEAR = 6
"""Pages at once: what is in sight, and what is 800 pixels around it."""


@pytest.fixture
def clerk(window: BrowserContext) -> Page:
    return enter(window, "vanthu")


def test_documents_that_were_left_are_gone(clerk: Page) -> None:
    tab = Tab(clerk)
    assert len(set(tab.read(WARM))) == WARM
    clerk.goto("/den/tat-ca/")
    first = tab.settled()
    assert len(set(tab.read(MORE))) == MORE
    clerk.goto("/den/tat-ca/")
    last = tab.settled(first)
    assert last.documents <= first.documents
    assert last.nodes <= first.nodes * 1.05


def test_a_long_file_costs_no_more_than_a_short_one(clerk: Page) -> None:
    clerk.goto("/soan/")
    clerk.locator("input[name=main]").set_input_files(
        {"name": "dai.pdf", "mimeType": "application/pdf", "buffer": long_file()}
    )
    clerk.get_by_role("button", name="Lưu nháp").click()
    pages = clerk.locator(".sheet[data-number]")
    expect(pages.first.locator("canvas")).to_be_attached()
    total = pages.count()
    assert total > 3 * NEAR
    for number in (total // 2, total - 1, 0):
        pages.nth(number).scroll_into_view_if_needed()
        expect(pages.nth(number).locator(".words")).to_be_attached()
        expect(
            clerk.locator(
                f".sheet:nth-child(n + {number + 5}) canvas, .sheet:nth-last-child(n + {total - number + 4}) canvas"
            )
        ).to_have_count(0)
        assert clerk.locator(".sheet canvas").count() <= NEAR


def long_file() -> bytes:
    """A letter of some twenty-five pages."""
    words = "Nội dung dài để thử việc lật trang; mỗi đoạn chiếm vài dòng trên trang giấy khổ A4. " * 5
    return compose(
        Draft(
            organisation="Cơ quan Mẫu", parent=None, number="01", notation="MAU-VP", place="Hà Nội",
            date=date(2026, 1, 5), kind="Thông báo", subject="Văn bản mẫu dài", body=(words,) * 200, authority=(),
            position="NGƯỜI KÝ MẪU", signer_name="Người Ký Mẫu A", recipients=(), to_places=(), sample=True,
        )
    ).pdf  # fmt: skip
