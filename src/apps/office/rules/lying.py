"""A rule put to documents that lie there already: which match, what of it makes sense now, and doing that.

Only what can be taken back or is no official act: a label, a place in a case file, a proposal to the head, a word to
people. A document is never given a number, given out or sent on because a rule was made later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.office.deed import Deed
from apps.office.finding.index import EVER
from apps.office.finding.results import matching
from apps.office.incoming.policy import Act, acts, rows_of
from apps.office.models import CaseDocument, Document, Job, Message, Occasion, Rule, Run, RunState, When
from apps.office.rules import doing, occasions
from apps.office.rules.doing import PROPOSE, Then
from apps.office.rules.trying import CONCERNS
from apps.office.rules.working import ANSWERERS, condition, matches, why_not
from apps.staff.rights import Standing
from apps.ui.language import t
from lienthong.errors import LienThongError

APPLY = "rule"
"""The act of its jobs."""
OF_PROPOSAL = frozenset({"give", "lead", "coordinate", "days"})
LATER = frozenset({"label", "case", "people", "words"})


def lying(rule: Rule, who: Standing, now: datetime, *, most: int, before: int = EVER) -> QuerySet[Document]:
    """Documents that stand now as what the rule waits for leaves them, and meet its condition; newest first.

    InvalidValue when a part of the condition is not understood.
    """
    return matching(condition(rule, who), who, _stands(rule, now), most=most, before=before)


def _stands(rule: Rule, now: datetime) -> Q:
    """What the rule waits for, as a state. A refusal elsewhere leaves none in the register."""
    due = occasions.due(rule.agency).filter(document=OuterRef("pk"))
    if rule.when == When.OVERDUE:
        return Q(Exists(due.filter(due__lt=now)))
    if rule.when == When.NEAR:
        return Q(Exists(due.filter(due__gte=now, due__lte=occasions.near(rule.agency, rule.days, now))))
    return Q(pk=None) if rule.when == When.REFUSED else CONCERNS[When(rule.when)]


def afterwards(then: Then) -> dict[str, Any]:
    """What of it makes sense afterwards."""
    proposed = OF_PROPOSAL if then.get("give") == PROPOSE else frozenset()
    return {key: value for key, value in then.items() if key in LATER | proposed}


def left_out(then: Then) -> dict[str, Any]:
    """What of it is never done afterwards."""
    return {key: value for key, value in then.items() if key not in afterwards(then)}


def told(rule: Rule) -> dict[str, Any]:
    """A rule as a job keeps it: what was shown is what is done, or nothing."""
    return {"rule": rule.pk, "name": rule.name, "when": rule.when, "days": rule.days, "asks": rule.asks,
            "then": rule.then}  # fmt: skip


def place(rule: Rule) -> str:
    """Where its jobs were ordered, for `Job.box`."""
    return f"rule:{rule.pk}"


def carry_out(job: Job, deed: Deed, number: UUID) -> str:
    """One document of a job, in the rights of who ordered it, all that is left to do or nothing; why not, in words."""
    rule = Rule.objects.select_related("view").filter(pk=job.typed["rule"], agency=job.agency).first()
    if rule is None or told(rule) != job.typed:
        return t("Quy tắc đã đổi từ lúc áp dụng; xin xem lại rồi áp dụng lại.")
    document = Document.objects.filter(_stands(rule, deed.at), pk=number, agency=job.agency).first()
    if document is None or not matches(rule, document, deed.standing):
        return t("Không còn khớp điều kiện.")
    if not deed.standing.has(*ANSWERERS):
        return t("Không thuộc quyền của anh/chị.")
    left = _left(replace(deed, rule=rule.name), document, afterwards(rule.then))
    if not doing.needs(left):
        return t("Không còn gì để làm: đã làm rồi, hoặc văn bản đã qua bước ấy.")
    try:
        with transaction.atomic():
            _act(replace(deed, rule=rule.name), rule, document, left)
    except (LienThongError, PermissionDenied) as error:
        return why_not(error)
    return ""


def _left(deed: Deed, document: Document, then: Then) -> dict[str, Any]:
    """Of this, what is not done yet and still possible: asked twice, nobody is told or proposed to twice."""
    done = set()
    if then.get("label") in document.worn:
        done.add("label")
    if "case" in then and CaseDocument.objects.filter(document=document, case=then["case"]).exists():
        done.add("case")
    if Message.objects.filter(document=document, rule=deed.rule, text=str(then.get("words", ""))[:300]).exists():
        done.add("people")
    proposed = document.events.filter(what="proposed", told__rule=deed.rule).exists()
    if proposed or Act.PROPOSE not in acts(document, rows_of(document), deed.standing):
        done |= OF_PROPOSAL
    return {key: value for key, value in then.items() if key not in done}


def _act(deed: Deed, rule: Rule, document: Document, then: Then) -> None:
    """Done and told on the rule, as at an occasion of this moment that is over."""
    at = {"agency": rule.agency, "document": document, "at": deed.at, "handled": deed.at}
    occasion = Occasion.objects.create(what=rule.when, days=rule.days, **at)
    with occasions.set_off_by(occasion):
        said = doing.carry_out(deed, document, then)
    kept = {"rule": rule, "document": document, "occasion": occasion, "origin": occasion, "at": deed.at}
    Run.objects.create(state=RunState.DONE, told=said[:500], **kept)


def title(job: Job) -> str:
    """What is done."""
    return t("Áp dụng quy tắc “{rule}”", rule=job.typed["name"])


def back(job: Job) -> tuple[str, str]:
    """The rule."""
    return f"/quy-tac/{job.typed['rule']}/", job.typed["name"]
