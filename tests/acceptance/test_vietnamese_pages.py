"""Vietnamese words, on the page and inside signatures, as three viewers show them: poppler, pdf.js, Chromium's own."""

import base64
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import Browser, Route, sync_playwright

from lienthong.layout import compose_corner, copy_words
from lienthong.signature import Appearance, Role, sign
from lienthong.signature.facts.looks import looks
from lienthong.signature.placement import corner
from unit.signature.authority import NOW, agency
from unit.signature.documents import composed

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(shutil.which("pdftotext") is None or not CHROMIUM.exists(), reason="make debian"),
]
PDFJS = Path(__file__).parents[2] / "src" / "apps" / "ui" / "static" / "vendor" / "pdfjs"
SEEN = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "PHÓ GIÁM ĐỐC", "Nguyễn Văn Mẫu")
SIGNED = ("SAO Y", "Sở Ví Dụ tỉnh Mẫu")
SIZE = (496, 702)
"""A4 at 60 dots an inch: what differs between rasterisers is gone, a missing mark or a box in place of a letter is not."""
PAGE = """
<script type="module">
import * as pdfjs from "https://pages.example/pdf.min.mjs";
pdfjs.GlobalWorkerOptions.workerSrc = "https://pages.example/pdf.worker.min.mjs";
const data = Uint8Array.from(atob("%s"), (sign) => sign.charCodeAt(0));
const page = await (await pdfjs.getDocument({data}).promise).getPage(1);
const viewport = page.getViewport({scale: 2});
const canvas = document.createElement("canvas");
[canvas.width, canvas.height] = [viewport.width, viewport.height];
await page.render({canvas, canvasContext: canvas.getContext("2d"), viewport}).promise;
window.words = (await page.getTextContent()).items.map((item) => item.str).join("");
window.picture = canvas.toDataURL("image/png").split(",")[1];
</script>
"""


@cache
def copied() -> bytes:
    """A page with the agency's words of a copy in its corner, inside the signature."""
    words = compose_corner(copy_words("SAO Y", "Sở Ví Dụ tỉnh Mẫu", NOW), NOW)
    return sign(composed().pdf, agency(), Role.COPY, Appearance(words, corner(looks(composed().pdf))), NOW)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The new headless mode has the viewer for PDF in it."""
    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--headless=new"],
            ignore_default_args=["--headless"],
        )
        yield found
        found.close()


def plain(text: str) -> str:
    return normalize("NFC", "".join(text.split()))


def require_words(text: str, wanted: tuple[str, ...]) -> None:
    for each in wanted:
        assert plain(each) in plain(text)


@cache
def by_poppler() -> Image.Image:
    command = ["pdftoppm", "-r", "144", "-png", "-f", "1", "-l", "1", "-"]
    drawn = subprocess.run(command, input=copied(), capture_output=True, check=True).stdout
    return scaled(Image.open(BytesIO(drawn)))


def scaled(picture: Image.Image) -> Image.Image:
    return picture.convert("L").resize(SIZE, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1))


def require_alike(one: Image.Image, other: Image.Image) -> None:
    """Everywhere on the page: no block of it has much more ink in one than in the other."""
    differing = ImageChops.difference(one, other).resize((31, 44), Image.Resampling.BOX)
    assert ImageStat.Stat(differing).extrema[0][1] < 24


def test_poppler():
    text = subprocess.run(["pdftotext", "-", "-"], input=copied(), capture_output=True, check=True).stdout.decode()
    require_words(text, (*SEEN, *SIGNED))


def test_pdfjs(browser: Browser):
    page = browser.new_page()

    def serve(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        if name == "":
            route.fulfill(body=PAGE % base64.b64encode(copied()).decode(), content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body=(PDFJS / name).read_bytes(), content_type="text/javascript")

    page.route("https://pages.example/**", serve)
    page.goto("https://pages.example/")
    page.wait_for_function("window.picture", timeout=60_000)
    require_words(page.evaluate("window.words"), SEEN)
    picture = Image.open(BytesIO(base64.b64decode(page.evaluate("window.picture"))))
    require_alike(scaled(picture), by_poppler())
    page.close()


def test_chromiums_own_viewer(browser: Browser, tmp_path: Path):
    """Its engine is pdfium, which tells the words too; the picture is the viewer's."""
    seen = looks(copied())
    require_words(" ".join(line.text for line in seen.lines), SEEN)
    require_words(" ".join(line.text for words in seen.words.values() for line in words), SIGNED)
    file = tmp_path / "sao-y.pdf"
    file.write_bytes(copied())
    page = browser.new_page(viewport={"width": 1000, "height": 1450})
    page.goto(f"{file.as_uri()}#toolbar=0&view=Fit")
    for _ in range(40):
        page.wait_for_timeout(500)
        shown = Image.open(BytesIO(page.screenshot())).convert("L")
        paper = shown.point(lambda light: 255 if light > 250 else 0).getbbox()
        if paper is not None and paper[3] - paper[1] > 1000:
            break
    require_alike(scaled(shown.crop(paper)), by_poppler())
    page.close()


def test_a_missing_mark_would_be_seen():
    """The comparison can fail: without the words in its signature the page is another one."""
    drawn = subprocess.run(
        ["pdftoppm", "-r", "144", "-png", "-f", "1", "-l", "1", "-"],
        input=composed().pdf,
        capture_output=True,
        check=True,
    ).stdout
    with pytest.raises(AssertionError):
        require_alike(scaled(Image.open(BytesIO(drawn))), by_poppler())
