"""Settings: what people may change here, and what is locked, each with the reason in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.audit.record import record
from apps.operator.models import Setting
from apps.ui.language import t
from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Preference:
    """A setting of the console: its default, and the bounds of a number."""

    name: str
    label: str
    hint: str
    default: str
    least: int = 0
    most: int = 0

    def read(self, text: str) -> str:
        """The value as it is kept. Raises `InvalidValue`."""
        value = text.strip()
        if not self.most:
            return value[:400]
        if not (value.isascii() and value.isdigit() and self.least <= int(value) <= self.most):
            raise InvalidValue(f"{t(self.label)}: {self.least}–{self.most}")
        return value


PREFERENCES = (
    Preference("centre", "Tên đơn vị vận hành", "Hiện trên trang và trong hồ sơ đăng ký.", ""),
    Preference("notice", "Thông báo trên mọi trang", "Để trống nếu không có.", ""),
    Preference("idle", "Tự thoát sau (phút)", "Không làm gì trong khoảng này thì phải đăng nhập lại.", "30", 5, 240),
    Preference("late", "Coi là chậm sau (phút)", "Máy chủ im lặng lâu hơn thế hiện là chậm.", "5", 1, 120),
    Preference("down", "Coi là mất liên lạc sau (phút)", "Máy chủ im lặng lâu hơn thế hiện là mất.", "30", 2, 1440),
    Preference("ending", "Báo chứng thư sắp hết hạn trước (ngày)", "Trên trang tổng quan.", "30", 1, 365),
)
_BY_NAME = {each.name: each for each in PREFERENCES}


@dataclass(frozen=True, slots=True)
class Locked:
    """A setting nobody changes here, and why."""

    label: str
    value: str
    reason: str


IN_FILE = "Đặt trong tệp cấu hình trên máy chủ: chỉ người quản trị máy đổi được, và cần khởi động lại."
FOR_SAFETY = "Cố định để không ai nới lỏng được việc đăng nhập, kể cả người có quyền ở đây."
FOR_EVIDENCE = "Đổi khóa hay tên nhật ký làm bằng chứng cũ không còn nối tiếp, nên trang này không cho đổi."


def preference(name: str) -> str:
    """The value in force."""
    found = Setting.objects.filter(name=name).first()
    return found.value if found else _BY_NAME[name].default


def number(name: str) -> int:
    """The value in force of a setting that is a number."""
    return int(preference(name))


def locked() -> Iterator[Locked]:
    """What is set elsewhere."""
    site, console = settings.CONFIG.site, settings.CONFIG.console
    yield Locked("Địa chỉ trang", ", ".join(site.hosts), IN_FILE)
    yield Locked("Chỉ qua HTTPS", t("có") if site.https else t("không"), IN_FILE)
    hops = console.hop if console else ()
    yield Locked("Hệ thống đang làm việc cùng", ", ".join(f"{hop.name} ({hop.url})" for hop in hops), IN_FILE)
    provider = console.oidc.issuer if console and console.oidc else t("không")
    yield Locked("Hệ thống định danh", provider, IN_FILE)
    yield Locked("Mã xác thực khi vào", t("bắt buộc"), FOR_SAFETY)
    yield Locked("Nhật ký kiểm tra", site.audit_origin, FOR_EVIDENCE)


@require_http_methods(["GET", "POST"])
@needs(Right.SETTINGS)
def page(request: HttpRequest) -> HttpResponse:
    """All settings; a security officer changes those that are not locked."""
    change = may(person(request).role, Right.CHANGE_SETTINGS)
    if request.method == "POST":
        if not change:
            raise PermissionDenied
        return _kept(request)
    return _shown(request, preference, may_change=change)


def _kept(request: HttpRequest) -> HttpResponse:
    try:
        wanted = {each.name: each.read(request.POST.get(each.name, "")) for each in PREFERENCES}
    except InvalidValue as error:
        return _shown(request, lambda name: request.POST.get(name, ""), may_change=True, problem=error.detail)
    with transaction.atomic():
        for name, value in wanted.items():
            if (before := preference(name)) != value:
                Setting.objects.update_or_create(name=name, defaults={"value": value})
                record(request, "setting-changed", name, before=before, after=value)
    messages.success(request, t("Đã lưu cài đặt."))
    return redirect("settings")


def _shown(
    request: HttpRequest, value_of: Callable[[str], str], *, may_change: bool, problem: str = ""
) -> HttpResponse:
    rows = [{"preference": each, "value": value_of(each.name)} for each in PREFERENCES]
    context = {"rows": rows, "locked": list(locked()), "may_change": may_change, "problem": problem}
    return render(request, "operator/settings.html", context, status=422 if problem else 200)
