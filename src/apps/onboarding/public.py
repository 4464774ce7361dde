"""For applicants, without a login: the form, and the page that follows an application by its link."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.models import blocked, remember_failure
from apps.audit.record import keep
from apps.directory import book
from apps.onboarding import letters
from apps.onboarding.acts import fresh_link
from apps.onboarding.form import Read, read
from apps.onboarding.models import Application, Letter
from apps.onboarding.steps import steps
from apps.ui.address import address_of
from apps.ui.language import t
from apps.ui.receiving import content_of
from apps.ui.times import today
from lienthong.document import OrganisationCode
from lienthong.errors import InvalidValue
from lienthong.registry import bearer, levels

WHO = "dang-ky"
"""The name under which forms from one address are counted: five in five minutes."""


@login_not_required
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The form. What is wrong is told by field, and nothing is kept."""
    if settings.CONFIG.console is None:
        raise Http404
    if request.method != "POST":
        return _form(request, Read({}))
    if blocked(WHO, address_of(request)):
        return _form(request, Read(request.POST), t("Đã nhận nhiều đơn từ địa chỉ này. Xin đợi 5 phút."), 429)
    remember_failure(WHO, address_of(request))
    found = read(request.POST)
    if found.problems:
        return _form(request, found, status=422)
    try:
        application = _with_letter(request, found.application())
    except InvalidValue as error:
        found.problems["letter"] = error.detail
        return _form(request, found, status=422)
    application.link, application.address = fresh_link(), address_of(request)
    application.save()
    keep(
        "", "", application.address, "application-received", application.code, "done", {"gateway": application.gateway}
    )
    return redirect("application", application.link)


def _form(request: HttpRequest, found: Read, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"told": found.told, "problems": found.problems, "levels": levels(), "problem": problem}
    return render(request, "onboarding/apply.html", context | {"shared": found.shared}, status=status)


def _with_letter(request: HttpRequest, application: Application) -> Application:
    """The application with its letter, if one came. Raises `InvalidValue`."""
    file = request.FILES.get("letter")
    if file is None:
        return application
    content = content_of(file, letters.MOST)
    seen = letters.look(content, application.name, _above(application))
    application.letter, application.letter_name = content, (file.name or "")[:200]
    application.letter_verdict, application.letter_words = seen.verdict, seen.words
    application.letter_signer = seen.signer[:400]
    return application


def _above(of: Application) -> list[str]:
    """The names of its superiors, nearest first: as the form says, else the body its code begins with."""
    first = OrganisationCode.parse(of.code).level1 or ""
    here = of.parent or (first if first != of.code else "")
    found: dict[str, str] = {}
    while here and here not in found:
        known = bearer(book.history(OrganisationCode.parse(here)), today())
        found[here] = known.name if known else ""
        here = str(known.parent) if known and known.parent else ""
    return [name for name in found.values() if name]


@login_not_required
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, link: str) -> HttpResponse:
    """How far it has come, and the letter if it was not there yet."""
    application = get_object_or_404(Application, link=link)
    if request.method == "POST":
        if application.letter_verdict != Letter.MISSING or application.refused_at:
            raise Http404
        try:
            _with_letter(request, application).save()
        except InvalidValue as error:
            notices.error(request, error.detail)
        return redirect("application", link)
    context = {
        "application": application,
        "steps": steps(application),
        "needs_letter": application.letter_verdict == Letter.MISSING,
    }
    return render(request, "onboarding/follow.html", context)
