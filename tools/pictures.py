"""Make the pictures of the documents: play the demo, look at its pages in a real browser, keep what was seen.

.venv/bin/python tools/pictures.py            writes docs/pictures/*.png
"""

import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from lienthong.cli.demo.build import Place, build
from lienthong.cli.demo.country import BY_CODE
from lienthong.cli.demo.play import Play
from lienthong.cli.demo.processes import Processes

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"


def main() -> None:
    """Everything, from an empty folder."""
    folder = Path(tempfile.mkdtemp(prefix="lienthong-pictures-"))
    place = build(folder)
    processes, play = Processes(place, web=True), Play(place)
    try:
        processes.start()
        story = threading.Thread(target=play.perform)
        story.start()
        story.join()
        look(place, play)
    finally:
        play.end()
        processes.stop()
        shutil.rmtree(folder)


def look(place: Place, play: Play) -> None:
    """One picture after another, at the width of a common screen and of a telephone."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        desk = browser.new_page(viewport={"width": 1366, "height": 900}, device_scale_factor=1)
        enter(desk, place, "G22")
        document = place.url("web") + "/van-ban/" + play.record.sent["mau-101"] + "/"
        desk.goto(document)
        desk.wait_for_load_state("networkidle")
        desk.wait_for_timeout(2000)
        keep(desk, "demo")
        desk.locator("a,button").filter(has_text="Kiểm chứng").first.click()
        desk.get_by_text("Đã chứng minh").first.wait_for()
        desk.wait_for_timeout(500)
        keep(desk, "proof")
        desk.goto(place.url("web") + "/di/tat-ca/")
        desk.wait_for_load_state("networkidle")
        keep(desk, "outgoing")
        leader = browser.new_context(viewport={"width": 1366, "height": 900}).new_page()
        enter(leader, place, "H29", "lanhdao.h29")
        direct(leader)
        keep(leader, "remark")
        phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        enter(phone, place, "H29.51")
        phone.goto(place.url("web") + "/den/tat-ca/")
        phone.wait_for_load_state("networkidle")
        keep(phone, "phone")
        browser.close()


def direct(page: Page) -> None:
    """Open the leader's first document and begin the remark on it."""
    page.locator("main a[href*='/van-ban/']").first.click()
    page.locator("a,button").filter(has_text="Bút phê…").first.click()
    page.locator("main textarea").first.fill("Giao đơn vị chủ trì xử lý, báo cáo kết quả trong tuần.")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)


def enter(page: Page, place: Place, code: str, person: str = "") -> None:
    """Log in as a sample person of an agency; its clerk if nobody is named."""
    login = person or BY_CODE[code].clerk
    page.goto(place.url("web") + "/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", (place.folder / "passwords" / login).read_text("utf-8").strip())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def keep(page: Page, name: str) -> None:
    """What the window shows now."""
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
