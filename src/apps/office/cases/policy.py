"""Who may see a file and what a person may do with it now. Buttons and refusals ask here, and nowhere else."""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from apps.office.models import CaseDocument, CaseFile, CaseState, Document
from apps.staff.models import Duty
from apps.staff.rights import WHOLE_AGENCY, Standing
from lienthong.errors import IllegalMove

PLANNERS = frozenset({Duty.UNIT_HEAD, Duty.UNIT_CLERK, Duty.OFFICE_HEAD, Duty.CLERK})
IN_ARCHIVE = (CaseState.OFFERED, CaseState.ARCHIVED)


class Act(StrEnum):
    """An act on a file, in the order in which it is usually done."""

    PLAN = "plan"
    OPEN = "open"
    COLLECT = "collect"
    DISCUSS = "discuss"
    SHARE = "share"
    CLOSE = "close"
    REOPEN = "reopen"
    HAND_OVER = "hand-over"
    PACK = "pack"


def visible(person: Standing) -> QuerySet[CaseFile]:
    """Files a person may see: of units in reach, kept by or shared with the person; to the archivist what was given."""
    mine = Q(unit__in=person.units) | Q(keeper=person.person) | Q(members=person.person)
    if person.has(Duty.ARCHIVIST):
        mine |= Q(state__in=IN_ARCHIVE)
    found = CaseFile.objects.filter(agency=person.agency)
    return found if person.has(*WHOLE_AGENCY) else found.filter(mine).distinct()


def documents_in_reach(person: Standing) -> QuerySet[CaseDocument]:
    """Rows by which a person sees documents that wait at nobody of the own units: a file opens what lies in it."""
    return CaseDocument.objects.filter(case__in=visible(person))


def sees(document: Document, person: Standing) -> bool:
    """Whether a file lets the person see this document."""
    return documents_in_reach(person).filter(document=document).exists()


def acts(case: CaseFile, person: Standing) -> frozenset[Act]:
    """What may be done now."""
    if case.agency != person.agency:
        return frozenset()
    keeps, shares = _keeps(case, person), case.members.filter(pk=person.person.pk).exists()
    return frozenset(
        _of_keeper(case.state) if keeps else _of_member(case.state) if shares else _of_others(case, person)
    )


def require(case: CaseFile, person: Standing, act: Act) -> None:
    """PermissionDenied for a stranger, IllegalMove when it is not its time."""
    if act in acts(case, person):
        return
    if not visible(person).filter(pk=case.pk).exists() or not (_keeps(case, person) or person.has(Duty.ARCHIVIST)):
        raise PermissionDenied
    raise IllegalMove(f"{case.notation}: {act}")


def plans_for(person: Standing) -> frozenset[int]:
    """Units whose files a person puts on the year's list."""
    return person.units if person.has(*PLANNERS) else frozenset()


def _keeps(case: CaseFile, person: Standing) -> bool:
    """The keeper; and, so that work goes on when somebody is away, the heads and clerks of the unit."""
    heads = {post.unit_id for post in person.posts if post.duty in PLANNERS - {Duty.CLERK}}
    return case.keeper_id == person.person.pk or case.unit_id in heads


def _of_keeper(state: str) -> set[Act]:
    return {
        CaseState.PLANNED: {Act.PLAN, Act.OPEN},
        CaseState.OPEN: {Act.COLLECT, Act.DISCUSS, Act.SHARE, Act.CLOSE},
        CaseState.CLOSED: {Act.REOPEN, Act.HAND_OVER, Act.PACK},
        CaseState.ARCHIVED: {Act.PACK},
    }.get(CaseState(state), set())


def _of_member(state: str) -> set[Act]:
    return {Act.COLLECT, Act.DISCUSS} if state == CaseState.OPEN else set()


def _of_others(case: CaseFile, person: Standing) -> set[Act]:
    given = case.state in IN_ARCHIVE and person.has(Duty.ARCHIVIST)
    directs = case.state == CaseState.OPEN and person.has(Duty.LEADER, Duty.OFFICE_HEAD)
    plans = case.state == CaseState.PLANNED and case.unit_id in plans_for(person)
    return {each for each, may in ((Act.PACK, given), (Act.DISCUSS, directs), (Act.PLAN, plans)) if may}
