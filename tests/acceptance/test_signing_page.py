"""Signing in a real browser: a helper in the page, the state's program beside it, a frame that is dragged."""

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pyhanko.pdf_utils.reader import PdfFileReader

from acceptance.test_pages import CONFIG, WIDTHS, browser, enter
from beside import beside
from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.signature.inspection import inspect
from lienthong.testing.pki import pki
from lienthong.testing.plugin import FakePlugin, Trick
from served_site import prepare, serving, violations

__all__ = ["browser"]
pytestmark = pytest.mark.acceptance
CITY = "Ủy ban nhân dân Thành phố Hồ Chí Minh"
PERSON, SEAL = pki().leader(organisation=CITY), pki().document_seal(CITY)
LEADER = """
[[agency.login]]
username = "lanhdao.h29"
password_file = "password"
name = "Nguyễn Văn Mẫu"
duty = "leader"
title = "Chủ tịch"
"""
HELPER = """
addEventListener("message", async ({source, data}) => {
  if (source !== window || !data?.action?.startsWith("web-eid:") || /-(ack|success|failure)$/.test(data.action)) return;
  postMessage({action: data.action + "-ack"}, location.origin);
  const {refused, ...said} = await window.softKey(data);
  postMessage({action: data.action + (refused ? "-failure" : "-success"), ...said}, location.origin);
});
"""


@pytest.fixture(scope="module")
def program() -> Iterator[FakePlugin]:
    """The program, as on a person's machine."""
    with beside(FakePlugin(PERSON)) as found:
        yield found.server


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, program: FakePlugin) -> Iterator[str]:
    """The page with its agency's keys, told where the program listens."""
    folder = tmp_path_factory.mktemp("site")
    more = f'roots = ["root.pem"]\nsigning_keys = "keys"\nplugin = "{program.address}"\n[[agency]]'
    (folder / "apps.toml").write_text(CONFIG.replace("[[agency]]", more, 1) + LEADER, "utf-8")
    (folder / "password").write_text("mat-khau-mau", "utf-8")
    (folder / "root.pem").write_bytes(_pem(*pki().roots))
    keys = folder / "keys" / "H29"
    keys.mkdir(parents=True)
    for name, signer in (("leader", PERSON), ("seal", SEAL)):
        secret = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (keys / f"{name}.key").write_bytes(secret)
        (keys / f"{name}.pem").write_bytes(_pem(signer.certificate, *signer.chain))
    prepare(folder)
    with serving(folder) as found:
        yield found


def _pem(*ders: bytes) -> bytes:
    return b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in ders)


