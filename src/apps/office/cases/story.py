"""The story of a file in sentences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from apps.office.models import CaseEvent, CaseFile
from apps.ui.language import t

TOLD = {
    "planned": ("all", "{who} đưa vào danh mục hồ sơ."),
    "amended": ("draft", "{who} sửa dòng trong danh mục."),
    "opened": ("file", "{who} mở hồ sơ."),
    "collected": ("plus", "{who} đưa vào hồ sơ: {document}"),
    "taken-out": ("close", "{who} lấy ra khỏi hồ sơ: {document}. Lý do: {reason}"),
    "draft": ("draft", "{who} đưa dự thảo vào hồ sơ: {draft}"),
    "task": ("work", "{who} giao việc cho {to}: {text}"),
    "task-done": ("done", "{who} đã xong việc: {text}. {result}"),
    "shared": ("person", "{who} cho {to} cùng làm hồ sơ."),
    "unshared": ("person", "{who} thôi cho {to} cùng làm hồ sơ."),
    "closed": ("done", "{who} kết thúc hồ sơ: {documents} văn bản, {pages} trang, {sheets} tờ."),
    "reopened": ("recall", "{who} mở lại hồ sơ. Lý do: {reason}"),
    "offered": ("sending", "{who} giao nộp vào lưu trữ cơ quan: {handover}"),
    "archived": ("arrived", "{who} nhận vào lưu trữ cơ quan: {handover}"),
    "returned": ("refused", "{who} trả lại hồ sơ giao nộp: {reason}"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence with its time and drawing."""

    at: datetime
    icon: str
    text: str


def story(case: CaseFile) -> list[Line]:
    """Newest first."""
    return [_line(event) for event in case.events.select_related("by").order_by("-at", "-id")]


def _line(event: CaseEvent) -> Line:
    icon, sentence = TOLD[event.what]
    told = defaultdict(str, {name: str(value) for name, value in event.told.items()} | {"who": event.by.name})
    return Line(event.at, icon, t(sentence).format_map(told))
