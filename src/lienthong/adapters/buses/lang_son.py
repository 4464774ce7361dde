"""The bus of Lạng Sơn (LGSP, guide v2.2): a login for thirty minutes, calls named after the SDK's."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from lienthong.adapters.buses.asking import Asker, file_of, ids, is_over, rows, told
from lienthong.document import VIETNAM
from lienthong.errors import HandoverFailed, NotAllowed, Unavailable
from lienthong.gateway.bus import Kind

LOGIN, HELD = "/api/lgspedoc/login", 25 * 60.0
"""Where one logs in, and for how many seconds a token is used: five minutes less than it holds."""
BACK = timedelta(days=30)
"""So far back what waits is asked for."""
LARGEST = 50 * 2**20
"""Bytes of an attachment above which this bus leaves it out in silence: we do not send such a file."""
OURS, THEIRS = frozenset({"15"}), frozenset({"20"})
"""Codes that are about our credentials, and about the bus itself; the others are about the message."""
WORDS = {
    "10": "tệp hỏng / bad file",
    "15": "sai SystemId, SecretKey / wrong credentials",
    "18": "bên nhận chưa có / receiver unknown",
    "19": "bên gửi chưa đăng ký / sender not registered",
    "20": "lỗi hệ thống / system error",
    "21": "lỗi xử lý tệp / file processing error",
    "22": "sai định dạng edXML / wrong edXML format",
    "23": "bên nhận bị khóa / receiver locked",
}


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass
class LangSon:
    """`system` and `secret` are `X-SystemId` and `X-SecretKey`."""

    asker: Asker
    system: str
    secret: str = field(repr=False)
    now: Callable[[], float] = time.monotonic
    today: Callable[[], datetime] = _utc
    mailboxes: Sequence[str] = ("",)
    _token: str = field(default="", init=False, repr=False)
    _ends: float = field(default=0.0, init=False)

    async def waiting(self, mailbox: str, kind: Kind) -> Sequence[str]:
        """GET /v1/syncReceivedEdocList of the last thirty days; what is done is left out."""
        day = self.today().astimezone(VIETNAM)
        asked = {"messageType": kind.value, "fromDate": f"{day - BACK:%Y/%m/%d}", "toDate": f"{day:%Y/%m/%d}"}
        answer = await self._call("GET", "/v1/syncReceivedEdocList", params=asked)
        found = rows(answer, "data")
        return ids([row for row in found if not is_over(row)], "docId")

    async def fetch(self, mailbox: str, id: str) -> bytes:
        """GET /v1/getEdoc."""
        answer = await self._call("GET", "/v1/getEdoc", params={"docId": id})
        inner = answer.get("data")
        return file_of((inner if isinstance(inner, dict) else answer).get("edxml"))

    async def done(self, mailbox: str, id: str) -> None:
        """POST /v1/updateStatus: done."""
        await self._call("POST", "/v1/updateStatus", json={"docId": id, "status": "done"})

    async def refuse(self, mailbox: str, id: str, reason: str) -> None:
        """POST /v1/updateStatus: fail."""
        await self._call("POST", "/v1/updateStatus", json={"docId": id, "status": "fail", "description": reason})

    async def send(self, organ: str, kind: Kind, id: str, edxml: bytes) -> None:
        """POST /v1/sendEdoc, multipart."""
        if len(edxml) > LARGEST * 4 // 3:
            raise HandoverFailed(f"> {LARGEST} B: trục tỉnh bỏ qua tệp lớn / this bus leaves large files out")
        form = aiohttp.FormData()
        form.add_field("edocFile", edxml, filename=f"{id}.edxml", content_type="application/xml")
        form.add_field("messageType", kind.value)
        await self._call("POST", "/v1/sendEdoc", data=form)

    async def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        await self._require_token()
        headers = {"X-SystemId": self.system, "X-SecretKey": self.secret, "Authorization": f"Bearer {self._token}"}
        try:
            return self._good(told(await self.asker.ask(method, path, headers=headers, **request)), path)
        except NotAllowed:
            self._ends = 0.0  # the next round logs in anew
            raise

    async def _require_token(self) -> None:
        if self.now() < self._ends:
            return
        body = {"systemId": self.system, "secretKey": self.secret}
        answer = self._good(told(await self.asker.ask("POST", LOGIN, json=body)), LOGIN)
        token = answer.get("token") or answer.get("data")
        if not isinstance(token, str) or not token:
            raise NotAllowed(LOGIN)
        self._token, self._ends = token, self.now() + HELD

    @staticmethod
    def _good(answer: Any, path: str) -> dict[str, Any]:
        """The answer, unless its code says otherwise."""
        if not isinstance(answer, dict):
            raise Unavailable(f"{path}: {type(answer).__name__}")
        code = str(answer.get("errorCode", answer.get("ErrorCode", answer.get("code", "0"))) or "0")
        if code in {"0", "200"} and answer.get("success") is not False:
            return answer
        words = f"{path}: {code} {WORDS.get(code, answer.get('message', ''))}"[:300]
        raise (NotAllowed if code in OURS else Unavailable if code in THEIRS else HandoverFailed)(words)