@pytest.fixture(scope="module")
def clerk(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """Who writes, numbers and seals; the program's certificate is its own, which its installer would make trusted."""
    found = browser.new_context(base_url=address, ignore_https_errors=True, viewport={"width": 1366, "height": 900})
    enter(found).close()
    yield found
    found.close()


@pytest.fixture(scope="module")
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """The leader's browser."""
    found = browser.new_context(base_url=address, ignore_https_errors=True, viewport={"width": 1366, "height": 900})
    page = found.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("lanhdao.h29")
    page.get_by_label("Mật khẩu").fill("mat-khau-mau")
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/dang-nhap/" not in url)
    page.close()
    yield found
    found.close()


def soft(signer: SoftDocumentSigner, *, refuses: bool = False) -> Callable[[dict[str, str]], dict[str, object]]:
    """What a helper answers; the key stays in this process."""

    def answer(said: dict[str, str]) -> dict[str, object]:
        if said["action"] == "web-eid:get-signing-certificate":
            offered = {"cryptoAlgorithm": "RSA", "hashFunction": "SHA-256", "paddingScheme": "PKCS1.5"}
            shown = base64.b64encode(signer.certificate).decode()
            return {"certificate": shown, "supportedSignatureAlgorithms": [offered]}
        if refuses:
            return {"refused": True}
        assert isinstance(signer.key, rsa.RSAPrivateKey)
        digest = base64.b64decode(said["hash"])
        value = signer.key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
        return {"signature": base64.b64encode(value).decode(), "signatureAlgorithm": {"hashFunction": "SHA-256"}}

    return answer


@pytest.fixture
def page(clerk: BrowserContext, context: BrowserContext) -> Iterator[Page]:
    """The leader's signing page of a fresh draft, handed on by the clerk."""
    address = handed_on(clerk.new_page())
    found = context.new_page()
    found.set_default_timeout(15_000)
    found.goto(address)
    ways(found)
    expect(found.get_by_role("heading", level=1)).to_have_text("Lãnh đạo ký")
    yield found
    found.close()


def ways(page: Page) -> None:
    """From a document's page to the ways of signing it, which lie beside the usual one."""
    page.locator("details.menu.other > summary").click()
    page.get_by_role("link", name="Chọn cách ký").click()


def handed_on(page: Page) -> str:
    """A letter written and handed on to the leader; the address of its page."""
    page.set_default_timeout(15_000)
    page.goto("/soan/")
    page.get_by_label("Trích yếu").fill("Thử nghiệm ký văn bản bằng thiết bị trong tay người ký")
    page.locator("#o-kind").select_option("Công văn")
    page.locator("#soan details.fold > summary").click()
    told = {"notation": "UBND-VX", "signer_name": "Nguyễn Văn Mẫu", "signer_position": "Chủ tịch", "place": "Hà Nội"}
    for name, words in {**told, "body": "Nội dung mẫu."}.items():
        page.locator(f"#o-{name}").fill(words)
    page.get_by_text("Dán nhiều mã cùng lúc").click()
    page.locator("#o-codes").fill("G09")
    page.locator("#o-signer").select_option(label="Nguyễn Văn Mẫu")
    page.get_by_role("button", name="Trình", exact=True).click()
    expect(page.locator(".notice.success")).to_have_text("Đã trình.")
    address = page.url
    page.close()
    return address


def with_helper(page: Page, answer: Callable[[dict[str, str]], dict[str, object]]) -> None:
    page.expose_function("softKey", answer)
    page.add_init_script(HELPER)
    page.reload()


def file_of(page: Page) -> bytes:
    return page.request.get(str(page.locator(".paper").get_attribute("data-pdf"))).body()


@contextmanager
def unchanged(page: Page) -> Iterator[None]:
    """What happens inside leaves the file as it was."""
    before = file_of(page)
    yield
    assert file_of(page) == before


def signatures(page: Page) -> list[str]:
    return [each.field for each in inspect(file_of(page)).signatures]


def test_a_key_in_the_persons_hands_through_a_helper(page: Page) -> None:
    with_helper(page, soft(PERSON))
    page.get_by_role("button", name="Ký bằng tiện ích").click()
    expect(page.locator(".notice.success")).to_contain_text("khóa trong tay người ký")
    assert signatures(page) == ["LeaderSignature1"]


def test_refused_in_the_helper_and_no_helper_at_all(page: Page) -> None:
    with unchanged(page):
        page.get_by_role("button", name="Ký bằng tiện ích").click()
        expect(page.locator(".waiting")).to_contain_text("Không gặp tiện ích ký", timeout=30_000)
        with_helper(page, soft(PERSON, refuses=True))
        page.get_by_role("button", name="Ký bằng tiện ích").click()
        expect(page.locator(".waiting")).to_contain_text("đã bị từ chối trên thiết bị")
        expect(page.get_by_role("button", name="Ký bằng tiện ích")).to_be_enabled()


def test_somebody_elses_card(page: Page) -> None:
    with_helper(page, soft(pki().leader("Lê Văn Khác", CITY)))
    with unchanged(page):
        page.get_by_role("button", name="Ký bằng tiện ích").click()
        expect(page.locator(".waiting")).to_contain_text("Kết quả ký trả về không phải của phiên này")


def test_the_states_program_fetches_signs_and_hands_back(page: Page, program: FakePlugin) -> None:
    program.trick = Trick.HANDS_BACK_TWICE
    program.answers.clear()
    page.get_by_role("button", name="Ký bằng chương trình").click()
    expect(page.locator(".mine")).to_contain_text("Cấp số, đóng dấu, phát hành", timeout=30_000)
    assert program.seen[-1][0] == "SignApproved"
    assert program.answers == [200, 410]
    (name,) = signatures(page)
    assert name.startswith("Signature")


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        (Trick.REFUSES, "Người dùng đã hủy"),
        (Trick.CLAIMS, "Chưa ký"),
        (Trick.OTHER_DOCUMENT, "không nối tiếp đúng văn bản đã trình"),
        (Trick.SIGNS_TWICE, "không đúng một chữ ký mới"),
    ],
)
def test_a_lying_program(page: Page, program: FakePlugin, trick: Trick, words: str) -> None:
    program.trick = trick
    with unchanged(page):
        page.get_by_role("button", name="Ký bằng chương trình").click()
        expect(page.locator(".waiting.problem")).to_contain_text(words)


