"""The authority's screens in a real browser: no accessibility violation, no sideways scroll, an order signed by the
helper over what the page shows, and everything that matters without script."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

import one_time
from acceptance.test_console_browser import SECRET, WIDTHS, browser, judged, judged_here
from apps_process import ran
from ca_house import csr
from lienthong.ca.faces.office import XLSX
from served_site import prepare, serving
from unit.apps.authority_made import PHRASE

__all__ = ["browser"]
pytestmark = pytest.mark.acceptance
CONFIG = """
[site]
secret_key_file = "secret.key"
database = "apps.sqlite3"
hosts = ["127.0.0.1"]
[authority]
url = "http://testserver.local"
keys = "keys"
door = "unit.apps.authority_made.lively"
[console]
code_file = "code"
"""
NAMES = ("lan", "hoa", "trung")
IMITATED = "Đỗ V\u0430n Hai"
MACHINE = "/van-hanh/chung-thu/ho-so/mau-7/"
PAGES = (
    "", "tim/", "ho-so/", "ho-so/mau-2/", "ho-so/mau-6/", "lap/", "lap/person/", "lap/device/", "lap/revocation/", "lap/person/danh-sach/",
    "thiet-bi/", "sap-het-han/", "roi-co-quan/", "dang-ky/", "dang-ky/authority/sua/ra-h29/", "nhat-ky/", "ma-truy-cap/",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authority-site")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    (folder / "apps.toml").write_text(CONFIG + "".join(map(_person, NAMES)), "utf-8")
    (folder / "password").write_text("mat-khau-mau-dai")
    (folder / "totp").write_text(SECRET)
    for name in NAMES:
        (folder / name).write_text(f"token-{name}")
    prepare(folder)
    ran(folder, "officer", *(f"mau.{name}={folder / name}" for name in NAMES), "-v0")
    with serving(folder) as found:
        yield found


def _person(name: str) -> str:
    files = 'password_file = "password"\ntotp_file = "totp"'
    return f'[[console.login]]\nusername = "mau.{name}"\nname = "Người Mẫu – {name}"\nrole = "authority"\n{files}\n'


def entered(browser: Browser, address: str, name: str, *, script: bool = True) -> tuple[BrowserContext, Page]:
    context = browser.new_context(base_url=address, java_script_enabled=script)
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(f"mau.{name}")
    page.get_by_label("Mật khẩu").fill("mat-khau-mau-dai")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Mã trong ứng dụng").fill(one_time.code(SECRET, address, name))
    page.get_by_role("button", name="Vào").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chứng thư số")
    return context, page


def first(page: Page, path: str) -> str:
    """Where the first row of a list leads."""
    page.goto(f"/van-hanh/chung-thu/{path}")
    return page.locator("td.subject a").first.get_attribute("href") or ""


def test_every_page_is_accessible_at_both_widths(browser: Browser, address: str) -> None:
    context, page = entered(browser, address, "lan")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wrong = [each for path in PAGES for each in judged(page, f"/van-hanh/chung-thu/{path}")]
    page.goto("/van-hanh/chung-thu/tim/?q=mau")
    page.locator("td.subject a").first.click()
    wrong += judged(page, page.url)
    person = first(page, "tim/?q=nguyen&mau=person").replace("/tim/", "/roi-co-quan/")
    wrong += [each for path in (person, first(page, "roi-co-quan/")) for each in judged(page, path)]
    context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_answers_to_forms_are_accessible_at_both_widths(browser: Browser, address: str) -> None:
    wrong: list[str] = []
    context, page = entered(browser, address, "hoa")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/van-hanh/chung-thu/ho-so/mau-6/")
        page.get_by_role("button", name="Đã thẩm tra, chuyển duyệt").click()
        expect(page.get_by_text("Tôi đã thẩm tra hồ sơ này")).to_be_visible()
        wrong += judged_here(page, f"sign {width}")
    context.close()
    context, page = entered(browser, address, "lan")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/van-hanh/chung-thu/lap/person/danh-sach/")
        page.locator("input[type=file]").set_input_files(_table(page))
        page.get_by_role("button", name="Xem trước từng dòng").click()
        expect(page.get_by_role("cell", name=IMITATED)).to_be_visible()
        wrong += judged_here(page, f"look {width}")
        page.goto(MACHINE)
        expect(page.get_by_text("lan (mẫu) (lan)").first).to_be_visible()  # people have names, orders carry ids
        wrong += judged_here(page, f"machine {width}")
        page.get_by_role("button", name="Xem mã cho máy").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mã cho máy (ACME)")
        wrong += judged_here(page, f"acme {width}")
    context.close()
    assert wrong == []


def _table(page: Page) -> FilePayload:
    """One row that would be taken, and one whose name imitates another alphabet's letters."""
    reply = page.request.get(page.get_by_role("link", name="Lấy mẫu bảng").get_attribute("href") or "")
    head = [cell.value for cell in load_workbook(BytesIO(reply.body())).worksheets[0][1]]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(head)
    for name in ("Đỗ Văn Một", IMITATED):
        sheet.append(["H29.12", name, "Thành phố mẫu", *[""] * 5, csr()])
    kept = BytesIO()
    book.save(kept)
    return {"name": "danh-sach.xlsx", "mimeType": XLSX, "buffer": kept.getvalue()}


def test_an_order_is_signed_without_script_under_a_pass_phrase(browser: Browser, address: str) -> None:
    context, page = entered(browser, address, "hoa", script=False)
    page.goto("/van-hanh/chung-thu/ho-so/mau-6/")
    page.get_by_role("button", name="Đã thẩm tra, chuyển duyệt").click()
    expect(page.get_by_text("Tôi đã thẩm tra hồ sơ này")).to_be_visible()
    page.get_by_label("Khóa dùng thử ở trang này").fill(PHRASE)
    page.get_by_role("button", name="Đã thẩm tra, chuyển duyệt").click()
    expect(page.get_by_role("status").first).to_contain_text("Lệnh đã được thực hiện")
    context.close()


HELPER = """
addEventListener("message", async ({ data }) => {
  const { action } = data;
  if (!["web-eid:get-signing-certificate", "web-eid:sign"].includes(action)) return;
  postMessage({ action: action + "-ack" }, origin);
  const told = await window.device(action, data.hash ?? "");
  postMessage({ action: action + "-success", ...told }, origin);
});
"""


def test_the_helper_signs_what_the_page_shows(browser: Browser, address: str, folder: Path) -> None:
    key = load_pem_private_key((folder / "keys" / "mau.trung.key").read_bytes(), PHRASE.encode())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    certificate = (folder / "keys" / "trung.certificate").read_text()

    def device(action: str, digest: str) -> dict[str, str]:
        if action != "web-eid:sign":
            return {"certificate": certificate}
        r, s = utils.decode_dss_signature(key.sign(b64decode(digest), ec.ECDSA(utils.Prehashed(SHA256()))))
        return {"signature": b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()}

    context, page = entered(browser, address, "trung")
    page.expose_function("device", device)
    page.add_init_script(HELPER)
    page.goto("/van-hanh/chung-thu/ho-so/mau-5/")
    page.get_by_role("button", name="Duyệt", exact=True).click()
    page.get_by_role("button", name="Ký bằng tiện ích").click()
    expect(page.get_by_role("status").first).to_contain_text("Lệnh đã được thực hiện: hồ sơ đã cấp")
    page.get_by_role("link", name="Xem chứng thư").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lê Chờ Duyệt")
    context.close()
