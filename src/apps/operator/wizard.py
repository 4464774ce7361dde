"""The first run: who reads the code on the server makes the first security officer; then this door is shut for good."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.door import half_way
from apps.accounts.models import User, blocked, remember_failure
from apps.accounts.roles import CONSOLE, Role
from apps.audit.record import record
from apps.operator.models import Setting
from apps.operator.people import create
from apps.ui.address import address_of
from apps.ui.language import t
from lienthong.errors import InvalidValue

WHO = "khoi-tao"
"""The name under which wrong codes are counted."""


@login_not_required
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The code of the server, the centre's name, the first person; then the second factor is set up."""
    if settings.CONFIG.console is None or User.objects.filter(role__in=CONSOLE).exists():
        raise Http404
    code = first_code(settings.CONFIG.console.code_file)
    if request.method != "POST":
        return render(request, "operator/first_run.html")
    problem = _judged(request, code)
    if problem:
        return render(request, "operator/first_run.html", {"told": request.POST, "problem": problem}, status=422)
    return redirect("second")


def first_code(path: Path) -> str:
    """The code, made when it is first wanted, readable by us alone."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(0o600, exist_ok=False)
        path.write_text(secrets.token_hex(8) + "\n", "ascii")
    return path.read_text("ascii").strip()


def _judged(request: HttpRequest, code: str) -> str:
    """Make the first person, or say what is wrong."""
    address = address_of(request)
    if blocked(WHO, address):
        return t("Đã sai quá nhiều lần. Xin đợi 5 phút rồi thử lại.")
    if not hmac.compare_digest(request.POST.get("code", "").strip().encode(), code.encode()):
        remember_failure(WHO, address)
        return t("Mã khởi tạo chưa đúng. Xem lại tệp trên máy chủ.")
    try:
        validate_password(request.POST.get("password", ""))
        with transaction.atomic():
            user, _ = create(request, request.POST, Role.SECURITY, request.POST.get("password", ""))
            Setting.objects.update_or_create(name="centre", defaults={"value": request.POST.get("centre", "")[:200]})
            record(request, "first-run", user.username)
    except ValidationError:
        return t("Mật khẩu cần ít nhất 12 ký tự.")
    except InvalidValue as error:
        return error.detail
    half_way(request, user)
    return ""
