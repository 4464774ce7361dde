"""A leader's day on a telephone, with a thumb: read, remark, sign by SIM, return; the shell without a network."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from office_site import Site, drawn, enter
from served_site import violations

pytestmark = pytest.mark.acceptance
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "vi-VN"}
REACH = 844 / 2
"""Pixels from the bottom that a thumb reaches without moving the hand."""


@pytest.fixture
def phone(chrome: Browser, office: Site) -> Iterator[BrowserContext]:
    context = chrome.new_context(base_url=office.address, **PHONE)  # type: ignore[arg-type]  # options by name
    yield context
    context.close()


@pytest.fixture
def leader(phone: BrowserContext) -> Page:
    return enter(phone, "lanhdao")


def under_the_thumb(page: Page, name: str) -> Locator:
    """What is pressed with that name: in reach, and at least 44 pixels high."""
    found = page.locator(".mine .acts :is(a, button, summary):visible").filter(has_text=name).first
    box = found.bounding_box()
    assert box
    assert box["y"] > 844 - REACH, f"{name} is out of reach"
    assert box["height"] >= 44, f"{name} is {box['height']} high"
    return found


def sound(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_read_remark_and_go_on_to_the_next(leader: Page) -> None:
    leader.locator(".bar > a").filter(has_text="Chờ bút phê").tap()
    leader.locator(".entries .subject a").first.tap()
    drawn(leader)
    sheet = leader.locator(".sheet[data-number]").first
    assert sheet.evaluate("one => one.clientWidth") >= 380, "as wide as the screen"
    expect(sheet.locator(".words")).to_contain_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    sound(leader)
    under_the_thumb(leader, "Bút phê…").tap()
    leader.get_by_label("Ý kiến bút phê").fill("Giao Phòng chủ trì, báo cáo trước hạn.")
    leader.locator("button.chip").first.tap()
    leader.locator("label.chip").filter(has_text="3 ngày").tap()
    small = leader.locator(
        ".dialog :is(button, select, .chip, input:not([type=hidden], [type=radio], [type=checkbox]))"
    )
    assert min(box["height"] for one in small.all() if (box := one.bounding_box())) >= 44
    sound(leader)
    under_the_thumb(leader, "Bút phê").tap()
    expect(leader.locator(".notice.success")).to_contain_text("Đã bút phê")
    before = leader.url
    leader.get_by_role("link", name="Văn bản tiếp theo").tap()
    expect(leader.get_by_text("Phần của tôi")).to_be_visible()
    assert leader.url != before


def test_sign_by_the_telephones_own_key(leader: Page) -> None:
    leader.goto("/di/viec/cho-ky/")
    leader.locator(".entries .subject a").first.tap()
    drawn(leader)
    under_the_thumb(leader, "Trả lại…").tap()
    expect(leader.get_by_label("Lý do trả lại")).to_be_visible()
    sound(leader)
    leader.locator("summary").filter(has_text="Trả lại…").tap()
    leader.locator(".mine .other summary").tap()
    leader.get_by_role("link", name="Chọn cách ký").tap()
    leader.get_by_role("button", name="Ký bằng điện thoại").tap()
    expect(leader.locator(".code-shown")).to_have_text("4821")
    sound(leader)
    expect(leader.locator(".notice.success")).to_contain_text("Đã ký", timeout=20_000)
    assert re.search(r"/di/van-ban/", leader.url)


def test_approve_without_scripts(chrome: Browser, office: Site) -> None:
    context = chrome.new_context(base_url=office.address, java_script_enabled=False, **PHONE)  # type: ignore[arg-type]  # options by name
    page = enter(context, "truongphong")
    page.locator(".bar > a").filter(has_text="Chờ tôi duyệt").tap()
    page.locator(".entries .subject a").first.tap()
    under_the_thumb(page, "Đồng ý…").tap()
    under_the_thumb(page, "Đồng ý bản").tap()
    expect(page.locator(".notice.success")).to_contain_text("Đã đồng ý")
    context.close()


def test_only_the_shell_is_kept_and_it_says_there_is_no_network(phone: BrowserContext) -> None:
    page = enter(phone, "vanthu")
    page.evaluate("navigator.serviceWorker.ready.then(() => 'ready')")
    page.goto("/den/tat-ca/")
    page.locator(".entries .subject a").first.tap()
    page.wait_for_url("**/van-ban/**")
    drawn(page)
    addresses = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async name =>
            (await (await caches.open(name)).keys()).map(each => new URL(each.url).pathname)))).flat()"""
    )
    assert "/static/ui/app.css" in addresses
    assert {one for one in addresses if not one.startswith("/static/")} == {"/khong-co-mang/"}
    shown = page.evaluate("caches.match('/khong-co-mang/').then(found => found.text())")
    assert "Văn thư Mẫu" not in shown, "nobody's name in what is kept"
    phone.set_offline(True)
    page.goto("/den/cho-xu-ly/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Không có mạng")
    sound(page)
    page.evaluate("addEventListener('online', event => event.stopImmediatePropagation(), true)")  # told too early, say
    phone.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ xử lý")
    page.locator(".who summary").tap()
    page.get_by_role("button", name="Đăng xuất").tap()
    expect(page.get_by_label("Mật khẩu")).to_be_visible()
    page.wait_for_function("caches.keys().then(names => names.length === 0)")


