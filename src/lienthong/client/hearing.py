# Made from aio/hearing.py by tools/blocking_client.py: change that one.
"""Being told: events of the agency's documents, and webhooks."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from lienthong.client.answers import decoded
from lienthong.client.line import Line
from lienthong.client.model import Event, Events, Webhook

_POLL = 25.0
"""Seconds one long poll asks for."""


class Hearing(Line):
    """Hints alone: what counts is in the inbox and in the documents."""

    def events(self, after: str = "", wait: float = 0, limit: int = 50) -> Events:
        """What happened beyond a cursor; without one only what is still to come."""
        return self._get(Events, "/v1/events", after=after, seconds=wait, limit=limit)

    def listen(self, after: str = "") -> Iterator[Event]:
        """Events as they come, without end; keep the `id` of the last one to go on behind it."""
        while True:
            page = self.events(after, wait=_POLL)
            yield from page.events
            after = page.next

    def webhooks(self) -> tuple[Webhook, ...]:
        """The agency's webhooks, without their secrets."""
        return self._get(tuple[Webhook, ...], "/v1/webhooks")

    def register_webhook(self, name: str, url: str, events: Sequence[str] = (), *, rotate: bool = False) -> Webhook:
        """Have an address called from now on; its secret comes with it. Safe to repeat. NotAllowed, InvalidValue."""
        body: dict[str, Any] = {"url": url, "events": list(events), "rotate": rotate}
        return decoded(Webhook, self._ask("PUT", f"/v1/webhooks/{quote(name)}", json=body))

    def resume_webhook(self, name: str) -> Webhook:
        """Call a parked one again; it goes on where it stood."""
        return self._post(Webhook, f"/v1/webhooks/{quote(name)}/resume", None)

    def drop_webhook(self, name: str) -> None:
        """Forget one."""
        self._ask("DELETE", f"/v1/webhooks/{quote(name)}")
