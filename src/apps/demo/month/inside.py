"""What stays inside an office: an internal notice, and the list of files of the year with one file under way."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from apps.demo.month.cast import Cast, Room, deed
from apps.demo.month.script import SAMPLE
from apps.office.cases import acts as cases
from apps.office.cases.catalogue import Planned, plan
from apps.office.incoming.acts import Recipient
from apps.office.incoming.intake import Arrived
from apps.office.internal.acts import Wish, issue
from apps.office.models import CaseFile, Document, Role
from apps.staff.calendar import calendar_of
from lienthong.layout import Draft, compose

NOTICE = "Phân công trực và xử lý văn bản hỏa tốc ngoài giờ"
FILE = "Hồ sơ về kết nối, liên thông văn bản điện tử năm {year}"
LINES = (("Hồ sơ về cải cách hành chính năm {year}", 10), ("Hồ sơ về thi đua, khen thưởng năm {year}", 10),
         ("Hồ sơ hội nghị tổng kết năm {year}", None))  # fmt: skip


def announce(cast: Cast, at: datetime) -> Document:
    """An internal notice of that moment, with one unit to carry it out and one to know it."""
    day, first, second = timezone.localdate(at), *cast.rooms
    page = Draft(
        organisation=first.unit.name, number="", notation="TB-NB-MẪU", place="Hà Nội", date=day, kind="Thông báo",
        subject=NOTICE, body=(f"{NOTICE} trong tháng. {SAMPLE}",), position="Chánh Văn phòng",
        signer_name="Người ký Mẫu",
    )  # fmt: skip
    wish = Wish(
        uuid5(NAMESPACE_URL, f"lienthong/demo/{cast.code}/noi-bo"), "Thông báo", "TB-NB-MẪU", NOTICE, day,
        "Người ký Mẫu", "Chánh Văn phòng", files=[Arrived("thong-bao-truc.pdf", "application/pdf", compose(page).pdf)],
    )  # fmt: skip
    due = calendar_of(cast.code).closes(day + timedelta(days=21))
    given = [Recipient(first.unit, due=due), Recipient(second.unit, role=Role.INFORM)]
    return issue(deed(cast.clerk, at), wish, given)


def open_file(cast: Cast, at: datetime, documents: list[Document]) -> CaseFile:
    """The year's list of files, which the leader has yet to approve; one of them open, with papers and a task."""
    year, room, other = timezone.localdate(at).year, *cast.rooms
    for each in cast.rooms:
        _plan(each, year, at)
    begun = deed(room.officer, at)
    case = cases.start(begun, year, Planned(room.unit, room.officer, FILE.format(year=year), 10))
    for document in documents:
        cases.put_in(deed(room.officer), case, document)
    cases.say(deed(room.officer), case, "Đã tập hợp văn bản đến; chờ số liệu của các đơn vị.")
    cases.share(deed(room.officer), case, other.officer)
    due = calendar_of(cast.code).closes(timezone.localdate() + timedelta(days=3))
    cases.give_task(deed(room.officer), case, "Tổng hợp số liệu gửi, nhận văn bản điện tử", other.officer, due)
    return case


def _plan(room: Room, year: int, at: datetime) -> None:
    for title, years in LINES:
        plan(deed(room.head, at), year, Planned(room.unit, room.officer, title.format(year=year), years))
