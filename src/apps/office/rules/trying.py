"""A rule tried on the newest documents it could concern: what it would have acted on; nothing is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from apps.office.finding.results import reach
from apps.office.models import Document, Lane, Rule, When
from apps.office.rules.working import matches
from apps.staff.rights import Standing

LOOKED = 100
CONCERNS = {
    When.ARRIVED: Q(lane=Lane.INCOMING),
    When.REGISTERED: Q(lane=Lane.INCOMING, numbers__state="used"),
    When.ASSIGNED: Q(assignments__parent__isnull=False, lane__in=(Lane.INCOMING, Lane.INTERNAL)),
    When.NEAR: Q(assignments__due__isnull=False, lane__in=(Lane.INCOMING, Lane.INTERNAL)),
    When.OVERDUE: Q(assignments__due__isnull=False, lane__in=(Lane.INCOMING, Lane.INTERNAL)),
    When.ISSUED: Q(issued_at__isnull=False),
    When.REFUSED: Q(lane=Lane.OUTGOING, issued_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """How many were looked at, and which the rule would have acted on, newest first."""

    looked: int
    documents: list[Document]


def attempt(rule: Rule, standing: Standing) -> Tried:
    """The last documents that this person may see and the rule could concern."""
    concerned = Document.objects.filter(CONCERNS[When(rule.when)], reach(standing), agency=standing.agency)
    newest = list(concerned.order_by("-came", "-pk").distinct()[:LOOKED])
    return Tried(len(newest), [document for document in newest if matches(rule, document, standing)])
