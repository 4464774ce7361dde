"""Applications in the console: the list, one application with its steps, and the acts of each role."""

from __future__ import annotations

from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.onboarding import acts, deeds
from apps.onboarding.models import Application
from apps.onboarding.steps import newest, next_step, steps
from apps.ui.language import t
from lienthong.errors import LienThongError


@require_safe
@needs(Right.APPLICATIONS)
def page(request: HttpRequest) -> HttpResponse:
    """Newest first; `xong` shows those that ended too."""
    every = request.GET.get("xong") == "co"
    shown = [{"application": each, "next": next_step(each)} for each in newest(every=every)]
    return render(request, "onboarding/applications.html", {"rows": shown, "every": every})


@require_http_methods(["GET", "POST"])
@needs(Right.APPLICATIONS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One application."""
    application = get_object_or_404(Application, pk=number)
    if request.method == "POST":
        return _act(request, application)
    allowed = {act for act, right in deeds.ACTS.items() if may(person(request).role, right)}
    context = {"application": application, "steps": steps(application), "acts": allowed & deeds.lawful(application)}
    return render(request, "onboarding/application.html", context | {"requests": acts.requests_of(application)})


def _act(request: HttpRequest, of: Application) -> HttpResponse:
    act = request.POST.get("act", "")
    if act not in deeds.ACTS:
        raise Http404
    if not may(person(request).role, deeds.ACTS[act]):
        raise PermissionDenied
    try:
        told = deeds.carry_out(request, of, act, request.POST.get(deeds.SAID.get(act, ""), "")[: deeds.MOST_SAID])
    except LienThongError as error:
        notices.error(request, error.detail or error.sentence())
        return redirect("application-desk", of.pk)
    if isinstance(told, str):
        return render(request, "onboarding/code.html", {"application": of, "code": told, "site": request.get_host()})
    notices.success(request, t("Đã lưu."))
    return redirect("application-desk", of.pk)


@require_safe
@needs(Right.APPLICATIONS)
def letter(_request: HttpRequest, number: int) -> HttpResponse:
    """The letter as it was brought; only to be saved, never shown as a page of ours."""
    application = get_object_or_404(Application, pk=number)
    if application.letter is None:
        raise Http404
    answer = HttpResponse(bytes(application.letter), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="van-ban-de-nghi-{application.pk}.pdf"'
    return answer


@require_safe
@needs(Right.APPLICATIONS)
def requests(_request: HttpRequest, number: int) -> HttpResponse:
    """The certificate requests, for the authority."""
    application = get_object_or_404(Application, pk=number)
    answer = HttpResponse(acts.requests_text(application), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{application.gateway}.csr"'
    return answer
