"""The bell: its number is its list's, unread and read of each person, urgent first, led to and marked, kinds chosen."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.office.incoming import acts
from apps.office.models import Message, ReadNotice
from apps.office.outgoing.acts import give_back, submit
from apps.office.overview.kinds import TOLD_FOR
from apps.office.overview.notices import ENOUGH, count, mark_read, notices, unread
from apps.staff.models import Duty
from unit.apps.counted import assert_numbers_are_their_lists, now_of
from unit.apps.office_made import founded, undone
from unit.apps.rules_made import City
from unit.apps.test_outgoing import City as Drafters
from unit.apps.test_overview import given


@pytest.fixture
def city() -> Iterator[City]:
    with founded(City) as made:
        yield made


def rings(page: str) -> str:
    bell = page[page.index('id="chuong"') :]
    inside = bell[: bell.index("</a>")]
    return inside.partition('class="count">')[2].partition("<")[0]


def test_the_number_is_the_lists_own_and_goes_down_as_one_reads(city: City) -> None:
    for _ in range(3):
        given(city)
    officer = city.client(Duty.OFFICER)
    page = officer.get("/thong-bao/").content.decode()
    assert rings(page) == "3"
    assert page.count("/thong-bao/mo/?k=row-") == 3
    [key, *_] = [one.key for one in notices(city.deed(Duty.OFFICER, city.room).standing)]
    assert officer.get(f"/thong-bao/mo/?k={key}").url.startswith("/van-ban/")
    page = officer.get("/den/cho-xu-ly/").content.decode()
    assert rings(page) == "2"
    keys = [one.key for one in unread(notices(city.deed(Duty.OFFICER, city.room).standing))]
    officer.post("/thong-bao/", {"key": keys})
    page = officer.get("/thong-bao/").content.decode()
    assert rings(page) == ""
    assert "Đã đọc, còn phải làm" in page
    assert rings(officer.get("/thong-bao/chuong/").content.decode()) == ""


def test_reading_is_each_persons_own(city: City) -> None:
    document = city.comes(urgency=3)
    clerk, leader = city.deed(Duty.CLERK).standing, city.deed(Duty.LEADER).standing
    [one] = notices(clerk)
    assert notices(leader) == []
    acts.register(city.deed(Duty.CLERK), document, city.book)
    [other] = notices(leader)
    assert one.key != other.key
    mark_read(leader, [other.key])
    assert unread(notices(leader)) == []
    assert len(unread(notices(city.deed(Duty.OFFICE_HEAD).standing))) == 1


def test_urgent_comes_first_then_the_newest(city: City) -> None:
    urgent, normal = given(city, urgency=4), given(city)
    found = notices(city.deed(Duty.OFFICER, city.room).standing)
    assert [str(each.pk) in one.address for each, one in zip((urgent, normal), found, strict=True)] == [True, True]
    assert "urgent" in city.client(Duty.OFFICER).get("/den/cho-xu-ly/").content.decode()


def test_what_was_shown_is_marked_and_what_came_meanwhile_is_not(city: City) -> None:
    given(city)
    shown = [one.key for one in notices(city.deed(Duty.OFFICER, city.room).standing)]
    given(city)
    city.client(Duty.OFFICER).post("/thong-bao/", {"key": [*shown, "row-999999", "x" * 200]})
    assert len(unread(notices(city.deed(Duty.OFFICER, city.room).standing))) == 1
    assert ReadNotice.objects.count() == 1


def test_what_is_done_leaves_no_mark_behind(city: City) -> None:
    document, officer = given(city), city.deed(Duty.OFFICER, city.room)
    mark_read(officer.standing, [one.key for one in notices(officer.standing)])
    acts.complete(officer, document)
    mark_read(officer.standing, [])
    assert not ReadNotice.objects.exists()


def test_steps_of_drafts_are_told() -> None:
    with undone():
        drafters = Drafters()
        drafters.submitted()
        assert [one.kind for one in notices(drafters.head.standing)] == ["step"]
        assert notices(drafters.leader.standing) == []


def test_a_draft_that_comes_back_is_told_each_time_until_it_goes_on() -> None:
    with undone():
        drafters = Drafters()
        document, drafter = drafters.submitted(), drafters.officer
        for _ in range(2):
            give_back(drafters.head, document, 1, "Xem lại căn cứ")
            [told] = unread(notices(drafter.standing))
            assert (told.kind, told.text.split(" trả lại: ")[0]) == ("returned", drafters.head.person.name)
            mark_read(drafter.standing, [told.key])
            submit(drafter, document.draft, drafters.leader.person)
            assert notices(drafter.standing) == []


def test_a_rules_word_is_told_for_a_while(city: City) -> None:
    head = city.person(Duty.OFFICE_HEAD)
    city.rule("arrived", {"people": [f"p{head.pk}-{city.root.pk}"], "words": "Xem giúp"}, Duty.CLERK)
    city.comes()
    city.work()
    [told] = notices(city.deed(Duty.OFFICE_HEAD).standing)
    assert told.kind == "told"
    assert "Xem giúp" in told.text
    Message.objects.update(at=Message.objects.get().at - TOLD_FOR)
    assert notices(city.deed(Duty.OFFICE_HEAD).standing) == []


def test_a_kind_that_is_not_wanted_does_not_ring(city: City) -> None:
    given(city)
    officer = city.client(Duty.OFFICER)
    wanted = [f"page:{kind}" for kind in ("task", "flash")]
    officer.post("/thong-bao/cach-nhan/", {"want": wanted})
    assert rings(officer.get("/thong-bao/").content.decode()) == ""
    officer.post("/thong-bao/cach-nhan/", {"want": ["page:work"], "address": "không phải"})
    assert rings(officer.get("/thong-bao/").content.decode()) == ""


def test_the_bell_is_kept_a_moment_and_asked_in_few_questions(city: City) -> None:
    officer = city.client(Duty.OFFICER)
    assert rings(officer.get("/thong-bao/chuong/").content.decode()) == ""
    given(city)
    assert rings(officer.get("/thong-bao/chuong/").content.decode()) == ""
    cache.clear()
    assert rings(officer.get("/thong-bao/chuong/").content.decode()) == "1"


@pytest.mark.parametrize("seed", range(3))
def test_number_and_list_agree_whatever_was_read_opened_done_or_wished(city: City, seed: int) -> None:
    assert_numbers_are_their_lists(city, seed)


def test_a_number_stops_at_a_hundred_and_takes_one_question_beside_the_wishes(city: City) -> None:
    document, who, now = given(city), city.person(Duty.OFFICER, city.room), timezone.now()
    Message.objects.bulk_create(Message(person=who, document=document, rule="Mẫu", at=now) for _ in range(120))
    standing = now_of(who)
    with CaptureQueriesContext(connection) as asked:
        assert count(standing) == (100, False)
    assert len(asked) == 2
    assert len(unread(notices(standing))) == 121
    assert rings(city.client(Duty.OFFICER).get("/thong-bao/chuong/").content.decode()) == "99+"


def test_many_notices_are_paged_and_all_that_were_there_are_marked_at_once(city: City) -> None:
    document, who, now = given(city), city.person(Duty.OFFICER, city.room), timezone.now()
    Message.objects.bulk_create(
        Message(person=who, document=document, rule=f"Mẫu {number}", at=now - timedelta(hours=number // 5))
        for number in range(60)
    )
    officer = city.client(Duty.OFFICER)
    first = officer.get("/thong-bao/").content.decode()
    assert rings(first) == "61"
    assert first.count("/thong-bao/mo/?k=") == ENOUGH
    assert officer.get("/thong-bao/?sau=không phải").content.decode().count("/thong-bao/mo/?k=") == ENOUGH
    [(_, onward)] = re.findall(r'href="(\?sau=([^"]+))"', first)
    answer = officer.post(f"/thong-bao/?sau={onward}", {"key": "told-0"})
    assert answer.url == f"/thong-bao/?sau={onward}"
    assert "Về đầu danh sách" in officer.get(answer.url).content.decode()
    officer.post("/thong-bao/", {"shown": now.isoformat()})
    left = unread(notices(city.deed(Duty.OFFICER, city.room).standing))
    assert {one.at for one in left} <= {now, *(one.at for one in left if one.kind == "work")}
    assert len(left) == 6


@pytest.mark.parametrize("shown", ["", "hôm nay", "2026-11-30T00:00:00", "9" * 500])
def test_a_moment_that_is_none_marks_nothing(city: City, shown: str) -> None:
    given(city)
    assert city.client(Duty.OFFICER).post("/thong-bao/", {"shown": shown}).status_code == 302
    assert not ReadNotice.objects.exists()


def test_an_administrator_has_none(city: City) -> None:
    client = Client()
    client.force_login(city.person(Duty.ADMINISTRATOR))
    assert client.get("/thong-bao/").status_code == 403
    assert 'id="chuong"' not in client.get("/nhan-su/").content.decode()
