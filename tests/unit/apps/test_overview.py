"""The overview: figures per role, at whom it waits longest, what is new."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.incoming.policy import rows_of
from apps.office.models import Assignment, Document, Lane, Source
from apps.office.overview import figures
from apps.office.overview.figures import Share, Work
from apps.office.overview.notices import notices
from apps.staff.models import Duty
from unit.apps.office_made import Agency, entered


def given(city: Agency, **fields: object) -> Document:
    """A document that a leader gave to the room, and its head to the officer."""
    document = city.arrived(**fields)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    acts.direct(city.deed(Duty.LEADER), document, "Giao", [Recipient(city.room)])
    officer = city.person(Duty.OFFICER, city.room)
    acts.forward(city.deed(Duty.UNIT_HEAD, city.room), document, [Recipient(city.room, officer)])
    return document


def test_each_role_sees_its_own_figures(city: Agency) -> None:
    now = timezone.now()
    late, near = given(city), given(city)
    city.arrived()
    Assignment.objects.filter(document=late, person__isnull=False).update(due=now - timedelta(days=1))
    Assignment.objects.filter(document=near, person__isnull=False).update(due=now + timedelta(hours=1))
    officer, head = city.deed(Duty.OFFICER, city.room).standing, city.deed(Duty.UNIT_HEAD, city.room).standing
    assert figures.work(officer, now) == (Work(2, 1, 1), None)
    assert figures.work(head, now)[1] == Work(2, 1, 1)
    outsider = city.deed(Duty.UNIT_HEAD, city.other_room).standing
    assert figures.work(outsider, now) == (Work(0, 0, 0), Work(0, 0, 0))
    assert figures.work(Agency("G22").deed(Duty.LEADER).standing, now)[1] == Work(0, 0, 0)


def test_it_says_at_whom_documents_wait_longest(city: Agency) -> None:
    now, old = timezone.now(), given(city)
    given(city)
    Assignment.objects.filter(document=old).update(given=now - timedelta(days=9))
    leader = city.deed(Duty.LEADER).standing
    [first, *_] = figures.longest(leader)
    assert first.document == old
    [holder] = figures.holders(leader, now)
    assert (holder.name, holder.count, holder.days) == (city.person(Duty.OFFICER, city.room).name, 2, 9)


def test_shares_stand_with_their_numbers(city: Agency) -> None:
    clerk, now = city.deed(Duty.CLERK).standing, timezone.now()
    assert figures.shares(clerk, now)[1].percent is None
    city.arrived()
    city.arrived(source=Source.SCAN)
    city.arrived(source=Source.SCAN)
    share = figures.shares(clerk, timezone.now())[1]
    assert (share, share.percent) == (Share(1, 3), 33)


def test_what_is_still_being_written_has_not_gone_out(city: Agency) -> None:
    clerk, now = city.deed(Duty.CLERK).standing, timezone.now()
    for issued_at in (None, now):
        Document.objects.create(agency=city.code, lane=Lane.OUTGOING, came=now, signed=True, issued_at=issued_at)
    assert figures.shares(clerk, now)[0] == Share(1, 1)


def test_a_notice_is_gone_once_it_was_opened(city: Agency) -> None:
    document, officer = given(city, urgency=3), city.deed(Duty.OFFICER, city.room)
    [one] = notices(officer.standing)
    assert one.urgent
    assert str(document.pk) in one.address
    acts.opened(officer, rows_of(document))
    assert [one.read for one in notices(officer.standing)] == [True]
    acts.complete(officer, document)
    assert notices(officer.standing) == []
    assert notices(city.deed(Duty.OFFICER, city.other_room).standing) == []


def test_the_page_answers_in_few_questions(city: Agency) -> None:
    for _ in range(3):
        given(city)
    leader = entered(city.person(Duty.LEADER))
    with CaptureQueriesContext(connection) as asked:
        page = leader.get("/tong-quan/").content.decode()
    assert len(asked) < 20
    for words in ("Cả cơ quan", "Đang chờ ở ai", "3/3 = 100 %"):
        assert words in page
    officer = entered(city.person(Duty.OFFICER, city.room)).get("/tong-quan/").content.decode()
    assert "Việc của tôi" in officer
    assert "Cả cơ quan" not in officer
