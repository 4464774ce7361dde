"""The demo's month, piece by piece on a sample desk: an office furnished, its post, its letters, its file."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.demo.month import furnishing, inside, outgoing, paper_mail
from apps.demo.month.cast import Cast, cast_of
from apps.demo.month.script import LETTERS, OFFICES, Got, Letter, Step
from apps.office import numbers
from apps.office.books import books_of
from apps.office.incoming.inboxes import late
from apps.office.models import Assignment, Book, Event, Lane, Route, Way
from apps.office.outgoing.policy import rows_of
from apps.staff.calendar import calendar_of
from apps.staff.holidays import keep_public
from apps.staff.models import Duty, Post, SpecialDay
from unit.apps.office_made import Agency, undone

THIS_YEAR = date(2026, 1, 2)


@pytest.fixture
def cast() -> Iterator[Cast]:
    with undone():
        city = Agency()
        for duty, unit in (
            (Duty.LEADER, city.root), (Duty.CLERK, city.root),
            (Duty.UNIT_HEAD, city.room), (Duty.OFFICER, city.room),
            (Duty.UNIT_HEAD, city.other_room), (Duty.OFFICER, city.other_room),
        ):  # fmt: skip
            city.person(duty, unit)
        yield cast_of("H29")


def test_an_office_is_furnished_once(cast: Cast) -> None:
    for _ in range(2):
        furnishing.furnish(cast, THIS_YEAR, [{"code": "H29.52", "name": "Phường mẫu"}])
    assert {route.kind for route in Route.objects.filter(agency="H29")} == {"", "Quyết định"}
    assert {book.name for book in books_of("H29", Lane.OUTGOING)} == {"Sổ văn bản đi", "Sổ quyết định"}
    assert set(Post.objects.filter(unit__agency="H29").values_list("since", flat=True)) == {THIS_YEAR}


def test_public_holidays_hold_for_everybody_and_what_was_said_before_stays() -> None:
    with undone():
        SpecialDay.objects.create(day=date(2026, 4, 30), name="Trực", working=True)
        assert keep_public(2026) > 10
        assert keep_public(2026) == 0
        works = calendar_of("H29").works
        free = [date(2026, 2, 17), date(2026, 4, 27), date(2026, 9, 2), date(2026, 8, 31)]
        assert not any(map(works, free))
        assert works(date(2026, 8, 22))  # a Saturday, for the Monday between
        assert works(date(2026, 4, 30))


def test_the_post_lies_in_the_month_and_none_of_it_carries_a_signature(cast: Cast) -> None:
    papers = paper_mail.bring(cast)
    now, calendar = timezone.now(), calendar_of("H29")
    assert all(
        now - timedelta(60) < paper.came < now and calendar.works(timezone.localdate(paper.came)) for paper in papers
    )
    assert not any(paper.signed or paper.verdict for paper in papers)
    assert numbers.gaps(Book.objects.get(agency="H29", lane=Lane.INCOMING), timezone.localdate().year) == []
    numbered = [paper for paper in papers if paper.numbers.exists()]
    assert len(numbered) == sum(post.got >= Got.REGISTERED for post in paper_mail.MAIL)
    assert Assignment.objects.filter(late(now), document__in=papers).exists()
    assert all(event.at < now for event in Event.objects.filter(document__in=papers))


@pytest.mark.parametrize(
    "step", [Step.TYPED, Step.REVIEW, Step.SENT_BACK, Step.FORM, Step.SIGN, Step.NUMBER, Step.SENT]
)
def test_a_letter_goes_as_far_as_the_script_says(cast: Cast, step: Step) -> None:
    furnishing.furnish(cast, THIS_YEAR, [])
    letter = Letter("thu", "H29", ("G22",), "Quyết định", "Thử", "thử", to=step, paper=("G22", "Có bản đồ"))
    outgoing.write(letter, cast)
    document = outgoing.write(letter, cast)
    if document is None:
        assert step is Step.TYPED
        return
    document.refresh_from_db()
    waits = {Step.REVIEW: "review", Step.SENT_BACK: "draft", Step.FORM: "form", Step.SIGN: "sign", Step.NUMBER: "issue"}
    waiting = [row.role for row in rows_of(document) if row.state in {"waiting", "working"}]
    assert waiting == ([waits[step]] if step in waits else [])
    assert (document.issued_at is not None) == (step is Step.SENT)
    ways = [(line.way, line.reason, line.sent is None) for line in document.dispatches.order_by("way")]
    assert ways == ([(Way.AXIS, "", True), (Way.PAPER, "Có bản đồ", False)] if step is Step.SENT else [])


def test_what_stays_inside(cast: Cast) -> None:
    furnishing.furnish(cast, THIS_YEAR, [])
    at = timezone.now() - timedelta(12)
    papers = paper_mail.bring(cast)
    notice, case = inside.announce(cast, at), inside.open_file(cast, at, papers[9:12:2])
    assert inside.announce(cast, at) == notice
    assert notice.lane == Lane.INTERNAL
    assert (case.documents.count(), case.tasks.count(), case.opinions.count()) == (2, 1, 1)


def test_the_script_holds_together() -> None:
    keys = [letter.key for letter in LETTERS]
    assert len(keys) == len(set(keys))
    assert {letter.sender for letter in LETTERS} == set(OFFICES)
    assert all(code in letter.recipients for letter in LETTERS for code in letter.got)
    for office in OFFICES:  # everybody finds something to do
        assert any(letter.to is Step.SIGN for letter in LETTERS if letter.sender == office)
