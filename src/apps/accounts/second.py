"""The second factor's pages: asking for a code, setting the app up, new recovery codes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts import factor
from apps.accounts.door import let_in, waiting
from apps.accounts.models import User, blocked
from apps.accounts.person import person
from apps.accounts.views import failed
from apps.audit.record import record
from apps.ui.address import address_of
from apps.ui.language import t


@login_not_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The code from the app, or a recovery code."""
    user = waiting(request)
    if user is None:
        return redirect("login")
    if not factor.enrolled(user):
        return redirect("enrol")
    if request.method != "POST":
        return render(request, "accounts/second.html")
    return _judge(request, user)


def _judge(request: HttpRequest, user: User) -> HttpResponse:
    if blocked(user.username, address_of(request)):
        problem = t("Đã sai quá nhiều lần. Xin đợi 5 phút rồi thử lại.")
        return render(request, "accounts/second.html", {"problem": problem}, status=429)
    code = request.POST.get("code", "")
    if factor.opens(user, code):
        return redirect(let_in(request, user, "recovery" if "-" in code else "app"))
    failed(request, user.username)
    problem = t("Mã chưa đúng hoặc đã dùng. Đợi mã mới trong ứng dụng rồi nhập lại.")
    return render(request, "accounts/second.html", {"problem": problem}, status=422)


@login_not_required
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set the app up: the picture to read, then its first code; then the recovery codes, once."""
    user = waiting(request)
    if user is None or factor.enrolled(user):
        return redirect("login")
    if request.method == "POST":
        if codes := factor.confirm(user, request.POST.get("code", "")):
            go_on = let_in(request, user, "app")
            record(request, "second-factor-set", user.username)
            return render(request, "accounts/codes.html", {"codes": codes, "next": go_on})
        problem = t("Mã chưa đúng. Xem giờ trên điện thoại, đợi mã mới rồi nhập lại.")
        return render(request, "accounts/enrol.html", _setup(user) | {"problem": problem}, status=422)
    return render(request, "accounts/enrol.html", _setup(user))


def _setup(user: User) -> dict[str, object]:
    secret = factor.begin(user)
    grouped = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"secret": grouped, "picture": factor.picture(user, secret)}


@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """My second factor: new recovery codes, for a code of the app."""
    user = person(request)
    if request.method != "POST":
        return render(request, "accounts/mine.html", {"left": factor.codes_left(user)})
    if blocked(user.username, address_of(request)) or not factor.opens(user, request.POST.get("code", "")):
        failed(request, user.username)
        problem = t("Mã chưa đúng hoặc đã dùng. Đợi mã mới trong ứng dụng rồi nhập lại.")
        return render(request, "accounts/mine.html", {"left": factor.codes_left(user), "problem": problem}, status=422)
    record(request, "recovery-codes-made", user.username)
    return render(request, "accounts/codes.html", {"codes": factor.fresh_codes(user), "next": "/"})
