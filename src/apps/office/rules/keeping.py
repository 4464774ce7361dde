"""Rules drawn up, switched, ordered: by whom, within which bounds. Every change stands in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from apps.audit.record import record
from apps.office.books import books_of
from apps.office.cases import policy as cases
from apps.office.finding.language import LONGEST
from apps.office.incoming.choosing import Choices, choices_for
from apps.office.labels.acts import worded
from apps.office.models import CaseFile, CaseState, Lane, Rule, View, When
from apps.office.rules import doing
from apps.office.rules.working import ANSWERERS, KEEPERS, condition
from apps.staff.models import Duty, Post, held_on
from apps.staff.rights import Standing, asking
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import InvalidValue, NotAllowed

MOST = 50
"""Rules of an agency, and so steps of a chain."""
MOST_DAYS, MOST_PEOPLE, MOST_CASES = 60, 20, 100


def keeper(request: HttpRequest) -> Standing:
    """Who asks, if rules are theirs to keep. PermissionDenied otherwise."""
    standing = asking(request)
    if not standing.has(*KEEPERS):
        raise PermissionDenied
    return standing


def may_answer(standing: Standing) -> bool:
    """Whether a rule may act in this person's rights."""
    return standing.has(*ANSWERERS)


class Offered:
    """What a form offers: books, open files, people and units, views of the agency."""

    def __init__(self, standing: Standing, rule: Rule) -> None:
        agency = standing.agency
        self.standing = standing
        self.books = books_of(agency, Lane.INCOMING)
        seen = Q(pk__in=cases.visible(standing).values("pk")) | Q(pk=rule.then.get("case"))  # none to an administrator
        self.cases = CaseFile.objects.filter(seen, agency=agency, state=CaseState.OPEN).order_by("-year", "number")
        self.views = View.objects.filter(agency=agency, owner=None)
        self.choices: Choices = choices_for(standing, inside=False, also_self=True)
        self.whens = When.choices

    @property
    def newest_cases(self) -> list[CaseFile]:
        """As many as a list can show."""
        return list(self.cases[:MOST_CASES])

    @property
    def people(self) -> list[tuple[str, str]]:
        """Everybody with a post, by the value of a choice."""
        return [(value, f"{each.name}, {each.unit}") for value, each in self.choices.known.items() if each.person]

    @property
    def secretaries(self) -> list[tuple[str, str]]:
        """Those whose post it is to prepare for a leader."""
        posts = Post.objects.filter(
            held_on(timezone.localdate()), duty=Duty.SECRETARY, unit__agency=self.standing.agency
        )
        known = {f"p{post.person_id}-{post.unit_id}" for post in posts}
        return [(value, name) for value, name in self.people if value in known]


def fill(rule: Rule, told: QueryDict, offered: Offered) -> None:
    """Take over what a form says. InvalidValue says what is wrong; what was typed stays in it."""
    rule.name, rule.when = told.get("name", "").strip()[:100], told.get("when", "")
    rule.query, rule.stop = told.get("query", "").strip()[:LONGEST], bool(told.get("stop"))
    rule.view = offered.views.filter(pk=read_number(told.get("view", ""))).first()
    rule.days = min(read_number(told.get("days", "")), MOST_DAYS) if rule.when == When.NEAR else 0
    rule.then = _then(told)
    _check(rule, offered)


def save(request: HttpRequest, rule: Rule) -> None:
    """Keep it, switched off: nobody answers yet for what has been changed. InvalidValue for a name used twice."""
    with transaction.atomic():
        others = Rule.objects.select_for_update().filter(agency=rule.agency).exclude(pk=rule.pk)
        if others.filter(name=rule.name).exists():
            raise InvalidValue(t("Đã có quy tắc tên này."))
        if rule.pk is None:
            if others.count() >= MOST:
                raise InvalidValue(t("Đã có {n} quy tắc; xin bỏ bớt trước.", n=MOST))
            rule.order = (others.aggregate(last=Max("order"))["last"] or 0) + 1
        rule.on, rule.answers = False, None
        rule.save()
        note(request, "rule-set", rule)


def switch_on(request: HttpRequest, rule: Rule, standing: Standing, offered: Offered) -> None:
    """Let it act from now on, in this person's rights. NotAllowed for who has none, or too few for what it does."""
    if not may_answer(standing):
        raise NotAllowed(t("Quy tắc làm việc bằng quyền của người bật; lãnh đạo, lãnh đạo văn phòng hay văn thư bật."))
    if not doing.able(rule.then, standing.duties):
        raise NotAllowed(t("Quy tắc này làm những việc ngoài quyền của anh/chị; xin người có quyền bật."))
    _check(rule, offered)
    with transaction.atomic():
        rule.on, rule.answers = True, standing.person
        rule.save()
        note(request, "rule-on", rule)


