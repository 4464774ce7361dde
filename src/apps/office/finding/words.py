"""The words a document is found by: folded (no case, no marks, đ as d) and split, so that `1312` finds `A-1312/B`.

Beside its plain words a document has words of its fields, `kyhieu:bnv`: one index answers the box and its language.
"""

from __future__ import annotations

import re

from apps.office.models import Document
from lienthong.document.texts import folded

_BETWEEN = re.compile(r"[^0-9a-z]+")
LONGEST = 500_000
"""Signs of a document's words; a book of a thousand pages is found by its first part."""
_LONGEST_WORD = 64
NUMBER, NOTATION, KIND, SIGNER, ISSUER, AGENCY, LABEL = "so", "kyhieu", "loai", "nguoiky", "coquan", "thuoc", "nhan"


def split(text: str) -> list[str]:
    """Folded words, split at every sign that is no letter or digit; a longer one is cut."""
    return [word[:_LONGEST_WORD] for word in _BETWEEN.split(folded(text)) if word]


def of_field(field: str, text: str) -> list[str]:
    """Words of one field, as the index holds them."""
    return [f"{field}:{word}" for word in split(text)]


def of_number(text: str) -> list[str]:
    """The number as one writes it, with or without a nought before it."""
    return of_field(NUMBER, text.lstrip("0") or text)


def of_agency(code: str) -> str:
    """The word all documents of an agency have: the index itself keeps agencies apart."""
    return f"{AGENCY}:{''.join(split(code))}"


def words_of(document: Document) -> str:
    """All words of a document: those of its fields, then its fields' and files' names and what was read in them."""
    named = [
        of_agency(document.agency),
        *of_number(document.number),
        *of_field(NOTATION, document.notation),
        *of_field(KIND, document.kind),
        *of_field(SIGNER, document.signer),
        *of_field(ISSUER, f"{document.issuer} {document.issuer_code}"),
        *of_field(LABEL, " ".join(document.labels.values_list("text", flat=True))),
    ]
    return " ".join([*named, *split(_plain(document))])[:LONGEST]


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
