"""Reorganisation plans on the page: written step by step, previewed, proposed, approved by another, carried out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.person import person
from apps.accounts.roles import Right, may, needs
from apps.directory import models, plans
from apps.directory.done import done
from apps.directory.organisations import told
from apps.directory.under_way import waiting
from apps.ui.language import english, t
from apps.ui.receiving import content_of
from apps.ui.times import today
from lienthong.errors import InvalidValue, LienThongError
from lienthong.registry import Finding, Plan, levels, read_plan

ACTS = {
    "merge": "Sáp nhập, hợp nhất",
    "split": "Chia, tách",
    "rename": "Đổi tên",
    "move": "Chuyển cấp trên",
    "close": "Đóng",
    "open": "Lập mới",
    "represent": "Đổi máy chủ đại diện",
}
SHOWN = 300


@require_safe
@needs(Right.LOOK)
def page(request: HttpRequest) -> HttpResponse:
    """All plans, the newest first."""
    rows = models.Plan.objects.select_related("author", "approver").order_by("-pk")[:200]
    return render(request, "directory/plans.html", {"plans": rows, "mine": _changes(request)})


@require_http_methods(["GET", "POST"])
@needs(Right.CHANGE_DIRECTORY)
def new(request: HttpRequest) -> HttpResponse:
    """Title, day and legal basis; or a whole plan as a file."""
    if request.method != "POST":
        return render(request, "directory/plan_new.html", {"day": today()})
    try:
        plan = _written(request)
        row = done(request, "plan-drafted", plan.title, lambda: plans.draft(person(request), plan))
    except LienThongError as error:
        context = {"problem": error.detail, "told": request.POST, "day": today()}
        return render(request, "directory/plan_new.html", context, status=422)
    return redirect("plan", row.pk)


def _written(request: HttpRequest) -> Plan:
    file = request.FILES.get("file")
    if file is not None:
        return read_plan(content_of(file))
    said = {name: request.POST.get(name, "").strip() for name in ("title", "day", "basis")}
    if not said["title"] or not said["day"]:
        raise InvalidValue(t("Cần tên kế hoạch và ngày có hiệu lực."))
    return read_plan(msgspec.json.encode(said))


@require_http_methods(["GET", "POST"])
@needs(Right.LOOK)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One plan: its steps, all it would do, and the next lawful act of this person."""
    row = get_object_or_404(models.Plan.objects.select_related("author", "approver"), pk=number)
    if request.method != "POST":
        return _shown(request, row)
    deed = request.POST.get("act", "")
    try:
        deeds(request, row)[deed]()
    except KeyError:
        return _shown(request, row, t("Không có việc này."))
    except LienThongError as error:
        return _shown(request, row, error.detail or error.sentence("vi"))
    messages.success(request, t("Đã ghi."))
    return redirect("plan", number)


def deeds(request: HttpRequest, row: models.Plan) -> Mapping[str, Callable[[], object]]:
    """What may be done with a plan, by name; nothing for whose role may not."""
    if not _changes(request):
        return {}
    who = person(request)
    known: dict[str, Callable[[], object]] = {
        "add": lambda: plans.draft(who, _with_step(row, request.POST), row),
        "drop": lambda: plans.draft(who, _without_step(row, request.POST.get("step", "")), row),
        "propose": lambda: plans.propose(who, row),
        "approve": lambda: plans.approve(who, row),
        "withdraw": lambda: plans.withdraw(who, row),
        "carry-out": lambda: plans.carry_out(who, row),
    }
    return {name: _recorded(request, f"plan-{name}", row.title, work) for name, work in known.items()}


def _recorded(request: HttpRequest, deed: str, subject: str, work: Callable[[], object]) -> Callable[[], object]:
    return lambda: done(request, deed, subject, work)


def _changes(request: HttpRequest) -> bool:
    return may(person(request).role, Right.CHANGE_DIRECTORY)


