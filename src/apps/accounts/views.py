"""Log in, log out, change the language."""

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.door import half_way, let_in, served, wanted
from apps.accounts.models import User, blocked, remember_failure
from apps.accounts.person import person
from apps.accounts.roles import CONSOLE
from apps.audit.record import keep, record
from apps.staff.rights import asking
from apps.ui.address import address_of
from apps.ui.language import t
from apps.ui.shape import frame_of, links


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the person's workplace; an administrator's is the agency's people."""
    who = person(request)
    return redirect("staff" if asking(request).only_administers else frame_of(who.workplace).home)


@login_not_required
def enter(request: HttpRequest) -> HttpResponse:
    """The login page; wrong words keep the name, too many of them pause it."""
    if request.method != "POST":
        return render(request, "accounts/login.html", _door(request))
    username, address = request.POST.get("username", "").strip(), address_of(request)
    if blocked(username, address):
        problem = t("Đã sai quá nhiều lần. Xin đợi 5 phút rồi thử lại.")
        return _again(request, username, problem, status=429)
    user = authenticate(request, username=username, password=request.POST.get("password", ""))
    if not isinstance(user, User) or not served(user):
        failed(request, username)
        return _again(request, username, t("Tên đăng nhập hoặc mật khẩu chưa đúng. Xin kiểm tra rồi nhập lại."))
    if user.in_console:
        half_way(request, user)
        return redirect("second")
    return redirect(let_in(request, user, "password"))


def failed(request: HttpRequest, username: str) -> None:
    """Count a wrong password or code; one that a console's name was tried with is kept in the audit."""
    remember_failure(username, address_of(request))
    known = User.objects.filter(username=username).first()
    if known is not None and known.in_console:
        keep(username, known.role, address_of(request), "sign-in-failed", username, "refused", {})


def _door(request: HttpRequest) -> dict[str, object]:
    console = settings.CONFIG.console
    fresh = console is not None and not User.objects.filter(role__in=CONSOLE).exists()
    provider = console is not None and console.oidc is not None
    return {"next": wanted(request, ""), "provider": provider, "fresh": fresh, "links": links("door")}


def _again(request: HttpRequest, username: str, problem: str, status: int = 422) -> HttpResponse:
    context = {"username": username, "problem": problem, **_door(request)}
    return render(request, "accounts/login.html", context, status=status)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out."""
    if person(request).in_console:
        record(request, "signed-out", person(request).username)
    logout(request)
    answer = redirect("login")
    answer["Clear-Site-Data"] = '"storage"'  # what the browser kept of the shell and of unsent typing
    return answer


@login_not_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in the session and come back to the same page."""
    if request.POST.get("language") in dict(settings.LANGUAGES):
        request.session["language"] = request.POST["language"]
    return redirect(wanted(request, "home"))
