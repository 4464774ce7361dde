"""The doctor of a running gateway: the page in a browser, and the same findings at a terminal."""

import subprocess
import sys

import httpx
import pytest

from lienthong.cli.demo.country import CITY
from running_country import Country
from served_site import axe, chromium

pytestmark = pytest.mark.acceptance


def test_the_page_reads_everywhere_without_scripts(country: Country) -> None:
    address = f"{country.place.url(f'{CITY}-ops')}/doctor"
    asked: list[str] = []
    with chromium() as browser:
        for width in (390, 1366):
            page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
            page.on("request", lambda request: asked.append(request.url))
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            page.add_script_tag(content=axe())
            found = page.evaluate("axe.run().then(result => result.violations.map(each => each.id))")
            assert found == []
        page = browser.new_page(java_script_enabled=False)
        page.goto(address)
        assert page.locator("li").count() > 5
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
