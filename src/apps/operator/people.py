"""Users of the console and their roles. Nobody changes their own; the last security officer stays."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import factor
from apps.accounts.models import User
from apps.accounts.person import person
from apps.accounts.roles import CONSOLE, Right, Role, needs
from apps.accounts.sessions import end_sessions
from apps.audit.record import record
from apps.ui.language import t
from lienthong.errors import InvalidValue, NotAllowed

ROLES = {
    Role.REGISTRATION: "Cơ quan, hồ sơ đăng ký, kế hoạch tổ chức lại.",
    Role.SECURITY: "Chứng thư, phát hành danh bạ, người dùng, cài đặt.",
    Role.OPERATOR: "Gói tin bị kẹt, máy chủ bảo mật.",
    Role.AUDITOR: "Xem mọi phần, không đổi gì.",
    Role.AUTHORITY: "Chứng thư số: việc được làm do dịch vụ chứng thư ghi cho từng người.",
}


@require_safe
@needs(Right.USERS)
def page(request: HttpRequest) -> HttpResponse:
    """Everybody of the console."""
    return render(request, "operator/people.html", {"people": _people()})


def _people() -> list[User]:
    return list(User.objects.filter(role__in=CONSOLE).select_related("factor").order_by("-is_active", "role", "name"))


@require_http_methods(["GET", "POST"])
@needs(Right.USERS)
def add(request: HttpRequest) -> HttpResponse:
    """A new person: a name, a role, and a first password told once."""
    if request.method != "POST":
        return render(request, "operator/person.html", _form({}))
    try:
        user, password = create(request, request.POST)
    except InvalidValue as error:
        return render(request, "operator/person.html", _form(request.POST, error.detail), status=422)
    return render(request, "operator/password.html", {"who": user, "password": password})


def create(request: HttpRequest, told: Any, role: str = "", password: str = "") -> tuple[User, str]:
    """Enter a person. Raises `InvalidValue`."""
    username, name, role = _text(told, "username"), _text(told, "name"), role or _text(told, "role")
    if role not in CONSOLE or not username or not name:
        raise InvalidValue(t("Cần đủ tên đăng nhập, họ tên và vai trò."))
    if User.objects.filter(username=username).exists():
        raise InvalidValue(t("Tên đăng nhập này đã có người dùng."))
    password = password or secrets.token_urlsafe(12)
    with transaction.atomic():
        user = User(username=username, name=name, role=role)
        user.set_password(password)
        user.save()
        record(request, "person-added", username, role=role)
    return user, password


@require_http_methods(["GET", "POST"])
@needs(Right.USERS)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One person: role, in or out, a new password, a new second factor."""
    who = get_object_or_404(User, pk=number, role__in=CONSOLE)
    if request.method != "POST":
        return render(request, "operator/person.html", _form({}) | {"who": who, "mine": who == person(request)})
    try:
        with transaction.atomic():
            password = _act(request, who, request.POST.get("act", ""))
    except NotAllowed as error:
        messages.error(request, error.detail)
        return redirect("person", number)
    if password:
        return render(request, "operator/password.html", {"who": who, "password": password})
    messages.success(request, t("Đã lưu."))
    return redirect("people")


def _act(request: HttpRequest, who: User, act: str) -> str:
    """Do it; a new password if there is one. Raises `NotAllowed`."""
    if who == person(request):
        raise NotAllowed(t("Không ai đổi quyền của chính mình; xin nhờ cán bộ an ninh khác."))
    password = ""
    if act == "role":
        _keep_an_officer(who)
        _set_role(request, who)
    elif act == "leave":
        _keep_an_officer(who)
        who.is_active = False
    elif act == "return":
        who.is_active = True
    elif act == "password":
        password = secrets.token_urlsafe(12)
        who.set_password(password)
    elif act == "factor":
        factor.forget(who)
    else:
        raise NotAllowed(act[:40])
    who.save()
    end_sessions(who)
    record(request, f"person-{act}", who.username, role=who.role)
    return password


def _set_role(request: HttpRequest, who: User) -> None:
    role = request.POST.get("role", "")
    if role not in CONSOLE:
        raise NotAllowed(t("Vai trò này không có ở đây."))
    who.role = role


def _keep_an_officer(who: User) -> None:
    others = User.objects.filter(role=Role.SECURITY, is_active=True).exclude(pk=who.pk)
    if who.role == Role.SECURITY and not others.exists():
        raise NotAllowed(t("Đây là cán bộ an ninh cuối cùng; xin thêm người khác trước."))


def _text(told: Any, name: str) -> str:
    return str(told.get(name, "")).strip()[:100]


def _form(told: Any, problem: str = "") -> dict[str, Any]:
    roles = [(role.value, role.label, ROLES[role]) for role in CONSOLE]
    return {"roles": roles, "told": told, "problem": problem}