def switch_off(request: HttpRequest, rule: Rule) -> None:
    """What waited for it is handled without it."""
    with transaction.atomic():
        rule.on, rule.answers = False, None
        rule.save()
        note(request, "rule-off", rule)


def drop(request: HttpRequest, rule: Rule) -> None:
    """Take it away with its history; what it did stays in the stories of the documents."""
    with transaction.atomic():
        note(request, "rule-dropped", rule)
        rule.delete()


def move(request: HttpRequest, rule: Rule, by: int) -> None:
    """One place up (-1) or down (1) in the order."""
    with transaction.atomic():
        rules = list(Rule.objects.select_for_update().filter(agency=rule.agency))
        at = rules.index(rule)
        to = min(max(at + by, 0), len(rules) - 1)
        rules.insert(to, rules.pop(at))
        for order, each in enumerate(rules):
            Rule.objects.filter(pk=each.pk).update(order=order)
        note(request, "rule-moved", rule)


def _then(told: QueryDict) -> dict[str, Any]:
    """Only what was chosen."""
    give = told.get("give", "") if told.get("give") in {doing.DIRECT, doing.PROPOSE} else ""
    chosen: dict[str, Any] = {
        "book": read_number(told.get("book", "")),
        "label": told.get("label", "").strip(),
        "case": told.get("case", ""),
        "secretary": told.get("secretary", ""),
        "give": give,
        "lead": told.get("lead", "") if give else "",
        "coordinate": [one for one in told.getlist("coordinate")[:MOST_PEOPLE] if one] if give else [],
        "days": min(read_number(told.get("give_days", "")), MOST_DAYS) if give else 0,
        "words": told.get("words", "").strip()[:300],
        "people": [one for one in told.getlist("people")[:MOST_PEOPLE] if one],
    }
    return {key: value for key, value in chosen.items() if value}


def _check(rule: Rule, offered: Offered) -> None:
    """InvalidValue: no name, no act, a condition nobody understands, an act that would come too late."""
    if not rule.name or not rule.name.isprintable():
        raise InvalidValue(t("Cần đặt tên cho quy tắc."))
    if rule.when not in When or (rule.when == When.NEAR and not rule.days):
        raise InvalidValue(t("Cần chọn khi nào quy tắc làm, và số ngày làm việc trước hạn."))
    _check_condition(rule, offered)
    if "label" in rule.then:
        rule.then["label"] = worded(rule.then["label"])
    acts = doing.needs(rule.then)
    if not acts:
        raise InvalidValue(t("Cần chọn ít nhất một việc để làm."))
    late = [t(act.label) for act in acts if rule.when not in act.at]
    if late:
        raise InvalidValue(t("Khi ấy không làm được việc này: {acts}.", acts=", ".join(late)))
    _check_recipients(rule.then, offered, rule.when)


def _check_condition(rule: Rule, offered: Offered) -> None:
    if rule.query and rule.view:
        raise InvalidValue(t("Chọn một trong hai: câu điều kiện, hoặc cách tìm đã lưu."))
    condition(rule, offered.standing)


def _check_recipients(then: Mapping[str, Any], offered: Offered, when: str) -> None:
    if when == When.ARRIVED and not then.keys().isdisjoint({"give", "secretary"}) and "book" not in then:
        raise InvalidValue(t("Văn bản phải vào sổ trước khi trình, giao; chọn cả sổ, hoặc chọn “được vào sổ”."))
    if "give" in then and not then.get("lead"):
        raise InvalidValue(t("Cần chọn đúng một nơi chủ trì."))
    single = [then[key] for key in ("lead", "secretary") if key in then]
    named = [*single, *then.get("coordinate", []), *then.get("people", [])]
    if any(one not in offered.choices.known for one in named):
        raise InvalidValue(t("Một nơi nhận của quy tắc không còn trong cơ quan; xin chọn lại."))
    if then.get("lead") in then.get("coordinate", []):
        raise InvalidValue(t("Một nơi nhận được chọn hai lần."))
    if "book" in then and all(book.pk != then["book"] for book in offered.books):
        raise InvalidValue(t("Sổ của quy tắc không còn mở."))
    if "case" in then and not any(str(case.pk) == then["case"] for case in offered.cases):
        raise InvalidValue(t("Hồ sơ của quy tắc không còn."))


def note(request: HttpRequest, act: str, rule: Rule) -> None:
    """Tell the audit what was done with a rule."""
    detail = {"when": rule.when, "asks": rule.asks, "then": str(rule.then)[:300]}
    record(request, act, rule.name, agency=rule.agency, **detail)
