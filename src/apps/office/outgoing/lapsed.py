"""Who was to sign and may sign no more: the draft is given back, so that another signer is chosen.

A post runs out by its day, an account is closed, the headship ends by which one signed by order (TL., TUQ.). Nobody
does anything at that moment, so the worker looks; a signature that is under way is waited for.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from apps.accounts.models import User
from apps.office.deed import changing
from apps.office.models import OPEN, Assignment, AssignmentState, Draft, Event, Role, Signing
from apps.office.outgoing import routes
from apps.office.outgoing.routes import Step
from apps.staff.models import Unit, held_on
from apps.staff.rights import root_of

MOST = 100


def give_back(agency: str, now: datetime) -> int:
    """Give back each draft of an agency that waits for a signature its signer may not give now; how many there were."""
    rows = Assignment.objects.filter(pk__in=_lapsed(agency, now)).select_related("document")
    return sum(_give_back(row, now) for row in rows)


def _lapsed(agency: str, now: datetime) -> list[int]:
    """Rows at which such drafts wait. What leaders have is never read, however much it is."""
    under_way = Signing.objects.filter(draft__document=OuterRef("document"), state="waiting", expires__gt=now)
    waiting = Assignment.objects.filter(agency=agency, role=Role.SIGN, state__in=OPEN, document__draft__isnull=False)
    others = waiting.exclude(person__in=routes.signers(agency)).exclude(Exists(under_way))
    told = list(others.values_list("pk", "person", "document__draft__fields__signer_competence"))
    heads = set(routes.signers(agency, routes.BY_ORDER[0]).values_list("pk", flat=True)) if told else set()
    return [row for row, person, capacity in told if not (routes.by_order(capacity or "") and person in heads)][:MOST]


def _give_back(row: Assignment, now: datetime) -> bool:
    """Move one, with a line in its story; not when somebody has moved it meanwhile."""
    with changing(row.document) as held:
        own, signer = held.assignments.get(role=Role.DRAFT), row.person or held.draft.signer
        waiting = held.assignments.filter(pk=row.pk, state__in=OPEN)
        if not waiting.update(state=AssignmentState.RETURNED, ended=now, person=signer):
            return False
        own.state, (own.person, own.unit) = AssignmentState.WAITING, _keeper(own)
        own.save(update_fields=["state", "person", "unit"])
        told = {"name": str(signer), "day": f"{_since(held.draft, signer):%d/%m/%Y}", "to": str(own.person or own.unit)}
        Event.objects.create(document=held, at=now, what="lapsed", told=told)
        return True


def _keeper(own: Assignment) -> tuple[User | None, Unit]:
    """Who has the draft now: its drafter, else the head of the unit, else the clerk; the unit while nobody is there."""
    if routes.at_work(own.agency).filter(pk=own.person_id).exists():
        return own.person, own.unit
    for step in (Step(Role.DRAFT, own.unit), Step(Role.ISSUE, root_of(own.agency))):
        if found := routes.holders(step).order_by("pk").first():
            return found, step.unit
    return None, own.unit


def _since(draft: Draft, signer: User | None) -> date:
    """The day after the last post that gave the right; today, when it still holds and the account is closed."""
    today = timezone.localdate()
    posts = routes.signing_posts(draft.agency, routes.capacity_of(draft)).filter(person=signer)
    last = None if posts.filter(held_on(today)).exists() else posts.aggregate(last=Max("until"))["last"]
    return min(last + timedelta(1), today) if last else today
