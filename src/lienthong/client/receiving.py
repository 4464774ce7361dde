# Made from aio/receiving.py by tools/blocking_client.py: change that one.
"""Receiving: peek, take, acknowledge, release, report."""

from collections.abc import Sequence
from urllib.parse import quote

from lienthong.client.line import Line
from lienthong.client.model import Document, Entry, Taken


class Receiving(Line):
    """Take, store, acknowledge, report: `take_in` does the four for everything that waits."""

    def inbox(self, wait: float = 0, limit: int = 20, contents: Sequence[str] = ("edoc",)) -> tuple[Entry, ...]:
        """Peek at what waits for this software."""
        return self._get(tuple[Entry, ...], "/v1/inbox", seconds=wait, limit=limit, contents=",".join(contents))

    def take(self, id: str, addressee: str) -> Taken:
        """Lock a waiting document."""
        return self._post(Taken, f"/v1/inbox/{id}/{quote(addressee)}/lock", None)

    def acknowledge(self, id: str, addressee: str, lock: str) -> None:
        """The document is stored here: handed over."""
        self._ask("POST", f"/v1/inbox/{id}/{quote(addressee)}/acknowledge", json={"lock": lock})

    def release(self, id: str, addressee: str, lock: str) -> None:
        """Put a taken document back."""
        self._ask("POST", f"/v1/inbox/{id}/{quote(addressee)}/release", json={"lock": lock})

    def report(
        self,
        id: str,
        code: str,
        description: str = "",
        staff: str = "",
        message_id: str = "",
    ) -> Document:
        """Report a business status on a received document."""
        body = {"code": code, "description": description, "staff": staff, "message_id": message_id}
        return self._post(Document, f"/v1/documents/{id}/statuses", body)
