"""Who is who, lists and search, one document, its files and receipts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lienthong.client.aio.line import AsyncLine
from lienthong.client.aio.resuming import save
from lienthong.client.model import ANY, Capability, Document, Filter, Finding, Me, Org, Page, Part, Recipients


class AsyncLooking(AsyncLine):
    """Looking changes nothing."""

    async def me(self) -> Me:
        """Whom the token speaks for."""
        return await self._get(Me, "/v1/me")

    async def organisations(self, text: str = "", limit: int = 20) -> tuple[Org, ...]:
        """The directory, searched by code or name; accents are optional."""
        return await self._get(tuple[Org, ...], "/v1/organisations", text=text, limit=limit)

    async def outgoing(
        self,
        text: str = "",
        after: str = "",
        limit: int = 50,
        content: str = "edoc",
        *,
        where: Filter = ANY,
        count: bool = False,
    ) -> Page:
        """Documents sent, newest first. `count` asks for the `total` of all pages."""
        return await self._page(
            "/v1/outgoing", where, text=text, after=after, limit=limit, content=content, count=count
        )

    async def incoming(
        self,
        text: str = "",
        after: str = "",
        limit: int = 50,
        content: str = "edoc",
        *,
        where: Filter = ANY,
        count: bool = False,
    ) -> Page:
        """Documents received, newest first. `count` asks for the `total` of all pages."""
        return await self._page(
            "/v1/incoming", where, text=text, after=after, limit=limit, content=content, count=count
        )

    async def search(
        self,
        text: str = "",
        after: str = "",
        limit: int = 50,
        content: str = "edoc",
        *,
        where: Filter = ANY,
        count: bool = False,
    ) -> Page:
        """Sent and received together, by any id, number or words, or by what `where` says."""
        return await self._page("/v1/search", where, text=text, after=after, limit=limit, content=content, count=count)

    async def _page(self, path: str, where: Filter, **query: Any) -> Page:
        return await self._get(Page, path, **query, **where.query())

    async def boxes(self, *names: str) -> dict[str, int]:
        """How many documents each box holds, exactly; all boxes unless some are named."""
        return await self._get(dict[str, int], "/v1/boxes", **({"box": names} if names else {}))

    async def capabilities(self, *codes: str) -> tuple[Capability, ...]:
        """Before sending: what would become of a document for each of these codes, up to 200."""
        return await self._get(tuple[Capability, ...], "/v1/capabilities", code=codes)

    async def recipients(
        self,
        id: str,
        states: Sequence[str] = (),
        statuses: Sequence[str] = (),
        after: str = "",
        limit: int = 50,
    ) -> Recipients:
        """How far a document got with each recipient, and with how many."""
        query: dict[str, Any] = {"state": tuple(states), "status": tuple(statuses), "after": after, "limit": limit}
        return await self._get(Recipients, f"/v1/documents/{id}/recipients", **query)

    async def document(self, id: str) -> Document:
        """One document: data, journey, statuses, signatures."""
        return await self._get(Document, f"/v1/documents/{id}")

    async def part(self, id: str, name: str) -> bytes:
        """The bytes of a file."""
        return await self._ask("GET", f"/v1/documents/{id}/files/{quote(name, safe='')}")

    async def save(self, id: str, part: Part, target: Path) -> str:
        """Bring a file to `target`, going on behind what an earlier try left there; its hex SHA-256. OSError."""
        path = f"/v1/documents/{id}/files/{quote(part.name, safe='')}"
        return await save(self._tell, path, part.size, target, self._watch)

    async def evidence(self, id: str) -> dict[str, Any]:
        """All receipts in one bundle, as `lienthong verify` opens it."""
        return await self._get(dict[str, Any], f"/v1/documents/{id}/evidence")

    async def receipt(self, id: str, evidence_id: str) -> dict[str, Any]:
        """The receipt of one step."""
        return await self._get(dict[str, Any], f"/v1/documents/{id}/evidence/{evidence_id}")

    async def proof(self, id: str) -> bytes:
        """Everything that proves a document for years to come: a ZIP that `lienthong verify` opens. ProofPending."""
        return await self._ask("GET", f"/v1/documents/{id}/proof")

    async def findings(self, id: str) -> dict[str, tuple[Finding, ...]]:
        """What the form check found in the files of a document."""
        return await self._get(dict[str, tuple[Finding, ...]], f"/v1/documents/{id}/findings")
