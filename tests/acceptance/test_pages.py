"""The page in a real browser: no accessibility violation, no sideways scroll, no request outside, acts without scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from served_site import chromium, prepare, serving, violations

pytestmark = pytest.mark.acceptance
CONFIG = """
[site]
secret_key_file = "secret.key"
database = "apps.sqlite3"
hosts = ["127.0.0.1"]
desk = "lienthong.testing.desk.shared.desk_for"
[[agency]]
code = "H29"
name = "Ủy ban nhân dân Thành phố Hồ Chí Minh"
gateway = "https://127.0.0.1:1"
token_file = "token"
ca_file = "root.pem"
[[agency.login]]
username = "vanthu.h29"
password_file = "password"
name = "Văn thư Mẫu – UBND Thành phố Hồ Chí Minh"
"""
WIDTHS = (390, 1366, 1920)
LISTS = (
    "/den/cho-tiep-nhan/",
    "/den/cho-tra-loi/",
    "/di/tat-ca/",
    "/di/can-xem/",
    "/nhap/",
    "/tim/?q=văn bản",
    "/khong/co/gi/ca/",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page as it is served, on the sample desk."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "apps.toml").write_text(CONFIG, "utf-8")
    (folder / "password").write_text("mat-khau-mau", "utf-8")
    prepare(folder)
    with serving(folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def entered(browser: Browser, address: str) -> object:
    """The cookies of a clerk."""
    context = browser.new_context(base_url=address)
    enter(context)
    state = context.storage_state()
    context.close()
    return state


def enter(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("vanthu.h29")
    page.get_by_label("Mật khẩu").fill("mat-khau-mau")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ tiếp nhận")
    return page


def _paths(page: Page) -> list[str]:
    """The lists, each document of both lanes, the forms, a proof."""
    found: list[str] = []
    for path in ("/den/tat-ca/", "/di/tat-ca/"):
        page.goto(path)
        found += [str(a.get_attribute("href")) for a in page.locator(".entries .subject a").all()]
    sent = found[-1].split("?")[0]
    return [
        *LISTS,
        *found[::3],
        "/soan/",
        *(sent + part for part in ("kiem-chung/", "bang-chung/0/", "thu-hoi/", "cap-nhat/")),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_at_every_width(browser: Browser, address: str, entered: object, scheme: str) -> None:
    context = browser.new_context(base_url=address, color_scheme=scheme, storage_state=entered, locale="vi-VN")  # type: ignore[arg-type]  # literals and a state playwright gave
    page = context.new_page()
    noise: list[str] = []
    outside: list[str] = []
    page.on(
        "console",
        lambda m: (
            noise.append(f"{page.url} {m.text}") if m.type in {"error", "warning"} and "404" not in m.text else None
        ),
    )
    page.on("pageerror", lambda error: noise.append(f"{page.url} {error}"))
    page.on("request", lambda r: outside.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
    wrong: list[str] = []
    for path in _paths(page):
        page.goto(path)
        _drawn(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} scrolls sideways at {width}")
            if width != WIDTHS[-1]:
                wrong += [f"{path} at {width}: {one}" for one in violations(page)]
    context.close()
    assert wrong == [], "\n".join(wrong)
    assert noise == []
    assert outside == []


def _drawn(page: Page) -> None:
    if page.locator(".paper[data-pdf]").count():
        expect(page.locator(".sheet canvas").first).to_be_visible()


def test_the_door(browser: Browser, address: str) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(base_url=address, color_scheme=scheme, viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto("/dang-nhap/")
        assert violations(page) == []
        context.close()


def test_a_clerk_without_scripts_registers_and_writes(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = enter(context)
    page.locator(".entries .subject a").first.click()
    page.get_by_role("button", name="Tiếp nhận, vào sổ").click()
    expect(page.locator(".notice.success")).to_contain_text("Đã vào sổ")
    page.get_by_role("link", name="Gửi văn bản").first.click()
    page.get_by_label("Trích yếu").fill("V/v thử nghiệm")
    page.get_by_label("Tìm cơ quan").fill("Bộ Nội vụ")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("button", name="Bộ Nội vụ G09").click()
    expect(page.locator(".chosen")).to_contain_text("Bộ Nội vụ")
    expect(page.get_by_label("Trích yếu")).to_have_value("V/v thử nghiệm")
    context.close()


def test_the_slash_searches_and_verifying_stays_on_the_page(browser: Browser, address: str, entered: object) -> None:
    context = browser.new_context(base_url=address, storage_state=entered)  # type: ignore[arg-type]  # a state playwright gave
    page = context.new_page()
    page.goto("/di/tat-ca/")
    page.keyboard.press("/")
    expect(page.locator("#tim")).to_be_focused()
    page.keyboard.type("4520")
    page.keyboard.press("Enter")
    page.locator(".entries .subject a").first.click()
    where = page.url
    page.get_by_role("link", name="Kiểm chứng").click()
    expect(page.locator("#bang-chung .verdict")).to_contain_text(re.compile("Chưa kết luận được|Đã chứng minh"))
    assert page.url == where
    context.close()


def test_searching_recipients_answers_while_typing(browser: Browser, address: str, entered: object) -> None:
    context = browser.new_context(base_url=address, storage_state=entered)  # type: ignore[arg-type]  # a state playwright gave
    page = context.new_page()
    page.goto("/soan/")
    page.get_by_label("Tìm cơ quan").press_sequentially("Tài chính", delay=20)
    page.get_by_role("button", name="Bộ Tài chính G12").click()
    expect(page.locator(".chosen")).to_contain_text("Bộ Tài chính")
    context.close()


def test_a_finding_and_its_place_on_the_page_lead_to_each_other(
    browser: Browser, address: str, entered: object
) -> None:
    context = browser.new_context(base_url=address, storage_state=entered)  # type: ignore[arg-type]  # a state playwright gave
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(_with_findings(page))
    _drawn(page)
    line, spot = page.locator("a[data-point='2']"), page.locator(".spot[data-number='2']")
    expect(spot).to_be_attached()
    # the frames move nothing: the page still begins where its box does
    top = "one => one.getBoundingClientRect().top"
    assert page.locator(".sheet[data-number='1']").evaluate(top) - page.locator(".sheets").evaluate(top) < 20
    line.focus()
    page.keyboard.press("Enter")
    expect(spot).to_be_focused()
    expect(spot).to_be_in_viewport()
    expect(page.locator("#diem-2")).to_have_attribute("aria-current", "true")
    spot.press("Enter")
    expect(line).to_be_focused()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def _with_findings(page: Page) -> str:
    page.goto("/den/tat-ca/")
    for href in [str(a.get_attribute("href")) for a in page.locator(".entries .subject a").all()]:
        page.goto(href)
        if page.locator(".found").count():
            return href
    raise AssertionError("no sample has a finding")
