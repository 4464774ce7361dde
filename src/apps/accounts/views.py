"""Log in, log out, change the language."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.accounts.models import User, blocked, forget_failures, remember_failure
from apps.ui.language import t


def _next(request: HttpRequest, fallback: str) -> str:
    """Where to go on: only within this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else fallback


@login_not_required
def enter(request: HttpRequest) -> HttpResponse:
    """The login page; wrong words keep the name, too many of them pause it."""
    if request.method != "POST":
        return render(request, "accounts/login.html", {"next": _next(request, "")})
    username, address = request.POST.get("username", "").strip(), request.META.get("REMOTE_ADDR") or ""
    if blocked(username, address):
        problem = t("Đã sai quá nhiều lần. Xin đợi 5 phút rồi thử lại.")
        return _again(request, username, problem, status=429)
    user = authenticate(request, username=username, password=request.POST.get("password", ""))
    if not isinstance(user, User) or settings.CONFIG.of(user.agency) is None:
        remember_failure(username, address)
        return _again(request, username, t("Tên đăng nhập hoặc mật khẩu chưa đúng. Xin kiểm tra rồi nhập lại."))
    forget_failures(username, address)
    language = request.session.get("language")
    login(request, user)
    if language:
        request.session["language"] = language
    return redirect(_next(request, "home"))


def _again(request: HttpRequest, username: str, problem: str, status: int = 422) -> HttpResponse:
    context = {"username": username, "problem": problem, "next": _next(request, "")}
    return render(request, "accounts/login.html", context, status=status)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out."""
    logout(request)
    return redirect("login")


@login_not_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in the session and come back to the same page."""
    if request.POST.get("language") in dict(settings.LANGUAGES):
        request.session["language"] = request.POST["language"]
    return redirect(_next(request, "home"))
