"""A gateway's desk in memory, with the methods of `lienthong.client.Desk`, for trying the command line."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from evidence_made import FILES, PARTS, event, receipt, world
from lienthong.client import (
    Document,
    Entry,
    File,
    Me,
    Metadata,
    Page,
    Part,
    Pending,
    Recipient,
    StatusReport,
    Step,
    Taken,
)
from lienthong.document import package_id
from lienthong.errors import IllegalMove, LienThongError, LockLost, NotFound, TokenInvalid
from lienthong.evidence import Bundle, EventKind

AT = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)
TOKENS = {"token-h29": "H29", "token-g22": "G22"}


def recipient(code: str, state: str = "recorded", **more: Any) -> Recipient:
    return Recipient(
        code, more.pop("recipient", code), f"Cơ quan {code}", more.pop("redirected", False), state, AT, **more
    )


def entry(number: str = "15", lane: str = "in", **more: Any) -> Entry:
    sender = more.pop("sender", "G22" if lane == "in" else "H29")
    rows = more.pop("recipients", (recipient("H29" if lane == "in" else "G22", "delivered"),))
    made = Entry(
        package_id(sender, f"m-{number}"), f"m-{number}", lane, sender, f"Cơ quan {sender}",
        f"{sender},2026/11/22,{number}/QĐ-MẪU", number, "QĐ-MẪU", f"Về việc mẫu số {number}", "Quyết định",
        "2026-11-22", "Nguyễn Văn Mẫu", 0, "", 0, "", AT, AT + timedelta(days=3), rows,
    )  # fmt: skip
    return replace(made, **more)


@dataclass
class Hall:
    """What all desks of one test share. `turns`: what happens to a document at each look."""

    entries: dict[str, Entry] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    locks: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    fail: dict[str, BaseException] = field(default_factory=dict)
    turns: list[Callable[[Entry], Entry]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    statuses: list[StatusReport] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    related: tuple[Entry, ...] = ()

    def put(self, made: Entry, *, waits: bool = False) -> Entry:
        self.entries[made.id] = made
        if waits:
            self.waiting.append(made.id)
        return made

    def called(self, name: str) -> list[tuple[Any, ...]]:
        return [call for call in self.calls if call[0] == name]


class MadeDesk:
    """Stands in for `Desk`: the same ways in, the same refusals."""

    hall: Hall

    def __init__(self, url: str, token: str, ca: Path | None = None, watch: Any = None) -> None:
        self.url, self.watch = url, watch
        self.code = TOKENS.get(token, "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def _note(self, name: str, *rest: Any) -> None:
        self.hall.calls.append((name, *rest))
        if name in self.hall.fail:
            raise self.hall.fail[name]
        if "any" in self.hall.fail:
            raise self.hall.fail["any"]
        if not self.code:
            raise TokenInvalid

    def me(self) -> Me:
        self._note("me")
        return Me(self.code, f"Cơ quan {self.code}", "gw-mau")

    def send(self, metadata: Metadata, files: Sequence[File], message_id: str) -> Document:
        self._note("send", metadata, list(files), message_id)
        if self.watch:
            self.watch(1, 2)
        made = entry(metadata.number, "out", recipients=tuple(map(recipient, metadata.recipients)))
        self.hall.entries.setdefault(made.id, made)
        return self._document(made.id)

    def send_edxml(self, data: bytes, message_id: str, ttl_seconds: float | None = None) -> Document:
        self._note("send_edxml", data, message_id, ttl_seconds)
        return self._document(self.hall.put(entry("77", "out")).id)

    def recall(self, id: str, reason: str, message_id: str) -> Document:
        self._note("recall", id, reason, message_id)
        return self._document(id)

    def cancel(self, id: str, reason: str) -> Document:
        self._note("cancel", id, reason)
        told = Pending("stopping", AT, AT, "Đã yêu cầu dừng gửi; trục chưa trả lời.", "Asked to stop it.")
        return replace(self._document(id), pending=told)

    def update(self, id: str, reason: str, add: Sequence[str], remove: Sequence[str], message_id: str) -> Document:
        self._note("update", id, reason, tuple(add), tuple(remove), message_id)
        return self._document(id)

    def outgoing(self, text: str = "", after: str = "", limit: int = 50) -> Page:
        return self._page("out", text, after, limit)

    def incoming(self, text: str = "", after: str = "", limit: int = 50) -> Page:
        return self._page("in", text, after, limit)

    def search(self, text: str) -> Page:
        self._note("search", text)
        return Page(tuple(self.hall.entries.values()))

    def _page(self, lane: str, text: str, after: str, limit: int) -> Page:
        self._note("page", lane, text, after, limit)
        found = [each for each in self.hall.entries.values() if each.lane == lane and text in each.subject]
        start = int(after or 0)
        more = str(start + limit) if start + limit < len(found) else ""
        return Page(tuple(found[start : start + limit]), more)

    def document(self, id: str) -> Document:
        self._note("document", id)
        if self.hall.turns and id in self.hall.entries:
            self.hall.entries[id] = self.hall.turns.pop(0)(self.hall.entries[id])
        return self._document(id)

    def _document(self, id: str) -> Document:
        if id not in self.hall.entries:
            raise NotFound(id)
        parts = tuple(
            Part(name, "application/pdf", len(data), sha256(data).hexdigest())
            for name, data in self.hall.contents.items()
            if name != PARTS[0].name
        )
        return Document(
            self.hall.entries[id],
            parts,
            tuple(self.hall.steps),
            tuple(self.hall.statuses),
            ("Thiếu tên tệp",),
            related=self.hall.related,
            next_statuses=("02", "03"),
        )

    def part(self, id: str, name: str) -> bytes:
        self._note("part", id, name)
        if name not in self.hall.contents:
            raise NotFound(name)
        return self.hall.contents[name]

    def evidence(self, id: str) -> dict[str, Any]:
        self._note("evidence", id)
        made = Bundle.of([receipt(), *world().log.receipts(event(EventKind.HANDED_OVER))])
        bundle: dict[str, Any] = json.loads(made.to_json())
        return bundle

    def inbox(self, wait: float = 0, limit: int = 20, contents: Sequence[str] = ("edoc",)) -> tuple[Entry, ...]:
        self._note("inbox", wait, limit, tuple(contents))
        found = [self.hall.entries[package] for package in self.hall.waiting]
        return tuple(each for each in found if each.content in contents)[:limit]

    def take(self, id: str, addressee: str) -> Taken:
        self._note("take", id, addressee)
        if id not in self.hall.waiting:
            raise LockLost("handed-over")
        self.hall.locks[id] = f"lock-{len(self.hall.calls)}"
        return Taken(self.hall.locks[id], AT, self.hall.entries[id])

    def acknowledge(self, id: str, addressee: str, lock: str) -> None:
        self._note("acknowledge", id, addressee, lock)
        if self.hall.locks.get(id) != lock:
            raise LockLost(id)
        self.hall.waiting.remove(id)

    def release(self, id: str, addressee: str, lock: str) -> None:
        self._note("release", id, addressee, lock)

    def report(self, id: str, code: str, description: str = "", staff: str = "") -> Document:
        self._note("report", id, code, description, staff)
        if code == "01" and self.hall.called("report")[:-1].count(("report", id, "01", "", "")):
            raise IllegalMove("01")
        return self._document(id)


def failing(error: LienThongError) -> dict[str, BaseException]:
    return {"any": error}
