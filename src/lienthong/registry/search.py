"""Find organisations by what people type: words without accents, any case, any order, or a piece of a code."""

from collections.abc import Sequence
from functools import cached_property

from lienthong.document.texts import folded
from lienthong.registry.model import Organisation


class Finder:
    """Folded names beside their organisations; folding waits for the first question, most hops never ask."""

    def __init__(self, organisations: Sequence[Organisation]) -> None:
        self._organisations = organisations

    def find(self, text: str, limit: int, skip: int = 0) -> tuple[Organisation, ...]:
        words = folded(text).split()
        if not words:
            return ()
        hits = [(row, place) for place, row in enumerate(self._folded) if all(word in row for word in words)]
        hits.sort(key=lambda hit: _rank(hit[0], words))
        return tuple(self._organisations[place] for _, place in hits[skip : skip + limit])

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple(map(_row, self._organisations))


def _row(organisation: Organisation) -> str:
    facts = (organisation.code, organisation.legacy_code or "", organisation.name, organisation.name_en or "")
    return "\n".join(folded(str(fact)) for fact in facts)


def _rank(row: str, words: list[str]) -> tuple[bool, bool, int]:
    """The exact code first, then names that begin with what was typed, then the shorter code (the higher body)."""
    code, _, name = row.split("\n")[:3]
    typed = " ".join(words)
    return (code != typed, not name.startswith(typed), len(code))
