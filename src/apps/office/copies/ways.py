"""Which copies may be made of what: the ways of Decree 30/2020, Art. 25."""

from __future__ import annotations

from enum import StrEnum

from apps.office.archive.describe import SCANNED, level_of
from apps.office.models import Document, LinkKind
from lienthong.document import by_abbreviation


class Form(StrEnum):
    """The form of a copy, as its mark says it."""

    TRUE = "SAO Y"
    AGAIN = "SAO LỤC"
    EXTRACT = "TRÍCH SAO"


class Medium(StrEnum):
    """What a document is, or becomes."""

    PAPER = "paper"
    ELECTRONIC = "electronic"


P, E = Medium.PAPER, Medium.ELECTRONIC
WAYS: dict[Form, frozenset[tuple[Medium, Medium]]] = {
    Form.TRUE: frozenset({(P, P), (E, P), (P, E)}),
    Form.AGAIN: frozenset({(P, P), (P, E), (E, P)}),
    Form.EXTRACT: frozenset({(P, P), (P, E), (E, P), (E, E)}),
}
ABBREVIATIONS = {Form.TRUE: "SY", Form.AGAIN: "SL", Form.EXTRACT: "TrS"}
"""In the number of a copy (Annex III)."""


def medium_of(document: Document) -> Medium:
    """What it came as: what was scanned is paper."""
    return P if level_of(document) == SCANNED else E


def ways(document: Document) -> dict[Form, list[Medium]]:
    """Forms that may be made of this document, each with what it may become. A re-copy is made of a true copy alone."""
    own, true_copy = medium_of(document), is_true_copy(document)
    found = {form: [to for to in Medium if (own, to) in WAYS[form]] for form in Form}
    return {form: into for form, into in found.items() if into and (form is not Form.AGAIN or true_copy)}


def is_true_copy(document: Document) -> bool:
    """Whether it is itself a `sao y`: of our own making, or by its kind."""
    return document.kind == kind_of(Form.TRUE) or (
        document.links.filter(kind=LinkKind.COPIES).exists() and ABBREVIATIONS[Form.TRUE] in document.notation
    )


def kind_of(form: Form) -> str:
    """Its kind in the register: `Bản sao y`."""
    kind = by_abbreviation(ABBREVIATIONS[form])
    return kind.name_vi if kind else form
