"""A whole office as it is served: the people of an agency, years of sample documents, something of every kind to open.

Its gateway is the sample desk; what the pages need is put there by `office_seed`, in a process of its own.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

import served_site
from apps_process import scripted
from served_site import prepare, serving

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
SEED = "import office_seed; office_seed.main({})"


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
    prepare(folder)
    told: dict[str, Any] = json.loads(scripted(folder, SEED.format(documents)).splitlines()[-1])
    with serving(folder) as address:
        yield Site(address, told["patterns"], told["paths"], told["pages"])


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """Debian's browser, with the patience of these tests."""
    expect.set_options(timeout=PATIENCE)
    with served_site.chromium(*arguments) as found:
        yield found
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


def drawn(page: Page) -> None:
    """Wait until the first page of the shown PDF has its picture and its words."""
    if page.locator(".paper[data-pdf]").count():
        expect(page.locator(".sheet .words").first).to_be_attached()
