"""Pages of the agency's rules: the list in their order, one rule with its form, its trial and its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.roles import asks, shows_no_document
from apps.office.finding.language import EXAMPLES, read
from apps.office.incoming.choosing import Choices, choices_for
from apps.office.jobs import MOST
from apps.office.models import Rule, RunState, When
from apps.office.rules import doing, keeping, lying_page, working
from apps.office.rules.keeping import Offered
from apps.office.rules.trying import attempt
from apps.staff.rights import WHOLE_AGENCY, Standing
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import InvalidValue, NotAllowed

SHOWN = 50
"""Lines of a rule's history."""


@asks(keeping.keeper)
@shows_no_document
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """All of them in their order; a POST moves one up or down."""
    standing = keeping.keeper(request)
    if request.method == "POST":
        rule = _rule(standing, read_number(request.POST.get("rule", "")))
        keeping.move(request, rule, -1 if request.POST.get("act") == "up" else 1)
        return redirect("rules")
    failed = Count("runs", filter=Q(runs__state=RunState.FAILED))
    known = Rule.objects.filter(agency=standing.agency).select_related("answers", "view")
    lines = known.annotate(failed=failed, done=Count("runs") - failed, last=Max("runs__at"))
    choices = choices_for(standing, inside=False, also_self=True)
    told = {"lines": [(rule, _said(rule, choices)) for rule in lines], "may_answer": keeping.may_answer(standing)}
    return render(request, "office/rules/rules.html", told)


@shows_no_document
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A rule begun."""
    standing = keeping.keeper(request)
    return _worked(request, standing, Rule(agency=standing.agency, maker=standing.person))


@shows_no_document
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One rule: change, try, switch on and off, its history."""
    standing = keeping.keeper(request)
    return _worked(request, standing, _rule(standing, number))


def _worked(request: HttpRequest, standing: Standing, rule: Rule) -> HttpResponse:
    """Do what the button says; what was typed stays, whatever is wrong with it."""
    offered, act = Offered(standing, rule), request.POST.get("act", "")
    if request.method != "POST":
        return _shown(request, standing, rule, offered)
    try:
        if act in {"save", "try"}:
            keeping.fill(rule, request.POST, offered)
        if act == "try":
            return _shown(request, standing, rule, offered, tries=True)
        said = _do(request, standing, rule, offered, act)
    except (InvalidValue, NotAllowed) as error:
        return _shown(request, standing, rule, offered, error.detail)
    messages.success(request, said)
    return redirect("rules") if act == "drop" else redirect("rule", rule.pk)


def _do(request: HttpRequest, standing: Standing, rule: Rule, offered: Offered, act: str) -> str:
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "save": (lambda: keeping.save(request, rule), "Đã lưu; quy tắc đang tắt. Thử rồi bật."),
        "on": (lambda: keeping.switch_on(request, rule, standing, offered), "Đã bật; quy tắc làm từ bây giờ."),
        "off": (lambda: keeping.switch_off(request, rule), "Đã tắt."),
        "drop": (lambda: keeping.drop(request, rule), "Đã bỏ quy tắc."),
        "again": (lambda: working.retry(rule), "Những việc chưa làm được sẽ được làm lại trong ít giây."),
    }
    if act not in acts or (act != "save" and rule.pk is None):
        raise InvalidValue(t("Việc này không có trong danh sách."))
    does, said = acts[act]
    does()
    return t(said)


def _shown(
    request: HttpRequest, standing: Standing, rule: Rule, offered: Offered, problem: str = "", *, tries: bool = False
) -> HttpResponse:
    reads = standing.has(*WHOLE_AGENCY)
    runs = rule.runs.select_related("document") if rule.pk else Rule.objects.none()
    told: dict[str, Any] = {
        "rule": rule,
        "offered": offered,
        "problem": problem,
        "chips": read(rule.asks, standing),
        "examples": EXAMPLES,
        "reads": reads,
        "runs": list(runs[:SHOWN]),
        "failed": rule.runs.filter(state=RunState.FAILED).count() if rule.pk else 0,
        "may_answer": keeping.may_answer(standing),
        "said": _said(rule, offered.choices) if rule.when else None,
        "tried": attempt(rule, standing) if tries and reads else None,
        "blind": tries and not reads,
        "lying": _lying(rule, standing) if rule.pk and not request.POST and keeping.may_answer(standing) else None,
    }
    return render(request, "office/rules/rule.html", told, status=422 if problem else 200)


def _lying(rule: Rule, standing: Standing) -> str | None:
    """How many documents lie there that match; None when its condition is not understood any more."""
    try:
        number = lying_page.count(rule, standing, timezone.now())
    except InvalidValue:
        return None
    return str(number) if number <= MOST else f"{MOST}+"


def _said(rule: Rule, choices: Choices) -> dict[str, Any]:
    """The rule in words: when, if, then."""
    return {
        "when": When(rule.when).label if rule.when in When else "",
        "asks": rule.asks,
        "acts": doing.spoken(rule.then, choices),
    }


def _rule(standing: Standing, number: int) -> Rule:
    known = Rule.objects.filter(agency=standing.agency).select_related("answers", "view")
    return get_object_or_404(known, pk=number)
