"""Where an office begins: the common books, and posts in units named by the configuration."""

import pytest

from apps.accounts.models import User
from apps.office.books import books_of
from apps.office.models import Book, Lane
from apps.staff.models import Duty, Unit
from apps.staff.rights import first_post, root_of
from lienthong.cli.demo.country import OFFICES, WORKING
from unit.apps.office_made import Agency, undone


@pytest.mark.parametrize("lane", list(Lane))
def test_an_agency_without_books_works_with_the_common_one(lane: Lane) -> None:
    with undone():
        Book.objects.filter(agency="G22").delete()
        [book] = books_of("G22", lane)
        assert books_of("G22", lane) == [book]
        assert (book.lane, book.kinds, book.unit) == (lane, [], None)


def test_own_books_stand_alone_and_closed_ones_take_nothing() -> None:
    with undone():
        Book.objects.filter(agency="H29").delete()
        own = Agency().book
        assert books_of("H29", Lane.INCOMING) == [own]
        own.closed = True
        own.save()
        assert books_of("H29", Lane.INCOMING) == []


def test_the_first_post_is_in_the_unit_that_is_named_made_once() -> None:
    with undone():
        people = [User.objects.create(username=f"mau.{n}", name=f"Người Mẫu {n}", agency="H29") for n in range(3)]
        first_post(people[0], Duty.OFFICER, "Phòng Mẫu")
        first_post(people[1], Duty.UNIT_HEAD, "Phòng Mẫu", "Trưởng phòng")
        first_post(people[2], Duty.LEADER)
        [room] = Unit.objects.filter(name="Phòng Mẫu")
        posts = [person.posts.get() for person in people]
        assert [(post.unit, post.title) for post in posts] == [
            (room, "Chuyên viên"),
            (room, "Trưởng phòng"),
            (root_of("H29"), "Lãnh đạo cơ quan"),
        ]


def test_the_demo_plays_six_offices_at_four_levels() -> None:
    offices = [agency for agency in WORKING if agency.code in OFFICES]
    assert len(offices) == 6
    assert {len(agency.code.split(".")) for agency in offices} == {1, 2}
    assert {agency.level for agency in offices} == {"central", "province", "commune"}
    for agency in offices:
        assert {one.duty for one in agency.people} - {"administrator"} == {"clerk", "leader", "unit-head", "officer"}
    logins = [one.login for agency in WORKING for one in agency.people]
    assert len(set(logins)) == len(logins)
