"""Phrases: own and the agency's, offered where they are used, put in without script, kept on one page."""

from django.test import Client

from apps.office.incoming import acts
from apps.office.models import Document, Phrase, Unsent
from apps.staff.models import Duty
from unit.apps.office_made import Agency, undone
from unit.apps.test_outgoing import City

ADD = {"act": "add", "use": "remark", "text": "Giao Phòng Kinh tế (mẫu) chủ trì"}


def registered(city: Agency) -> Document:
    document = city.arrived()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    return document


def test_ones_own_and_the_agencys_are_offered_and_starters_until_then(city: Agency) -> None:
    leader, address = city.client(Duty.LEADER), f"/van-ban/{registered(city).pk}/?lam=direct"
    page = leader.get(address).content.decode()
    assert "Nghiên cứu, đề xuất hướng xử lý." in page
    assert "Không thuộc thẩm quyền" not in page
    leader.post("/mau-cau/", ADD)
    city.client(Duty.OFFICE_HEAD).post("/mau-cau/", ADD | {"text": "Để các đơn vị biết (mẫu)", "everybody": "1"})
    page = leader.get(address).content.decode()
    assert page.index('label="Của tôi"') < page.index('label="Của cơ quan"')
    assert "Nghiên cứu, đề xuất hướng xử lý." not in page
    other = city.client(Duty.OFFICE_HEAD).get(address).content.decode()
    assert "Để các đơn vị biết (mẫu)" in other
    assert "Giao Phòng Kinh tế (mẫu) chủ trì" not in other


def test_a_phrase_goes_to_the_end_of_what_was_typed_and_nothing_is_lost(city: Agency) -> None:
    leader, document = city.client(Duty.LEADER), registered(city)
    typed = {
        "text": "Khẩn trương.",
        "phrase": "Để biết.",
        "insert": "direct",
        "rows": "1",
        "who0": f"u{city.room.pk}",
    }
    page = leader.post(f"/van-ban/{document.pk}/lam/direct/", typed)
    assert page.status_code == 200
    assert "Khẩn trương. Để biết.</textarea>" in page.content.decode()
    assert f'value="u{city.room.pk}" selected' in page.content.decode()
    assert Unsent.objects.get().fields["text"] == ["Khẩn trương. Để biết."]
    assert document.remarks.count() == 0


def test_on_the_way_out_too() -> None:
    with undone():
        city = City()
        document = city.submitted()
        client = Client()
        client.force_login(city.head.person)
        page = client.get(f"/di/van-ban/{document.pk}/").content.decode()
        assert "Nhất trí với nội dung dự thảo." in page
        assert "Thể thức chưa đúng" in page
        put = {"insert": "return", "words": "Sửa.", "phrase": "Thiếu phụ lục.", "version": "1"}
        page = client.post(f"/di/van-ban/{document.pk}/", put).content.decode()
        assert "Sửa. Thiếu phụ lục.</textarea>" in page
        assert document.assignments.filter(state="returned").count() == 0


def test_they_are_changed_and_removed_on_one_page(city: Agency) -> None:
    leader = city.client(Duty.LEADER)
    leader.post("/mau-cau/", ADD)
    one = Phrase.objects.get()
    leader.post("/mau-cau/", {"act": "save", "phrase": str(one.pk), "text": "  Giao   lại "})
    one.refresh_from_db()
    assert one.text == "Giao lại"
    assert leader.post("/mau-cau/", ADD | {"text": " "}).status_code == 422
    assert leader.post("/mau-cau/", ADD | {"use": "song"}).status_code == 422
    leader.post("/mau-cau/", {"act": "drop", "phrase": str(one.pk)})
    assert not Phrase.objects.exists()


def test_nobody_changes_anothers_or_without_right_the_agencys(city: Agency, other_clerk: Client) -> None:
    city.client(Duty.LEADER).post("/mau-cau/", ADD)
    city.client(Duty.ADMINISTRATOR).post("/mau-cau/", ADD | {"everybody": "1"})
    own, common = Phrase.objects.exclude(owner=None).get(), Phrase.objects.get(owner=None)
    officer = city.client(Duty.OFFICER)
    for number, code in ((own.pk, 404), (common.pk, 403)):
        assert officer.post("/mau-cau/", {"act": "drop", "phrase": str(number)}).status_code == code
    assert officer.post("/mau-cau/", ADD | {"everybody": "1"}).status_code == 403
    assert other_clerk.post("/mau-cau/", {"act": "drop", "phrase": str(common.pk)}).status_code == 404
    assert Phrase.objects.count() == 2


def test_there_is_a_bound(city: Agency) -> None:
    who = city.person(Duty.LEADER)
    Phrase.objects.bulk_create(Phrase(agency="H29", owner=who, use="remark", text=str(n)) for n in range(50))
    assert city.client(Duty.LEADER).post("/mau-cau/", ADD).status_code == 422
