"""Paging through an office's documents in one tab, and what the tab holds afterwards (`tools/paging.py`, and a test)."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import CDPSession, Page

from office_site import drawn

LIST = "/den/tat-ca/"
TRIES = 30
"""How often memory is collected before a count is believed: finalizers run between collections."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a tab's process holds after its memory was collected: documents, nodes and listeners alive, heap in bytes."""

    documents: int
    nodes: int
    listeners: int
    heap: int


class Tab:
    """One tab with its measuring tools."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tools: CDPSession = page.context.new_cdp_session(page)
        self.tools.send("Performance.enable")

    def read(self, count: int) -> Iterator[str]:
        """Open so many documents one after another, each until its PDF is drawn; lists go on with their next page."""
        self.page.goto(LIST)
        while count:
            if self.page.locator(".entries").count():
                more = self.page.locator(".pages a[href*='sau=']")
                onward = more.get_attribute("href") if more.count() else ""
                self.page.locator(".entries .subject a").first.click()
            elif self.page.locator("a[rel=next]").count():
                self.page.locator("a[rel=next]").first.click()
            else:
                self.page.goto(LIST + (onward or ""))
                continue
            self.page.wait_for_load_state()
            drawn(self.page)
            count -= 1
            yield self.page.url

    def held(self) -> Held:
        """What is alive now."""
        self.tools.send("HeapProfiler.collectGarbage")
        counted = self.tools.send("Memory.getDOMCounters")
        metrics = {each["name"]: each["value"] for each in self.tools.send("Performance.getMetrics")["metrics"]}
        heap = int(metrics["JSHeapUsedSize"])
        return Held(counted["documents"], counted["nodes"], counted["jsEventListeners"], heap)

    def settled(self, most: Held | None = None) -> Held:
        """What is alive when nothing more goes, or as soon as it is no more than `most`."""
        found = self.held()
        for _ in range(TRIES):
            if most and found.documents <= most.documents and found.nodes <= most.nodes:
                break
            self.page.evaluate("new Promise(requestAnimationFrame)")
            found = min(found, self.held(), key=lambda each: (each.documents, each.nodes))
        return found
