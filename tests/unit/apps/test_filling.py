"""Sample documents in bulk: the rows are those that work itself leaves, and every page opens on them with few questions."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.office.filling.asking import QUESTIONS, Asked
from apps.office.filling.fill import Wish, fill
from apps.office.filling.vocabulary import MARK
from apps.office.finding.facts import facts_of
from apps.office.finding.words import words_of
from apps.office.incoming.inboxes import boxes_of
from apps.office.models import OPEN, Assignment, Document, Number, Standing, Words
from apps.staff.models import Duty, Post
from apps.staff.rights import standing_of
from lienthong.testing.desk import Town
from unit.apps.counted import assert_boxes_are_their_walks
from unit.apps.office_made import undone

FEW, MORE = 20, 27
"""Statements that a list may take; and a document's own page, which shows more, labels to choose from included: in service
those are asked for once a minute.
"""


@pytest.fixture(scope="module")
def filled() -> Iterator[None]:
    """Two offices with some hundred documents, for all tests here."""
    with undone():
        fill(["H29", "G22"], Wish(400, days=60), lambda _count: None)
        yield


@pytest.fixture(autouse=True)
def town() -> Town:
    """In place of the one that empties the tables after each test."""
    return Town()


@pytest.mark.usefixtures("filled")
def test_every_document_is_marked_found_by_its_words_and_has_its_work() -> None:
    assert Document.objects.count() == 400
    for document in Document.objects.all():
        assert document.subject.endswith(MARK)
        known = Words.objects.get(document=document)
        assert set(known.text.split()) == set(words_of(document).split())
        assert known.facts == facts_of(document)
        assert document.assignments.filter(parent=None).count() == 1
        assert document.done is None or not document.assignments.exclude(role="inform").filter(state__in=OPEN).exists()
    assert Assignment.objects.exclude(parent=None).filter(given__isnull=True).count() == 0


@pytest.mark.usefixtures("filled")
def test_numbers_of_a_book_have_no_gaps() -> None:
    for book, year in set(Number.objects.values_list("book", "year")):
        taken = list(Number.objects.filter(book=book, year=year).order_by("number").values_list("number", flat=True))
        assert taken == list(range(1, len(taken) + 1))


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_measured_page_opens_with_few_questions(asked: Asked, name: str) -> None:
    asked.ask(name)  # the sample gateway is adopted
    told = asked.ask(name)
    assert told.queries < (FEW if QUESTIONS[name].is_list else MORE)


@pytest.fixture(scope="module")
def asked(filled: None) -> Asked:
    """Its people signed in."""
    return Asked()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("duty", [Duty.CLERK, Duty.LEADER, Duty.UNIT_HEAD, Duty.OFFICER])
def test_a_box_read_walk_by_walk_is_the_box(duty: str) -> None:
    Document.objects.filter(done=None, number__endswith="7").update(standing=Standing.RECALLED)
    who = standing_of(Post.objects.filter(unit__agency="H29", duty=duty)[0].person)
    assert_boxes_are_their_walks(who, timezone.now())


@pytest.mark.usefixtures("filled")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of some hundred rows as a whole")
def test_what_is_overdue_is_walked_by_its_deadline(asked: Asked) -> None:
    """Of one unit after the other, and of the person; none is sorted out of all that waits."""
    who = standing_of(Post.objects.filter(unit__agency="H29", duty=Duty.UNIT_HEAD)[0].person)
    overdue = next(box for box in boxes_of(who) if box.key == "qua-han")
    with CaptureQueriesContext(connection) as told:
        list(overdue.newest(who, timezone.now(), Q(), 26))
    [one] = told.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + one["sql"])
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert "due-of-units" in plan
    assert "due-of-people" in plan


@pytest.mark.usefixtures("filled")
def test_an_office_that_works_is_not_filled() -> None:
    before = Words.objects.count()
    with pytest.raises(CommandError, match="--among"):
        call_command("fill", documents=5, stdout=io.StringIO())
    assert Words.objects.count() == before


@pytest.mark.usefixtures("filled")
def test_nobody_can_sign_in_as_a_sample_person() -> None:
    assert not Client().login(username="mau.h29.1.leader.0", password="")
