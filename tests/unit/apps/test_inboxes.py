"""Inboxes are questions about rows of work: each role has its own, counts equal lists, and few queries make a page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.office.finding.results import reach
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.incoming.inboxes import BOXES, box_of, boxes_of, first_of
from apps.office.incoming.policy import held, holds, may_see, visible
from apps.office.models import Assignment, Book, Document, Role, Standing
from apps.staff.models import Delegation, Duty
from apps.staff.rights import standing_of
from lienthong.errors import Unavailable
from lienthong.testing.desk import Town
from unit.apps.office_made import Agency, entered


def inside(key: str, who: User) -> set[str]:
    box = box_of(key)
    assert box is not None
    return {row.document.number for row in box.rows(standing_of(who), timezone.now())}


def test_each_role_sees_it_where_its_next_step_is(city: Agency) -> None:
    document = city.arrived(number="7")
    clerk, leader = city.person(Duty.CLERK), city.person(Duty.LEADER)
    head, officer = city.person(Duty.UNIT_HEAD, city.room), city.person(Duty.OFFICER, city.room)
    other = city.person(Duty.OFFICER, city.other_room)
    assert inside("cho-tiep-nhan", clerk) == {"7"}
    acts.register(city.deed(Duty.CLERK), document, city.book)
    assert inside("cho-tiep-nhan", clerk) == set()
    assert inside("cho-but-phe", leader) == inside("cho-but-phe", clerk) == {"7"}
    known = Recipient(city.other_room, other, Role.INFORM)
    acts.direct(city.deed(Duty.LEADER), document, "Giao phòng", [Recipient(city.room), known])
    assert inside("cho-but-phe", leader) == set()
    assert inside("da-chuyen", leader) == {"7"}
    assert inside("cho-xu-ly", head) == inside("de-biet", other) == {"7"}
    acts.forward(city.deed(Duty.UNIT_HEAD, city.room), document, [Recipient(city.room, officer)])
    acts.ask(city.deed(Duty.OFFICER, city.room), document, [Recipient(city.other_room, other)], "Ý kiến về mục 2?")
    assert inside("cho-xu-ly", officer) == inside("xin-y-kien", other) == inside("da-chuyen", head) == {"7"}
    acts.complete(city.deed(Duty.OFFICER, city.room), document)
    for key, who in (("da-xong", officer), ("da-xong", head), ("da-xong", leader)):
        assert inside(key, who) == {"7"}
    assert not any(inside(key, officer) for key in ("cho-xu-ly", "qua-han", "da-chuyen"))


def test_overdue_is_computed_within_reach(city: Agency) -> None:
    document, officer = city.arrived(number="8"), city.person(Duty.OFFICER, city.room)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    due = timezone.now() - timedelta(minutes=1)
    acts.direct(city.deed(Duty.LEADER), document, "Giao", [Recipient(city.room, officer, due=due)])
    for who in (officer, city.person(Duty.UNIT_HEAD, city.room), city.person(Duty.LEADER), city.person(Duty.CLERK)):
        assert inside("qua-han", who) == {"8"}
    assert inside("qua-han", city.person(Duty.OFFICER, city.other_room)) == set()
    acts.complete(city.deed(Duty.OFFICER, city.room), document)
    assert inside("qua-han", officer) == set()


def test_a_recalled_document_asks_nobody_for_anything(city: Agency) -> None:
    document = city.arrived(number="9")
    Document.objects.filter(pk=document.pk).update(standing=Standing.FROZEN, asked=1)
    assert inside("cho-tra-loi", city.person(Duty.CLERK)) == {"9"}
    acts.agree(city.deed(Duty.CLERK), document)
    assert inside("cho-but-phe", city.person(Duty.LEADER)) == inside("cho-tra-loi", city.person(Duty.CLERK)) == set()
    assert inside("da-xong", city.person(Duty.CLERK)) == {"9"}


def test_who_acts_for_another_has_the_others_boxes_on_those_days(city: Agency) -> None:
    document, secretary = city.arrived(number="10"), city.person(Duty.SECRETARY, city.room)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    assert inside("cho-but-phe", secretary) == set()
    post, today = city.person(Duty.LEADER).posts.get(), timezone.localdate()
    Delegation.objects.create(giver=post, receiver=secretary, acts=["direct"], since=today, until=today)
    assert inside("cho-but-phe", secretary) == {"10"}
    assert "cho-but-phe" in {box.key for box in boxes_of(standing_of(secretary))}
    assert may_see(document, standing_of(secretary))


def test_questions_for_lists_and_for_one_row_never_differ(city: Agency) -> None:
    document = city.arrived()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    people = [city.person(duty, city.room) for duty in Duty] + [city.person(duty) for duty in Duty]
    acts.direct(
        city.deed(Duty.LEADER),
        document,
        "Giao",
        [Recipient(city.room), *[Recipient(city.room, one, Role.INFORM) for one in people]],
    )
    rows = list(Assignment.objects.select_related("unit", "person"))
    for who in map(standing_of, people):
        assert set(Assignment.objects.filter(held(who))) == {row for row in rows if holds(row, who)}
        assert may_see(document, who) == Document.objects.filter(reach(who), pk=document.pk).exists()
        assert may_see(document, who) == Assignment.objects.filter(visible(who)).exists()


def test_the_day_begins_where_the_work_is(city: Agency) -> None:
    begins = {Duty.CLERK: "cho-tiep-nhan", Duty.LEADER: "cho-but-phe", Duty.OFFICER: "cho-xu-ly"}
    assert {duty: first_of(standing_of(city.person(duty))).key for duty in begins} == begins


@pytest.mark.parametrize("duty", [Duty.CLERK, Duty.LEADER, Duty.OFFICER])
def test_counts_equal_lists_and_a_list_takes_few_queries(city: Agency, duty: str) -> None:
    who = city.person(duty)
    for number in range(30):
        document = city.arrived(number=str(number))
        if number % 3:
            acts.register(city.deed(Duty.CLERK), document, city.book)
        if number % 3 == 2:
            officer = city.person(Duty.OFFICER)
            acts.direct(city.deed(Duty.LEADER), document, "Giao", [Recipient(city.root, officer)])
    client = entered(who)
    for box in boxes_of(standing_of(who)):
        client.get(f"/den/{box.key}/")  # the sample gateway is adopted, caches are warm
        with CaptureQueriesContext(connection) as asked:
            text = client.get(f"/den/{box.key}/").content.decode()
        assert len(asked) < 20, (box.key, [one["sql"][:100] for one in asked])
        listed = text.count('<tr role="row"') - 1 if "<table" in text else 0
        if box.counted and listed < 25:
            said = re.search(rf'href="/den/{box.key}/" aria-current="page"[^>]*>.*?</a>', text, re.DOTALL)
            count = re.search(r'class="count">(\d+)', said[0]) if said else None
            assert int(count[1] if count else 0) == listed == len(inside(box.key, who)), box.key


def test_paging_loses_and_repeats_nothing_and_next_keeps_the_list(city: Agency) -> None:
    made = [str(city.arrived(number=str(n)).pk) for n in range(60)][::-1]
    client, seen, path = entered(city.person(Duty.CLERK)), list[str](), "/den/tat-ca/"
    while path:
        text = client.get(path).content.decode()
        seen += re.findall(r"/van-ban/([0-9a-f-]{36})/", text)
        more = re.search(r'href="(\?sau=[^"]+)"', text)
        path = f"/den/tat-ca/{more[1]}" if more else ""
    assert seen == made
    text = client.get(f"/van-ban/{made[1]}/?trong=den/tat-ca").content.decode()
    assert f'href="/van-ban/{made[0]}/?trong=den%2Ftat-ca" rel="prev"' in text
    assert f'href="/van-ban/{made[2]}/?trong=den%2Ftat-ca" rel="next"' in text
    client.get("/den/tat-ca/?sau=khong-doc-duoc")  # a cursor of no list begins anew


def test_a_gateway_that_is_away_takes_no_list_and_no_document(city: Agency, town: Town) -> None:
    document = city.arrived(number="11", package="a" * 32)
    town.failure = Unavailable()
    client = entered(city.person(Duty.CLERK))
    lists = client.get("/den/cho-tiep-nhan/")
    assert "mọi việc khác vẫn làm được" in lists.content.decode()
    page = client.get(f"/van-ban/{document.pk}/").content.decode()
    assert "Máy chủ bảo mật đang không trả lời" in page
    assert client.post(f"/van-ban/{document.pk}/lam/register/").status_code == 302
    assert [report.code for report in document.reports.all()] == ["03"]


def test_several_at_once_each_authorised_by_itself(city: Agency) -> None:
    Book.objects.filter(agency="H29").update(closed=True)
    book, clerk = city.book, city.person(Duty.CLERK)
    papers = [city.arrived(number=str(n)) for n in range(4)]
    forged, foreign = city.arrived(number="4", verdict="invalid"), Agency("G22").arrived()
    acts.refuse(city.deed(Duty.CLERK), papers[3], "Sai nơi nhận")
    asked = [str(one.pk) for one in (*papers, forged, foreign)] + ["khong-doc-duoc"]
    text = entered(clerk).post("/den/cho-tiep-nhan/lam/", {"document": asked}, follow=True).content.decode()
    assert "Tiếp nhận, vào sổ: 3 văn bản." in text
    assert "4 văn bản không làm được" in text
    assert "Chữ ký không hợp lệ" in text
    assert sorted(number.document.number for number in book.numbers.all()) == ["0", "1", "2"]
    assert not foreign.numbers.exists()
    officer = entered(city.person(Duty.OFFICER, city.room))
    assert (
        "không làm được"
        in officer.post("/den/cho-tiep-nhan/lam/", {"document": asked[:1]}, follow=True).content.decode()
    )
    assert officer.post("/den/cho-but-phe/lam/", {"document": asked}).status_code == 404  # no remark without its words
    assert "Chưa chọn" in entered(clerk).post("/den/cho-tiep-nhan/lam/", follow=True).content.decode()


def test_no_two_boxes_share_a_name() -> None:
    assert len({box.key for box in BOXES}) == len({box.label for box in BOXES}) == len(BOXES)
