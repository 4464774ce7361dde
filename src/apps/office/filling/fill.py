"""Filling the offices of a site with documents of the past years, in order, some thousand a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from apps.office import contents
from apps.office.filling.page import sample_page
from apps.office.filling.papers import ASSIGNMENT, DOCUMENT, EVENT, FILE, NUMBER, WORDS, Batch, Writer
from apps.office.filling.people import office_of
from apps.office.filling.tables import Table, counted_on, in_bulk, next_id
from apps.office.finding import index
from apps.office.models import Assignment, Document, Event, File, Number, Words

AT_ONCE = 5_000
"""Documents a transaction."""
FIRST = 0.5
"""Share of the first agency, the large one; the others have the rest in equal parts."""
SEED = 30
TABLES = (Document, File, Assignment, Event, Number, Words)
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """How many documents, over how many days back from now. The same wish gives the same documents."""

    documents: int
    days: int = 1_500
    seed: int = SEED


def fill(agencies: Sequence[str], wish: Wish, told: Told) -> None:
    """Put sample documents into the registers of these agencies; `told` hears how many there are so far."""
    now = timezone.now()
    since = now - timedelta(days=wish.days)
    with transaction.atomic():
        offices = [office_of(code, since.date()) for code in agencies]
        content = contents.keep(sample_page(offices[0].root.name))
        if content.text is None:
            content.text = ""
            content.save(update_fields=["text"])
    lots = Random(wish.seed)
    writer = Writer(lots, now, content.pk, next_id(Assignment), _taken())
    weights = [1.0] if len(offices) == 1 else [FIRST, *[(1 - FIRST) / (len(offices) - 1)] * (len(offices) - 1)]
    with in_bulk(TABLES) if wish.documents > AT_ONCE else nullcontext():
        for start in range(0, wish.documents, AT_ONCE):
            chosen = lots.choices(offices, weights, k=min(AT_ONCE, wish.documents - start))
            for place, (office, came) in enumerate(zip(chosen, _moments(start, wish, since, now), strict=False)):
                writer.write(office, came + timedelta(microseconds=place))
            _store(writer)
            told(start + len(chosen))
        index.rebuild()
    _settle()


def _moments(start: int, wish: Wish, since: datetime, now: datetime) -> Iterator[datetime]:
    """Evenly from the first day to now."""
    step = (now - since) / wish.documents
    return (since + step * number for number in range(start, wish.documents))


def _taken() -> defaultdict[tuple[int, int], int]:
    last = Number.objects.order_by().values_list("book", "year").annotate(last=Max("number"))
    return defaultdict(int, {(book, year): number for book, year, number in last})


def _store(writer: Writer) -> None:
    batch, writer.batch = writer.batch, Batch()
    with transaction.atomic():
        Table(Document, *DOCUMENT).put(batch.documents)
        Table(File, *FILE).put(batch.files)
        Table(Assignment, *ASSIGNMENT).put(batch.assignments)
        Table(Event, *EVENT).put(batch.events)
        Table(Number, *NUMBER).put(batch.numbers)
        Table(Words, *WORDS).put(batch.words)
        counted_on([Assignment])


def _settle() -> None:
    """What the databases' own housekeeping does after so many rows."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
