"""One office and one browser for all tests of its pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from office_site import Site, chromium, served


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """No longer than a module: while it is open its loop runs, and no other test of the process can run one."""
    with chromium() as found:
        yield found


@pytest.fixture
def window(chrome: Browser, office: Site) -> Iterator[BrowserContext]:
    """Somebody's browser at a desk, at the office."""
    found = chrome.new_context(base_url=office.address, viewport={"width": 1366, "height": 900})
    yield found
    found.close()
