"""A desk's connection to its gateway, as patient software has it: what can be tried again is, with the same id."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
import msgspec

from lienthong.adapters.wire import problem
from lienthong.cli.chaos.record import Record
from lienthong.client.model import Document, Entry, Page, Taken
from lienthong.errors import Kind, LienThongError, Unavailable

T = TypeVar("T")
QUICK = 15.0
"""Seconds a call may take beyond any waiting asked for."""
PAUSE, LONGEST = 0.1, 2.0


class GivenUp(Exception):
    """The run is over, whatever was still being tried."""


@dataclass
class Door:
    """One agency's calls; `over` is set when nobody is to try anything any more."""

    session: aiohttp.ClientSession
    url: str
    token: str
    record: Record
    over: asyncio.Event

    async def hand_in(self, message: str, metadata: dict[str, Any], files: Any, ttl: float | None = None) -> Document:
        """PUT with the software's own id."""

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData()
            made.add_field("metadata", msgspec.json.encode(metadata).decode())
            for name, data in files:
                made.add_field("files", data, filename=name, content_type="application/octet-stream")
            return made

        query = {} if ttl is None else {"ttl_seconds": str(ttl)}
        return await self._ask(Document, "PUT", f"/v1/outgoing/{quote(message)}", query, data=form)

    async def post(self, path: str, body: dict[str, Any]) -> Document:
        """A change or a report."""
        return await self._ask(Document, "POST", path, json=lambda: body)

    async def document(self, package: str) -> Document:
        """One document."""
        return await self._ask(Document, "GET", f"/v1/documents/{package}")

    async def inbox(self, wait: float, limit: int) -> tuple[Entry, ...]:
        """What waits."""
        query = {"seconds": str(wait), "limit": str(limit)}
        return await self._ask(tuple[Entry, ...], "GET", "/v1/inbox", query, wait=wait)

    async def lock(self, package: str, addressee: str) -> Taken:
        """Take a document. Raises LockLost when it is taken already."""
        return await self._ask(Taken, "POST", f"/v1/inbox/{package}/{quote(addressee)}/lock")

    async def acknowledge(self, package: str, addressee: str, lock: str) -> None:
        """It is in the register."""
        await self.call("POST", f"/v1/inbox/{package}/{quote(addressee)}/acknowledge", json=lambda: {"lock": lock})

    async def file(self, package: str, name: str) -> bytes:
        """The bytes of a file."""
        return await self.call("GET", f"/v1/documents/{package}/files/{quote(name, safe='')}")

    async def page(self, way: str, after: str, content: str = "edoc") -> Page:
        """A page of a list, `way` is outgoing or incoming."""
        return await self._ask(Page, "GET", f"/v1/{way}", {"limit": "200", "after": after, "content": content})

    async def listed(self, way: str, content: str = "edoc") -> list[Entry]:
        """The whole list, newest first."""
        found: list[Entry] = []
        after = ""
        while True:
            page = await self.page(way, after, content)
            found += page.entries
            if not (after := page.next):
                return found

    async def evidence(self, package: str) -> bytes:
        """All receipts of a document."""
        return await self.call("GET", f"/v1/documents/{package}/evidence")

    async def _ask(self, kind: type[T], method: str, path: str, query: Any = None, wait: float = 0, **body: Any) -> T:
        return msgspec.json.decode(await self.call(method, path, query, wait, **body), type=kind)

    async def call(self, method: str, path: str, query: Any = None, wait: float = 0, **body: Any) -> bytes:
        """Until it is answered for good. Raises what is final; GivenUp."""
        return await self._insist(lambda: self._once(method, path, query, wait, **body))

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        pause = PAUSE
        while not self.over.is_set():
            try:
                return await call()
            except LienThongError as error:
                self.record.met[error.code] += 1
                if error.permanent:
                    raise
                pause = max(float(error.facts.get("retry_after", 0) or 0), min(pause * 2, LONGEST))
            await asyncio.sleep(pause)
        raise GivenUp

    async def _once(self, method: str, path: str, query: Any, wait: float, **body: Callable[[], Any]) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}"}
        timeout = aiohttp.ClientTimeout(total=QUICK + wait, sock_connect=5.0)
        made = {name: make() for name, make in body.items()}
        try:
            async with self.session.request(
                method, self.url + path, params=query, headers=headers, timeout=timeout, **made
            ) as answer:
                data = await answer.read()
                if answer.status >= 400:
                    raise self._refusal(answer.status, data, method, path)
                return data
        except (TimeoutError, aiohttp.ClientError, OSError, ssl.SSLError) as error:
            raise Unavailable(type(error).__name__) from error

    def _refusal(self, status: int, data: bytes, method: str, path: str) -> LienThongError:
        """A fault nobody foresaw is written down: nothing that breaks around a hop may become one."""
        if status == Kind.INTERNAL.value:
            self.record.wrong.append(f"500 {method} {path}: {data[:300].decode(errors='replace')}")
        return problem(status, data)
