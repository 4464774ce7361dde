"""Every page of the office as each role opens it: no accessibility violation, nothing sideways, nothing from outside.

`office_walk` follows the links of each role and tells pages apart by what they are made of; each make is looked at once.
"""

from itertools import groupby

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from office_site import Site, drawn, enter
from served_site import violations

pytestmark = pytest.mark.acceptance
WIDTHS = (1920, 1366, 390)
"""At the last, where most can go wrong, the checker runs."""
SHOWN = {
    "inbox", "incoming", "paper", "box", "document", "proof", "receipt", "recall", "update", "drafts", "draft", "sign",
    "sign-many", "outgoing-box", "outgoing", "outgoing-steps", "outgoing-numbers", "search", "overview", "cases", "case",
    "new-case", "catalogue", "catalogue-print", "case-contents", "handovers", "handover", "handover-list", "handover-minutes", "copies", "copy", "new-copy", "copy-print",
    "internal", "new-internal", "registers", "register-print", "staff", "staff-person", "staff-unit", "staff-days",
    "software",
}  # fmt: skip
"""Names of addresses that somebody's links lead to."""


def test_every_page_of_the_office_as_each_role(chrome: Browser, office: Site) -> None:
    wrong: list[str] = []
    for who, pages in groupby(office.pages, key=lambda page: page[0]):
        wrong += look(chrome, office, who, [path for _, path, _ in pages])
    assert wrong == [], "\n".join(wrong)


def test_somebodys_links_lead_to_every_page(office: Site) -> None:
    assert SHOWN - {kind for _, _, kind in office.pages} == set()


def look(chrome: Browser, office: Site, who: str, paths: list[str]) -> list[str]:
    """What is wrong with one role's pages."""
    context = chrome.new_context(base_url=office.address, viewport={"width": 1366, "height": 900}, locale="vi-VN")
    page, wrong = enter(context, who), list[str]()

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            wrong.append(f"{who} {page.url} {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((office.address, "data:", "blob:")):
            wrong.append(f"{who} {page.url} asks {request.url}")

    page.on("console", heard)
    page.on("request", asked)
    for path in paths:
        page.set_viewport_size({"width": 1366, "height": 900})
        page.goto(path)
        drawn(page)
        wrong += [f"{who} {path} {each}" for each in faults(page)]
    context.close()
    return wrong


def faults(page: Page) -> list[str]:
    """At every width nothing sideways, at the narrowest nothing that the checker finds."""
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"scrolls sideways at {width}")
    return found + violations(page)
