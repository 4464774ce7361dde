"""The doctor of a running gateway: the page in a browser, and the same findings at a terminal."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from lienthong.cli.demo.country import CITY
from running_country import Country

pytestmark = pytest.mark.acceptance
AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")


def test_the_page_reads_everywhere_without_scripts(country: Country) -> None:
    address = f"{country.place.url(f'{CITY}-ops')}/doctor"
    asked: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for width in (390, 1366):
            page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
            page.on("request", lambda request: asked.append(request.url))
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            page.add_script_tag(content=AXE.read_text("utf-8"))
            found = page.evaluate("axe.run().then(result => result.violations.map(each => each.id))")
            assert found == []
        page = browser.new_page(java_script_enabled=False)
        page.goto(address)
        assert page.locator("li").count() > 5
        browser.close()
    assert set(asked) == {address}


def test_the_terminal_says_what_the_page_says(country: Country) -> None:
    operations = country.place.url(f"{CITY}-ops")
    listed = httpx.get(f"{operations}/v1/diagnosis").json()
    line = [sys.executable, "-m", "lienthong.cli", "doctor", "--as", "H29", "--operations", operations]
    line += ["--desks", str(country.place.folder / "desks.json")]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    [vxp] = [row for row in listed if row["about"] == "VXP"]
    assert country.place.url(f"{CITY}-vxp") in vxp["vi"]
    assert {row["about"] for row in listed} >= {"trục / axis", "danh bạ / registry", "hàng đợi / queue"}
    for row in listed:
        assert f"{operations} {row['about']}" in done.stdout
