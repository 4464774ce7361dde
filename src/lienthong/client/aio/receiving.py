"""Receiving: peek, take, acknowledge, release, report."""

from collections.abc import Sequence
from urllib.parse import quote

from lienthong.client.aio.line import AsyncLine
from lienthong.client.model import Document, Entry, Taken


class AsyncReceiving(AsyncLine):
    """Take, store, acknowledge, report: `take_in` does the four for everything that waits."""

    async def inbox(self, wait: float = 0, limit: int = 20, contents: Sequence[str] = ("edoc",)) -> tuple[Entry, ...]:
        """Peek at what waits for this software."""
        return await self._get(tuple[Entry, ...], "/v1/inbox", seconds=wait, limit=limit, contents=",".join(contents))

    async def take(self, id: str, addressee: str) -> Taken:
        """Lock a waiting document."""
        return await self._post(Taken, f"/v1/inbox/{id}/{quote(addressee)}/lock", None)

    async def acknowledge(self, id: str, addressee: str, lock: str) -> None:
        """The document is stored here: handed over."""
        await self._ask("POST", f"/v1/inbox/{id}/{quote(addressee)}/acknowledge", json={"lock": lock})

    async def release(self, id: str, addressee: str, lock: str) -> None:
        """Put a taken document back."""
        await self._ask("POST", f"/v1/inbox/{id}/{quote(addressee)}/release", json={"lock": lock})

    async def report(
        self,
        id: str,
        code: str,
        description: str = "",
        staff: str = "",
        message_id: str = "",
    ) -> Document:
        """Report a business status on a received document."""
        body = {"code": code, "description": description, "staff": staff, "message_id": message_id}
        return await self._post(Document, f"/v1/documents/{id}/statuses", body)
