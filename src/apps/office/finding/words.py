"""The words a document is found by: folded (no case, no marks, đ as d) and split, so that `1312` finds `A-1312/B`.

Beside its plain words a document has words of its fields, `:ybnv`, and of where it stands (`finding.facts`): one index
answers the box, its language and the rights of who asks. A mark before a letter is in no word that is typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from apps.office.models import Document
from lienthong.document.texts import folded

_BETWEEN = re.compile(r"[^0-9a-z]+")
LONGEST = 500_000
"""Signs of a file's text that are read; a book of a thousand pages is found by its first part."""
MOST = 100_000
"""Signs of all different words of a document together."""
_LONGEST_WORD = 64
NUMBER, NOTATION, KIND, SIGNER, ISSUER, AGENCY, LABEL = ":s", ":y", ":l", ":n", ":c", ":a", ":b"
AnyOf = tuple[str, ...]
"""Words of which a document has one; `word*` is a beginning."""


def split(text: str) -> list[str]:
    """Folded words, split at every sign that is no letter or digit; a longer one is cut."""
    return [word[:_LONGEST_WORD] for word in _BETWEEN.split(folded(text)) if word]


def of_field(field: str, text: str) -> list[str]:
    """Words of one field, as the index holds them."""
    return [f"{field}{word}" for word in split(text)]


def of_number(text: str) -> list[str]:
    """The number as one writes it, with or without a nought before it."""
    return of_field(NUMBER, text.lstrip("0") or text)


def of_agency(code: str) -> str:
    """The word all documents of an agency have: the index itself keeps agencies apart."""
    return f"{AGENCY}{''.join(split(code))}"


def beginnings(words: Sequence[str]) -> list[AnyOf]:
    """All of these words, each by its beginning."""
    return [(f"{word}*",) for word in words]


def between(field: str, first: str, last: str) -> AnyOf:
    """Any number of as many digits from `first` to `last`, by the few beginnings that together are all of them.

    between(":d", "20260129", "20260131") is :d20260129, :d2026013*.
    """
    return tuple(f"{field}{each}{'*' if len(each) < len(first) else ''}" for each in _spans(first, last))


def _spans(first: str, last: str) -> list[str]:
    rest = len(first) - 1
    if first > last:
        return []
    if set(first) <= {"0"} and set(last) <= {"9"}:
        return [""]
    found = []
    for digit in range(int(first[0]), int(last[0]) + 1):
        low = first[1:] if digit == int(first[0]) else "0" * rest
        high = last[1:] if digit == int(last[0]) else "9" * rest
        found += [f"{digit}{each}" for each in _spans(low, high)]
    return found


def words_of(document: Document) -> str:
    """All different words of a document: of its fields, then its fields' and files' names and what was read in them."""
    named = [
        of_agency(document.agency),
        *of_number(document.number),
        *of_field(NOTATION, document.notation),
        *of_field(KIND, document.kind),
        *of_field(SIGNER, document.signer),
        *of_field(ISSUER, f"{document.issuer} {document.issuer_code}"),
        *of_field(LABEL, " ".join(document.labels.values_list("text", flat=True))),
    ]
    return " ".join(dict.fromkeys([*named, *split(_plain(document))]))[:MOST]


def _plain(document: Document) -> str:
    fields = (
        document.code,
        document.subject,
        document.issuer,
        document.issuer_code,
        document.signer,
        document.kind,
        document.note,
        document.document_id,
        document.package,
    )
    files = [text for file in document.files.select_related("content") for text in (file.name, file.content.text or "")]
    return " ".join([*fields, *files])
