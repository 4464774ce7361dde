"""A whole office as it is served: the people of an agency, years of sample documents, something of every kind to open.

Its gateway is the sample desk; what the pages need is put there by `office_seed`, in a process of its own.
"""

import json
import os
import subprocess
import sys
import time  # noqa: TID251 - waits for a real process
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from lienthong.cli.servers.ports import free_port

ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"
PATIENCE = 60_000
"""Milliseconds until what must happen has failed to; a machine may be busy with other things."""
PASSWORD = "mat-khau-mau"
UNIT = "Phòng Tổng hợp (mẫu)"
PEOPLE = {
    "vanthu": ("Văn thư Mẫu", "clerk", ""),
    "lanhdao": ("Lãnh đạo Mẫu", "leader", ""),
    "vanphong": ("Chánh văn phòng Mẫu", "office-head", ""),
    "truongphong": ("Trưởng phòng Mẫu", "unit-head", UNIT),
    "chuyenvien": ("Chuyên viên Mẫu", "officer", UNIT),
    "luutru": ("Lưu trữ Mẫu", "archivist", ""),
    "quantri": ("Quản trị Mẫu", "administrator", ""),
}
SITE = """
[site]
secret_key_file = "secret.key"
database = "apps.sqlite3"
hosts = ["127.0.0.1", "testserver"]
desk = "lienthong.testing.desk.shared.desk_for"
plugin = ""
[[agency]]
code = "H29"
name = "Ủy ban nhân dân Thành phố Hồ Chí Minh"
gateway = "https://127.0.0.1:1"
token_file = "token"
ca_file = "root.pem"
"""
LOGIN = """[[agency.login]]
username = "{0}"
password_file = "password"
name = "{1}"
duty = "{2}"
unit = "{3}"
"""
SEED = "import sys, django; django.setup(); import office_seed; office_seed.main(int(sys.argv[1]))"


@dataclass(frozen=True, slots=True)
class Site:
    """Where it is served, and what `office_seed` says of it: its addresses by name, the pages of its people."""

    address: str
    patterns: dict[str, str]
    paths: dict[str, str]
    pages: list[tuple[str, str, str]]


@contextmanager
def served(folder: Path, documents: int = 60) -> Iterator[Site]:
    """Prepared, filled with so many sample documents, serving."""
    logins = "".join(LOGIN.format(username, *told) for username, told in PEOPLE.items())
    (folder / "apps.toml").write_text(SITE + logins, "utf-8")
    (folder / "password").write_text(PASSWORD, "utf-8")
    environment = _environment(folder)
    for command in (("-m", "apps", "migrate", "-v0"), ("-m", "apps", "seed")):
        subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True)
    seeded = subprocess.run(
        [sys.executable, "-c", SEED, str(documents)], env=environment, check=True, capture_output=True
    )
    told: dict[str, Any] = json.loads(seeded.stdout.splitlines()[-1])
    port = free_port()
    with (folder / "log").open("wb") as log:
        serve = [sys.executable, "-m", "apps", "serve", "--port", str(port), "--threads", "4"]
        process = subprocess.Popen(serve, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/dang-nhap/")
            yield Site(f"http://127.0.0.1:{port}", told["patterns"], told["paths"], told["pages"])
        finally:
            process.terminate()
            process.wait(20)


def _environment(folder: Path) -> dict[str, str]:
    inherited = os.environ  # noqa: TID251 - a child process needs ours
    places = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"
    named = {"LIENTHONG_APPS_CONFIG": str(folder / "apps.toml"), "DJANGO_SETTINGS_MODULE": "apps.settings"}
    return inherited | named | {"PYTHONPATH": places}


def _wait(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """Debian's browser."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium on this machine (make debian)")
    with sync_playwright() as play:
        expect.set_options(timeout=PATIENCE)
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *arguments])
        yield found
        found.close()
        expect.set_options(timeout=5_000)


def enter(context: BrowserContext, who: str) -> Page:
    """Signed in, on the person's first page."""
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(who)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".who")).to_be_attached()
    return page


@cache
def axe() -> str:
    """The checker's own script."""
    return AXE.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What the accessibility checker finds."""
    page.evaluate(axe())
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:200]}" for one in found]


def drawn(page: Page) -> None:
    """Wait until the first page of the shown PDF has its picture and its words."""
    if page.locator(".paper[data-pdf]").count():
        expect(page.locator(".sheet .words").first).to_be_attached()