def test_it_can_be_installed(leader: Page) -> None:
    leader.evaluate("navigator.serviceWorker.ready.then(() => 'ready')")
    tools = leader.context.new_cdp_session(leader)
    told = tools.send("Page.getAppManifest")
    assert told["errors"] == []
    assert '"display": "standalone"' in told["data"]
    found = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {one["errorId"] for one in found} <= {"in-incognito"}, (
        "a test's browser keeps nothing, so it installs nothing"
    )


def test_what_was_typed_comes_back_when_the_session_had_run_out(phone: BrowserContext) -> None:
    page = enter(phone, "chuyenvien")
    page.goto("/di/viec/du-thao-cua-toi/")
    page.locator(".entries .subject a").first.tap()
    page.wait_for_url("**/di/van-ban/**")
    where = page.url
    page.get_by_text("Ghi ý kiến").first.tap()
    page.get_by_label("Ý kiến", exact=True).first.fill("Đề nghị sửa Điều 2")
    phone.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Ghi ý kiến").tap()
    page.get_by_label("Tên đăng nhập").fill("chuyenvien")
    page.get_by_label("Mật khẩu").fill("mat-khau-mau")
    page.get_by_role("button", name="Đăng nhập").tap()
    expect(page.get_by_role("textbox", name="Ý kiến", exact=True).first).to_have_value("Đề nghị sửa Điều 2")
    said = page.locator("form", has=page.get_by_role("button", name="Ghi ý kiến")).get_by_role("status")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("chưa gửi đi; nó được giữ và hiện lại ở đây")
    sound(page)
    page.get_by_role("textbox", name="Ý kiến", exact=True).first.fill("Đề nghị sửa Điều 2 và Điều 3")
    page.reload()
    expect(page.get_by_role("textbox", name="Ý kiến", exact=True).first).to_have_value("Đề nghị sửa Điều 2 và Điều 3")
    expect(said).to_have_count(1)
    page.get_by_role("button", name="Ghi ý kiến").tap()
    expect(page.locator(".notice.success")).to_be_visible()
    page.goto(where)
    expect(page.locator("main [data-typed]")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Ý kiến", exact=True, include_hidden=True).first).to_have_value("")


def test_a_paper_document_that_was_being_entered_is_there_again_after_the_door(phone: BrowserContext) -> None:
    """Words, days, choices; the file is chosen again, a browser lets no page keep it."""
    page = enter(phone, "vanthu")
    page.goto("/den/van-ban-giay/")
    page.get_by_label("Cơ quan ban hành").fill("Sở Mẫu")
    page.get_by_label("Ngày ban hành").fill("2026-11-20")
    page.get_by_label("Loại văn bản").select_option("Quyết định")
    where = page.url
    phone.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Lưu vào").tap()
    page.get_by_label("Tên đăng nhập").fill("vanthu")
    page.get_by_label("Mật khẩu").fill("mat-khau-mau")
    page.get_by_role("button", name="Đăng nhập").tap()
    expect(page.get_by_label("Cơ quan ban hành")).to_have_value("Sở Mẫu")
    expect(page.get_by_label("Ngày ban hành")).to_have_value("2026-11-20")
    expect(page.get_by_label("Loại văn bản")).to_have_value("Quyết định")
    expect(page.locator("main form").get_by_role("status")).to_have_text(re.compile("chưa gửi đi"))
    expect(page.locator("main form")).to_contain_text("phải chọn lại")
    sound(page)
    page.goto("/den/van-ban-giay/")
    page.get_by_role("link", name="Sở Mẫu").tap()
    page.wait_for_url(where)
    page.get_by_role("button", name="Bỏ điều đã nhập").tap()
    expect(page.get_by_role("link", name="Sở Mẫu")).to_have_count(0)


def test_choices_beside_words_stay_in_the_tab(phone: BrowserContext) -> None:
    """A form that the server keeps nothing of."""
    page = enter(phone, "vanthu")
    page.goto("/noi-bo/moi/")
    page.get_by_label("Loại văn bản").select_option("Quyết định")
    page.get_by_label("Trích yếu").fill("V/v nội bộ")
    page.reload()
    expect(page.get_by_label("Loại văn bản")).to_have_value("Quyết định")
    expect(page.get_by_label("Trích yếu")).to_have_value("V/v nội bộ")
    expect(page.locator("main form").get_by_role("status")).to_have_count(1)
