"""What a query finds in the register, newest first, for one person: nothing of another agency, nothing out of reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.office.cases.policy import documents_in_reach
from apps.office.finding import index, words
from apps.office.finding.language import Term, read
from apps.office.incoming.policy import visible
from apps.office.models import Assignment, Document
from apps.staff.rights import WHOLE_AGENCY, Standing
from lienthong.client import Desk, Entry
from lienthong.errors import LienThongError

ENOUGH = 25
"""Lines that make a page."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results. `next` is the cursor of the next one; `beside` what only the gateway knows of.

    `away`: the gateway could not be asked; the register answered alone.
    """

    terms: list[Term] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    next: str = ""
    beside: list[Entry] = field(default_factory=list)
    away: bool = False

    @property
    def pages(self) -> list[str]:
        """The ids under which the pages of these documents open, in the order of the list."""
        return [one.page for one in self.documents] + [one.id for one in self.beside]


def look(desk: Desk, person: Standing, text: str, after: str = "") -> Found:
    """One page of the register; the first one also tells what the gateway holds and the register does not."""
    terms = read(text, person)
    if not any(term.understood for term in terms):
        return Found(terms)
    documents, following = _page(matching(terms, person), after)
    found = Found(terms, documents, following)
    plain = all(term.understood and not term.label for term in terms)
    if after or not plain or not person.has(*WHOLE_AGENCY):
        return found
    try:
        entries = desk.search(text).entries
    except LienThongError:
        return Found(terms, documents, following, away=True)
    return Found(terms, documents, following, _unknown(person.agency, entries))


def matching(terms: list[Term], person: Standing) -> QuerySet[Document]:
    """All documents that every understood term asks for, of those the person may see."""
    found = Document.objects.filter(reach(person), agency=person.agency)
    asked = [word for term in terms for word in term.words]
    if asked:
        found = found.filter(index.holding([words.of_agency(person.agency), *asked]))
    for term in terms:
        found = found.filter(term.where)
    return found


def reach(person: Standing) -> Q:
    """The same as `incoming.policy.may_see`, for lists: by unit and person columns of rows of work, or by a file."""
    if person.has(*WHOLE_AGENCY):
        return Q()
    rows = Assignment.objects.filter(visible(person), agency=person.agency, document=OuterRef("pk"))
    return Q(Exists(rows)) | Q(pk__in=documents_in_reach(person).values("document"))


def _page(found: QuerySet[Document], after: str) -> tuple[list[Document], str]:
    last = Document.objects.filter(pk=_uuid(after)).first() if after else None
    if last is not None:
        found = found.filter(Q(came__lt=last.came) | Q(came=last.came, pk__lt=last.pk))
    lines = list(found.order_by("-came", "-pk")[: ENOUGH + 1])
    return lines[:ENOUGH], str(lines[ENOUGH - 1].pk) if len(lines) > ENOUGH else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _unknown(agency: str, entries: tuple[Entry, ...]) -> list[Entry]:
    known = set(
        Document.objects.filter(agency=agency, package__in=[entry.id for entry in entries]).values_list(
            "package", flat=True
        )
    )
    return [entry for entry in entries if entry.id not in known]
