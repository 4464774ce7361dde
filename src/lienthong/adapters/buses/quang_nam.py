"""The bus of Quảng Nam (WSO2 API manager): OAuth 2 client credentials, a collection `vanbans` with states.

What is known are addresses, states and that files travel as base64 with the agency's code in a header; the names of the
fields below are ours where no record has them, and stand here alone.
"""

import base64
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp

from lienthong.adapters.buses.asking import Asker, file_of, ids, is_over, rows, told
from lienthong.errors import NotAllowed
from lienthong.gateway.bus import Kind

BASE = "/truclienthong/v1.0.0"
ORGAN, TYPE, FILE, STATE = "organId", "messageType", "data", "status"
EARLY = 30.0
"""Seconds before its end that a token counts as ended."""


@dataclass
class QuangNam:
    """`system` and `secret` are the client's id and secret at the API manager."""

    asker: Asker
    system: str
    secret: str = field(repr=False)
    now: Callable[[], float] = time.monotonic
    mailboxes: Sequence[str] = ("",)
    _token: str = field(default="", init=False, repr=False)
    _ends: float = field(default=0.0, init=False)

    async def waiting(self, mailbox: str, kind: Kind) -> Sequence[str]:
        """GET vanbans, those that are INITIAL."""
        answer = told(await self._ask("GET", "/vanbans", params={TYPE: kind.value, STATE: "INITIAL"}))
        return ids([row for row in rows(answer, "data", "vanbans") if not is_over(row)], "docId", "id")

    async def fetch(self, mailbox: str, id: str) -> bytes:
        """GET vanbans/{docId}."""
        data = await self._ask("GET", f"/vanbans/{_safe(id)}")
        if data.lstrip().startswith(b"{"):
            answer = told(data)
            return file_of(answer.get(FILE) or answer.get("edxml"))
        return file_of(data.decode("utf-8", "replace").strip().strip('"'))

    async def done(self, mailbox: str, id: str) -> None:
        """PUT vanbans/{docId}: DONE."""
        await self._ask("PUT", f"/vanbans/{_safe(id)}", json={STATE: "DONE"})

    async def refuse(self, mailbox: str, id: str, reason: str) -> None:
        """PUT vanbans/{docId}: FAIL."""
        await self._ask("PUT", f"/vanbans/{_safe(id)}", json={STATE: "FAIL", "description": reason})

    async def send(self, organ: str, kind: Kind, id: str, edxml: bytes) -> None:
        """POST vanbans."""
        body = {FILE: base64.b64encode(edxml).decode(), TYPE: kind.value}
        await self._ask("POST", "/vanbans", json=body, headers={ORGAN: organ})

    async def _ask(self, method: str, path: str, **request: object) -> bytes:
        """With a token; one that is refused is asked for anew, once."""
        headers = dict(request.pop("headers", {}))  # type: ignore[call-overload]  # ours, a mapping
        for last in (False, True):
            await self._require_token()
            bearer = {"Authorization": f"Bearer {self._token}", **headers}
            try:
                return await self.asker.ask(method, BASE + path, headers=bearer, **request)
            except NotAllowed:
                self._ends = 0.0
                if last:
                    raise
        raise AssertionError("unreachable")

    async def _require_token(self) -> None:
        if self.now() < self._ends:
            return
        headers = {"Authorization": aiohttp.encode_basic_auth(self.system, self.secret)}
        grant = {"grant_type": "client_credentials"}
        answer = told(await self.asker.ask("POST", "/token", data=grant, headers=headers))
        self._token = str(answer.get("access_token", "")) if isinstance(answer, dict) else ""
        if not self._token:
            raise NotAllowed("/token")
        self._ends = self.now() + max(0.0, float(answer.get("expires_in") or 0) - EARLY)


def _safe(id: str) -> str:
    """An id of theirs as one segment of a path."""
    return quote(id, safe="")
