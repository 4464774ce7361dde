"""The console in a real browser: the walks of its people; no accessibility violation, no sideways scroll, at two widths."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import one_time
from served_site import axe, chromium, prepare, serving

pytestmark = pytest.mark.acceptance
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CONFIG = """
[site]
secret_key_file = "secret.key"
database = "apps.sqlite3"
hosts = ["127.0.0.1"]
[console]
code_file = "code"
hops = "unit.apps.hops.lively"
[[console.hop]]
name = "axis"
url = "http://testserver.local"
token_file = "password"
"""
PEOPLE = ("registration", "security", "operator")
WIDTHS = (390, 1366)
DIRECTORY = ("", "phat-hanh/", "nhap/", "ke-hoach/", "ke-hoach/moi/")
PAGES = {
    "registration": ("ho-so/", "dai-dien/", *(f"../danh-ba/{each}" for each in DIRECTORY)),
    "operator": ("", "goi-tin/", "bi-ket/", "may-chu/", "may-chu/gw-h29/", "chan-doan/axis/", "cai-dat/"),
    "security": ("nguoi-dung/", "nguoi-dung/them/", "kiem-tra/", "ho-so/"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("console")
    people = "".join(_person(role) for role in PEOPLE)
    (folder / "apps.toml").write_text(CONFIG + people, "utf-8")
    (folder / "password").write_text("mat-khau-mau-dai")
    (folder / "totp").write_text(SECRET)
    prepare(folder)
    with serving(folder) as found:
        yield found


def _person(role: str) -> str:
    files = 'password_file = "password"\ntotp_file = "totp"'
    return f'[[console.login]]\nusername = "mau.{role}"\nname = "Người Mẫu – {role}"\nrole = "{role}"\n{files}\n'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def entered(browser: Browser, address: str, role: str) -> tuple[BrowserContext, Page]:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(f"mau.{role}")
    page.get_by_label("Mật khẩu").fill("mat-khau-mau-dai")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Mã trong ứng dụng").fill(one_time.code(SECRET, address, role))
    page.get_by_role("button", name="Vào").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tổng quan")
    return context, page


def judged(page: Page, path: str) -> list[str]:
    """What is wrong with a page at each width."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        wrong += judged_here(page, f"{path} {width}")
    return wrong


def judged_here(page: Page, name: str) -> list[str]:
    """What is wrong with what is shown, which may be the answer to a form."""
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    wrong = [f"{name} {each['id']}" for each in found["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append(f"{name} scrolls sideways")
    return wrong


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_accessible_at_both_widths(role: str, browser: Browser, address: str) -> None:
    context, page = entered(browser, address, role)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wrong = [each for path in PAGES[role] for each in judged(page, f"/van-hanh/{path}")]
    if role == "security":
        wrong += judged(page, "/dang-ky/")
    context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_an_operator_finds_a_message_and_stops_it(browser: Browser, address: str) -> None:
    context, page = entered(browser, address, "operator")
    page.keyboard.press("/")
    page.keyboard.type("H40")
    page.goto("/van-hanh/goi-tin/?co-quan=H40")
    page.locator("td.subject a").first.click()
    expect(page.get_by_role("heading", name="Hành trình")).to_be_visible()
    page.get_by_label("Lý do").fill("cơ quan đề nghị dừng")
    page.get_by_label("Nơi nhận").select_option("H40")
    page.get_by_role("button", name="Dừng, không giao nữa").click()
    expect(page.get_by_role("status")).to_contain_text("Đã làm")
    expect(page.get_by_text("người vận hành ra lệnh").first).to_be_visible()
    context.close()


def test_an_agency_applies_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/dang-ky/")
    told = {"Mã định danh": "H29.51", "Tên đầy đủ": "Phường Mẫu", "Mã máy chủ": "gw-mau", "Tên máy chủ": "Máy chủ Mẫu"}
    for label, value in {**told, "Họ tên": "Người Mẫu", "Thư điện tử": "mau@example.vn"}.items():
        page.get_by_label(label).first.fill(value)
    page.get_by_role("button", name="Nộp đơn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phường Mẫu")
    expect(page.get_by_text("Người nộp tải lên tệp PDF đã ký.")).to_be_visible()
    context.close()
