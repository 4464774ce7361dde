"""States in the clerk's words: what a value of the exchange means for the person who reads the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from apps.office.boxes import CARRIERS, FAILED, THERE, UNDELIVERED, brings
from apps.office.models import Document, Standing
from apps.staff.calendar import Calendar
from apps.ui.language import t
from apps.ui.times import local, read_day, today, working_days
from lienthong.client import Entry, Recipient

REGISTERED = frozenset({"03", "04", "05", "06"})
STATUS = {
    "01": "Đã đến, chưa vào sổ",
    "02": "Từ chối tiếp nhận",
    "03": "Đã vào sổ",
    "04": "Đã phân công",
    "05": "Đang xử lý",
    "06": "Đã hoàn thành",
    "13": "Yêu cầu thu hồi",
    "15": "Đồng ý thu hồi, cập nhật",
    "16": "Không đồng ý thu hồi, cập nhật",
}
URGENCY = {1: "Khẩn", 2: "Thượng khẩn", 3: "Hỏa tốc", 4: "Hỏa tốc hẹn giờ"}
BUSINESS = {1: "Thu hồi", 2: "Cập nhật", 3: "Thay thế"}
ASKED = {
    1: "Nơi gửi xin thu hồi",
    2: "Nơi gửi xin cập nhật",
    3: "Nơi gửi xin thay thế",
}
STATE = {
    "recorded": ("sending", "waiting", "Đã ghi nhận, đang gửi lên trục"),
    "accepted": ("sending", "waiting", "Đã qua trục, chưa đến nơi"),
    "arrived": ("arrived", "action", "Đã đến nơi"),
    "delivered": ("arrived", "action", "Đã đến nơi"),
    "handed-over": ("arrived", "action", "Đã đến nơi"),
    "refused": ("refused", "seal", "Không giao được"),
    "expired": ("clock", "seal", "Quá thời hạn gửi, không giao"),
    "cancelled": ("close", "quiet", "Đã dừng gửi"),
}
REPORTED = {
    "02": ("refused", "seal"),
    "03": ("done", "done"),
    "04": ("person", "action"),
    "05": ("work", "action"),
    "06": ("done", "done"),
}


@dataclass(frozen=True, slots=True)
class Tag:
    """A state as an icon and words; the tone only supports them."""

    icon: str
    tone: str
    text: str


def standing(recipient: Recipient) -> Tag | None:
    """Whether the document still has effect there, when that is not plain."""
    if recipient.standing == "recalled":
        return Tag("recall", "quiet", t("Đã thu hồi"))
    if recipient.standing == "replaced":
        return Tag("recall", "quiet", t("Đã bị thay thế"))
    return None


def at_receiver(recipient: Recipient) -> Tag:
    """Where one recipient stands, as the sender sees it."""
    if tag := standing(recipient):
        return tag
    if recipient.status in REPORTED:
        icon, tone = REPORTED[recipient.status]
        return Tag(icon, tone, t(STATUS[recipient.status]))
    icon, tone, text = STATE[recipient.state]
    return Tag(icon, tone, t(text))


def incoming(entry: Entry) -> Tag:
    """Where an incoming document stands, as its receiver sees it."""
    if not entry.recipients:
        return Tag("arrived", "quiet", t("Đã đến"))
    mine = entry.recipients[0]
    if not brings(entry):
        return Tag("recall", "quiet", t("Yêu cầu thu hồi") if entry.business == 1 else t("Yêu cầu cập nhật"))
    if mine.asked:
        return Tag("answer", "waiting", t(ASKED.get(mine.asked, ASKED[1])))
    if tag := standing(mine):
        return tag
    if mine.status in REPORTED:
        return at_receiver(mine)
    return Tag("inbox", "waiting", t("Chưa vào sổ"))


def outgoing(entry: Entry) -> Tag:
    """Where an outgoing document stands over all its recipients: trouble first, then the slowest."""
    if len(entry.recipients) == 1:
        return at_receiver(entry.recipients[0])
    total, there = len(entry.recipients), sum(r.state in THERE for r in entry.recipients)
    if back := sum(r.standing in {"recalled", "replaced"} for r in entry.recipients):
        return Tag("recall", "quiet", t("{n}/{total} nơi đã thu hồi hoặc thay thế", n=back, total=total))
    if any(r.standing == "frozen" for r in entry.recipients):
        return Tag("recall", "waiting", t("Chờ nơi nhận trả lời"))
    if trouble := sum(r.state in FAILED or r.status == "02" for r in entry.recipients):
        return Tag("alert", "seal", t("{n}/{total} nơi từ chối hoặc không giao được", n=trouble, total=total))
    if entry.business in CARRIERS or any(r.state in UNDELIVERED for r in entry.recipients):
        return Tag("sending", "waiting", t("{n}/{total} nơi đã đến", n=there, total=total))
    registered = sum(r.status in REGISTERED for r in entry.recipients)
    tone = "done" if registered == total else "action"
    return Tag(
        "done" if registered == total else "arrived", tone, t("{n}/{total} nơi đã vào sổ", n=registered, total=total)
    )


def tag(entry: Entry) -> Tag:
    """Where an entry of either lane stands."""
    return outgoing(entry) if entry.lane == "out" else incoming(entry)


def marks(entry: Entry) -> list[Tag]:
    """What must be seen before reading: urgency, and that the package withdraws or replaces another."""
    found = []
    if entry.urgency:
        tone = "seal" if entry.urgency >= 3 else "waiting"
        found.append(Tag("bolt", tone, t(URGENCY.get(entry.urgency, "Khẩn"))))
    if entry.business:
        found.append(Tag("recall", "waiting", t(BUSINESS.get(entry.business, "Thay thế"))))
    if any(recipient.redirected for recipient in entry.recipients):
        found.append(Tag("redirect", "quiet", t("Đổi nơi nhận")))
    return found


def due(text: str, *, finished: bool = False) -> Tag | None:
    """The reply deadline with the working days that are left."""
    day = read_day(text)
    if day is None:
        return None
    if finished:
        return Tag("clock", "quiet", f"{day:%d/%m/%Y}")
    left = working_days(today(), day)
    if left < 0 or day < today():
        return Tag("clock", "seal", t("{day}, quá hạn {n} ngày làm việc", day=f"{day:%d/%m/%Y}", n=-left))
    tone = "waiting" if left <= 2 else "quiet"
    words = t("{day}, hôm nay", day=f"{day:%d/%m/%Y}") if day == today() else ""
    return Tag("clock", tone, words or t("{day}, còn {n} ngày làm việc", day=f"{day:%d/%m/%Y}", n=left))


def deadline(due: datetime | None, calendar: Calendar, *, finished: bool = False) -> Tag | None:
    """A deadline of work with the working days that are left; it has passed when its moment has (`inboxes.late`)."""
    if due is None:
        return None
    day, now = local(due).date(), timezone.now()
    if finished:
        return Tag("clock", "quiet", f"{day:%d/%m/%Y}")
    if due < now:
        over = max(calendar.between(day, today()), 1)
        return Tag("clock", "seal", t("{day}, quá hạn {n} ngày làm việc", day=f"{day:%d/%m/%Y}", n=over))
    if day == today():
        return Tag("clock", "waiting", t("{day}, hôm nay", day=f"{day:%d/%m/%Y}"))
    left = calendar.between(today(), day)
    tone = "waiting" if left <= 2 else "quiet"
    return Tag("clock", tone, t("{day}, còn {n} ngày làm việc", day=f"{day:%d/%m/%Y}", n=left))


def finished(entry: Entry) -> bool:
    """Whether nothing waits on the deadline any more."""
    return bool(entry.recipients) and all(
        r.status in {"02", "06"} or r.standing != "in-force" for r in entry.recipients
    )


def code_of(entry: Entry) -> str:
    """'15/QĐ-UBND'."""
    return f"{entry.number}/{entry.notation}" if entry.number and entry.notation else entry.number or entry.notation


def kept(document: Document) -> Tag:
    """Where a document of the register stands: what it is worth first, then how far it came."""
    if document.standing != Standing.IN_FORCE:
        return Tag("recall", "quiet", t(str(Standing(document.standing).label)))
    if document.done:
        return Tag("done", "done", t("Đã hoàn thành"))
    if document.status:
        icon, tone = REPORTED.get(document.status, ("inbox", "waiting"))
        return Tag(icon, tone, t(STATUS[document.status]))
    return Tag("arrived", "quiet", t("Trong sổ"))


def signature_of(document: Document) -> list[Tag]:
    """What must be known of the signatures before accepting, when they are not plainly valid."""
    said = {
        "invalid": Tag("refused", "seal", t("Chữ ký không hợp lệ")),
        "cannot tell": Tag("alert", "waiting", t("Chưa kết luận được chữ ký")),
    }
    return [said[document.verdict]] if document.verdict in said else []


def urgency_of(document: Document) -> list[Tag]:
    """How urgent a document of the register is, when it is."""
    said = URGENCY.get(document.urgency)
    return [Tag("bolt", "seal", t(said))] if said else []
