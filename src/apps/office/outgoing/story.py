"""The story of a document on its way out, in sentences, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from apps.office.journey import Moment
from apps.office.models import Event, Role
from apps.ui.language import t

SENTENCES: Mapping[str, tuple[str, str, str]] = MappingProxyType({
    "submitted": ("sending", "action", "{who} trình bản {version}. {words}"),
    "revised": ("draft", "action", "{who} sửa ở bước “{step}”, thành bản {version}."),
    "approved": ("done", "done", "{who} đồng ý bản {version} ở bước “{step}”. {words}"),
    "initialled": ("sign", "done", "{who} ký nháy bản {version}. {words}"),
    "sent-back": ("recall", "waiting", "{who} trả lại bản {version} ở bước “{step}”. Lý do: {reason}"),
    "taken-back": ("recall", "waiting", "{who} rút lại để sửa."),
    "dropped": ("close", "quiet", "{who} bỏ dự thảo. Lý do: {reason}"),
    "signed": ("sign", "done", "{who} ký bản {version}."),
    "numbered": ("file", "done", "{who} cấp số {number}, ghi vào “{book}”."),
    "sealed": ("seal", "done", "{who} đóng dấu của cơ quan."),
    "issued": ("done", "done", "{who} phát hành văn bản {number}."),
    "sent": ("sending", "done", "Máy chủ bảo mật đã nhận để gửi đến {n} nơi trên trục."),
    "noted-sent": ("sending", "done", "{who} ghi đã gửi cho {to} ({way}). {note}"),
    "reminded": ("clock", "waiting", "{who} nhắc {to}. {words}"),
    "late": ("clock", "seal", "Quá hạn gửi {due}: ký xong phải gửi trong ngày, chậm nhất sáng ngày làm việc sau."),
    "handed-over": ("person", "waiting", "{who} bàn giao việc của {from} cho {to}."),
    "recall-asked": ("recall", "waiting", "{who} xin thu hồi; bản lưu tạm dừng hiệu lực. Lý do: {reason}"),
    "replace-asked": ("recall", "waiting", "Văn bản {number} được gửi để thay thế; bản lưu tạm dừng hiệu lực."),
    "update-asked": ("recall", "waiting", "{who} gửi cập nhật nơi nhận. Lý do: {reason}"),
    "recalled": ("recall", "quiet", "Mọi nơi nhận đã trả lời; văn bản đã thu hồi."),
    "replaced": ("recall", "quiet", "Mọi nơi nhận đã trả lời; văn bản đã bị thay thế."),
    "kept-in-force": ("done", "done", "Không nơi nào đồng ý; văn bản vẫn còn hiệu lực."),
})  # fmt: skip


def story(events: Iterable[Event]) -> list[Moment]:
    """The events that have a sentence, as lines of the timeline."""
    return [_moment(event) for event in events if event.what in SENTENCES]


def _moment(event: Event) -> Moment:
    icon, tone, words = SENTENCES[event.what]
    return Moment(event.at, icon, tone, t(words, **_places(event)).strip(), "", "")


def _places(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {"words": "", "reason": "–", "note": "", "version": "", "number": "", "way": "", "to": ""}
    told |= event.told
    told["who"] = event.by.name if event.by else t("Hệ thống")
    if event.by and event.for_whom:
        told["who"] = t("{person} (thay {principal})", person=event.by.name, principal=event.for_whom.name)
    told["step"] = t(str(Role(told["step"]).label)) if told.get("step") in Role else ""
    return told
