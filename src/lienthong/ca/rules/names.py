"""Names for certificates that cannot be taken for another's: one script, nothing invisible, one spelling.

Only the letters of Vietnamese and of plain Latin are taken: an alphabet too small to imitate another name in. It is
closed by default; who needs a letter more adds it here.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from lienthong.document.texts import folded
from lienthong.errors import SubjectMisleading

_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b")
"""Grave, acute, tilde, hook above, dot below; circumflex, breve, horn."""
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZđĐ")
_OTHERS = frozenset("0123456789 .,-–/()&'\"+:;№°_@")
_MOST_MARKS = 2
LONGEST = 250


@lru_cache(4096)
def require_plain(text: str, what: str) -> str:
    """The text in NFC with single spaces. SubjectMisleading for signs that could hide or imitate something."""
    clean = unicodedata.normalize("NFC", text)
    if len(clean) > LONGEST or clean != " ".join(clean.split()):
        raise SubjectMisleading(f"{what}: khoảng trắng hoặc quá dài / spaces, or too long")
    marks = 0
    for sign in unicodedata.normalize("NFD", clean):
        marks = marks + 1 if sign in _MARKS else 0
        if marks > _MOST_MARKS or not (sign in _LETTERS or sign in _OTHERS or sign in _MARKS):
            raise SubjectMisleading(f"{what}: {_named(sign)}")
    return clean


def require_no_organisation(person: str, organisations: Iterable[str]) -> None:
    """SubjectMisleading for a person who is called like an organisation, accents and case aside."""
    if folded(person) in map(_folded, organisations):
        raise SubjectMisleading(f"{person}: tên của cơ quan / the name of an organisation")


_folded = lru_cache(4096)(folded)


def _named(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()
