"""What a person may do with an incoming document now. Buttons and refusals ask here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from operator import or_

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from apps.office.cases import policy as cases
from apps.office.models import OPEN, Assignment, AssignmentState, Document, Lane, Role, Source, Standing
from apps.staff.models import Duty
from apps.staff.rights import CLERKS, HEADS
from apps.staff.rights import Standing as Person
from lienthong.errors import IllegalMove

WORKED_ON = (Lane.INCOMING, Lane.INTERNAL)
"""What goes from desk to desk by rows; what goes out has a route of its own."""
HOLDERS = HEADS | CLERKS
"""Whose a row without a person is: the heads and the clerk of its unit."""


class Act(StrEnum):
    """An act on an incoming document, in the order in which it is usually done."""

    REGISTER = "register"
    REFUSE = "refuse"
    PROPOSE = "propose"
    DIRECT = "direct"
    START = "start"
    REPLY = "reply"
    FORWARD = "forward"
    ASK = "ask"
    ANSWER = "answer"
    RETURN = "return"
    COMPLETE = "complete"
    SEEN = "seen"
    AGREE = "agree"
    DECLINE = "decline"


def rows_of(document: Document) -> list[Assignment]:
    """A document's rows of work but those withdrawn, with whom they name: read once, then handed to all that asks."""
    found = document.assignments.exclude(state=AssignmentState.WITHDRAWN)
    return list(found.select_related("unit", "person", "giver"))


def mine(rows: Iterable[Assignment], person: Person) -> list[Assignment]:
    """The rows a person holds: given to the person, or to a unit whose clerk or head the person is."""
    return [row for row in rows if holds(row, person)]


def undescribed(document: Document) -> bool:
    """Brought by a folder or a mailbox, and nobody has told yet what it is, as the register wants (Annex VI II)."""
    brought = document.source in {Source.FOLDER, Source.MAIL}
    return brought and not (document.issuer and document.issued and document.subject)


def may_describe(document: Document, rows: Iterable[Assignment], person: Person) -> bool:
    """Whether a clerk may say what paper or a letter brought: until it is registered or refused."""
    if document.source not in {Source.SCAN, Source.FOLDER, Source.MAIL} or not person.has(*CLERKS):
        return False
    return any(row.state == AssignmentState.ARRIVED for row in mine(rows, person))


def holds(row: Assignment, person: Person) -> bool:
    """Whether the row is this person's to work on."""
    if row.person_id is not None:
        return bool(row.person_id == person.person.pk)
    return row.unit_id in {post.unit_id for post in person.posts if post.duty in HOLDERS}


def held(person: Person) -> Q:
    """`holds` for lists, and the rows of those whom the person acts for today."""
    return reduce(or_, holders(person))


def holders(person: Person) -> list[Q]:
    """The parts of `held`, no row in two of them: those of one person or one unit each, as the indexes know them."""
    people, units = whose(person)
    return [*(Q(person=pk) for pk in people), *(Q(person=None, unit=pk) for pk in units)]


def whose(person: Person) -> tuple[list[int], list[int]]:
    """Whose rows a person holds: people, the person first, and units, of which those without a person."""
    acted_for = [one.giver for one in person.principals]
    people = dict.fromkeys([person.person.pk, *(post.person_id for post in acted_for)])
    units = dict.fromkeys(post.unit_id for post in (*person.posts, *acted_for) if post.duty in HOLDERS)
    return list(people), list(units)


def visible(person: Person) -> Q:
    """Rows by which a person may open a document: in reach of the posts held, or one's own, or a principal's."""
    return Q(unit__in=person.units) | held(person)


def may_see(document: Document, person: Person) -> bool:
    """Whether a person may open a document: of the own agency, with a row in reach, or in a file in reach."""
    if document.agency != person.agency:
        return False
    return document.assignments.filter(visible(person)).exists() or cases.sees(document, person)


def acts(document: Document, rows: Iterable[Assignment], person: Person) -> dict[Act, Assignment]:
    """What may be done now, each with the row of the document's by which it may."""
    if document.agency != person.agency or document.lane not in WORKED_ON:
        return {}
    found: dict[Act, Assignment] = {}
    for row in mine(rows, person):
        for act in _on_row(document, row, person):
            found.setdefault(act, row)
    return found


def require(document: Document, person: Person, act: Act) -> Assignment:
    """The row by which the act may be done. PermissionDenied for a stranger, IllegalMove when it is not its time."""
    found = acts(document, rows_of(document), person).get(act)
    if found is not None:
        return found
    if not may_see(document, person):
        raise PermissionDenied
    raise IllegalMove(f"{document.code or document.subject[:60]}: {act}")


def _on_row(document: Document, row: Assignment, person: Person) -> list[Act]:
    if document.standing == Standing.FROZEN:
        return [Act.AGREE, Act.DECLINE] if row.parent_id is None and person.has(Duty.CLERK) else []
    if document.standing != Standing.IN_FORCE or row.state not in OPEN:
        return []
    if row.state == AssignmentState.ARRIVED:
        first = [] if undescribed(document) else [Act.REGISTER]
        return [*first, Act.REFUSE] if person.has(Duty.CLERK, Duty.UNIT_CLERK) else []
    if row.role == Role.INFORM:
        return [Act.SEEN]
    if row.role == Role.OPINION:
        return [Act.ANSWER, Act.RETURN]
    return _working(row, person)


def _working(row: Assignment, person: Person) -> list[Act]:
    """A lead finishes, a coordinator only contributes; whoever heads a unit or the agency directs.

    What came to the agency itself is its head's to decide on; its clerk only proposes.
    """
    if row.parent_id is None:
        return _at_the_top(person)
    given = [Act.DIRECT] if person.has(*HEADS) else []
    started = [] if row.state == AssignmentState.WORKING else [Act.START]
    return [*given, *started, Act.REPLY, Act.FORWARD, Act.ASK, Act.RETURN, Act.COMPLETE]


def _at_the_top(person: Person) -> list[Act]:
    given = [Act.DIRECT, Act.ASK, Act.COMPLETE] if person.has(*HEADS) else []
    return [*given, Act.PROPOSE] if person.has(Duty.CLERK, Duty.OFFICE_HEAD) else given
