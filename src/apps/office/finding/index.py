"""The full-text index of the register, behind one question, in the words of each database where they differ.

SQLite       office_words_index, a full-text table (FTS5) over `office_words.text`, kept by triggers
PostgreSQL   an index (GIN) over the same words
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from apps.office.finding.words import words_of
from apps.office.models import Document, Words

AT_ONCE = 100
"""Documents that one round of the worker indexes."""
_SQLITE = (
    "SELECT document_id FROM office_words WHERE id IN "
    "(SELECT rowid FROM office_words_index WHERE office_words_index MATCH %s)"
)
_POSTGRESQL = (
    "SELECT document_id FROM office_words WHERE array_to_tsvector(string_to_array(text, ' ')) @@ CAST(%s AS tsquery)"
)


def keep(document: Document) -> None:
    """Write the words of a document anew, in the transaction of what changed them."""
    Words.objects.update_or_create(document=document, defaults={"text": words_of(document)})


def catch_up(agency: str) -> int:
    """Give words to documents that have none, as after an upgrade; how many."""
    without = Document.objects.filter(agency=agency, words=None)[:AT_ONCE]
    for document in without:
        keep(document)
    return len(without)


def holding(words: Sequence[str]) -> Q:
    """Documents that have all of these words (`finding.words`), in any order; `word*` is one's beginning."""
    if connection.vendor == "postgresql":
        sql, terms = _POSTGRESQL, " & ".join(map(_postgresql, words))
    else:
        sql, terms = _SQLITE, " AND ".join(map(_sqlite, words))
    return Q(pk__in=RawSQL(sql, [terms]))  # noqa: S611 - two sentences of ours; the words are a parameter, letters only


def _sqlite(word: str) -> str:
    bare = word.rstrip("*")
    return f'"{bare}"*' if bare != word else f'"{bare}"'


def _postgresql(word: str) -> str:
    bare = word.rstrip("*")
    return f"'{bare}':*" if bare != word else f"'{bare}'"
