"""What happens to a document on its way out, in sentences; `apps.office.story` tells them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LAPSED = "Ông/Bà {name} không còn quyền ký từ ngày {day}; văn bản được trả lại cho {to} để chọn người ký khác."
SENTENCES: Mapping[str, tuple[str, str, str]] = MappingProxyType({
    "submitted": ("sending", "action", "{who} trình bản {version}. {words}"),
    "brought": ("draft", "action", "{who} đưa văn bản soạn bằng Word vào, thành bản {version}."),
    "revised": ("draft", "action", "{who} sửa ở bước “{step}”, thành bản {version}."),
    "approved": ("done", "done", "{who} đồng ý bản {version} ở bước “{step}”. {words}"),
    "initialled": ("sign", "done", "{who} ký nháy trên trang của bản {version}."),
    "initials-noted": ("sign", "done", "{who} ký nháy bản {version}: ghi nhận, không có chữ ký trên trang. {words}"),
    "sent-back": ("recall", "waiting", "{who} trả lại bản {version} ở bước “{step}”. Lý do: {reason}"),
    "lapsed": ("recall", "waiting", LAPSED),
    "taken-back": ("recall", "waiting", "{who} rút lại để sửa."),
    "dropped": ("close", "quiet", "{who} bỏ dự thảo. Lý do: {reason}"),
    "signed": ("sign", "done", "{who} ký bản {version}."),
    "numbered": ("file", "done", "{who} cấp số {number}, ghi vào “{book}”."),
    "sealed": ("seal", "done", "{who} đóng dấu của cơ quan."),
    "issued": ("done", "done", "{who} phát hành văn bản {number}."),
    "sent": ("sending", "done", "Máy chủ bảo mật đã nhận để gửi đến {n} nơi trên trục."),
    "sent-again": ("sending", "action", "{who} cho gửi lại trên trục."),
    "noted-sent": ("sending", "done", "{who} ghi đã gửi cho {to} ({way}). {note}"),
    "reminded": ("clock", "waiting", "{who} nhắc {to}. {words}"),
    "urging": ("clock", "action", "{who} soạn công văn đôn đốc gửi {to}."),
    "urged": ("clock", "waiting", "Công văn đôn đốc {number} đã phát hành, gửi {to}."),
    "late": ("clock", "seal", "Quá hạn gửi {due}: ký xong phải gửi trong ngày, chậm nhất sáng ngày làm việc sau."),
    "recall-asked": ("recall", "waiting", "{who} xin thu hồi; bản lưu tạm dừng hiệu lực. Lý do: {reason}"),
    "replace-asked": ("recall", "waiting", "Văn bản {number} được gửi để thay thế; bản lưu tạm dừng hiệu lực."),
    "update-asked": ("recall", "waiting", "{who} gửi cập nhật nơi nhận. Lý do: {reason}"),
    "recalled": ("recall", "quiet", "Mọi nơi nhận đã trả lời; văn bản đã thu hồi."),
    "replaced": ("recall", "quiet", "Mọi nơi nhận đã trả lời; văn bản đã bị thay thế."),
    "kept-in-force": ("done", "done", "Không nơi nào đồng ý; văn bản vẫn còn hiệu lực."),
})  # fmt: skip
