"""Numbers beside lists: each is what its list holds, walk by walk as the indexes have it, whoever asks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random  # noqa: TID251 - the same lots every time

from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.office.cases.acts import start
from apps.office.cases.catalogue import Planned
from apps.office.incoming import acts, inboxes
from apps.office.incoming.policy import rows_of
from apps.office.lists import COUNTED, together
from apps.office.models import (
    Assignment,
    AssignmentState,
    CaseTask,
    Document,
    Event,
    Handover,
    Lane,
    Message,
    Role,
    Source,
)
from apps.office.overview.mailing import EVERY, wish
from apps.office.overview.notices import Notice, count, everything, listing, mark_read, notices, unread
from apps.staff.models import Duty
from apps.staff.rights import Standing, standing_of
from unit.apps.rules_made import City
from unit.apps.test_overview import given


def now_of(who: User) -> Standing:
    """As the next page asks."""
    return standing_of(User.objects.get(pk=who.pk))


def assert_numbers_are_their_lists(city: City, seed: int) -> None:
    """Of everybody, whatever was read, opened, done, late or wished."""
    lots = Random(seed)
    for who in _busy(city, lots):
        assert_boxes_are_their_walks(now_of(who), timezone.now())
        keys = [one.key for one in everything(now_of(who))]
        mark_read(now_of(who), lots.sample(keys, len(keys) // 3))
        wish(who, "", lots.sample(sorted(EVERY), 3))
        listed, new = notices(now_of(who)), unread(notices(now_of(who)))
        assert count(now_of(who)) == (len(new), any(one.urgent for one in new)), who
        assert listed == sorted(listed, key=lambda one: (one.read, not one.urgent, -one.at.timestamp(), one.key))
        assert notices(now_of(who), 2) == listed[:2]
        assert list(_pages(now_of(who), 2)) == listed
        mark_read(now_of(who), keys)
        assert count(now_of(who)) == (0, False)


def _pages(who: Standing, most: int) -> Iterator[Notice]:
    page = listing(who, "", most)
    yield from page.lines
    while page.next:
        page = listing(who, page.next, most)
        yield from page.lines


def assert_boxes_are_their_walks(who: Standing, now: datetime) -> None:
    """The list of each box, and its number."""
    boxes = inboxes.boxes_of(who)
    assert [list(box.newest(who, now, Q(), 500)) for box in boxes] == [list(box.rows(who, now)) for box in boxes]
    held = {box.key: min(box.rows(who, now).count(), COUNTED) for box in boxes if box.counted}
    assert together(who.person, inboxes.asked(boxes, who, now)) == held


def _busy(city: City, lots: Random) -> list[User]:
    """People of every duty with notices of every kind, some opened, some of documents that are done."""
    now, head = timezone.now(), city.person(Duty.OFFICE_HEAD)
    people = [city.person(duty, unit) for duty in Duty for unit in (city.root, city.room)]
    case = start(city.deed(Duty.OFFICE_HEAD), 2026, Planned(city.root, head, "Tổng hợp (mẫu)", 5))
    Handover.objects.create(agency=city.code, unit=city.room, year=2026, number=1, title="Mẫu", giver=head, given=now)
    for number in range(10):
        document = given(city, urgency=lots.choice((0, 3, 4)))
        Assignment.objects.filter(document=document).update(due=now + timedelta(lots.choice((-9, -1, -1, 5))))
        if lots.random() < 0.4:
            acts.opened(city.deed(Duty.OFFICER, city.room), rows_of(document))
        if lots.random() < 0.3:
            Document.objects.filter(pk=document.pk).update(done=now)
        arrived = city.comes(urgency=lots.choice((0, 3)), number=str(number))
        if lots.random() < 0.5:
            acts.register(city.deed(Duty.CLERK), arrived, city.book)
        who = lots.choice(people)
        CaseTask.objects.create(case=case, text="Việc mẫu", person=who, giver=head, at=now - timedelta(number))
        Message.objects.create(person=who, document=document, rule="Mẫu", at=now - timedelta(2 * number))
        _came_back(city, who, lots, now - timedelta(hours=number))
    return people


def _came_back(city: City, who: User, lots: Random, at: datetime) -> None:
    """A draft that was given back, and by lot is on its way again."""
    draft = Document.objects.create(
        agency=city.code, lane=Lane.OUTGOING, source=Source.OWN, subject="Mẫu", urgency=lots.choice((0, 3)), came=at
    )
    waits, gone = AssignmentState.WAITING, AssignmentState.FORWARDED
    of = {"agency": city.code, "lane": Lane.OUTGOING, "unit": city.room, "given": at}
    Assignment.objects.create(document=draft, person=who, role=Role.DRAFT, state=lots.choice((waits, gone)), **of)
    for what in (lots.choice(("sent-back", "lapsed")), *lots.choices(("submitted", "sent-back"), k=lots.randint(0, 2))):
        told = {"name": "Người Mẫu", "day": "01/12/2026", "to": who.name, "reason": "Mẫu"}
        Event.objects.create(document=draft, at=at, what=what, told=told)