def test_the_frame_goes_where_it_is_dragged_and_where_keys_push_it(page: Page) -> None:
    frame = page.locator(".stamp")
    expect(frame).to_be_visible()
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] - 40, steps=4)
    page.mouse.up()
    dragged = page.locator("#o-place").input_value()
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    pushed = page.locator("#o-place").input_value()
    before, after = ([int(each) for each in value.split(":")[1:]] for value in (dragged, pushed))
    assert (after[1] - before[1], before[2] - after[2]) == (6, 28)
    page.get_by_role("button", name="Ký bằng khóa này").click()
    expect(page.locator(".notice.success")).to_contain_text("Đã có chữ ký của lãnh đạo")
    reader = PdfFileReader(io.BytesIO(file_of(page)))
    left, bottom, *_ = reader.embedded_signatures[0].sig_field["/Rect"]
    assert (float(left), float(bottom)) == (after[1], after[2])


def test_without_scripts_then_the_seal(
    browser: Browser, address: str, clerk: BrowserContext, context: BrowserContext, page: Page
) -> None:
    leader, sealer = (
        browser.new_context(base_url=address, storage_state=whose.storage_state(), java_script_enabled=False).new_page()
        for whose in (context, clerk)
    )
    leader.goto(page.url)
    leader.get_by_role("button", name="Ký bằng khóa này").click()
    sealer.goto(leader.url)
    sealer.get_by_role("button", name="Cấp số và ngày").click()
    ways(sealer)
    sealer.get_by_role("button", name="Đóng dấu bằng khóa này").click()
    expect(sealer.get_by_role("button", name="Phát hành và gửi")).to_be_visible()
    assert signatures(sealer) == ["LeaderSignature1", "AgencySeal1"]
    for one in (leader, sealer):
        one.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_width_and_everybody_can_read_it(
    browser: Browser, address: str, context: BrowserContext, page: Page, scheme: str, tmp_path: Path
) -> None:
    other = browser.new_context(base_url=address, storage_state=context.storage_state(), color_scheme=scheme)  # type: ignore[arg-type]  # a literal
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            wrong.append(message.text)

    for path in (page.url, "/nhap/ky/"):
        looked = other.new_page()
        looked.on("console", heard)
        looked.goto(path)
        if "/soan/" in path:
            expect(looked.locator(".stamp")).to_be_visible()
        for width in WIDTHS:
            looked.set_viewport_size({"width": width, "height": 900})
            if looked.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} scrolls sideways at {width}")
            looked.screenshot(path=tmp_path / f"{scheme}-{width}-{len(path)}.png", full_page=True)
            wrong += violations(looked)
        looked.close()
    other.close()
    assert wrong == []
