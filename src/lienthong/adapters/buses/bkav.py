"""The eDoc bus of Bkav (Tây Ninh): a mailbox for each agency, files as octets with their hash, codes with paths.

It can be asked whether it has a document, so one whose answer was lost is not sent twice.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthong.adapters.buses.asking import Asker, file_of, ids, rows, told
from lienthong.errors import HandoverFailed, NotAllowed, Unavailable
from lienthong.gateway.bus import Kind

BASE = "/EdocService"
GOOD = frozenset({"0", "200"})
EXISTS, FORBIDDEN = "M.Exist", "M.CheckPermission"


@dataclass
class Bkav:
    """`system` is our own agency's code there, `secret` its token; `mailboxes` the agencies we speak for."""

    asker: Asker
    system: str
    secret: str = field(repr=False)
    mailboxes: Sequence[str] = ()

    async def waiting(self, mailbox: str, kind: Kind) -> Sequence[str]:
        """GET /getPendingDocIds; the bus does not tell the kinds apart, so all is told once, as documents."""
        if kind is not Kind.EDOC:
            return ()
        answer = self._good(told(await self._ask("GET", "/getPendingDocIds", mailbox)), "getPendingDocIds")
        return ids(rows(answer, "data", "docIds"), "docId", "id")

    async def fetch(self, mailbox: str, id: str) -> bytes:
        """POST /getDocument: the file itself, or JSON around its base64."""
        data = await self._ask("POST", "/getDocument", mailbox, json={"docId": id})
        if not data.lstrip().startswith(b"{"):
            return data
        return file_of(self._good(told(data), "getDocument").get("data"))

    async def done(self, mailbox: str, id: str) -> None:
        """POST /confirmReceived."""
        self._good(told(await self._ask("POST", "/confirmReceived", mailbox, json={"docId": id})), "confirmReceived")

    async def refuse(self, mailbox: str, id: str, reason: str) -> None:
        """This bus has no word for it: it goes on waiting there, and is not fetched again."""

    async def send(self, organ: str, kind: Kind, id: str, edxml: bytes) -> None:
        """POST /sendDocument, unless POST /checkExistDocument says that it is there."""
        digest = hashlib.sha256(edxml).hexdigest()
        if await self._exists(digest):
            return
        headers = {"Content-Type": "application/octet-stream", "hash-edoc": digest, "messageType": kind.value}
        try:
            self._good(told(await self._ask("POST", "/sendDocument", self.system, data=edxml, headers=headers)), id)
        except HandoverFailed as refusal:
            if EXISTS not in refusal.detail:
                raise

    async def _exists(self, digest: str) -> bool:
        answer = self._good(
            told(await self._ask("POST", "/checkExistDocument", self.system, json={"hash-edoc": digest})), "checkExist"
        )
        return answer.get("data") is True

    async def _ask(self, method: str, path: str, organ: str, **request: Any) -> bytes:
        headers = {"organId": organ, "token": self.secret, **request.pop("headers", {})}
        return await self.asker.ask(method, BASE + path, headers=headers, **request)

    @staticmethod
    def _good(answer: Any, what: str) -> dict[str, Any]:
        """The answer, unless its code is an error's; a bare list or value is good and stands under `data`."""
        if not isinstance(answer, dict):
            return {"data": answer}
        code = str(answer.get("code", answer.get("ErrorCode", "0")))
        if code in GOOD:
            return answer
        errors = answer.get("errors") or answer.get("errorList") or []
        words = f"{what}: {code} {', '.join(map(str, errors))}"[:300]
        if FORBIDDEN in words:
            raise NotAllowed(words)
        if not errors:  # 9999 alone is a fault of the bus, not a word about this message
            raise Unavailable(words)
        raise HandoverFailed(words)
