"""To the identity provider and back."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.door import let_in, served, wanted
from apps.accounts.models import User
from apps.accounts.provider import Asked, Door, Identity
from apps.audit.record import keep
from apps.ui.address import address_of
from apps.ui.language import t
from lienthong.errors import TokenInvalid

KEPT = "provider"


@login_not_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider, remembering what must come back."""
    asked = _door().begin(_back(request))
    request.session[KEPT] = asdict(asked) | {"next": wanted(request, "")}
    return redirect(asked.url)


@login_not_required
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """The browser is back: whoever the provider names is let in, if they were entered here."""
    told = request.session.pop(KEPT, None)
    if told is None:
        return redirect("login")
    go_on = str(told.pop("next"))
    try:
        found = _door().end(_back(request), request.build_absolute_uri(), Asked(**told))
    except TokenInvalid:
        return _refused(request, t("Nhà cung cấp định danh không xác nhận được lượt đăng nhập này. Xin thử lại."))
    user = _known(found)
    if user is None:
        keep(found.username[:100], "", address_of(request), "sign-in-failed", found.username[:100], "refused", {})
        return _refused(request, t("Tài khoản này chưa được cấp quyền ở đây. Xin báo cán bộ an ninh của trục."))
    here = let_in(request, user, "provider")
    return redirect(go_on or here)


def _known(found: Identity) -> User | None:
    """The person bound to that subject; or the one of that name, bound now, if nobody is bound to it yet."""
    people = User.objects.filter(is_active=True)
    bound = people.filter(subject=found.subject).first()
    if bound is None and (bound := people.filter(username=found.username, subject=None).first()) is not None:
        bound.subject = found.subject
        bound.save(update_fields=["subject"])
    return bound if bound is not None and bound.in_console and served(bound) else None


def _refused(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "accounts/login.html", {"problem": problem, "provider": True}, status=403)


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("oidc-back"))


def _door() -> Door:
    console = settings.CONFIG.console
    if console is None or console.oidc is None:
        raise Http404
    return Door(console.oidc)
