"""What a query finds in the register, newest first, for one person: nothing of another agency, nothing out of reach."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.office.cases.policy import documents_in_reach
from apps.office.finding import index, words
from apps.office.finding.facts import in_reach_of
from apps.office.finding.index import EVER
from apps.office.finding.language import Term, read
from apps.office.finding.words import AnyOf
from apps.office.incoming.policy import visible
from apps.office.lists import Counted
from apps.office.models import Assignment, Document
from apps.staff.rights import WHOLE_AGENCY, Standing
from apps.ui.numbers import CURSOR, read_number
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
    documents, following = _page(terms, person, after)
    found = Found(terms, documents, following)
    plain = all(term.understood and not term.label for term in terms)
    if after or not plain or not person.has(*WHOLE_AGENCY):
        return found
    try:
        entries = desk.search(text).entries
    except LienThongError:
        return Found(terms, documents, following, away=True)
    return Found(terms, documents, following, _unknown(person.agency, entries))


def matching(
    terms: list[Term], person: Standing, where: Q | None = None, most: int = EVER, before: int = EVER
) -> QuerySet[Document]:
    """Documents that every understood term asks for, of those the person may see and `where` leaves, newest first.

    At most so many, those that came before a moment (`words.id`): nothing is read that is older than the last of them.
    """
    asked, allowed = _asked(terms, person)
    return index.newest(asked, allowed.filter(where) if where else allowed, most, before)


def count(terms: list[Term], person: Standing, most: int) -> Counted:
    """How many `matching` finds, as an expression that stops counting at `most`."""
    return index.count(*_asked(terms, person), most)


def _asked(terms: list[Term], person: Standing) -> tuple[list[AnyOf], QuerySet[Document]]:
    """Words that lead to the documents, and what the documents' own rows say to that.

    Units are of one agency: beside them its own word, in half of all documents, would be read for nothing.
    """
    within = (words.of_agency(person.agency),) if person.has(*WHOLE_AGENCY) else in_reach_of(person)
    asked = [within, *(each for term in terms for each in term.words)]
    return asked, seen_by(person).filter(*(term.where for term in terms))


def seen_by(person: Standing) -> QuerySet[Document]:
    """All documents the person may see."""
    return Document.objects.filter(reach(person), agency=person.agency)


def reach(person: Standing) -> Q:
    """The same as `incoming.policy.may_see`, for lists: by unit and person columns of rows of work, or by a file."""
    if person.has(*WHOLE_AGENCY):
        return Q()
    rows = Assignment.objects.filter(visible(person), agency=person.agency, document=OuterRef("pk"))
    return Q(Exists(rows)) | Q(pk__in=documents_in_reach(person).values("document"))


def _page(terms: list[Term], person: Standing, after: str) -> tuple[list[Document], str]:
    before = read_number(after, CURSOR) or EVER
    lines = list(matching(terms, person, most=ENOUGH + 1, before=before))
    return lines[:ENOUGH], str(lines[ENOUGH - 1].words.pk) if len(lines) > ENOUGH else ""


def _unknown(agency: str, entries: tuple[Entry, ...]) -> list[Entry]:
    known = set(
        Document.objects.filter(agency=agency, package__in=[entry.id for entry in entries]).values_list(
            "package", flat=True
        )
    )
    return [entry for entry in entries if entry.id not in known]
