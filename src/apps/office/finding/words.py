"""The words a document is found by: folded (no case, no marks, đ as d) and split, so that `1312` finds `A-1312/B`."""

from __future__ import annotations

import re

from apps.office.models import Document
from lienthong.document.texts import folded

_BETWEEN = re.compile(r"[^0-9a-z]+")
LONGEST = 500_000
"""Signs of a document's words; a book of a thousand pages is found by its first part."""


def split(text: str) -> list[str]:
    """Folded words, split at every sign that is no letter or digit."""
    return [word for word in _BETWEEN.split(folded(text)) if word]


def words_of(document: Document) -> str:
    """All words of a document: its fields, its files' names and what was read in them."""
    fields = (
        document.code,
        document.subject,
        document.issuer,
        document.issuer_code,
        document.signer,
        document.kind,
        document.note,
        document.document_id,
    )
    files = [text for file in document.files.select_related("content") for text in (file.name, file.content.text or "")]
    return " ".join(split(" ".join([*fields, *files])))[:LONGEST]
