"""Keys in the office: they move and open, never act; a letter typed is a letter, with Telex too."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from office_site import enter
from served_site import violations

pytestmark = pytest.mark.acceptance


@pytest.fixture
def page(window: BrowserContext) -> Page:
    return enter(window, "lanhdao")


def ready(page: Page) -> None:
    """A document's page, with its scripts."""
    expect(page.get_by_text("Phần của tôi")).to_be_visible()
    page.wait_for_load_state()


def test_from_list_to_remark_and_back_by_keys_alone(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ bút phê")
    rows = page.locator(".entries .subject a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("o")
    ready(page)
    first = page.url
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("p")
    page.wait_for_url(first)
    page.keyboard.press("b")
    text = page.get_by_label("Ý kiến bút phê")
    expect(text).to_be_visible()
    assert "lam=direct" in page.url, "the dialog is open, nothing is done"


def test_while_one_types_letters_are_letters(page: Page) -> None:
    page.goto("/den/cho-but-phe/")
    page.locator(".entries .subject a").first.click()
    ready(page)
    page.keyboard.press("b")
    text = page.get_by_label("Ý kiến bút phê")
    expect(text).to_be_visible()
    where = page.url
    text.press_sequentially("ghjnpbtxo?/")
    expect(text).to_have_value("ghjnpbtxo?/")
    assert page.url == where
    # an input method composes: its keys come as 229, or marked as composing, whatever has the focus
    page.locator("h1").click()
    for told in ("{key: 'n', keyCode: 229}", "{key: 'n', isComposing: true}", "{key: 'Process', keyCode: 229}"):
        page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{...{told}, bubbles: true}}))")
    assert page.url == where
    text.fill("Giao Phòng chủ trì")
    text.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("đúng một nơi chủ trì")
    expect(page.get_by_label("Ý kiến bút phê")).to_have_value("Giao Phòng chủ trì")


def test_the_table_of_keys_shows_those_of_the_page_and_turns_them_off(page: Page) -> None:
    page.goto("/den/cho-but-phe/")
    page.keyboard.press("?")
    table = page.get_by_role("dialog", name="Phím tắt ở trang này")
    expect(table.get_by_text("Dòng dưới, dòng trên")).to_be_visible()
    expect(table.get_by_text("Hoàn thành")).to_be_hidden()
    expect(table.get_by_text("Quá hạn")).to_be_visible()
    assert violations(page) == []
    table.get_by_label("Dùng phím tắt một chữ").uncheck()
    page.keyboard.press("Escape")
    expect(table).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator(".entries .subject a").first).not_to_be_focused()
    page.locator(".who summary").click()
    page.get_by_role("button", name="Phím tắt").click()
    table.get_by_label("Dùng phím tắt một chữ").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".entries .subject a").first).to_be_focused()


def test_signing_is_only_made_ready(page: Page) -> None:
    page.goto("/di/viec/cho-ky/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    ready(page)
    button, where = page.get_by_role("button", name="Ký bản 1"), page.url
    page.keyboard.press("s")
    expect(button).to_be_focused()
    assert page.url == where


def test_skip_links_lead_to_the_content_and_to_the_lists(page: Page) -> None:
    page.goto("/den/cho-but-phe/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#hop")).to_be_focused()
