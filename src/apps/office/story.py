"""The story of a document in sentences: what its events tell, each with its time, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apps.office.journey import Moment
from apps.office.models import Event, Role, Source
from apps.office.outgoing.story import SENTENCES as WAY_OUT
from apps.ui.language import t

SENTENCES: Mapping[str, tuple[str, str, str]] = {
    **WAY_OUT,
    "arrived": ("arrived", "quiet", "Văn bản đến: {source}."),
    "described": ("draft", "quiet", "{who} ghi thông tin văn bản."),
    "registered": ("done", "done", "{who} vào sổ “{book}”, số đến {number}."),
    "refused": ("refused", "seal", "{who} từ chối tiếp nhận. Lý do: {reason}"),
    "proposed": ("sending", "action", "{who} trình lãnh đạo: {text}"),
    "directed": ("sign", "action", "{who} bút phê, giao {lead} chủ trì: {text}"),
    "forwarded": ("sending", "action", "{who} chuyển cho {to}."),
    "started": ("work", "action", "{who} bắt đầu xử lý."),
    "replying": ("draft", "action", "{who} soạn văn bản trả lời."),
    "opinion-asked": ("answer", "action", "{who} xin ý kiến {to}: {words}"),
    "opinion-given": ("answer", "action", "{who} cho ý kiến: {words}"),
    "returned": ("recall", "waiting", "{who} trả lại. Lý do: {reason}"),
    "completed": ("done", "done", "{who} hoàn thành phần việc được giao."),
    "handed-over": ("person", "waiting", "{who} bàn giao việc của {from} cho {to}."),
    "asked": ("recall", "waiting", "Nơi gửi yêu cầu {asked}. Lý do: {reason}"),
    "issued-inside": ("done", "done", "{who} ban hành nội bộ, số {number}, chuyển {to}."),
    "labelled": ("all", "quiet", "{who} gắn nhãn “{label}”."),
    "unlabelled": ("all", "quiet", "{who} bỏ nhãn “{label}”."),
    "people-told": ("answer", "quiet", "{who} báo cho {to}."),
    "copied": ("seal", "quiet", "{who} sao văn bản: {form}, số {number}."),
    "stands": ("recall", "quiet", "Hiệu lực của văn bản: {standing}."),
    "agreed": ("done", "done", "{who} đồng ý với nơi gửi; văn bản: {standing}."),
    "declined": ("refused", "seal", "{who} không đồng ý với nơi gửi. Lý do: {reason}"),
}
ASKED = {1: "thu hồi", 2: "cập nhật", 3: "thay thế"}
STANDINGS = {
    "in-force": "còn hiệu lực",
    "frozen": "tạm dừng",
    "recalled": "đã thu hồi, không còn giá trị ở cơ quan",
    "replaced": "đã bị thay thế",
}


def story(events: Iterable[Event]) -> list[Moment]:
    """The events that have a sentence, as lines of the timeline."""
    return [_moment(event) for event in events if event.what in SENTENCES]


def sentence(event: Event) -> str:
    """One event in the reader's language."""
    return t(SENTENCES[event.what][2], **_places(event)).strip()


def _moment(event: Event) -> Moment:
    icon, tone, _ = SENTENCES[event.what]
    return Moment(event.at, icon, tone, sentence(event), "", "")


def _places(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = dict.fromkeys(
        ("words", "text", "to", "lead", "from", "number", "book", "note", "version", "way", "label"), ""
    )
    told["reason"] = "–"
    told |= event.told
    told["who"] = _who(event)
    told["to"] = ", ".join(told["to"]) if isinstance(told["to"], list) else told["to"]
    told["step"] = t(str(Role(told["step"]).label)) if told.get("step") in Role else ""
    told["asked"] = t(ASKED.get(told.get("business", 0), "trả lời"))
    told["standing"] = t(STANDINGS.get(told.get("standing", ""), "tạm dừng"))
    told["source"] = t(str(Source(told["source"]).label)) if told.get("source") in Source else ""
    return told


def _who(event: Event) -> str:
    if event.by is None:
        return t("Hệ thống")
    if rule := event.told.get("rule"):
        return t("Quy tắc “{rule}” ({person} đứng tên)", rule=rule, person=event.by.name)
    if event.for_whom is None:
        return event.by.name
    return t("{person} (thay {principal})", person=event.by.name, principal=event.for_whom.name)
