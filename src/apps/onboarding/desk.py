"""Applications in the console: the list, one application with its steps, and the acts of each role."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.audit.record import record
from apps.onboarding import acts, authority, axis_side
from apps.onboarding.models import Application
from apps.onboarding.steps import steps
from apps.ui.language import t
from lienthong.errors import IllegalMove, LienThongError

ACTS = {
    "examine": Right.DECIDE_APPLICATIONS,
    "approve": Right.DECIDE_APPLICATIONS,
    "refuse": Right.DECIDE_APPLICATIONS,
    "code": Right.DECIDE_APPLICATIONS,
    "enter": Right.CHANGE_DIRECTORY,
    "certificates": Right.DECIDE_CERTIFICATES,
    "organisation": Right.CHANGE_DIRECTORY,
    "authority": Right.DECIDE_CERTIFICATES,
    "test": Right.DECIDE_APPLICATIONS,
}


@require_safe
@needs(Right.APPLICATIONS)
def page(request: HttpRequest) -> HttpResponse:
    """Newest first; `xong` shows those that ended too."""
    rows = Application.objects.order_by("-pk").defer("letter")
    if request.GET.get("xong") != "co":
        rows = rows.filter(refused_at=None, echoed_at=None)
    shown = [{"application": each, "next": _next(each)} for each in rows[:200]]
    return render(request, "onboarding/applications.html", {"rows": shown, "every": request.GET.get("xong") == "co"})


def _next(application: Application) -> str:
    """The first step that is not done."""
    return next((each.label for each in steps(application) if each.done is None), "")


@require_http_methods(["GET", "POST"])
@needs(Right.APPLICATIONS)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One application."""
    application = get_object_or_404(Application, pk=number)
    if request.method == "POST":
        return _act(request, application)
    allowed = {act for act, right in ACTS.items() if may(person(request).role, right)}
    context = {"application": application, "steps": steps(application), "acts": allowed & _lawful(application)}
    return render(request, "onboarding/application.html", context | {"requests": acts.requests_of(application)})


def _lawful(of: Application) -> set[str]:
    """What can be done now."""
    if of.refused_at:
        return set()
    conditions = {
        "examine": of.examined_at is None,
        "approve": of.examined_at is not None and of.approved_at is None,
        "refuse": of.listed_at is None,
        "code": of.approved_at is not None and of.joined_at is None,
        "certificates": of.joined_at is not None and of.listed_at is None,
        "organisation": of.approved_at is not None and not acts.known(of),
        "authority": authority.configured() and of.joined_at is not None and bool(acts.missing_certificates(of)),
        "test": of.listed_at is not None and of.seen_at is None,
        "enter": of.joined_at is not None and of.listed_at is None and not acts.missing_certificates(of),
    }
    return {act for act, lawful in conditions.items() if lawful}


def _act(request: HttpRequest, of: Application) -> HttpResponse:
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    if not may(person(request).role, ACTS[act]):
        raise PermissionDenied
    try:
        told = _do(request, of)[act]()
    except LienThongError as error:
        record(request, f"application-{act}", of.code, outcome="refused", code=error.code)
        notices.error(request, error.detail or error.sentence())
        return redirect("application-desk", of.pk)
    record(request, f"application-{act}", of.code, gateway=of.gateway)
    if isinstance(told, str):
        return render(request, "onboarding/code.html", {"application": of, "code": told, "site": request.get_host()})
    notices.success(request, t("Đã lưu."))
    return redirect("application-desk", of.pk)


def _do(request: HttpRequest, of: Application) -> dict[str, Callable[[], object]]:
    who = person(request)
    return {
        "examine": lambda: acts.examine(of, who),
        "approve": lambda: acts.approve(of, who),
        "refuse": lambda: acts.refuse(of, request.POST.get("reason", "")),
        "code": lambda: acts.give_code(of),
        "enter": lambda: acts.enter(of, who),
        "organisation": lambda: acts.enter_organisation(of, who),
        "authority": lambda: authority.ask(of),
        "test": lambda: _tested(of),
        "certificates": lambda: acts.take_certificates(of, request.POST.get("pem", "")[:200_000]),
    }


def _tested(of: Application) -> None:
    """Raises `IllegalMove` with the reason in words when the axis does not see the gateway."""
    if of.listed_at is None:
        raise IllegalMove(t("Máy chủ chưa vào danh bạ."))
    if problem := axis_side.test(of):
        raise IllegalMove(t(axis_side.WORDS[problem]))


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
    text = "".join(f"{each.holder} {each.purpose}\n{each.csr}" for each in acts.requests_of(application))
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{application.gateway}.csr"'
    return answer
