"""Who is who, lists and search, one document, its files and receipts."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from lienthong.client.aio.line import AsyncLine
from lienthong.client.aio.resuming import save
from lienthong.client.model import Document, Finding, Me, Org, Page, Part


class AsyncLooking(AsyncLine):
    """Looking changes nothing."""

    async def me(self) -> Me:
        """Whom the token speaks for."""
        return await self._get(Me, "/v1/me")

    async def organisations(self, text: str = "", limit: int = 20) -> tuple[Org, ...]:
        """The directory, searched by code or name; accents are optional."""
        return await self._get(tuple[Org, ...], "/v1/organisations", text=text, limit=limit)

    async def outgoing(self, text: str = "", after: str = "", limit: int = 50, content: str = "edoc") -> Page:
        """Documents sent, newest first."""
        return await self._get(Page, "/v1/outgoing", text=text, after=after, limit=limit, content=content)

    async def incoming(self, text: str = "", after: str = "", limit: int = 50, content: str = "edoc") -> Page:
        """Documents received, newest first."""
        return await self._get(Page, "/v1/incoming", text=text, after=after, limit=limit, content=content)

    async def search(self, text: str, after: str = "", limit: int = 50) -> Page:
        """Sent and received together, by any id, number or words."""
        return await self._get(Page, "/v1/search", text=text, after=after, limit=limit)

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

    async def findings(self, id: str) -> dict[str, tuple[Finding, ...]]:
        """What the form check found in the files of a document."""
        return await self._get(dict[str, tuple[Finding, ...]], f"/v1/documents/{id}/findings")
