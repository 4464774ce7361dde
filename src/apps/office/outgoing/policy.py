"""What a person may do with a document that is on its way out. Buttons and refusals ask here, and nowhere else.

draft ─ submit ─► review, form, initial (as the agency asks) ─► sign ─► number ─► seal ─► issue
  ▲                       │ return, take back                     │
  └───────────────────────┴───────────────────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet

from apps.accounts.models import User
from apps.office.incoming.policy import may_see
from apps.office.models import OPEN, Assignment, AssignmentState, Document, Lane, Role, Standing
from apps.staff.models import Duty
from apps.staff.rights import HEADS, standing_of
from apps.staff.rights import Standing as Person
from lienthong.errors import IllegalMove

__all__ = ["Act", "acts", "holds", "may_see", "require", "rows_of"]
State = AssignmentState
CHECKS = (Role.REVIEW, Role.FORM, Role.INITIAL)
"""Steps before the leader, in the order of Decree 30/2020 Art. 11 and 12; an agency chooses which, and of whom."""
BEFORE_SIGNATURE = (*CHECKS, Role.SIGN)
STEPS = (Role.DRAFT, *BEFORE_SIGNATURE, Role.ISSUE)
HOLDERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        Role.DRAFT: HEADS,
        Role.REVIEW: HEADS,
        Role.FORM: frozenset({Duty.CLERK, Duty.OFFICE_HEAD}),
        Role.INITIAL: HEADS,
        Role.ISSUE: frozenset({Duty.CLERK}),
    }
)
"""Whose a row without a person is: posts with one of these duties in the row's unit; a draft whose writer has gone
without an heir is its unit's. The key of the seal is the
clerk's (Art. 32); a signature is always one person's."""


CHECKING = "approve"
"""How a delegation names the checks before a signature; signing, numbering and the seal are nobody else's."""


class Act(StrEnum):
    """An act on a document of one's own agency, in the order in which it is usually done."""

    SUBMIT = "submit"
    REVISE = "revise"
    DROP = "drop"
    TAKE_BACK = "take-back"
    APPROVE = "approve"
    SIGN = "sign"
    RETURN = "return"
    NUMBER = "number"
    SEAL = "seal"
    ISSUE = "issue"


def acts(document: Document, person: Person) -> dict[Act, Assignment]:
    """What the person may do now, each with the row it is done on."""
    if document.lane != Lane.OUTGOING or document.agency != person.agency or document.standing != Standing.IN_FORCE:
        return {}
    rows = [row for row in rows_of(document) if holds(row, person)]
    found: dict[Act, Assignment] = {}
    for row in rows:
        found |= dict.fromkeys(_on_row(document, row), row)
    return found


def require(document: Document, person: Person, act: Act) -> Assignment:
    """The row by which the act may be done. PermissionDenied for a stranger, IllegalMove when it is not its time."""
    found = acts(document, person).get(act)
    if found is not None:
        return found
    if not may_see(document, person):
        raise PermissionDenied
    raise IllegalMove(f"{document.code or document.subject[:60]}: {act}")


def principal(document: Document, person: Person, act: str) -> User | None:
    """For whom the person may check this draft, when not by posts of the own: the giver of a delegation."""
    if act not in {Act.APPROVE, Act.RETURN} or act in acts(document, person):
        return None
    for one in person.principals:
        if CHECKING in one.acts and act in acts(document, standing_of(one.giver.person)):
            return one.giver.person
    return None


def rows_of(document: Document) -> list[Assignment]:
    """The steps gone and waiting, in the order in which they came; read at once for a list by `with_rows`."""
    return [row for row in document.assignments.all() if row.role in STEPS]


def with_rows(documents: QuerySet[Document]) -> QuerySet[Document]:
    """The same documents with their steps, in one more question for them all."""
    rows = Assignment.objects.filter(role__in=STEPS).select_related("unit", "person")
    return documents.prefetch_related(Prefetch("assignments", rows))


def holds(row: Assignment, person: Person) -> bool:
    """Whether the step is this person's."""
    if row.person_id is not None:
        return bool(row.person_id == person.person.pk)
    duties = HOLDERS.get(row.role, frozenset())
    return any(post.unit_id == row.unit_id and post.duty in duties for post in person.posts)


def _on_row(document: Document, row: Assignment) -> list[Act]:
    if row.role == Role.DRAFT:
        return _on_draft(document, row)
    if row.state not in OPEN:
        return []
    if row.role in CHECKS:
        return [Act.APPROVE, Act.RETURN, Act.REVISE]
    if row.role == Role.SIGN:
        return [Act.SIGN, Act.RETURN, Act.REVISE]
    return [Act.SEAL, Act.ISSUE] if document.number else [Act.NUMBER, Act.RETURN]


def _on_draft(document: Document, row: Assignment) -> list[Act]:
    if row.state in OPEN:
        return [Act.SUBMIT, Act.REVISE, Act.DROP]
    waits = document.assignments.filter(role__in=BEFORE_SIGNATURE, state__in=OPEN).exists()
    return [Act.TAKE_BACK] if row.state == State.FORWARDED and waits else []
