"""Registers in their legal columns: every number has a line, who may read which book, prints and Excel."""

import io
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from apps.office import numbers
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.models import Book, Document, Lane
from apps.office.registers.sheets import sheet_of
from apps.staff.models import Duty
from unit.apps.office_made import Agency, entered


def registered(city: Agency) -> Document:
    document = city.arrived(issued=date(2026, 11, 20))
    acts.register(city.deed(Duty.CLERK), document, city.book)
    return document


def year() -> int:
    return timezone.localdate().year


def test_every_number_has_its_line_also_one_without_a_document(city: Agency) -> None:
    clerk = city.deed(Duty.CLERK)
    registered(city)
    [kept] = numbers.reserve(city.book, 1, clerk.person, clerk.at, "Giữ cho văn bản mật")
    numbers.skip(kept, clerk.person, clerk.at, "=Không dùng")
    registered(city)
    sheet = sheet_of(city.book, year())
    assert [row[1] for row in sheet.rows] == ["01", "02", "03"]
    assert sheet.rows[1][-1] == "Bỏ: =Không dùng"
    assert "Từ số 01 đến số 03" in sheet.under
    assert {len(row) for row in sheet.rows} == {len(sheet.columns)} == {10}


def test_the_register_says_who_got_it_and_how_far_it_is(city: Agency) -> None:
    document, head = registered(city), city.deed(Duty.UNIT_HEAD, city.room)
    acts.direct(city.deed(Duty.LEADER), document, "Giao", [Recipient(city.room)])
    [line] = sheet_of(city.book, year()).rows
    assert line[2:7] == ("Bộ Nội vụ", "15/BNV-VP", "20/11/2026", f"Công văn {document.subject}", city.room.name)
    acts.complete(head, document, "Xong")
    [followed] = sheet_of(city.book, year(), follow=True).rows
    assert followed[2] == city.room.name
    assert followed[4].startswith("Hoàn thành")


def test_days_choose_and_a_long_book_asks_no_more_questions(city: Agency) -> None:
    registered(city)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert sheet_of(city.book, year(), first=tomorrow).rows == []
    assert len(sheet_of(city.book, year(), last=timezone.localdate()).rows) == 1
    with CaptureQueriesContext(connection) as few:
        sheet_of(city.book, year())
    for _ in range(5):
        registered(city)
    with CaptureQueriesContext(connection) as many:
        assert len(sheet_of(city.book, year()).rows) == 6
    assert len(many) == len(few) <= 10


def test_printed_and_as_excel_without_running_formulas(city: Agency) -> None:
    document = registered(city)
    Document.objects.filter(pk=document.pk).update(issuer="=1+1")
    clerk = entered(city.person(Duty.CLERK))
    assert f"/so/{city.book.pk}/{year()}/" in clerk.get("/so/").content.decode()
    page = clerk.get(f"/so/{city.book.pk}/{year()}/").content.decode()
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in page
    book = load_workbook(io.BytesIO(clerk.get(f"/so/{city.book.pk}/{year()}/?excel=1").content))
    rows = [[cell.value for cell in row] for row in book.active.rows]
    assert rows[-1][2] == "'=1+1"


def test_who_reads_which_book(city: Agency) -> None:
    own = Book.objects.create(agency="H29", unit=city.room, lane=Lane.INTERNAL, name="Sổ của phòng")
    agency, unit = f"/so/{city.book.pk}/{year()}/", f"/so/{own.pk}/{year()}/"
    may = {
        city.person(Duty.INSPECTOR): (200, 200),
        city.person(Duty.UNIT_HEAD, city.room): (404, 200),
        city.person(Duty.UNIT_HEAD, city.other_room): (404, 404),
        city.person(Duty.OFFICER, city.room): (404, 404),
        Agency("G22").person(Duty.CLERK): (404, 404),
    }
    for who, expected in may.items():
        assert (entered(who).get(agency).status_code, entered(who).get(unit).status_code) == expected
