"""Names for certificates that cannot be taken for another's: one script, nothing invisible, one spelling.

Only the letters of Vietnamese and of plain Latin are taken: an alphabet too small to imitate another name in. It is
closed by default; who needs a letter more adds it here.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from lienthong.document.texts import folded
from lienthong.errors import SubjectMisleading

_MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
"""Grave, acute, tilde, hook above, dot below; circumflex, breve, horn."""
_SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZđĐ0123456789 .,-–/()&'\"+:;№°_@"
_PLAIN = re.compile(f"[{_MARKS}]{{0,2}}(?:[{re.escape(_SIGNS)}][{_MARKS}]{{0,2}})*")
"""As far as a text taken apart (NFD) is plain; a letter of Vietnamese has two marks at most."""
LONGEST = 250
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
"""What a browser takes for an e-mail address (HTML, §4.10.5.1.5): one, and nothing that could be a header."""
_LONGEST_ADDRESS = 254


@lru_cache(4096)
def require_plain(text: str, what: str) -> str:
    """The text in NFC with single spaces. SubjectMisleading for signs that could hide or imitate something."""
    clean = unicodedata.normalize("NFC", text)
    if len(clean) > LONGEST or clean != " ".join(clean.split()):
        raise SubjectMisleading(f"{what}: khoảng trắng hoặc quá dài / spaces, or too long")
    apart = unicodedata.normalize("NFD", clean)
    if _PLAIN.fullmatch(apart) is None:
        raise SubjectMisleading(f"{what}: {_named(_first_strange(apart))}")
    return clean


def is_address(text: str) -> bool:
    """Whether it is one e-mail address."""
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def require_no_organisation(person: str, organisations: Iterable[str]) -> None:
    """SubjectMisleading for a person who is called like an organisation, accents and case aside."""
    if folded(person) in map(_folded, organisations):
        raise SubjectMisleading(f"{person}: tên của cơ quan / the name of an organisation")


_folded = lru_cache(4096)(folded)


def _first_strange(apart: str) -> str:
    plain = _PLAIN.match(apart)
    return apart[plain.end() if plain else 0]


def _named(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()
