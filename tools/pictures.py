"""The documents' pictures and recording: play the demo, walk its pages in a real browser, keep what was seen.

.venv/bin/python tools/pictures.py            writes docs/pictures/*.png and tour.webp
.venv/bin/python tools/pictures.py FOLDER     from a demo that runs there already
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from lienthong.cli.demo.build import Place, build
from lienthong.cli.demo.offices import OpenPlay
from lienthong.cli.demo.processes import Processes

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
WIDE, TELEPHONE = ViewportSize(width=1366, height=900), ViewportSize(width=390, height=844)
SHOWN, WIDTH, QUALITY = 2200, 960, 70
"""Of the recording: milliseconds a frame, its width in pixels, how well it is kept."""
REMARK = "Giao đơn vị chủ trì xử lý, báo cáo kết quả trong tuần."


def main() -> None:
    """From the demo that runs in the folder named, or from one of our own."""
    if sys.argv[1:]:
        look(Place.read(Path(sys.argv[1]).absolute()))
        return
    with played() as place:
        look(place)


@contextmanager
def played() -> Iterator[Place]:
    """The demo, as `make demo` plays it."""
    folder = Path(tempfile.mkdtemp(prefix="lienthong-pictures-"))
    place = build(folder)
    processes = Processes(place, web=True)
    play = OpenPlay(place, processes=processes)
    try:
        processes.start()
        play.perform()
        yield place
    finally:
        play.end()
        processes.stop()
        shutil.rmtree(folder)


def look(place: Place) -> None:
    """Stills first, as nothing has been touched; then a walk that is recorded."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        stills(browser, place)
        Walk(browser, place).record()
        browser.close()


def stills(browser: Browser, place: Place) -> None:
    """One picture after another, at the width of a common screen and of a telephone."""
    clerk = enter(browser, place, "vanthu.g22")
    at(clerk, place, "/di/tat-ca/")
    keep(clerk, "outgoing")
    clerk.get_by_role("link", name="V/v đôn đốc kết nối").first.click()
    settled(clerk)
    keep(clerk, "demo")
    clerk.locator("a,button").filter(has_text="Kiểm chứng").first.click()
    clerk.get_by_text("Đã chứng minh").first.wait_for()
    settled(clerk)
    keep(clerk, "proof")
    leader = enter(browser, place, "lanhdao.h29")
    keep(leader, "tour")
    at(leader, place, "/tong-quan/")
    keep(leader, "overview")
    at(leader, place, "/den/cho-but-phe/")
    leader.locator("main a[href*='/van-ban/']").first.click()
    direct(leader)
    keep(leader, "remark")
    phone = enter(browser, place, "vanthu.h29.51", TELEPHONE, 2)
    at(phone, place, "/den/tat-ca/")
    keep(phone, "phone")


@dataclass
class Walk:
    """A document comes in and is remarked, another is signed, numbered, sealed and sent; each page is a frame."""

    browser: Browser
    place: Place
    frames: list[Image.Image] = field(default_factory=list)

    def record(self) -> None:
        """The walk as one animated picture."""
        clerk = enter(self.browser, self.place, "vanthu.h29")
        self._frame(clerk)
        self._registers(clerk)
        leader = enter(self.browser, self.place, "lanhdao.h29")
        self._remarks(leader)
        self._signs(leader)
        self._issues(clerk)
        at(clerk, self.place, "/dao-mot-vong/")
        self._frame(clerk)
        path = PICTURES / "tour.webp"
        first, *others = self.frames
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=SHOWN,
            loop=0,
            quality=QUALITY,
            method=6,
            minimize_size=True,
        )
        told(path)

    def _registers(self, clerk: Page) -> None:
        at(clerk, self.place, "/den/cho-tiep-nhan/")
        self._frame(clerk)
        clerk.locator("main a[href*='/van-ban/']").first.click()
        self._frame(clerk)
        self._press(clerk, "Tiếp nhận, vào sổ")

    def _remarks(self, leader: Page) -> None:
        at(leader, self.place, "/den/cho-but-phe/")
        leader.locator("main a[href*='/van-ban/']").first.click()
        direct(leader)
        self._frame(leader)
        leader.locator("main form.dialog .acts button.primary").click()
        self._frame(leader)

    def _signs(self, leader: Page) -> None:
        at(leader, self.place, "/di/viec/cho-ky/")
        leader.locator("main a[href*='/di/van-ban/']").first.click()
        self._frame(leader)
        self._press(leader, "Ký bản")

    def _issues(self, clerk: Page) -> None:
        at(clerk, self.place, "/di/viec/cho-cap-so/")
        clerk.locator("main a[href*='/di/van-ban/']").first.click()
        for button in ("Cấp số và ngày", "Đóng dấu", "Phát hành"):
            self._press(clerk, button)

    def _press(self, page: Page, button: str) -> None:
        page.locator("main button").filter(has_text=button).first.click()
        self._frame(page)

    def _frame(self, page: Page) -> None:
        settled(page)
        seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
        self.frames.append(seen.resize((WIDTH, seen.height * WIDTH // seen.width), Image.Resampling.LANCZOS))


def direct(page: Page) -> None:
    """Begin the remark on the document that is open: words, the lead, who coordinates."""
    page.locator("a,button").filter(has_text="Bút phê…").first.click()
    page.locator("main textarea[name=text]").fill(REMARK)
    for row, unit in enumerate(("Phòng Tổng hợp (mẫu)", "Phòng Chuyên môn (mẫu)")):
        page.locator(f"main select[name=who{row}]").select_option(label=unit)
    page.locator("main fieldset.quick label.chip").nth(1).click()
    page.locator("main form.dialog h3").evaluate("title => title.scrollIntoView()")
    settled(page)


def enter(browser: Browser, place: Place, who: str, size: ViewportSize = WIDE, scale: float = 1) -> Page:
    """Be a sample person, from the tour's own page; in a window of one's own."""
    page = browser.new_context(viewport=size, device_scale_factor=scale).new_page()
    page.set_default_timeout(60_000)
    at(page, place, "/dao-mot-vong/")
    page.locator(f"button[value='{who}']").click()
    settled(page)
    return page


def at(page: Page, place: Place, address: str) -> None:
    """Open a page of the site."""
    page.goto(place.url("web") + address)
    settled(page)


def settled(page: Page) -> None:
    """Until everything asked for is there and drawn, the document's pages too."""
    page.wait_for_load_state("networkidle")
    page.get_by_text("Đang mở văn bản…").first.wait_for(state="hidden")
    page.wait_for_timeout(1500)


def keep(page: Page, name: str) -> None:
    """What the window shows now."""
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    told(path)


def told(path: Path) -> None:
    """What was made, and how large."""
    sys.stdout.write(f"{path} {path.stat().st_size // 1024} kB\n")


if __name__ == "__main__":
    main()
