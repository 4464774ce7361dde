"""Where a VXP story is played: systems that sign as the SDK does, and items found by the ids the two sides tell."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import httpx

from lienthong.cli.conformance.model import Broken, Cast, Line, Place
from lienthong.cli.conformance.stage import Waiting
from lienthong.document import VIETNAM


@dataclass(frozen=True, slots=True)
class Reply:
    """What came, as the SDK would read it."""

    path: str
    status: int
    content: bytes = field(repr=False)

    @property
    def json(self) -> dict[str, Any]:
        """The object of the answer: three texts always, `DocId` after `sendEdoc`, no null. Broken."""
        try:
            told = json.loads(self.content)
        except ValueError:
            raise Broken("Câu trả lời phải là JSON", "the answer must be JSON", self.told) from None
        texts = ["status", "ErrorCode", "ErrorDesc", *(["DocId"] if self.path == "/sendEdoc" else [])]
        if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in texts):
            raise Broken(f"Phải có {', '.join(texts)}", f"there must be {', '.join(texts)}", self.told)
        if self.status != 200:
            raise Broken("Phải là HTTP 200", "must be HTTP 200", self.told)
        if (told["status"] == "OK") != (told["ErrorCode"] == "0") or told["status"] not in {"OK", "FAIL"}:
            raise Broken("status và ErrorCode phải khớp", "status and ErrorCode must agree", self.told)
        return told

    def good(self, vi: str, en: str) -> dict[str, Any]:
        """The object, once it says OK."""
        told = self.json
        if told["status"] != "OK":
            raise Broken(f"{vi}: phải được", f"{en}: must be taken", self.told)
        return told

    def rows(self, vi: str, en: str) -> list[dict[str, str]]:
        """The list of a good answer: objects of texts, none null."""
        found = self.good(vi, en).get("data")
        if not isinstance(found, list):
            raise Broken("data phải là danh sách", "data must be a list", self.told)
        if wrong := [row for row in found if not isinstance(row, dict) or None in row.values()]:
            raise Broken("Không dòng nào được có null", "no row may hold a null", wrong[0])
        return found

    def refused(self) -> dict[str, Any]:
        """The object, once it refuses with a code and a sentence."""
        told = self.json
        if told["status"] != "FAIL" or not told["ErrorDesc"].strip():
            raise Broken("Phải từ chối, có lý do", "must be refused, with a reason", self.told)
        return told

    @property
    def told(self) -> str:
        """The answer in one line."""
        return f"{self.status} {self.content[:400].decode('utf-8', 'replace')}"


@dataclass(frozen=True, slots=True)
class System:
    """One object of the SDK at a system's place; its time is taken when it is made."""

    place: Place
    role: str
    http: httpx.Client = field(repr=False)
    trail: list[Line] = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def code(self) -> str:
        """The organisation it calls as."""
        return self.place.code

    def signed(self, secret: str = "") -> dict[str, str]:
        """Everything it ever set, and the proof of it."""
        told = {f"XroadVnpt-{name}": value for name, value in self.headers.items()}
        text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
        mark = hmac.new((secret or self.place.token).encode(), text.encode(), hashlib.sha256).hexdigest()
        proof = {"XroadVnpt-sign-header-key": ";".join(self.headers), "XroadVnpt-sign-header": text}
        agent = {"User-Agent": "JAVASDKAgent/1.0.0 XRoad/VPCP", "XroadVnpt-version": "3.0.201608"}
        return {**told, "Content-Type": self.headers["Content-Type"], **proof, "XroadVnpt-hash-header": mark, **agent}

    def ask(self, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        """One request, rightly signed unless `headers` are given. Broken when there is no answer."""
        method = "GET" if path.startswith("/count") else "POST"
        try:
            came = self.http.request(method, self.place.url + path, content=body, headers=headers or self.signed())
        except httpx.HTTPError as error:
            self.trail.append(Line(self.role, method, path, 0, type(error).__name__))
            raise Broken("Máy chủ phải trả lời", "the server must answer", repr(error)) from error
        reply = Reply(path, came.status_code, came.content)
        self.trail.append(Line(self.role, method, path, came.status_code, came.content[:80].decode("utf-8", "replace")))
        return reply

    def call(self, path: str, body: bytes = b"", **params: str) -> Reply:
        """A call with parameters; those of calls before go along."""
        self.headers.update({"Content-Type": "application/json", **params})
        return self.ask(path, body)

    # ------------------------------------------------------------ the everyday acts

    def post(self, data: bytes, kind: str = "edoc", sender: str = "", digest: str = "") -> Reply:
        """`sendEdoc`; the digest as the SDK prints it unless another is given."""
        told = {"from": sender or self.code, "servicetype": "eDoc", "messagetype": kind}
        self.headers.update({"Content-Type": "application/octet-stream", **told, "hash-file": digest or printed(data)})
        return self.ask("/sendEdoc", data)

    def sends(self, data: bytes, kind: str = "edoc") -> str:
        """A package that must be taken; its id."""
        found = self.post(data, kind).good("Gửi gói tin", "sending a package")["DocId"]
        if not found:
            raise Broken("Phải có DocId", "there must be a DocId")
        return str(found)

    def waiting(self, kind: str = "edoc") -> dict[str, dict[str, str]]:
        """What waits, by `docId`."""
        reply = self.call("/getReceivedEdocList", servicetype="eDoc", messagetype=kind)
        return {row["docId"]: row for row in reply.rows("Danh sách chờ", "the list of what waits")}

    def sent(self, doc_id: str, kind: str = "edoc") -> dict[str, dict[str, str]]:
        """What became of a package, by addressee."""
        reply = self.call("/getSentEdocList", servicetype="eDoc", messagetype=kind, docId=doc_id)
        return {row["toCode"]: row for row in reply.rows("Danh sách đã gửi", "the list of what was sent")}

    def fetch(self, doc_id: str) -> bytes:
        """The file of an item."""
        told = self.call("/getEdoc", b"{}", docId=doc_id, filePath="/tmp/vanban").good("Lấy văn bản", "fetching")  # noqa: S108  # sent, never used
        try:
            return base64.b64decode(str(told.get("data", "")), validate=True)
        except ValueError:
            raise Broken("data phải là base64", "data must be base64", str(told.get("data"))[:200]) from None

    def moves(self, doc_id: str, state: str) -> Reply:
        """`updateStatus`."""
        return self.call("/updateStatus", b"{}", docId=doc_id, status=state)

    def takes(self, doc_id: str) -> bytes:
        """Fetched and done."""
        data = self.fetch(doc_id)
        self.moves(doc_id, "done").good("Báo đã lưu", "saying done")
        return data


@dataclass(frozen=True)
class VxpStage(Waiting):
    """One story's stage; its systems are its own."""

    cast: Cast
    http: httpx.Client = field(repr=False)
    patience: float = 30.0
    trail: list[Line] = field(default_factory=list)

    @cached_property
    def tested(self) -> System:
        """The system under examination."""
        return self.system(self.cast.tested, "tested")

    @cached_property
    def partner(self) -> System:
        """Its counterpart."""
        return self.system(self.cast.partner, "partner")

    @cached_property
    def stranger(self) -> System:
        """A third one."""
        return self.system(self.cast.stranger, "stranger")

    @cached_property
    def represented(self) -> System:
        """One that calls as an organisation on another's gateway."""
        return self.system(self.cast.represented, "represented")

    @cached_property
    def revoked(self) -> System:
        """One whose secret was revoked."""
        return self.system(self.cast.revoked, "revoked")

    @cached_property
    def expired(self) -> System:
        """One whose secret ran out beside a newer one."""
        return self.system(self.cast.expired, "expired")

    @cached_property
    def brief(self) -> System:
        """One whose packages may be under way for seconds only."""
        return self.system(self.cast.brief, "brief")

    def system(self, place: Place | None, role: str) -> System:
        """A new object of the SDK at that place."""
        if place is None:
            raise LookupError(role)
        head = {"timestamp": timestamp(datetime.now(UTC)), "systemid": place.system, "Content-Type": "application/json"}
        return System(place, role, self.http, self.trail, head)

    def system_of(self, code: str) -> System:
        """The system that calls as that organisation. Broken when nobody of the cast does."""
        everybody = {role: getattr(self.cast, role) for role in ("tested", "partner", "stranger", "represented")}
        for role, place in everybody.items():
            if place is not None and place.code == code:
                return self.system(place, role)
        raise Broken(f"Không có hệ thống của {code}", f"nobody of the cast calls as {code}")

    def item(self, sender: System, doc_id: str, receiver: System, kind: str = "edoc") -> str:
        """The id of the receiver's item of a package, once both sides tell it."""

        def look() -> str:
            told = sender.sent(doc_id, kind).get(receiver.code, {}).get("receiverDocId", "")
            return told if told and told in receiver.waiting(kind) else ""

        vi, en = f"Gói tin phải đến {receiver.code}", f"the package must come to {receiver.code}"
        return str(self.until(look, vi, en))

    def told(self, sender: System, doc_id: str, code: str, **wanted: str) -> dict[str, str]:
        """The sender's row about one addressee, once it says what is wanted."""

        def look() -> dict[str, str] | None:
            row = sender.sent(doc_id).get(code, {})
            return row if row and all(row.get(name) == value for name, value in wanted.items()) else None

        vi, en = f"Nơi gửi phải thấy {wanted}", f"the sender must see {wanted}"
        return dict(self.until(look, vi, en))


def printed(data: bytes) -> str:
    """SHA-256 as SDK 2.0.x prints it, each byte without its leading zero."""
    return "".join(f"{byte:x}" for byte in hashlib.sha256(data).digest())


def timestamp(moment: datetime) -> str:
    """`ddMMyyyy'T'HHmmss+SSSS`, the last part milliseconds."""
    local = moment.astimezone(VIETNAM)
    return f"{local:%d%m%YT%H%M%S}+{local.microsecond // 1000:04}"
