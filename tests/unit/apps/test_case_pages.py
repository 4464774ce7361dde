"""Pages of files and of the archive: acts by buttons, refusals in words, prints, who may open them."""

import io

import pytest
from openpyxl import load_workbook

from apps.office import numbers
from apps.office.archive.lists import in_words
from apps.office.models import CaseFile, CaseState, Handover
from apps.staff.models import Duty
from unit.apps.office_made import Agency, entered


def told(city: Agency, **more: object) -> dict[str, object]:
    keeper = city.person(Duty.UNIT_HEAD, city.room)
    return {"title": "Hồ sơ mẫu", "unit": city.room.pk, "keeper": keeper.pk, "years": "20"} | more


def test_a_file_from_its_opening_to_the_archive(city: Agency) -> None:
    head, archivist = entered(city.person(Duty.UNIT_HEAD, city.room)), entered(city.person(Duty.ARCHIVIST))
    clerk, document = entered(city.person(Duty.CLERK)), city.arrived(subject="Báo cáo mẫu", pages=2)
    address = head.post("/ho-so/moi/", told(city))["Location"]
    case = CaseFile.objects.get()
    head.post(address, {"act": "share", "person": city.person(Duty.CLERK).pk})
    assert "Báo cáo mẫu" in clerk.get(f"{address}?tim=bao+cao").content.decode()
    clerk.post(address, {"act": "put-in", "document": str(document.pk)})
    head.post(address, {"act": "task", "text": "Tổng hợp", "person": case.keeper_id, "due": "2026-12-01"})
    head.post(address, {"act": "say", "text": "Đồng ý"})
    refused = head.post(address, {"act": "close", "end_note": "Đủ"})
    assert (refused.status_code, "còn việc chưa xong" in refused.content.decode()) == (422, True)
    head.post(address, {"act": "task-done", "task": case.tasks.get().pk, "result": "Xong"})
    head.post(address, {"act": "close", "end_note": "Đủ", "pages": "2", "sheets": "0"})
    page = head.get(address).content.decode()
    for words in ("Báo cáo mẫu", "Đồng ý", "kết thúc hồ sơ: 1 văn bản, 2 trang", "PDF/A"):
        assert words in page
    head.post(f"/nop-luu/moi/?don-vi={city.room.pk}", {"case": str(case.pk), "title": "Khối mẫu", "metres": "0,5"})
    given = Handover.objects.get()
    assert archivist.post(f"/nop-luu/{given.pk}/", {"act": "accept"}).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.ARCHIVED
    for path, words in (("muc-luc/", "MỤC LỤC HỒ SƠ"), ("bien-ban/", "Tổng số tệp tin trong hồ sơ: 1")):
        assert words in archivist.get(f"/nop-luu/{given.pk}/{path}").content.decode()
    answer = archivist.get(f"{address}goi/")
    assert answer["Content-Type"] == "application/zip"
    answer.close()


def test_the_list_of_the_year_is_planned_approved_and_printed(city: Agency) -> None:
    head, leader = entered(city.person(Duty.UNIT_HEAD, city.room)), entered(city.person(Duty.LEADER))
    head.post("/ho-so/moi/?nam=2026&du-kien=1", told(city, years_other="7"))
    head.post("/ho-so/danh-muc/2027/", {"act": "take-over"})
    assert leader.post("/ho-so/danh-muc/2027/", {"act": "approve", "basis": ""}).status_code == 422
    leader.post("/ho-so/danh-muc/2027/", {"act": "approve", "basis": "QĐ số 01/QĐ-UBND"})
    head.post("/ngon-ngu/", {"language": "en"})
    page = head.get("/ho-so/danh-muc/2027/in/").content.decode()  # a form of the law: Vietnamese for every reader
    for words in ("Kèm theo QĐ số 01/QĐ-UBND", "01.KT", "7 năm", "1 hồ sơ bảo quản có thời hạn"):
        assert words in page
    book = load_workbook(io.BytesIO(head.get("/ho-so/danh-muc/2027/in/?excel=1").content))
    rows = [[cell.value for cell in row] for row in book.active.rows]
    assert rows[-1][:3] == ["01.KT", "Hồ sơ mẫu", "7 năm"]


@pytest.mark.parametrize("wrong", [{"title": " "}, {"years": "x"}, {"years_other": "0"}, {"years_other": "²"}])
def test_what_is_wrong_is_told_and_kept(city: Agency, wrong: dict[str, object]) -> None:
    page = entered(city.person(Duty.UNIT_HEAD, city.room)).post("/ho-so/moi/", told(city, note="Chữ đã gõ") | wrong)
    assert page.status_code == 422
    assert "Chữ đã gõ" in page.content.decode()
    assert not CaseFile.objects.exists()


def test_strangers_find_nothing(city: Agency) -> None:
    head = entered(city.person(Duty.UNIT_HEAD, city.room))
    address = head.post("/ho-so/moi/", told(city))["Location"]
    outside = (city.person(Duty.OFFICER, city.other_room), Agency("G22").person(Duty.CLERK))
    for who in map(entered, outside):
        for path in (address, f"{address}muc-luc/", f"{address}goi/", "/ho-so/danh-muc/1999/", "/ho-so/?loc=gi-do"):
            assert who.get(path).status_code == 404
        assert who.post(address, {"act": "say", "text": "x"}).status_code == 404
        assert "Hồ sơ mẫu" not in who.get("/ho-so/").content.decode()
    assert entered(city.person(Duty.ADMINISTRATOR)).get("/ho-so/").status_code == 403


def test_a_document_goes_into_a_file_from_its_own_page(city: Agency) -> None:
    clerk, document = entered(city.person(Duty.CLERK)), city.arrived()
    numbers.take(city.book, document, city.person(Duty.CLERK), city.deed(Duty.CLERK).at)
    address = clerk.post("/ho-so/moi/", told(city, unit=city.root.pk, keeper=city.person(Duty.CLERK).pk))["Location"]
    page = clerk.get(f"/van-ban/{document.pk}/").content.decode()
    assert "Đưa vào hồ sơ" in page
    assert f"/sao/moi/{document.pk}/" in page
    clerk.post(address, {"act": "put-in", "document": str(document.pk)})
    page = clerk.get(f"/van-ban/{document.pk}/").content.decode()
    assert (address in page, "Đưa vào hồ sơ" in page) == (True, False)


NUMERALS = [(1, "một"), (10, "mười"), (15, "mười lăm"), (21, "hai mươi mốt"), (34, "ba mươi tư"), (105, "một trăm linh năm"),
            (111, "một trăm mười một"), (1001, "một nghìn không trăm linh một"), (2000, "hai nghìn")]  # fmt: skip


@pytest.mark.parametrize(("number", "words"), NUMERALS)
def test_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words
