# Made from aio/looking.py by tools/blocking_client.py: change that one.
"""Who is who, lists and search, one document, its files and receipts."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from lienthong.client.line import Line
from lienthong.client.model import Document, Finding, Me, Org, Page, Part
from lienthong.client.resuming import save


class Looking(Line):
    """Looking changes nothing."""

    def me(self) -> Me:
        """Whom the token speaks for."""
        return self._get(Me, "/v1/me")

    def organisations(self, text: str = "", limit: int = 20) -> tuple[Org, ...]:
        """The directory, searched by code or name; accents are optional."""
        return self._get(tuple[Org, ...], "/v1/organisations", text=text, limit=limit)

    def outgoing(self, text: str = "", after: str = "", limit: int = 50, content: str = "edoc") -> Page:
        """Documents sent, newest first."""
        return self._get(Page, "/v1/outgoing", text=text, after=after, limit=limit, content=content)

    def incoming(self, text: str = "", after: str = "", limit: int = 50, content: str = "edoc") -> Page:
        """Documents received, newest first."""
        return self._get(Page, "/v1/incoming", text=text, after=after, limit=limit, content=content)

    def search(self, text: str, after: str = "", limit: int = 50) -> Page:
        """Sent and received together, by any id, number or words."""
        return self._get(Page, "/v1/search", text=text, after=after, limit=limit)

    def document(self, id: str) -> Document:
        """One document: data, journey, statuses, signatures."""
        return self._get(Document, f"/v1/documents/{id}")

    def part(self, id: str, name: str) -> bytes:
        """The bytes of a file."""
        return self._ask("GET", f"/v1/documents/{id}/files/{quote(name, safe='')}")

    def save(self, id: str, part: Part, target: Path) -> str:
        """Bring a file to `target`, going on behind what an earlier try left there; its hex SHA-256. OSError."""
        path = f"/v1/documents/{id}/files/{quote(part.name, safe='')}"
        return save(self._tell, path, part.size, target, self._watch)

    def evidence(self, id: str) -> dict[str, Any]:
        """All receipts in one bundle, as `lienthong verify` opens it."""
        return self._get(dict[str, Any], f"/v1/documents/{id}/evidence")

    def receipt(self, id: str, evidence_id: str) -> dict[str, Any]:
        """The receipt of one step."""
        return self._get(dict[str, Any], f"/v1/documents/{id}/evidence/{evidence_id}")

    def findings(self, id: str) -> dict[str, tuple[Finding, ...]]:
        """What the form check found in the files of a document."""
        return self._get(dict[str, tuple[Finding, ...]], f"/v1/documents/{id}/findings")
