"""The counterpart: an agency without people that does what subject lines say.

It remembers nothing: what is to be done follows from what the gateway holds, and everything it sends has an id made of
the document that asked for it. So it may be stopped and started at any time.
"""

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lienthong.cli.sandbox.keywords import Keyword, keyword_of
from lienthong.cli.sandbox.papers import Made, Papers
from lienthong.client import Desk, Entry
from lienthong.document import package_id
from lienthong.errors import DuplicateDiffers, IllegalMove, LienThongError, LockLost

REASON = "Từ chối theo từ khóa trong trích yếu (hệ thống thử nghiệm) / refused as the subject asked (sandbox)"
STAFF = "Văn thư Mẫu (đối tác thử nghiệm)"
PAUSE = 0.5
"""Seconds between two rounds; each round reports at most one status of a document, so that they come one by one."""
LATEST = 200
Told = Callable[[str, str], None]
"""Hears in both languages what the counterpart did."""


@dataclass
class Counterpart:
    """At its desk, until told to stop. `papers` makes what it sends."""

    desk: Desk
    papers: Papers
    tell: Told
    stop: threading.Event = field(default_factory=threading.Event)
    _done: set[str] = field(default_factory=set, init=False)

    def work(self) -> None:
        """Round after round. A fault is told and tried again."""
        while not self.stop.wait(PAUSE):
            try:
                self.round()
            except LienThongError as error:
                self.tell(f"Đối tác: {error.sentence('vi')}", error.sentence("en"))

    def round(self) -> None:
        """Take what is due, then one step with each document."""
        now = datetime.now(UTC)
        for entry in self.desk.inbox(limit=LATEST):
            if _due(entry, now):
                self._take(entry)
        for entry in reversed(self.desk.incoming(limit=LATEST).entries):
            if entry.recipients[0].state == "handed-over":
                self._step(entry)

    def _take(self, entry: Entry) -> None:
        """The gateway keeps it; we keep nothing."""
        addressee = entry.recipients[0].addressee
        with suppress(LockLost):  # by a process before this one; it is offered again
            self.desk.acknowledge(entry.id, addressee, self.desk.take(entry.id, addressee).lock)
            self._say(entry, "đã lấy về", "taken")

    def _step(self, entry: Entry) -> None:
        own = entry.recipients[0]
        keyword, count = keyword_of(entry.subject)
        if own.asked:
            self._report(entry, "16" if keyword.english == "keep" else "15")
        elif entry.business in {1, 2}:
            return
        elif waiting := [code for code in keyword.codes if code > (own.status or "00") and own.status != "02"]:
            self._report(entry, waiting[0])
        elif keyword.act and entry.id not in self._done:
            self._act(entry, keyword, count)
            self._done.add(entry.id)

    def _report(self, entry: Entry, code: str) -> None:
        with suppress(IllegalMove):  # said in an earlier life
            self.desk.report(entry.id, code, REASON if code in {"02", "16"} else "", STAFF)
            self._say(entry, f"báo {code}", f"reported {code}")

    # ------------------------------------------------------------ what it sends

    def _act(self, entry: Entry, keyword: Keyword, count: int) -> None:
        acts = {"send": self._several, "answer": self._answer, "urgent": self._urgent, "large": self._large}
        acts |= {"recall": self._recall, "update": self._update, "replace": self._replace, "legacy": self._legacy}
        acts[keyword.act](entry, count)
        self._say(entry, f"đã làm: {keyword.vi.lower()}", f"done: {keyword.en}")

    def _several(self, entry: Entry, count: int) -> None:
        for number in range(min(max(count, 1), 500)):
            self._send(entry, f"gui-{number}", f"Văn bản thử {number + 1} theo yêu cầu {entry.number}")

    def _answer(self, entry: Entry, _: int) -> None:
        self._send(entry, "tra-loi", f"Trả lời {entry.number}/{entry.notation}", answers=(entry.document_id,))

    def _urgent(self, entry: Entry, _: int) -> None:
        self._send(entry, "khan", f"Văn bản hỏa tốc theo yêu cầu {entry.number}", urgency=3)

    def _large(self, entry: Entry, count: int) -> None:
        made = self.papers.paper(f"Văn bản kèm tệp lớn theo yêu cầu {entry.number}", entry)
        self._hand_in(entry, "lon", made.with_filler(min(max(count, 1), 500)))

    def _recall(self, entry: Entry, _: int) -> None:
        sent = self._send(entry, "bi-thu-hoi", f"Văn bản sẽ bị thu hồi, theo yêu cầu {entry.number}")
        self.desk.recall(sent, "Thử thu hồi / trying a recall", _own(entry, "thu-hoi"))

    def _update(self, entry: Entry, _: int) -> None:
        subject = f"Văn bản sẽ rút nơi nhận, theo yêu cầu {entry.number}"
        sent = self._send(entry, "bi-cap-nhat", subject, also=True)
        self.desk.update(sent, "Thử cập nhật / trying an update", (), (entry.sender,), _own(entry, "cap-nhat"))

    def _replace(self, entry: Entry, _: int) -> None:
        sent = self._send(entry, "bi-thay", f"Văn bản sẽ được thay thế, theo yêu cầu {entry.number}")
        made = self.papers.paper(f"Văn bản thay thế, theo yêu cầu {entry.number}", entry)
        with suppress(DuplicateDiffers):
            self.desk.replace(sent, made.metadata, made.files, _own(entry, "thay-the"))

    def _legacy(self, entry: Entry, _: int) -> None:
        self.desk.send_edxml(self.papers.legacy(entry), _own(entry, "mau-cu"))

    def _send(self, entry: Entry, what: str, subject: str, *, also: bool = False, **more: Any) -> str:
        return self._hand_in(entry, what, self.papers.paper(subject, entry, also=also).saying(**more))

    def _hand_in(self, entry: Entry, what: str, made: Made) -> str:
        """The package id, also of what was sent in an earlier life, with other signatures."""
        own = _own(entry, what)
        try:
            return self.desk.send(made.metadata, made.files, own).entry.id
        except DuplicateDiffers:
            return package_id(self.papers.issuer.code, own)

    def _say(self, entry: Entry, vi: str, en: str) -> None:
        self.tell(f"{entry.number}/{entry.notation} {entry.subject}: {vi}", en)


def _due(entry: Entry, now: datetime) -> bool:
    """Whether its subject does not want it left alone, or not yet."""
    keyword, count = keyword_of(entry.subject)
    waits = count if keyword.english == "delay" else 0
    return keyword.takes and (now - entry.recorded_at).total_seconds() >= waits


def _own(entry: Entry, what: str) -> str:
    return f"sb-{what}-{hashlib.sha256(entry.id.encode()).hexdigest()[:24]}"
