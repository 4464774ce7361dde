"""Page through an office's documents in one tab and print what the tab holds before and after.

.venv/bin/python tools/paging.py [200]        a sample office, Debian's Chromium; exit code 1 where something grew
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from office_site import chromium, enter, served
from paging import Held, Tab

WARM = 10
"""Documents before the first count: what a page's library loads once is loaded then."""
ALLOWED = 1.1


def main(count: int) -> int:
    """A table of four numbers; the last column is the share of growth."""
    with (
        tempfile.TemporaryDirectory(prefix="lienthong-paging-") as folder,
        served(Path(folder), documents=max(2 * count, 100)) as site,
        chromium("--js-flags=--expose-gc") as browser,
    ):
        context = browser.new_context(base_url=site.address, viewport={"width": 1366, "height": 900})
        tab = Tab(enter(context, "vanthu"))
        first = last_of(tab, WARM)
        return told(first, last_of(tab, count), count)


def last_of(tab: Tab, count: int) -> Held:
    """After so many documents, on the list again."""
    for number, _ in enumerate(tab.read(count), 1):
        print(f"\r{number}/{count}", end="", file=sys.stderr)
    print(file=sys.stderr)
    tab.page.goto("/den/tat-ca/")
    return tab.settled()


def told(first: Held, last: Held, count: int) -> int:
    """Print both; whether anything grew."""
    print(f"{'':20}{f'sau {WARM}':>14}{f'sau {count}':>14}{'tỷ lệ':>8}   / after {WARM}, after {count}, ratio")
    ratios = {}
    for name in ("documents", "nodes", "listeners", "heap"):
        before, after = getattr(first, name), getattr(last, name)
        ratios[name] = after / before
        print(f"{name:20}{before:>14,}{after:>14,}{after / before:>8.2f}")
    return int(any(ratio > ALLOWED for ratio in ratios.values()))


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
