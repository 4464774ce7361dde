"""The tour: who one may be, what there is to try, and ticks that come from what was done."""

from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.config import load
from apps.demo.models import Played
from apps.demo.tour import Seen, stops_of
from apps.office.books import book_for
from apps.office.incoming import acts
from apps.office.models import Lane
from apps.settings import CONFIG
from apps.staff.models import Duty
from apps.staff.rights import standing_of
from lienthong.errors import InvalidValue
from unit.apps.office_made import Agency

TOUR, ENTER = "/dao-mot-vong/", "/dao-mot-vong/vao/"


def first(city: Agency, duty: str) -> Seen:
    return stops_of(standing_of(city.person(duty)))[0]


def test_a_stop_leads_to_what_waits_and_is_ticked_by_the_act_itself(city: Agency) -> None:
    document = city.arrived()
    Played.objects.create(at=timezone.now())
    stop = first(city, Duty.CLERK)
    assert (stop.address, stop.done) == (f"/van-ban/{document.pk}/?trong=den/cho-tiep-nhan", False)
    acts.register(city.deed(Duty.CLERK), document, book_for("H29", Lane.INCOMING, ""))
    done = first(city, Duty.CLERK)
    assert (done.address, done.done) == ("", True)
    assert first(city, Duty.LEADER).address == f"/van-ban/{document.pk}/?trong=den/cho-but-phe"


def test_what_the_month_did_before_ticks_nothing(city: Agency) -> None:
    acts.register(city.deed(Duty.CLERK), city.arrived(), book_for("H29", Lane.INCOMING, ""))
    Played.objects.create(at=timezone.now() + timedelta(1))
    assert not any(stop.done for stop in stops_of(standing_of(city.person(Duty.CLERK))))


def test_what_neither_waits_nor_was_done_is_left_out(city: Agency) -> None:
    titles = [stop.title for stop in stops_of(standing_of(city.person(Duty.CLERK)))]
    assert "Vào sổ một văn bản đến" not in titles
    assert "Đưa một văn bản giấy vào sổ" in titles
    assert stops_of(standing_of(city.person(Duty.INSPECTOR))) == stops_of(standing_of(city.person(Duty.OFFICER)))


def test_the_way_in_is_on_the_door_and_in_the_rail(visitor: Client, clerk: Client) -> None:
    assert TOUR in visitor.get("/dang-nhap/").content.decode()
    page = unescape(clerk.get(TOUR).content.decode())
    assert f'<a href="{TOUR}" aria-current="page"' in page
    assert "Thử làm với vai Văn thư Mẫu" in page


def test_one_may_be_a_sample_person_and_nobody_else(visitor: Client) -> None:
    User.objects.create(username="mau.khac", name="Người khác", agency="H29")
    assert visitor.get(TOUR).status_code == 200
    assert visitor.post(ENTER, {"username": "mau.khac"}).status_code == 404
    assert visitor.post(ENTER, {"username": "vanthu.g22"}).headers["Location"] == TOUR
    assert "Văn thư Mẫu – Văn phòng Chính phủ" in visitor.get(TOUR).content.decode()


def test_only_who_sits_at_this_machine_may(visitor: Client) -> None:
    elsewhere = {"REMOTE_ADDR": "203.0.113.5"}
    assert visitor.get(TOUR, **elsewhere).status_code == 404
    assert visitor.post(ENTER, {"username": "vanthu.h29"}, **elsewhere).status_code == 404


@pytest.mark.parametrize("setting", ["https = true", "behind_proxy = true", 'public = "https://office.example"'])
def test_a_site_for_others_is_no_demo(tmp_path: Path, setting: str) -> None:
    told = f'[site]\nsecret_key_file = "key"\ndatabase = "db"\ndemo = true\n{setting}\n'
    (tmp_path / "site.toml").write_text(told, "utf-8")
    with pytest.raises(InvalidValue, match="only for this machine"):
        load(tmp_path / "site.toml")
    (tmp_path / "site.toml").write_text(told.replace("demo = true", ""), "utf-8")
    assert not load(tmp_path / "site.toml").site.demo
    assert CONFIG.site.demo


def test_an_administrators_ticks_come_from_the_audit(city: Agency) -> None:
    Played.objects.create(at=timezone.now())
    assert first(city, Duty.ADMINISTRATOR) == Seen(
        "Thêm một người vào đơn vị",
        "Ghi tên, tên đăng nhập, đơn vị, nhiệm vụ; mật khẩu hiện ra một lần.",
        "/nhan-su/",
        False,
    )
    told = {"act": "person", "name": "Người Mẫu", "username": "mau.them", "unit": city.room.pk, "duty": "officer"}
    city.client(Duty.ADMINISTRATOR).post("/nhan-su/", told | {"title": "Chuyên viên"})
    assert first(city, Duty.ADMINISTRATOR).done
