"""The certificate authority's screens."""

from collections.abc import Callable

from django.apps import AppConfig
from django.http import HttpRequest

from apps.accounts.roles import Right
from apps.ui.shape import Frame, Line

WORK, KEPT = "Chứng thư số", "Quản lý"


def _has(duty: str) -> Callable[[HttpRequest], bool]:
    """Whether the officer has a duty, as far as the page knows: only the authority says (`door.officers`)."""
    return lambda request: duty in getattr(request, "duties", (duty,))


class Authority(AppConfig):
    """Officers of registration authorities and of the centre at work with the authority that issues."""

    name = "apps.authority"
    label = "authority"
    frame = Frame(
        home="/van-hanh/chung-thu/",
        rail="operator/rail.html",
        search="ca-find",
        find="Tìm chứng thư",
        hint="Họ tên không cần dấu, số chứng thư, MST:…",
    )
    lines = (
        Line("Số liệu", "all", "ca-overview", Right.CERTIFICATES, WORK),
        Line("Hồ sơ chứng thư", "inbox", "ca-cases", Right.CERTIFICATES, WORK),
        Line("Lập hồ sơ", "plus", "ca-ask", Right.CERTIFICATES, WORK, shown=_has("request")),
        Line("Chứng thư", "seal", "ca-find", Right.CERTIFICATES, WORK),
        Line("Người rời cơ quan", "person", "ca-departures", Right.CERTIFICATES, WORK),
        Line("Thiết bị lưu khóa", "work", "ca-tokens", Right.CERTIFICATES, KEPT),
        Line("Cơ quan đăng ký", "office", "ca-authorities", Right.CERTIFICATES, KEPT),
        Line("Nhật ký của dịch vụ", "clock", "ca-deeds", Right.CERTIFICATES, KEPT, shown=_has("audit")),
        Line("Mã truy cập của tôi", "person", "ca-access", Right.CERTIFICATES, KEPT),
    )
