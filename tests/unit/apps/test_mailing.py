"""Notices by e-mail: a digest each working morning, urgent at once, nothing for what was opened, nothing lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings

from apps.office.incoming import acts
from apps.office.incoming.policy import rows_of
from apps.office.models import Mailed, Mailing
from apps.office.overview import mailing
from apps.office.overview.notices import mark_read, notices
from apps.staff.models import Duty
from lienthong.errors import InvalidValue
from unit.apps.office_made import Agency, undone
from unit.apps.test_overview import given

MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # 08:00 in Viet Nam
EARLY, SUNDAY = MONDAY - timedelta(hours=1), MONDAY - timedelta(days=1)


@pytest.fixture
def city() -> Iterator[Agency]:
    site = replace(settings.CONFIG.site, mail="smtp://mau@127.0.0.1:1", mail_from="mau@example.invalid")
    backend = "django.core.mail.backends.locmem.EmailBackend"
    with undone(), override_settings(CONFIG=replace(settings.CONFIG, site=site), EMAIL_BACKEND=backend):
        agency = Agency()
        assert agency.room != agency.other_room
        mail.outbox = []
        mailing.wish(agency.person(Duty.OFFICER, agency.room), "can-bo@example.invalid")
        yield agency


def test_one_digest_a_working_morning_and_none_without_news(city: Agency) -> None:
    assert mailing.send("H29", MONDAY) == 0
    Mailing.objects.update(digested=None)
    given(city)
    assert mailing.send("H29", EARLY) == mailing.send("H29", SUNDAY) == 0
    assert mailing.send("H29", MONDAY) == 1
    assert mailing.send("H29", MONDAY + timedelta(hours=2)) == 0
    assert mailing.send("H29", MONDAY + timedelta(days=1)) == 1
    message = mail.outbox[0]
    assert message.to == ["can-bo@example.invalid"]
    assert "1 việc mới" in message.subject
    assert message.body.endswith("/thong-bao/")


def test_urgent_goes_at_once_and_once_and_not_after_it_was_opened(city: Agency) -> None:
    document = given(city, urgency=3, subject="Việc gấp\nBcc: ke-gian@example.invalid")
    assert mailing.send("H29", EARLY) == 1
    assert mailing.send("H29", EARLY) == 0
    assert mail.outbox[0].subject.startswith("[Hỏa tốc] Người Mẫu unit-head giao: 15/BNV-VP Việc gấp Bcc:")
    assert mail.outbox[0].body.endswith(f"/van-ban/{document.pk}/")
    opened = given(city, urgency=4)
    acts.opened(city.deed(Duty.OFFICER, city.room), rows_of(opened))
    assert mailing.send("H29", EARLY) == 0
    assert given(city)
    assert mailing.send("H29", EARLY) == 0


def test_a_server_that_fails_is_asked_again_later_and_nothing_is_lost(
    city: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(city, urgency=3)

    def broken(*_args: object, **_more: object) -> int:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "send_mail", broken)
        with pytest.raises(OSError):
            mailing.send("H29", EARLY)
    assert not Mailed.objects.exists()
    assert mailing.send("H29", EARLY) == 0
    mailing.cache.clear()
    assert mailing.send("H29", EARLY) == 1


def test_without_a_mail_server_nothing_is_asked(city: Agency) -> None:
    given(city, urgency=3)
    with override_settings(CONFIG=replace(settings.CONFIG, site=replace(settings.CONFIG.site, mail=""))):
        assert mailing.send("H29", MONDAY) == 0


def test_another_agency_and_who_left_get_nothing(city: Agency) -> None:
    given(city, urgency=3)
    assert mailing.send("G22", MONDAY) == 0
    who = city.person(Duty.OFFICER, city.room)
    who.is_active = False
    who.save()
    assert mailing.send("H29", MONDAY) == 0
    assert not Mailed.objects.exists()


def test_each_kind_comes_by_the_ways_that_were_chosen(city: Agency) -> None:
    who = city.person(Duty.OFFICER, city.room)
    client = Client()
    client.force_login(who)
    assert "can-bo@example.invalid" in client.get("/thong-bao/").content.decode()
    with pytest.raises(InvalidValue):
        mailing.wish(who, "không phải địa chỉ")
    client.post("/thong-bao/cach-nhan/", {"address": "moi@example.invalid", "want": ["page:work", "at-once:work"]})
    given(city, urgency=3)
    assert mailing.send("H29", MONDAY) == 1
    assert mail.outbox[0].to == ["moi@example.invalid"]
    client.post("/thong-bao/cach-nhan/", {"address": "moi@example.invalid", "want": ["digest:work"]})
    given(city, urgency=3)
    assert mailing.send("H29", MONDAY + timedelta(days=1)) == 1
    assert "việc mới" in mail.outbox[-1].subject
    assert "Không có gì mới" in client.get("/thong-bao/").content.decode()
    client.post("/thong-bao/cach-nhan/", {"address": ""})
    given(city, urgency=3)
    assert mailing.send("H29", MONDAY + timedelta(days=2)) == 0
    assert Mailing.objects.get(person=who).address == ""


def test_what_was_read_on_the_page_is_not_mailed(city: Agency) -> None:
    given(city, urgency=3)
    standing = city.deed(Duty.OFFICER, city.room).standing
    mark_read(standing, [one.key for one in notices(standing)])
    assert mailing.send("H29", MONDAY) == 0
