"""The way of an application as steps: what is done, what is missing, whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from apps.onboarding import acts, authority, axis_side
from apps.onboarding.models import Application, Letter
from apps.ui.language import t


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `missing` says what it waits for, empty once it is done."""

    label: str
    done: datetime | None
    missing: str = ""


def steps(of: Application) -> list[Step]:
    """All of them, in order."""
    letter = of.at if of.letter_verdict != Letter.MISSING else None
    certified = of.joined_at if of.joined_at and not acts.missing_certificates(of) else None
    return [
        Step("Nộp đơn", of.at),
        Step("Văn bản đề nghị ký số", letter, "Người nộp tải lên tệp PDF đã ký."),
        Step("Thẩm tra", of.examined_at, "Cán bộ đăng ký của cấp trên hoặc trung tâm xem đơn và văn bản."),
        Step("Duyệt", of.approved_at, "Một cán bộ đăng ký khác duyệt."),
        Step("Máy chủ nối bằng mã dùng một lần", of.joined_at, _code(of)),
        Step("Cấp chứng thư", certified, _certificates(of)),
        Step("Vào danh bạ", of.listed_at, "Cán bộ đăng ký ghi vào danh bạ; bản phát hành kế tiếp có hiệu lực."),
        Step("Máy chủ gọi được trục", of.reached_at, "Chạy lienthong gateway join … --test trên máy chủ."),
        Step("Trục thấy máy chủ", of.seen_at, axis_side.WORDS[of.seen_problem]),
        Step("Văn bản đầu tiên được trả lời", of.echoed_at, "Gửi một văn bản thử tới cơ quan trả lời tự động."),
    ]


def next_step(of: Application) -> str:
    """The first step that is not done; empty at the end."""
    return next((each.label for each in steps(of) if each.done is None), "")


def newest(*, every: bool) -> QuerySet[Application]:
    """Two hundred, newest first, without their letters; `every`: those that ended too."""
    rows = Application.objects.order_by("-pk").defer("letter")
    return (rows if every else rows.filter(refused_at=None, echoed_at=None))[:200]


def _code(of: Application) -> str:
    if of.code_digest and of.code_until:
        return t(
            "Chạy lienthong gateway join trên máy chủ; mã dùng được đến {until}.", until=f"{of.code_until:%d/%m %H:%M}"
        )
    return "Cán bộ đăng ký cấp mã dùng một lần."


def _certificates(of: Application) -> str:
    missing = ", ".join(acts.missing_certificates(of))
    if not missing:
        return "Chờ máy chủ nối."
    if not authority.configured():
        return t("Cán bộ an ninh đưa về chứng thư còn thiếu: {names}.", names=missing)
    if not acts.known(of):
        return "Cán bộ đăng ký ghi cơ quan vào danh bạ và phát hành; CA chỉ cấp cho cơ quan danh bạ đã có."
    if not acts.requests_of(of).exclude(case_state="").exists():
        return t("Cán bộ an ninh xin CA các chứng thư: {names}.", names=missing)
    return t("CA đang xử lý: {names}.", names=missing)
