"""The full-text index of the register, walked newest first, in the words of each database where they differ.

SQLite       office_words_index, a full-text table (FTS5) over `office_words`, kept by triggers: its lists of documents
             are in the order of `office_words.id`, so the newest that have all words are read and no others
PostgreSQL   an index (GIN) over the same words and their beginnings: its lists are in no order, so it is asked for
             slices of time, each as long as all newer ones, until there is enough

Both know every beginning of a word up to nine signs as a word of its own, so that no list is put together of many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from apps.office.finding.facts import facts_of
from apps.office.finding.words import AnyOf, between, words_of
from apps.office.lists import Counted
from apps.office.models import CaseFile, Document, Words

AT_ONCE = 500
"""Documents that one round of the worker indexes."""
BEGINNINGS = 9
"""Signs of the longest beginning that the index knows as a word; longer words are rare ones."""
SLICE = 100_000_000
"""Milliseconds of one unit of time in PostgreSQL's index, something more than a day."""
EVER = 10**13
_SQLITE = (
    "SELECT office_words.id FROM office_words_index CROSS JOIN office_words"
    " ON office_words.id = office_words_index.rowid WHERE office_words_index MATCH %s"
    " AND office_words_index.rowid < %s AND EXISTS ({allowed}) ORDER BY office_words_index.rowid DESC LIMIT %s"
)
_POSTGRESQL = (
    "SELECT walked.id FROM (VALUES {slices}) AS slice(time) CROSS JOIN LATERAL (SELECT office_words.id FROM ("
    "SELECT id, document_id FROM office_words WHERE office_beginnings(id, text || ' ' || facts) @@ slice.time"
    " AND office_beginnings(id, text || ' ' || facts) @@ CAST(%s AS tsquery) AND id < %s ORDER BY id DESC OFFSET 0)"
    " AS office_words"
    " WHERE EXISTS ({allowed} OFFSET 0) ORDER BY office_words.id DESC LIMIT %s) AS walked LIMIT %s"
)
"""Time is asked beside the words, not with them: so their lists of documents are begun at the slice, not at the start.
`OFFSET 0` lets the planner neither begin with the documents, whose words it would make anew, nor judge more of them
than the page needs."""


def keep(document: Document) -> None:
    """Write the words of a document anew, in the transaction of what changed them."""
    told = {"text": words_of(document), "facts": facts_of(document)}
    if not Words.objects.filter(document=document).update(**told):
        _place(document, told)


def refresh(document: Document) -> None:
    """Write anew where a document stands and who sees it; what it says is as it was."""
    facts = facts_of(document)
    Words.objects.filter(document=document).exclude(facts=facts).update(facts=facts)


def refresh_file(case: CaseFile) -> None:
    """The same for all documents that lie in a file."""
    for document in Document.objects.filter(in_cases__case=case):
        refresh(document)


def _place(document: Document, told: dict[str, str]) -> None:
    """Under the moment it came, or the first free one after where others came in the same millisecond."""
    moment = moment_of(document)
    while True:
        try:
            with transaction.atomic():
                Words.objects.create(id=moment, document=document, **told)
        except IntegrityError:
            if not Words.objects.filter(id=moment).exists():
                raise
            moment = _free_after(moment)
        else:
            return


def _free_after(moment: int) -> int:
    follower = Words.objects.filter(id=OuterRef("id") + 1)
    last: int = Words.objects.filter(~Exists(follower), id__gte=moment).order_by("id").values_list("id", flat=True)[0]
    return last + 1


def moment_of(document: Document) -> int:
    """When it came, in milliseconds since 1970."""
    return int(document.came.timestamp() * 1000)


def catch_up(agency: str) -> int:
    """Give words to documents that have none, as after an upgrade; how many."""
    without = Document.objects.filter(agency=agency, words=None)[:AT_ONCE]
    for document in without:
        keep(document)
    return len(without)


def rebuild() -> None:
    """Make the index of all words there are, after many came without its triggers; PostgreSQL keeps it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO office_words_index(office_words_index) VALUES ('rebuild')")


def newest(
    asked: Sequence[AnyOf], allowed: QuerySet[Document], most: int = EVER, before: int = EVER
) -> QuerySet[Document]:
    """The newest so many documents that have one of each of these words and are `allowed`, before one's `words.id`."""
    found = _found(asked, allowed, most, before)
    kept = Document.objects.filter(words__in=found).select_related("words").defer("words__text", "words__facts")
    return kept.order_by("-words__id")


def count(asked: Sequence[AnyOf], allowed: QuerySet[Document], most: int) -> Counted:
    """How many there are, as an expression that stops counting at `most`."""
    return Counted(_found(asked, allowed, most, EVER).values("pk"))


def _found(asked: Sequence[AnyOf], allowed: QuerySet[Document], most: int, before: int) -> QuerySet[Words]:
    return Words.objects.filter(pk__in=_ids(asked, allowed, most, before)) if all(asked) else Words.objects.none()


def _ids(asked: Sequence[AnyOf], allowed: QuerySet[Document], most: int, before: int) -> RawSQL:
    here = allowed.filter(pk=RawSQL("office_words.document_id", [])).order_by().values("pk")
    try:
        sql, params = here.query.sql_with_params()
    except EmptyResultSet:
        return RawSQL("SELECT NULL WHERE 1 = 0", [])
    if connection.vendor == "postgresql":
        newest = min(before, int(timezone.now().timestamp() * 1000))
        slices = [_postgresql([slice_]) for slice_ in _slices(newest)]
        told = _POSTGRESQL.format(slices=", ".join(["(CAST(%s AS tsquery))"] * len(slices)), allowed=sql)
        given = [*slices, _postgresql(asked), before, *params, most, most]
    else:
        told, given = _SQLITE.format(allowed=sql), [_sqlite(asked), before, *params, most]
    return RawSQL(told, given)  # noqa: S611 - sentences of ours and Django's; words are parameters


def _slices(newest: int) -> Iterator[AnyOf]:
    """Words of time, one bundle for each slice, the newest first; the first slice takes clocks that were ahead, too.

    Each is as long as all newer ones together, or longer: a question that finds little asks a dozen times at most,
    and one that finds much reads at most about twice as far as it must, or ten times where a word is that much longer.
    """
    last, past = newest // SLICE, 1
    yield between(":t", f"{last:05}", "99999")
    bundle: AnyOf = ()
    for word in reversed(between(":t", "00000", f"{last - 1:05}")):
        bundle += (word,)
        if (units := sum(map(_units, bundle))) >= past:
            yield bundle
            bundle, past = (), past + units
    yield from filter(None, [bundle])


def _units(word: str) -> int:
    """How long a word of time is."""
    bare = word.rstrip("*")
    return int(10 ** (len(":t00000") - len(bare)))


def _sqlite(asked: Sequence[AnyOf]) -> str:
    return " AND ".join(f"({' OR '.join(map(_sqlite_word, words))})" for words in asked)


def _sqlite_word(word: str) -> str:
    bare = word.rstrip("*")
    return f'"{bare}"*' if bare != word else f'"{bare}"'


def _postgresql(asked: Sequence[AnyOf]) -> str:
    return " & ".join(f"({' | '.join(map(_postgresql_word, words))})" for words in asked)


def _postgresql_word(word: str) -> str:
    """A whole word ends with a full stop there; a beginning that is longer than those known is sought as one."""
    bare = word.rstrip("*")
    return f"'{bare}.'" if bare == word else f"'{bare}'" + ":*" * (len(bare) > BEGINNINGS)
