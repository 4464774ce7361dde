"""The agency's administrator: people, units, posts, delegation, days; and what each duty of the office may do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.incoming.policy import Act, may_see, rows_of
from apps.office.incoming.policy import acts as offered
from apps.office.models import Document
from apps.staff.calendar import calendar_of
from apps.staff.models import Delegation, Duty, Post, SpecialDay, Unit
from apps.staff.rights import standing_of
from unit.apps.office_made import Agency, entered


@pytest.fixture
def admin(city: Agency) -> Client:
    return entered(city.person(Duty.ADMINISTRATOR))


def noted(act: str) -> int:
    return Entry.objects.filter(act=act).count()


def test_a_new_person_gets_a_post_and_a_password_once(city: Agency, admin: Client) -> None:
    told = {"act": "person", "name": "Người Mẫu Mới", "username": "mau.moi", "unit": city.room.pk,
            "duty": "officer", "title": "Chuyên viên"}  # fmt: skip
    page = admin.post("/nhan-su/", told).content.decode()
    who = User.objects.get(username="mau.moi")
    assert any(who.check_password(word.split("<")[0]) for word in page.split('class="secret">')[1:])
    assert (who.agency, standing_of(who).duties) == ("H29", {"officer"})
    assert noted("staff-added")
    assert "đã có người dùng" in admin.post("/nhan-su/", told).content.decode()
    assert admin.post("/nhan-su/", told | {"username": "mau.hai", "duty": "king"}).status_code == 422
    assert not User.objects.filter(username="mau.hai").exists()


@pytest.mark.parametrize("act", ["post", "end", "leave", "password"])
def test_nobody_raises_or_changes_oneself(city: Agency, admin: Client, act: str) -> None:
    me = city.person(Duty.ADMINISTRATOR)
    [post] = me.posts.all()
    told = {"act": act, "post": post.pk, "unit": city.root.pk, "duty": "leader", "title": "Chủ tịch"}
    assert admin.post(f"/nhan-su/nguoi/{me.pk}/", told).status_code == 422
    assert standing_of(me).duties == {"administrator"}
    leader = city.person(Duty.LEADER)
    told = {"act": "delegate", "post": leader.posts.get().pk, "receiver": me.pk, "acts": ["direct"],
            "until": "2099-01-01", "basis": "QĐ mẫu"}  # fmt: skip
    assert admin.post(f"/nhan-su/nguoi/{leader.pk}/", told).status_code == 422
    assert not Delegation.objects.exists()


def test_another_agency_is_not_there(city: Agency, admin: Client) -> None:
    other = Agency("G22")
    who, room = other.person(Duty.OFFICER, other.room), other.room
    assert admin.get(f"/nhan-su/nguoi/{who.pk}/").status_code == 404
    assert admin.get(f"/nhan-su/don-vi/{room.pk}/").status_code == 404
    mine = city.person(Duty.OFFICER, city.room)
    told = {"act": "post", "unit": room.pk, "duty": "officer", "title": "X"}
    assert admin.post(f"/nhan-su/nguoi/{mine.pk}/", told).status_code == 422
    assert "Người Mẫu" not in admin.get("/nhan-su/").content.decode().replace("Người Mẫu administrator", "").replace(
        "Người Mẫu officer", ""
    )


@pytest.mark.parametrize("duty", [each for each in Duty if each is not Duty.ADMINISTRATOR])
def test_the_pages_open_to_administrators_alone(city: Agency, duty: Duty) -> None:
    client = entered(city.person(duty))
    for path in ("/nhan-su/", "/nhan-su/ngay/", f"/nhan-su/don-vi/{city.room.pk}/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"name": "x"}).status_code == 403


def test_an_administrator_reads_no_document(city: Agency, admin: Client) -> None:
    document = city.arrived()
    assert not may_see(document, city.deed(Duty.ADMINISTRATOR).standing)
    for path in ("/tim/?q=bao", "/den/tat-ca/", "/nhap/", "/soan/", "/van-ban/x/"):
        assert admin.get(path).status_code == 403, path
    assert admin.get("/")["Location"] == "/nhan-su/"
    assert 'role="search"' not in admin.get("/nhan-su/").content.decode()


def test_open_work_is_shown_and_handed_over_with_the_move(city: Agency, admin: Client) -> None:
    document, officer = working(city)
    heir, post = city.person(Duty.OFFICER, city.room, 1), officer.posts.get()
    path = f"/nhan-su/nguoi/{officer.pk}/"
    assert document.code in admin.get(path).content.decode()
    stranger = city.person(Duty.OFFICER, city.other_room)
    told = {"act": "end", "post": post.pk, "unit": city.other_room.pk}
    assert admin.post(path, told | {"heir": stranger.pk}).status_code == 422
    assert standing_of(officer).home == city.room.pk
    assert admin.post(path, told | {"heir": heir.pk}).status_code == 302
    assert standing_of(officer).home == city.other_room.pk
    assert Act.COMPLETE in offered(document, rows_of(document), standing_of(heir))
    assert offered(document, rows_of(document), standing_of(officer)) == {}
    assert document.events.filter(what="handed-over", told__to=heir.name).exists()


def test_who_leaves_leaves_the_work_to_the_unit(city: Agency, admin: Client) -> None:
    document, officer = working(city)
    assert admin.post(f"/nhan-su/nguoi/{officer.pk}/", {"act": "leave"}).status_code == 302
    officer.refresh_from_db()
    assert not officer.is_active
    assert Act.COMPLETE in offered(document, rows_of(document), city.deed(Duty.UNIT_HEAD, city.room).standing)


def working(city: Agency) -> tuple[Document, User]:
    document, officer = city.arrived(), city.person(Duty.OFFICER, city.room)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    acts.direct(city.deed(Duty.LEADER), document, "Giao", [Recipient(city.room)])
    acts.forward(city.deed(Duty.UNIT_HEAD, city.room), document, [Recipient(city.room, officer)])
    return document, officer


def test_delegation_has_acts_days_and_a_paper(city: Agency, admin: Client) -> None:
    leader, secretary = city.person(Duty.LEADER), city.person(Duty.SECRETARY)
    today = timezone.localdate()
    told = {"act": "delegate", "post": leader.posts.get().pk, "receiver": secretary.pk, "acts": ["direct"],
            "until": str(today + timedelta(7)), "basis": "QĐ mẫu 01"}  # fmt: skip
    path = f"/nhan-su/nguoi/{leader.pk}/"
    for wrong in ({"acts": []}, {"acts": ["sign"]}, {"until": ""}, {"until": "2020-01-01"}, {"basis": ""},
                  {"receiver": leader.pk}):  # fmt: skip
        assert admin.post(path, told | wrong).status_code == 422, wrong
    assert admin.post(path, told).status_code == 302
    assert standing_of(secretary).may_act_for(leader.pk, "direct")
    assert not standing_of(secretary).may_act_for(leader.pk, "complete")
    assert not standing_of(secretary, today + timedelta(8)).may_act_for(leader.pk, "direct")
    assert admin.post(path, {"act": "undelegate", "delegation": Delegation.objects.get().pk}).status_code == 302
    assert not standing_of(secretary).may_act_for(leader.pk, "direct")


def test_posts_side_by_side_and_acting(city: Agency, admin: Client) -> None:
    who = city.person(Duty.OFFICER, city.room)
    told = {"act": "post", "unit": city.other_room.pk, "duty": "unit-head", "title": "Phó Trưởng phòng", "acting": "1"}
    assert admin.post(f"/nhan-su/nguoi/{who.pk}/", told).status_code == 302
    standing = standing_of(who)
    assert (standing.home, standing.duties) == (city.room.pk, {"officer", "unit-head"})
    assert city.other_room.pk in standing.units
    assert Post.objects.get(person=who, duty="unit-head").acting


def test_units_open_are_renamed_and_close_when_nothing_is_left(city: Agency, admin: Client) -> None:
    admin.post("/nhan-su/", {"act": "unit", "name": "Tổ Mẫu", "abbreviation": "TM", "parent": city.room.pk})
    team = Unit.objects.get(name="Tổ Mẫu")
    who = city.person(Duty.OFFICER, team)
    page = admin.post(f"/nhan-su/don-vi/{team.pk}/", {"act": "close"})
    assert (page.status_code, "Còn 1 người" in page.content.decode()) == (422, True)
    admin.post(f"/nhan-su/nguoi/{who.pk}/", {"act": "leave"})
    assert admin.post(f"/nhan-su/don-vi/{team.pk}/", {"act": "close"}).status_code == 302
    assert admin.post(f"/nhan-su/don-vi/{city.root.pk}/", {"act": "close"}).status_code == 422


def test_days_count_for_the_agency_alone(city: Agency, admin: Client) -> None:
    day = timezone.localdate().replace(month=12, day=28) + timedelta(365)
    admin.post("/nhan-su/ngay/", {"day": str(day), "name": "Nghỉ mẫu"})
    assert not calendar_of("H29").works(day)
    assert calendar_of("G22").works(day) == (day.weekday() < 5)
    admin.post("/nhan-su/ngay/", {"day": str(day), "name": "Làm bù mẫu", "working": "1"})
    assert calendar_of("H29").works(day)
    assert noted("day-set") >= 2
    admin.post("/nhan-su/ngay/", {"drop": SpecialDay.objects.get(agency="H29").pk})
    assert not SpecialDay.objects.exists()
    assert admin.post("/nhan-su/ngay/", {"day": "31/02", "name": "x"}).status_code == 422


ARRIVED = {Act.REGISTER, Act.REFUSE}
RIGHTS = [
    # duty, sees what the agency has, on what arrived, directs what was registered (applications: roles and permissions)
    (Duty.CLERK, True, ARRIVED, False),
    (Duty.LEADER, True, set(), True),
    (Duty.OFFICE_HEAD, True, set(), True),
    (Duty.UNIT_HEAD, False, set(), False),
    (Duty.UNIT_CLERK, False, set(), False),
    (Duty.OFFICER, False, set(), False),
    (Duty.SECRETARY, False, set(), False),
    (Duty.ADMINISTRATOR, False, set(), False),
    (Duty.INSPECTOR, True, set(), False),
]


@pytest.mark.parametrize(("duty", "sees", "at_the_door", "directs"), RIGHTS, ids=[row[0] for row in RIGHTS])
def test_what_a_duty_may_do(city: Agency, duty: Duty, sees: bool, at_the_door: set[Act], directs: bool) -> None:
    in_room = duty in {Duty.UNIT_HEAD, Duty.UNIT_CLERK, Duty.OFFICER}
    standing = city.deed(duty, city.room if in_room else city.root).standing
    document = city.arrived()
    assert may_see(document, standing) == sees
    assert set(offered(document, rows_of(document), standing)) == at_the_door
    acts.register(city.deed(Duty.CLERK), document, city.book)
    assert (Act.DIRECT in offered(document, rows_of(document), standing)) == directs
    assert offered(document, rows_of(document), city.deed(Duty.INSPECTOR).standing) == {}
