"""Documents composed as Decree 30/2020 Annex I prescribes: PDF/A, embedded fonts, places for both signatures."""

from lienthong.layout.compose import annex_words, compose, compose_annex, compose_corner, copy_words, incoming_words
from lienthong.layout.model import SAMPLE_MARK, Anchors, Composed, Draft, Rectangle

__all__ = [
    "SAMPLE_MARK",
    "Anchors",
    "Composed",
    "Draft",
    "Rectangle",
    "annex_words",
    "compose",
    "compose_annex",
    "compose_corner",
    "copy_words",
    "incoming_words",
]
