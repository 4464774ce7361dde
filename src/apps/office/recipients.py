"""Recipients as five dots: sent, arrived, registered, in hand, done, each with its time in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.office import words
from apps.office.boxes import FAILED, THERE
from apps.office.words import Tag
from apps.ui.language import english, t
from apps.ui.times import clock, local
from lienthong.client import Document, Entry, Recipient
from lienthong.errors import by_code

STAGES = ("Gửi", "Đến nơi", "Vào sổ", "Đang xử lý", "Xong")
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Dot:
    """One stage: `state` is done, skipped, failed or open; `text` its time or word."""

    stage: str
    state: str
    text: str
    full: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient."""

    recipient: Recipient
    tag: Tag
    dots: tuple[Dot, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of all: a percentage never stands without its two numbers."""

    label: str
    number: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded, but 100 only when it is all."""
        if self.number >= self.total:
            return 100 if self.total else 0
        return min(99, round(100 * self.number / self.total))


def rows(document: Document) -> list[Row]:
    """Every recipient, trouble first, then the slowest."""
    return sorted((_row(document, r) for r in document.entry.recipients), key=_rank)


def tallies(entry: Entry) -> list[Tally]:
    """Arrived, registered, done."""
    total, everyone = len(entry.recipients), entry.recipients
    return [
        Tally("Đã đến nơi", sum(r.state in THERE for r in everyone), total),
        Tally("Đã vào sổ", sum(r.status in words.REGISTERED for r in everyone), total),
        Tally("Đã hoàn thành", sum(r.status == "06" for r in everyone), total),
    ]


def _rank(row: Row) -> tuple[bool, int]:
    failed = any(dot.state == "failed" for dot in row.dots)
    return (not failed, sum(dot.state == "done" for dot in row.dots))


def _row(document: Document, recipient: Recipient) -> Row:
    times = {s.code: s.at for s in reversed(document.statuses) if s.organisation == recipient.recipient}
    dots = (
        _dot(0, "done", document.entry.recorded_at),
        _arrived(document, recipient),
        _registered(recipient, times),
        _stage(3, recipient.status in {"04", "05", "06"}, _first(times, ("04", "05"))),
        _stage(4, recipient.status == "06", times.get("06")),
    )
    return Row(recipient, words.at_receiver(recipient), dots, _note(document, recipient))


def _dot(stage: int, state: str, at: datetime | None = None, word: str = "") -> Dot:
    short = f"{local(at):%H:%M %d/%m}" if at else word
    return Dot(STAGES[stage], state, short, clock(at) if at else word)


def _stage(stage: int, reached: bool, at: datetime | None) -> Dot:  # noqa: FBT001 - read with its name one line above
    if not reached:
        return _dot(stage, "open")
    return _dot(stage, "done", at) if at else _dot(stage, "skipped", None, t("bỏ qua"))


def _arrived(document: Document, recipient: Recipient) -> Dot:
    if recipient.state in FAILED:
        return _dot(1, "failed", None, t("không giao được"))
    if recipient.state not in THERE:
        return _dot(1, "open")
    codes = {recipient.addressee, recipient.recipient}
    at = (s.at for s in document.steps if s.kind == "consigned" and s.addressee in codes)
    return _dot(1, "done", next(at, recipient.since))


def _registered(recipient: Recipient, times: dict[str, datetime]) -> Dot:
    if recipient.status == "02":
        return _dot(2, "failed", None, t("từ chối"))
    return _stage(2, recipient.status in words.REGISTERED, times.get("03"))


def _first(times: dict[str, datetime], codes: Iterable[str]) -> datetime | None:
    found = [times[code] for code in codes if code in times]
    return min(found) if found else None


def _note(document: Document, recipient: Recipient) -> str:
    """What else must be said of this recipient, in one or two sentences."""
    told = []
    if recipient.redirected:
        told.append(t("Mã {code} đã đóng; văn bản đến cơ quan kế thừa.", code=recipient.addressee))
    if recipient.state in FAILED or recipient.status == "02":
        told.append(refusal(document, recipient))
    if recipient.standing == "frozen":
        told.append(t("Chờ nơi nhận trả lời yêu cầu thu hồi, cập nhật."))
    deadline = words.due(document.entry.due)
    if deadline and deadline.tone == "seal" and recipient.status not in {"02", "06"}:
        told.append(t("Trễ hạn trả lời: {due}.", due=deadline.text))
    return " ".join(told)


def refusal(document: Document, recipient: Recipient) -> str:
    """Why it was refused there: the clerk's own words, or the exchange's sentence for its code."""
    if recipient.status == "02":
        said = [s.description for s in document.statuses if (s.code, s.organisation) == ("02", recipient.recipient)]
        return next((words for words in reversed(said) if words), "")
    if recipient.state == "expired":
        return t("Hết thời hạn gửi mà chưa giao được; đã có bằng chứng không giao.")
    known = by_code(recipient.refusal)
    return (known.en if english() else recipient.refusal_text or known.vi) if recipient.refusal else ""
