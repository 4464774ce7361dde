"""The worker's part: occasions that wait, each handled with its marks in one transaction, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q

from apps.office.deed import Deed
from apps.office.finding import index
from apps.office.finding.language import Term, read
from apps.office.finding.results import matching
from apps.office.incoming.policy import may_see
from apps.office.models import Document, File, Message, Occasion, Rule, Run, RunState, When, Words
from apps.office.rules import doing, occasions
from apps.staff.models import Duty
from apps.staff.rights import Standing, standing_of
from apps.ui.language import t
from lienthong.errors import InvalidValue, LienThongError, NotAllowed

log = logging.getLogger(__name__)
AT_ONCE = 100
"""Occasions of one round and agency; the others wait for the next."""
READING_TAKES = timedelta(minutes=10)
"""How long an arrival waits for its files to be read, since conditions look into them."""
ANSWERERS = frozenset({Duty.LEADER, Duty.OFFICE_HEAD, Duty.CLERK})
"""Who may answer for a rule: they see the whole agency."""
KEEPERS = ANSWERERS | {Duty.ADMINISTRATOR}
"""Who may draw rules up."""


def go(agency: str, now: datetime) -> int:
    """Handle what waits, in the order in which it happened; how many occasions."""
    rules = list(Rule.objects.filter(agency=agency, on=True).select_related("answers", "view"))
    if not rules:
        return 0
    occasions.look_at_deadlines(agency, rules, now)
    waiting = Occasion.objects.filter(agency=agency, handled=None).exclude(_unread(now)).values_list("pk", flat=True)
    return sum(handle(pk, rules, now) for pk in waiting[:AT_ONCE])


def handle(number: int, rules: Sequence[Rule], now: datetime) -> bool:
    """Let every rule that waits for it look at it, in their order; False when somebody else has it."""
    with transaction.atomic():
        held = Occasion.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=number, handled=None)
        occasion = held.select_related("document", "origin").first()
        if occasion is None:
            return False
        for rule in rules:
            if listens(rule, occasion) and _look(rule, occasion, now) and rule.stop:
                break
        Occasion.objects.filter(pk=number).update(handled=now)
        return True


def listens(rule: Rule, occasion: Occasion) -> bool:
    """Whether the rule waits for this, and has not acted in this chain."""
    if rule.when != occasion.what or (rule.when == When.NEAR and rule.days != occasion.days):
        return False
    return not Run.objects.filter(rule=rule, origin=occasion.origin or occasion).exists()


def matches(rule: Rule, document: Document, standing: Standing) -> bool:
    """Whether the condition holds of a document the person may see. InvalidValue: a part of it is not understood."""
    first = matching(condition(rule, standing), standing, most=1, before=_place_of(document) + 1).first()
    return first == document  # the walk begins at the document itself: whatever it finds before is another


def condition(rule: Rule, standing: Standing) -> list[Term]:
    """What it asks, as this person would. InvalidValue: a part of it is not understood."""
    terms = read(rule.asks, standing)
    if wrong := [term.raw for term in terms if not term.understood]:
        raise InvalidValue(t("Không hiểu phần này của điều kiện: {terms}.", terms=" ".join(wrong)))
    return terms


def _place_of(document: Document) -> int:
    """Where it stands in the index, into which it is put if it is not there yet."""
    if not Words.objects.filter(document=document).exists():
        index.keep(document)
    return int(Words.objects.values_list("pk", flat=True).get(document=document))


def _look(rule: Rule, occasion: Occasion, now: datetime) -> bool:
    """Act if it matches, all or nothing; True when it acted. What stood in the way is told on the rule."""
    try:
        with transaction.atomic(), occasions.set_off_by(occasion):
            told = _act(rule, occasion.document, now)
    except (LienThongError, PermissionDenied) as error:
        _failed(rule, occasion, why_not(error), now)
        return False
    except DatabaseError:  # the whole occasion is repeated
        raise
    except Exception:  # a fault of the program at one rule must not hold up the others, nor their documents
        log.exception("rule %s at %s", rule.pk, occasion.pk)
        _failed(rule, occasion, t("Lỗi ngoài dự kiến; quản trị hệ thống xem nhật ký."), now)
        return False
    if told is not None:
        _mark(rule, occasion, RunState.DONE, told, now)
    return told is not None


def _act(rule: Rule, document: Document, now: datetime) -> str | None:
    """What was done; None when the condition does not hold."""
    who = rule.answers
    standing = standing_of(who) if who and who.is_active else None
    if who is None or standing is None or not standing.has(*ANSWERERS):
        raise NotAllowed(t("Người đứng tên quy tắc không còn giữ vị trí cần có; xin người khác bật lại."))
    if not matches(rule, document, standing):
        return None
    return doing.carry_out(Deed(who, standing, now, rule=rule.name), document, rule.then)


def _failed(rule: Rule, occasion: Occasion, why: str, now: datetime) -> None:
    """Told on the rule, and once a day to who answers for it, if the document is still theirs to see."""
    who, lately = rule.answers, rule.runs.filter(state=RunState.FAILED, at__gt=now - timedelta(days=1))
    if who is not None and not lately.exists() and may_see(occasion.document, standing_of(who)):
        Message.objects.create(person=who, document=occasion.document, rule=rule.name, text=why[:300], at=now)
    _mark(rule, occasion, RunState.FAILED, why, now)


def _mark(rule: Rule, occasion: Occasion, state: str, told: str, now: datetime) -> None:
    Run.objects.create(
        rule=rule,
        document=occasion.document,
        occasion=occasion,
        origin=occasion.origin or occasion,
        state=state,
        told=told[:500],
        at=now,
    )


def why_not(error: Exception) -> str:
    """Why an act of a rule was refused, in words."""
    if isinstance(error, PermissionDenied):
        return t("Người đứng tên không có quyền làm việc này với văn bản.")
    detail = getattr(error, "detail", "") or str(error)
    return t("Không làm được: {why}", why=detail)


def _unread(now: datetime) -> Q:
    unread = Q(content__text=None) | Q(content__recognition__due__isnull=False)
    files = File.objects.filter(unread, document=OuterRef("document"))
    return Q(Exists(files), what=When.ARRIVED, at__gt=now - READING_TAKES)


def retry(rule: Rule) -> int:
    """Let what could not be done be tried again; how many."""
    failed = rule.runs.filter(state=RunState.FAILED)
    with transaction.atomic():
        count = Occasion.objects.filter(pk__in=failed.values("occasion")).update(handled=None)
        failed.delete()
        return count
