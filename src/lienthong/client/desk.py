"""`Desk`: one agency's door to its gateway. Every call raises errors of `lienthong.errors` and nothing else."""

import random
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx
import msgspec

from lienthong.client.model import Document, Entry, File, Finding, Me, Metadata, Org, Page, Part, Taken
from lienthong.client.resuming import LARGE, save, upload
from lienthong.client.signing import Signatures
from lienthong.client.uploading import Watch, watching
from lienthong.errors import Busy, LienThongError, Unavailable, by_code

T = TypeVar("T")
TIMEOUT = 60.0
"""Seconds a call may take beyond any waiting asked for."""
PATIENCE = 10.0
"""Seconds a call waits, all in all, for a gateway that says it is busy."""


class _Problem(msgspec.Struct):
    code: str = "internal-error"
    detail: str = ""
    facts: dict[str, str] = msgspec.field(default_factory=dict)


class Desk(Signatures):
    """A connection to a gateway's desk API with one access token, which speaks for one agency.

    A gateway of several processes has several addresses: the next one is asked when one does not answer or is not
    available. Sending with an id of your own, and every other call, may be repeated; `send` without one gets its id
    here, before the first attempt.

    >>> with Desk("https://gateway.example:8443", token, ca=Path("root.pem")) as desk:   # doctest: +SKIP
    ...     sent = desk.send(Metadata("15", "QĐ-BNV", "V/v …", ("H29",)), [File("15.pdf", "application/pdf", data)])
    """

    def __init__(
        self,
        url: str | Sequence[str],
        token: str,
        ca: Path | None = None,
        watch: Watch | None = None,
        *,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
        traceparent: str = "",
    ) -> None:
        """`watch` is told how far each upload and each saved file got; `patience`: seconds for a busy gateway.

        `traceparent` (W3C Trace Context) goes with every call: documents handed in belong to that trace on all hops.
        """
        self._watch = watch
        self._patience, self._sleep = patience, sleep
        headers = {"Authorization": f"Bearer {token}"} | ({"traceparent": traceparent} if traceparent else {})
        verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=str(ca)) if ca else True
        self._urls = [each.rstrip("/") for each in ([url] if isinstance(url, str) else url)]
        self._http = httpx.Client(headers=headers, verify=verify, timeout=TIMEOUT)
        if watch is not None:
            self._http.event_hooks = {"request": [watching(watch)]}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    # ------------------------------------------------------------ who and where

    def me(self) -> Me:
        """Whom the token speaks for."""
        return self._get(Me, "/v1/me")

    def organisations(self, text: str = "", limit: int = 20) -> tuple[Org, ...]:
        """The directory, searched by code or name; accents are optional."""
        return self._get(tuple[Org, ...], "/v1/organisations", text=text, limit=limit)

    # ------------------------------------------------------------ sending

    def send(self, metadata: Metadata, files: Sequence[File], message_id: str | None = None) -> Document:
        """Hand in a document; safe to repeat with the same id. Returns once it is durable at the gateway."""
        query = {} if metadata.ttl_seconds is None else {"ttl_seconds": metadata.ttl_seconds}
        path = f"/v1/outgoing/{quote(message_id or uuid4().hex)}"
        return self._decode(Document, self._ask("PUT", path, params=query, files=self._form(metadata, files)))

    def form_check(self, metadata: Metadata, files: Sequence[File]) -> dict[str, tuple[Finding, ...]]:
        """What the form check would find, by file name; nothing is sent."""
        answer = self._ask("POST", "/v1/signatures/form-check", files=self._form(metadata, files))
        return self._decode(dict[str, tuple[Finding, ...]], answer)

    def findings(self, id: str) -> dict[str, tuple[Finding, ...]]:
        """What the form check found in the files of a document."""
        return self._get(dict[str, tuple[Finding, ...]], f"/v1/documents/{id}/findings")

    def _form(self, metadata: Metadata, files: Sequence[File]) -> list[tuple[str, Any]]:
        said = msgspec.to_builtins(replace(metadata, ttl_seconds=None))
        del said["ttl_seconds"]
        along: Sequence[File] = files
        if any(file.size > LARGE for file in files):  # all of them, so that their order stays
            said["uploads"], along = [upload(self._tell, file, self._watch) for file in files], ()
        # a part among the files, so that a document without files is a form with parts too
        form = ("metadata", (None, msgspec.json.encode(said), None))
        return [form, *(("files", (file.name, file.whole(), file.media_type)) for file in along)]

    def send_edxml(self, data: bytes, message_id: str, ttl_seconds: float | None = None) -> Document:
        """Hand in a ready edXML file, kept verbatim."""
        query = {} if ttl_seconds is None else {"ttl_seconds": ttl_seconds}
        headers = {"Content-Type": "application/xml"}
        path = f"/v1/outgoing/{quote(message_id)}"
        return self._decode(Document, self._ask("PUT", path, params=query, content=data, headers=headers))

    def recall(self, id: str, reason: str, message_id: str | None = None) -> Document:
        """Recall an own document from everybody it went to."""
        return self._post(Document, f"/v1/documents/{id}/recall", {"reason": reason, **_named(message_id)})

    def cancel(self, id: str, reason: str) -> Document:
        """Stop an own document that the axis has not accepted yet; the axis decides, `pending` says what stands."""
        return self._post(Document, f"/v1/documents/{id}/cancel", {"reason": reason})

    def update(
        self,
        id: str,
        reason: str,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        message_id: str | None = None,
    ) -> Document:
        """Add or remove receivers of an own document."""
        body = {"reason": reason, "add": list(add), "remove": list(remove), **_named(message_id)}
        return self._post(Document, f"/v1/documents/{id}/update", body)

    def replace(self, id: str, metadata: Metadata, files: Sequence[File], message_id: str | None = None) -> Document:
        """Send a document in place of an earlier own one."""
        replaced = self.document(id).entry.document_id
        return self.send(replace(metadata, business=3, replaces=(replaced,)), files, message_id)

    # ------------------------------------------------------------ looking

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

    # ------------------------------------------------------------ receiving

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

    # ------------------------------------------------------------ the wire

    def _get(self, kind: type[T], path: str, **query: Any) -> T:
        return self._decode(kind, self._ask("GET", path, params=query))

    def _post(self, kind: type[T], path: str, body: dict[str, Any] | None) -> T:
        return self._decode(kind, self._ask("POST", path, json=body) if body is not None else self._ask("POST", path))

    def _decode(self, kind: type[T], data: bytes) -> T:
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.DecodeError as error:
            raise Unavailable(str(error)) from error

    def _ask(self, method: str, path: str, **kwargs: Any) -> bytes:
        return self._tell(method, path, **kwargs).content

    def _tell(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """A busy gateway says when to come again, and nothing was done: so it is asked again, while patience lasts."""
        left = self._patience
        while True:
            try:
                return self._any(method, path, **kwargs)
            except Busy as busy:
                pause = _asked(busy)
                if pause > left:
                    raise
            left -= pause
            self._sleep(pause)

    def _any(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Ask the address that answered last, and each other one while none is available."""
        for left in reversed(range(len(self._urls))):
            try:
                return self._once(self._urls[0], method, path, **kwargs)
            except Unavailable:
                self._urls = [*self._urls[1:], self._urls[0]]
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _once(self, url: str, method: str, path: str, **kwargs: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, url + path, **kwargs)
        except httpx.HTTPError as error:
            raise Unavailable(f"{url}: {type(error).__name__}") from error
        if answer.status_code >= 400:
            raise _problem(answer.status_code, answer.content, answer.headers.get("Retry-After", ""))
        return answer


def _named(message_id: str | None) -> dict[str, str]:
    return {"message_id": message_id} if message_id else {}


def _asked(busy: Busy) -> float:
    """Seconds a busy gateway asks for, and a little by chance, so that not all come back at once."""
    told = busy.facts.get("retry_after", "")
    return (int(told) if told.isascii() and told.isdigit() else 1) * random.uniform(1, 1.25)


def _problem(status: int, data: bytes, retry_after: str = "") -> LienThongError:
    try:
        told = msgspec.json.decode(data, type=_Problem)
    except msgspec.DecodeError:
        return Busy(retry_after=retry_after or "1") if status == 429 else Unavailable(f"HTTP {status}")
    kind = by_code(told.code)
    if kind is LienThongError and status >= 500:
        return Unavailable(told.detail or f"HTTP {status}")
    return kind(told.detail, **told.facts)
