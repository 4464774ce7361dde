"""The site as its people meet it: prepared in a folder, served by a process of its own, looked at in Debian's browser."""

import subprocess
import sys
import time  # noqa: TID251 - waits for a real process
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from apps_process import ROOT, ran, surroundings
from lienthong.cli.servers.ports import free_port

CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"


def prepare(folder: Path) -> None:
    """Tables, and the people that `apps.toml` names."""
    ran(folder, "migrate", "-v0")
    ran(folder, "seed", "-v0")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Its address, while it is served."""
    port = free_port()
    with (folder / "log").open("wb") as log:
        serve = [sys.executable, "-m", "apps", "serve", "--port", str(port), "--threads", "4"]
        process = subprocess.Popen(serve, env=surroundings(folder), stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/dang-nhap/")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


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
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *arguments])
        yield found
        found.close()


@cache
def axe() -> str:
    """The accessibility checker's own script."""
    return AXE.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What the checker finds."""
    page.evaluate(axe())
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:200]}" for one in found]
