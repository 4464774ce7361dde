"""What a person may do with an incoming document now. Buttons and refusals ask here, and nowhere else."""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied

from apps.office.cases import policy as cases
from apps.office.models import OPEN, Assignment, AssignmentState, Document, Lane, Role, Standing
from apps.staff.models import Duty
from apps.staff.rights import HEADS
from apps.staff.rights import Standing as Person
from lienthong.errors import IllegalMove


class Act(StrEnum):
    """An act on an incoming document, in the order in which it is usually done."""

    REGISTER = "register"
    REFUSE = "refuse"
    PROPOSE = "propose"
    DIRECT = "direct"
    START = "start"
    FORWARD = "forward"
    ASK = "ask"
    ANSWER = "answer"
    RETURN = "return"
    COMPLETE = "complete"
    SEEN = "seen"
    RECALL_ANSWER = "recall-answer"


def mine(document: Document, person: Person) -> list[Assignment]:
    """The rows a person holds: given to the person, or to a unit whose clerk or head the person is."""
    rows = document.assignments.exclude(state=AssignmentState.WITHDRAWN).select_related("unit", "person")
    return [row for row in rows if holds(row, person)]


def holds(row: Assignment, person: Person) -> bool:
    """Whether the row is this person's to work on."""
    if row.person_id is not None:
        return bool(row.person_id == person.person.pk)
    own = {post.unit_id for post in person.posts if post.duty in HEADS | {Duty.CLERK, Duty.UNIT_CLERK}}
    return row.unit_id in own


def may_see(document: Document, person: Person) -> bool:
    """Whether a person may open a document: of the own agency, with a row in reach, or in a file in reach."""
    if document.agency != person.agency:
        return False
    rows = document.assignments.all()
    mine = any(row.unit_id in person.units or row.person_id == person.person.pk for row in rows)
    return mine or cases.sees(document, person)


def acts(document: Document, person: Person) -> dict[Act, Assignment]:
    """What may be done now, each with the row by which it may."""
    if document.agency != person.agency or document.lane != Lane.INCOMING:
        return {}
    found: dict[Act, Assignment] = {}
    for row in mine(document, person):
        for act in _on_row(document, row, person):
            found.setdefault(act, row)
    return found


def require(document: Document, person: Person, act: Act) -> Assignment:
    """The row by which the act may be done. PermissionDenied for a stranger, IllegalMove when it is not its time."""
    found = acts(document, person).get(act)
    if found is not None:
        return found
    if not may_see(document, person):
        raise PermissionDenied
    raise IllegalMove(f"{document.code or document.subject[:60]}: {act}")


def _on_row(document: Document, row: Assignment, person: Person) -> list[Act]:
    if row.state == AssignmentState.ARRIVED:
        return [Act.REGISTER, Act.REFUSE] if person.has(Duty.CLERK, Duty.UNIT_CLERK) else []
    if document.standing == Standing.FROZEN:
        return [Act.RECALL_ANSWER] if person.has(Duty.CLERK) else []
    if document.standing != Standing.IN_FORCE or row.state not in OPEN:
        return []
    if row.role == Role.INFORM:
        return [Act.SEEN]
    if row.role == Role.OPINION:
        return [Act.ANSWER, Act.RETURN]
    return _working(row, person)


def _working(row: Assignment, person: Person) -> list[Act]:
    """A lead finishes, a coordinator only contributes; whoever heads a unit or the agency directs."""
    given = [Act.DIRECT] if person.has(*HEADS) else []
    if row.parent_id is None and person.has(Duty.CLERK, Duty.OFFICE_HEAD):
        given.append(Act.PROPOSE)
    started = [] if row.state == AssignmentState.WORKING or row.parent_id is None else [Act.START]
    back = [Act.RETURN] if row.parent_id is not None else []
    return [*given, *started, Act.FORWARD, Act.ASK, *back, Act.COMPLETE]
