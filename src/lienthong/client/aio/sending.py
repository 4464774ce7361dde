"""Handing in, and what is said of own documents afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import msgspec

from lienthong.client.aio.aside import aside
from lienthong.client.aio.line import AsyncLine
from lienthong.client.aio.resuming import LARGE, upload
from lienthong.client.answers import decoded
from lienthong.client.model import Document, File, Finding, Metadata


class AsyncSending(AsyncLine):
    """Every call is safe to repeat with the same id."""

    async def send(self, metadata: Metadata, files: Sequence[File], message_id: str | None = None) -> Document:
        """Hand in a document; safe to repeat with the same id. Returns once it is durable at the gateway."""
        query = {} if metadata.ttl_seconds is None else {"ttl_seconds": metadata.ttl_seconds}
        path = f"/v1/outgoing/{quote(message_id or uuid4().hex)}"
        return decoded(Document, await self._ask("PUT", path, params=query, files=await self._form(metadata, files)))

    async def form_check(self, metadata: Metadata, files: Sequence[File]) -> dict[str, tuple[Finding, ...]]:
        """What the form check would find, by file name; nothing is sent."""
        answer = await self._ask("POST", "/v1/signatures/form-check", files=await self._form(metadata, files))
        return decoded(dict[str, tuple[Finding, ...]], answer)

    async def _form(self, metadata: Metadata, files: Sequence[File]) -> list[tuple[str, Any]]:
        said = msgspec.to_builtins(replace(metadata, ttl_seconds=None))
        del said["ttl_seconds"]
        along: Sequence[File] = files
        if any(file.size > LARGE for file in files):  # all of them, so that their order stays
            said["uploads"], along = [await upload(self._tell, file, self._watch) for file in files], ()
        # a part among the files, so that a document without files is a form with parts too
        form = ("metadata", (None, msgspec.json.encode(said), None))
        return [form, *[("files", (file.name, await aside(file.whole), file.media_type)) for file in along]]

    async def send_edxml(self, data: bytes, message_id: str, ttl_seconds: float | None = None) -> Document:
        """Hand in a ready edXML file, kept verbatim."""
        query = {} if ttl_seconds is None else {"ttl_seconds": ttl_seconds}
        headers = {"Content-Type": "application/xml"}
        path = f"/v1/outgoing/{quote(message_id)}"
        return decoded(Document, await self._ask("PUT", path, params=query, content=data, headers=headers))

    async def recall(self, id: str, reason: str, message_id: str | None = None) -> Document:
        """Recall an own document from everybody it went to."""
        return await self._post(Document, f"/v1/documents/{id}/recall", {"reason": reason, **_named(message_id)})

    async def cancel(self, id: str, reason: str) -> Document:
        """Stop an own document that the axis has not accepted yet; the axis decides, `pending` says what stands."""
        return await self._post(Document, f"/v1/documents/{id}/cancel", {"reason": reason})

    async def update(
        self,
        id: str,
        reason: str,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        message_id: str | None = None,
    ) -> Document:
        """Add or remove receivers of an own document."""
        body = {"reason": reason, "add": list(add), "remove": list(remove), **_named(message_id)}
        return await self._post(Document, f"/v1/documents/{id}/update", body)

    async def replace(
        self, id: str, metadata: Metadata, files: Sequence[File], message_id: str | None = None
    ) -> Document:
        """Send a document in place of an earlier own one."""
        replaced = (await self._get(Document, f"/v1/documents/{id}")).entry.document_id
        return await self.send(replace(metadata, business=3, replaces=(replaced,)), files, message_id)


def _named(message_id: str | None) -> dict[str, str]:
    return {"message_id": message_id} if message_id else {}
