"""The operator's console."""

from django.apps import AppConfig

from apps.accounts.roles import Right
from apps.ui.shape import Frame, Line

WATCH, SITE = "Theo dõi", "Trang này"


class Operator(AppConfig):
    """Watching and running the exchange, never reading what it carries."""

    name = "apps.operator"
    label = "operator"
    frame = Frame(
        home="/van-hanh/",
        rail="operator/rail.html",
        search="messages",
        find="Tìm gói tin",
        hint="Tìm mã gói tin, mã văn bản, số, ký hiệu…",
    )
    lines = (
        Line("Tổng quan", "all", "overview", Right.LOOK, WATCH),
        Line("Gói tin", "file", "messages", Right.MESSAGES, WATCH),
        Line("Gói tin bị kẹt", "alert", "letters", Right.MESSAGES, WATCH),
        Line("Máy chủ bảo mật", "office", "gateways", Right.LOOK, WATCH),
        Line("Người dùng", "person", "people", Right.USERS, SITE),
        Line("Nhật ký kiểm tra", "seal", "audit", Right.AUDIT, SITE),
        Line("Cài đặt", "work", "settings", Right.SETTINGS, SITE),
    )