def _with_step(row: models.Plan, said: QueryDict) -> Plan:
    step = _step(said)
    return read_plan(_encoded(row, [*row.steps, step]))


def _without_step(row: models.Plan, number: str) -> Plan:
    keep = [step for place, step in enumerate(row.steps, 1) if str(place) != number]
    return read_plan(_encoded(row, keep))


def _encoded(row: models.Plan, steps: list[Any]) -> bytes:
    return msgspec.json.encode({"title": row.title, "day": row.day, "basis": row.basis, "steps": steps})


def _step(said: QueryDict) -> dict[str, Any]:
    """One step from the fields of the form; what does not belong to its act is left out. InvalidValue."""
    codes, into = _codes(said.get("codes", "")), _codes(said.get("into", ""))
    text = {name: said.get(name, "").strip() for name in ("step_act", "name", "level", "gateway", "mail")}
    if not codes:
        raise InvalidValue(t("Cần ít nhất một mã định danh."))
    first, target = codes[0], into[0] if into else None
    name, level = text["name"], text["level"] or None
    made: dict[str, dict[str, Any]] = {
        "merge": {"codes": codes, "into": target or ""},
        "split": {"code": first, "into": into, "mail": text["mail"] or None},
        "rename": {"code": first, "name": name},
        "move": {"code": first, "parent": target, "level": level},
        "close": {"code": first, "successors": into},
        "open": {"organisation": {"code": first, "name": name, "level": level or "", "parent": target}},
        "represent": {"organisation": first, "gateway": text["gateway"]},
    }
    if text["step_act"] not in made:
        raise InvalidValue(t("Chọn một việc."))
    return {"act": text["step_act"], **made[text["step_act"]]}


def _codes(text: str) -> list[str]:
    return [each.upper() for each in re.split(r"[\s,;]+", text) if each]


def _shown(request: HttpRequest, row: models.Plan, problem: str = "") -> HttpResponse:
    living = row.state not in {models.PlanState.CARRIED_OUT, models.PlanState.WITHDRAWN}
    context = {
        "plan": row,
        "steps": [(number, t(ACTS[step["act"]]), _said(step)) for number, step in enumerate(row.steps[:SHOWN], 1)],
        "acts": ACTS,
        "levels": levels(),
        "mine": _changes(request),
        "own": row.author == person(request),
        "problem": problem,
        "english": english(),
        "living": living,
    }
    context |= _preview(row) if living else {}
    return render(request, "directory/plan.html", context, status=422 if problem else 200)


def _preview(row: models.Plan) -> dict[str, Any]:
    outcome = plans.outcome_of(plans.plan_of(row))
    differing = outcome.differences()
    return {
        "outcome": outcome,
        "findings": list(map(_placed, outcome.findings[:SHOWN])),
        "notes": list(map(_placed, outcome.notes[:SHOWN])),
        "rows": [told(each) for each in differing[:SHOWN]],
        "total": len(differing),
        "effects": plans.effects_of(outcome, waiting(outcome.closed())),
        "stale": row.digest not in {"", outcome.digest},
    }


def _placed(found: Finding) -> dict[str, str]:
    """A finding at its place in words: the code alone, or the step."""
    kind, _, what = found.where.partition(" ")
    where = {"organisation": what, "step": t("Bước {n}", n=what)}.get(kind, t("Kế hoạch"))
    return {"where": where, "vi": found.vi, "en": found.en}


def _said(step: Mapping[str, Any]) -> str:
    """A step's values as a line."""
    if step["act"] == "open":
        new = step["organisation"]
        return f"{new['code']} – {new['name']} ({new.get('parent') or '–'})"
    left = step.get("codes") or [step.get("code") or step.get("organisation")]
    right = step.get("into") or step.get("successors") or step.get("parent") or step.get("name") or step.get("gateway")
    told_right = ", ".join(right) if isinstance(right, list) else str(right or "–")
    return f"{', '.join(map(str, left))} → {told_right}"
