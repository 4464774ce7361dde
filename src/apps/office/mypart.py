"""What the gateway tells of a document in sentences: how one's own fares, and what came past the register."""

from __future__ import annotations

from dataclasses import dataclass

from apps.office import words
from apps.office.boxes import CARRIERS, FAILED, UNDELIVERED, brings
from apps.office.recipients import refusal, tallies
from apps.ui.language import t
from apps.ui.times import clock, near
from lienthong.client import Document, Entry, StatusReport


@dataclass(frozen=True, slots=True)
class MyPart:
    """The sentences, the deadline, and whether it may be recalled, updated or replaced."""

    sentences: list[str]
    due: words.Tag | None = None
    withdraw: bool = False


def my_part(document: Document) -> MyPart:
    """For one's own how it fares, for what came past the register how far it was reported."""
    return _outgoing(document) if document.entry.lane == "out" else _incoming(document)


# ---------------------------------------------------------------- incoming


def _incoming(document: Document) -> MyPart:
    """What came to other software of the agency: read here, worked on there."""
    entry = document.entry
    return MyPart(_told(document), words.due(entry.due, finished=words.finished(entry)))


def _told(document: Document) -> list[str]:
    entry = document.entry
    if not brings(entry):
        return [_carried(entry)]
    if not entry.recipients:
        return [t("Văn bản đã đến cơ quan.")]
    mine, told = entry.recipients[0], []
    if mine.redirected:
        told.append(t("Gửi cho mã {code} đã đóng; cơ quan nhận với tư cách kế thừa.", code=mine.addressee))
    return told + (_standing(document) if mine.standing != "in-force" else [_status(document)])


def _standing(document: Document) -> list[str]:
    mine = document.entry.recipients[0]
    if mine.asked:
        reason = next((e.reason for e in document.related if e.business == mine.asked and e.reason), "")
        asked = t(words.ASKED.get(mine.asked, words.ASKED[1])) + "."
        paused = t("Văn bản tạm dừng xử lý cho đến khi cơ quan trả lời.")
        return [asked, *([t("Lý do: {reason}.", reason=reason.rstrip("."))] if reason else []), paused]
    gone = {"recalled": "Văn bản đã bị thu hồi, không còn hiệu lực ở cơ quan.", "replaced": "Văn bản đã bị thay thế."}
    return [t(gone.get(mine.standing, "Văn bản tạm dừng xử lý cho đến khi cơ quan trả lời."))]


def _status(document: Document) -> str:
    mine = document.entry.recipients[0]
    report = _last(document, mine.status)
    at = near(mine.status_at) if mine.status_at else ""
    staff = report.staff if report else ""
    said = (report.description if report else "") or mine.refusal_text
    if mine.status in {"", "01"}:
        arrived = near(mine.since)
        return t("Đến lúc {at}, chưa vào sổ. Cơ quan cần tiếp nhận hoặc từ chối trong ngày.", at=arrived)
    sentences = {
        "02": t("Đã từ chối lúc {at}. Lý do: {said}.", at=at, said=said.rstrip(".") or "–"),
        "03": t("Đã vào sổ lúc {at}, chưa phân công người xử lý.", at=at),
        "04": t("Đã phân công {staff} lúc {at}.", at=at, staff=staff or t("người xử lý")),
        "05": t("Đang xử lý từ {at}.", at=at),
        "06": t("Đã hoàn thành lúc {at}. Không còn việc phải làm.", at=at),
    }
    return sentences.get(mine.status, t("Trạng thái {code}.", code=mine.status))


def _last(document: Document, code: str) -> StatusReport | None:
    """Our own latest report of that code: an incoming page tells of our agency alone."""
    found = [status for status in document.statuses if status.code == code]
    return max(found, key=lambda status: status.at) if found else None


def _carried(entry: Entry) -> str:
    kinds = {
        1: "Đây là yêu cầu thu hồi văn bản {code}. Lý do: {reason}.",
        2: "Đây là yêu cầu cập nhật văn bản {code}. Lý do: {reason}.",
    }
    return t(kinds[entry.business], code=words.code_of(entry), reason=entry.reason.rstrip(".") or "–")


# ---------------------------------------------------------------- outgoing


def _outgoing(document: Document) -> MyPart:
    entry = document.entry
    if entry.business in CARRIERS:
        return MyPart([_carried(entry), _answers(document)])
    deadline = words.due(entry.due, finished=words.finished(entry))
    alive = any(r.standing == "in-force" and r.state not in FAILED for r in entry.recipients)
    return MyPart([*_sent(entry), *_trouble(document)], deadline, withdraw=alive)


def _sent(entry: Entry) -> list[str]:
    total = len(entry.recipients)
    if total == 1:
        name = entry.recipients[0].name or entry.recipients[0].recipient
        told = [t("Gửi lúc {at} đến {name}.", at=near(entry.recorded_at), name=name)]
        told.append(words.at_receiver(entry.recipients[0]).text + ".")
    else:
        counted = ", ".join(f"{t(y.label).lower()} {y.number}/{y.total} = {y.percent}\u00a0%" for y in tallies(entry))
        told = [
            t("Gửi lúc {at} đến {n} nơi.", at=near(entry.recorded_at), n=total),
            counted[:1].upper() + counted[1:] + ".",
        ]
    if any(r.state in UNDELIVERED for r in entry.recipients):
        told.append(
            t("Nếu đến {at} vẫn chưa giao được, cơ quan sẽ nhận bằng chứng không giao.", at=clock(entry.expires_at))
        )
    return told


def _trouble(document: Document) -> list[str]:
    return [
        t("{name} từ chối: {reason}.", name=r.name, reason=refusal(document, r).rstrip(".") or "–")
        for r in document.entry.recipients
        if r.status == "02"
    ][:3]


def _answers(document: Document) -> str:
    codes = [status.code for status in document.statuses]
    total = len(document.entry.recipients)
    return t(
        "{yes}/{total} nơi đồng ý, {no}/{total} nơi không đồng ý.",
        yes=codes.count("15"),
        no=codes.count("16"),
        total=total,
    )
