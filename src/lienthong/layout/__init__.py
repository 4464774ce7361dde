"""Documents composed as Decree 30/2020 Annex I prescribes: PDF/A, embedded fonts, places for both signatures."""

from lienthong.layout.compose import (
    annex_words,
    compose,
    compose_annex,
    compose_corner,
    compose_line,
    copy_words,
    incoming_words,
)
from lienthong.layout.forms import CAPACITIES, Form, authority_of, capacity_lines, form_of, notation_of
from lienthong.layout.model import SAMPLE_MARK, Anchors, Composed, Draft, Rectangle, Signatory
from lienthong.layout.word import Brought, from_word, to_word
from lienthong.layout.words import number_words, place_and_date

__all__ = [
    "CAPACITIES",
    "SAMPLE_MARK",
    "Anchors",
    "Brought",
    "Composed",
    "Draft",
    "Form",
    "Rectangle",
    "Signatory",
    "annex_words",
    "authority_of",
    "capacity_lines",
    "compose",
    "compose_annex",
    "compose_corner",
    "compose_line",
    "copy_words",
    "form_of",
    "from_word",
    "incoming_words",
    "notation_of",
    "number_words",
    "place_and_date",
    "to_word",
]
