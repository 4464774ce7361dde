"""The page of documents that lie there and match a rule: how many, which, what would be done to them; and the order."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.office import jobs
from apps.office.finding.index import EVER
from apps.office.finding.results import ENOUGH
from apps.office.incoming.choosing import choices_for
from apps.office.models import Rule, When
from apps.office.rules import doing, keeping
from apps.office.rules.lying import APPLY, afterwards, left_out, lying, place, told
from apps.staff.rights import Standing
from apps.ui.language import t
from apps.ui.numbers import CURSOR, read_number
from lienthong.errors import InvalidValue


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, number: int) -> HttpResponse:
    """The list, for whoever may answer for a rule; a POST leaves it to the worker, once at a time."""
    standing = keeping.keeper(request)
    if not keeping.may_answer(standing):
        raise PermissionDenied
    rule = get_object_or_404(Rule.objects.select_related("view"), pk=number, agency=standing.agency)
    try:
        if request.method == "POST":
            return _begun(request, rule, standing)
        return render(request, "office/rules/lying.html", _shown(request, rule, standing))
    except InvalidValue as error:
        messages.error(request, error.detail)
        return redirect("rule", rule.pk)


def count(rule: Rule, standing: Standing, now: datetime) -> int:
    """How many there are, up to one more than a job takes. InvalidValue."""
    return lying(rule, standing, now, most=jobs.MOST + 1).count()


def _begun(request: HttpRequest, rule: Rule, standing: Standing) -> HttpResponse:
    if why := hindrance(rule, standing):
        raise InvalidValue(why)
    if jobs.of(standing.agency, place(rule)).exists():
        raise InvalidValue(t("Quy tắc này đang được áp dụng; xin chờ xong, hoặc dừng lại trước."))
    found = lying(rule, standing, timezone.now(), most=jobs.MOST).values_list("pk", flat=True)
    if not (numbers := list(found)):
        raise InvalidValue(t("Không có văn bản đang có nào khớp; chưa làm gì."))
    job = jobs.begin(standing, APPLY, place(rule), told(rule), numbers)
    keeping.note(request, "rule-applied", rule)
    return redirect("job", job.pk)


def hindrance(rule: Rule, standing: Standing) -> str:
    """Why it cannot be put to what lies there, in words; or nothing."""
    if rule.when == When.REFUSED:
        return t("Sổ không giữ văn bản nào bị nơi nhận từ chối, nên quy tắc này chỉ làm từ bây giờ.")
    then = afterwards(rule.then)
    if not doing.needs(then):
        return t("Việc của quy tắc này không làm sau được, nên nó chỉ làm từ bây giờ.")
    if not doing.able(then, standing.duties):
        return t("Quy tắc này làm những việc ngoài quyền của anh/chị; xin người có quyền bật.")
    return ""


def _shown(request: HttpRequest, rule: Rule, standing: Standing) -> dict[str, Any]:
    now, before = timezone.now(), read_number(request.GET.get("sau", ""), CURSOR) or EVER
    lines = list(lying(rule, standing, now, most=ENOUGH + 1, before=before))
    choices = choices_for(standing, inside=False, also_self=True)
    number = count(rule, standing, now)
    return {
        "rule": rule,
        "documents": lines[:ENOUGH],
        "next": urlencode({"sau": lines[ENOUGH - 1].words.pk}) if len(lines) > ENOUGH else "",
        "after": before != EVER,
        "number": min(number, jobs.MOST),
        "more": number > jobs.MOST,
        "will": doing.spoken(afterwards(rule.then), choices),
        "not_done": doing.spoken(left_out(rule.then), choices),
        "hindrance": hindrance(rule, standing),
        "running": jobs.of(standing.agency, place(rule)).select_related("person").first(),
    }
