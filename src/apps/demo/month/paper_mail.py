"""What the post brought in the month: paper, scanned, from senders who are on no axis. It carries no signature.

So its days may be the month's, while everything signed is of the day the demo is played.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.demo.month.cast import Cast, deed
from apps.demo.month.script import SAMPLE, Got
from apps.office.books import book_for
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.incoming.intake import Arrived, arrive
from apps.office.models import Document, Lane, Role, Source
from apps.staff.calendar import VIETNAM, Calendar, calendar_of
from lienthong.layout import Draft, compose

OPENS = time(8, 0)


@dataclass(frozen=True, slots=True)
class Post:
    """One paper: working days ago, from whom, about what, how far it came, until when (working days from today)."""

    ago: int
    issuer: str
    subject: str
    got: Got
    due: int = 0


A, REF, REG, DIR, WORK, DONE, _ = Got
MAIL = (
    Post(21, "Công ty cổ phần Ví Dụ", "V/v đề nghị xác nhận ngành nghề ưu đãi đầu tư", DONE, -14),
    Post(20, "Hội Chữ thập đỏ Mẫu", "V/v phối hợp tổ chức ngày hội hiến máu", DONE, -15),
    Post(18, "Trường Trung học Thí Điểm", "V/v xin hỗ trợ sửa chữa phòng học", DONE, -11),
    Post(16, "Hợp tác xã Nông nghiệp Mẫu", "V/v đề nghị giới thiệu sản phẩm OCOP", DONE, -9),
    Post(15, "Bệnh viện Ví Dụ", "V/v phối hợp khám sức khỏe định kỳ", DONE, -8),
    Post(13, "Hiệp hội Doanh nghiệp Mẫu", "V/v kiến nghị tháo gỡ khó khăn về thủ tục", WORK, -3),
    Post(12, "Tổng công ty Thí Điểm", "V/v báo cáo tiến độ dự án cấp nước sạch", DONE, -5),
    Post(10, "Câu lạc bộ Người cao tuổi Mẫu", "V/v xin sử dụng hội trường", DONE, -6),
    Post(9, "Viện Nghiên cứu Ví Dụ", "V/v khảo sát mức độ hài lòng về dịch vụ công", DIR, -1),
    Post(7, "Công ty Môi trường Mẫu", "V/v điều chỉnh lịch thu gom rác thải", WORK, 1),
    Post(6, "Hội Cựu giáo chức Ví Dụ", "V/v mời dự lễ kỷ niệm", DONE, -2),
    Post(5, "Liên đoàn Thể thao Mẫu", "V/v đăng cai giải chạy phong trào", WORK, 2),
    Post(4, "Ban Quản lý chợ Thí Điểm", "V/v kế hoạch phòng cháy, chữa cháy cuối năm", DIR, 4),
    Post(3, "Công ty Điện lực Ví Dụ", "V/v thông báo lịch bảo trì lưới điện", DIR, 6),
    Post(2, "Hội Khuyến học Mẫu", "V/v trao học bổng cho học sinh vượt khó", REG),
    Post(1, "Quỹ Tín dụng Ví Dụ", "V/v cung cấp thông tin quy hoạch", A),
    Post(1, "Đoàn Luật sư Mẫu", "V/v phối hợp trợ giúp pháp lý lưu động", A),
)
REMARKS = (
    "Giao chủ trì, tham mưu trả lời đúng hạn.", "Chủ trì, phối hợp đơn vị liên quan đề xuất phương án.",
    "Nghiên cứu, trình lãnh đạo trong tuần.", "Xử lý theo thẩm quyền, báo cáo kết quả.",
)  # fmt: skip


def bring(cast: Cast) -> list[Document]:
    """The month's paper of an office, each on its day, worked on as far as the script has it."""
    calendar, now = calendar_of(cast.code), timezone.now()
    days = list(_before(calendar, timezone.localdate(now), max(post.ago for post in MAIL)))
    with transaction.atomic():
        return [_one(cast, calendar, days, number, post) for number, post in enumerate(MAIL)]


def _one(cast: Cast, calendar: Calendar, days: list[date], number: int, post: Post) -> Document:
    day = days[post.ago - 1]
    due = _away(calendar, days, post.due) if post.due else None
    at = _at(day, 20 + 7 * (number % 5))
    document = _scanned(cast, number, post, day, calendar.closes(due) if due else None, at)
    if post.got >= REG:
        acts.register(deed(cast.clerk, at + timedelta(minutes=25)), document, book_for(cast.code, Lane.INCOMING, ""))
    if post.got >= DIR:
        _worked_on(cast, document, number, post.got, at)
    return document


def _worked_on(cast: Cast, document: Document, number: int, got: Got, at: datetime) -> None:
    lead, other = cast.rooms if number % 2 else cast.rooms[::-1]
    given = [Recipient(lead.unit, due=document.due), Recipient(other.unit, role=Role.COORDINATE, due=document.due)]
    acts.direct(deed(cast.leader, at + timedelta(hours=2)), document, REMARKS[number % len(REMARKS)], given)
    if got >= WORK:
        mine = [Recipient(lead.unit, lead.officer, due=document.due)]
        acts.direct(deed(lead.head, at + timedelta(hours=4)), document, "Đồng chí trực tiếp xử lý.", mine)
        acts.start(deed(lead.officer, at + timedelta(hours=5)), document)
    if got >= DONE:
        acts.complete(deed(lead.officer, at + timedelta(days=1)), document, "Đã trả lời bằng văn bản giấy.")


def _scanned(cast: Cast, number: int, post: Post, day: date, due: datetime | None, at: datetime) -> Document:
    paper = _written(number, post, day - timedelta(days=2))
    document = Document.objects.create(
        pk=_id(cast.code, number),
        agency=cast.code,
        lane=Lane.INCOMING,
        source=Source.SCAN,
        issuer=post.issuer,
        number=paper.number,
        notation=paper.notation,
        kind=paper.kind,
        subject=post.subject,
        issued=paper.date,
        signer=paper.signer_name,
        signer_title=paper.position,
        due=due,
        pages=1,
        copies=1,
        came=at,
    )
    arrive(document, [Arrived(f"{document.number}-quet.pdf", "application/pdf", _scan(paper))], at)
    return document


def _written(number: int, post: Post, day: date) -> Draft:
    asked = f"Kính đề nghị quý cơ quan xem xét, giải quyết nội dung {post.subject.removeprefix('V/v ')}."
    return Draft(
        organisation=post.issuer,
        number=str(30 + number * 7 % 60),
        notation=f"{'CV' if number % 2 else 'ĐN'}-MẪU",
        place="Hà Nội",
        date=day,
        kind="Công văn",
        subject=post.subject,
        body=(asked, SAMPLE),
        position="Giám đốc",
        signer_name="Người ký Mẫu",
    )


@cache
def _scan(paper: Draft) -> bytes:
    """The same for every office that gets it."""
    return compose(paper).pdf


def _id(agency: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"lienthong/demo/{agency}/{number}")


def _before(calendar: Calendar, day: date, count: int) -> Iterator[date]:
    """The last working days before that one, nearest first."""
    while count:
        day -= timedelta(days=1)
        if calendar.works(day):
            count -= 1
            yield day


def _away(calendar: Calendar, days: list[date], count: int) -> date:
    return days[-count - 1] if count < 0 else calendar.after(timezone.localdate(), count)


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, OPENS, VIETNAM) + timedelta(minutes=minutes)
