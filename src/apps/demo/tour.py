"""What to try, role by role, in order; each with where to do it, and ticked by what the person has done since.

A tick is a question about the register, never a mark somebody sets: what the sample month did before does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry
from apps.demo.models import Played
from apps.office.incoming.inboxes import box_of
from apps.office.models import (
    Assignment,
    CaseDocument,
    Catalogue,
    Document,
    Event,
    Source,
    View,
)
from apps.office.outgoing.inboxes import box_of as step_box
from apps.staff.models import Duty
from apps.staff.rights import Standing as Person

Done = Callable[[Person, datetime], bool]
Where = Callable[[Person], str]


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing to try: its words, where it is done (nowhere when nothing waits), and whether it has been."""

    title: str
    hint: str
    where: Where
    done: Done


@dataclass(frozen=True, slots=True)
class Seen:
    """A stop as this person finds it now."""

    title: str
    hint: str
    address: str
    done: bool


def stops_of(person: Person) -> list[Seen]:
    """The person's tour. What neither waits nor has been done is left out."""
    since, duty = _since(), next((each for each in TOURS if person.has(each)), Duty.OFFICER)
    found = [Seen(stop.title, stop.hint, stop.where(person), stop.done(person, since)) for stop in TOURS[duty]]
    return [each for each in found if each.address or each.done]


def _since() -> datetime:
    played = Played.objects.first()
    return played.at if played else timezone.now()


# ---------------------------------------------------------------- where


def _inbox(key: str) -> Where:
    """The first document in an inbox of what came."""

    def where(person: Person) -> str:
        box = box_of(key)
        rows = box.rows(person, timezone.now()) if box else Assignment.objects.none()
        first = rows.select_related("document").first()
        return reverse("document", args=[first.document.page]) + f"?trong=den/{key}" if first else ""

    return where


def _step(key: str) -> Where:
    """The first draft in a box of what goes out."""

    def where(person: Person) -> str:
        box = step_box(key)
        first = box.holds(person).order_by("came").first() if box else None
        return reverse("outgoing", args=[first.pk]) if first else ""

    return where


def _page(name: str, query: str = "") -> Where:
    return lambda _person: reverse(name) + query


def _list_of_files(_person: Person) -> str:
    return reverse("catalogue", args=[timezone.localdate().year])


# ---------------------------------------------------------------- done


def _did(*acts: str) -> Done:
    """A line in the story of a document, by this person."""
    return lambda person, since: Event.objects.filter(by=person.person, what__in=acts, at__gt=since).exists()


def _kept_view(person: Person, _since: datetime) -> bool:
    return View.objects.filter(owner=person.person).exists()


def _scanned(person: Person, since: datetime) -> bool:
    mine = Document.objects.filter(agency=person.agency, source=Source.SCAN, came__gt=since)
    return mine.filter(files__by=person.person).exists()


def _filed(person: Person, since: datetime) -> bool:
    return CaseDocument.objects.filter(by=person.person, at__gt=since).exists()


def _approved_list(person: Person, since: datetime) -> bool:
    return Catalogue.objects.filter(by=person.person, approved__gt=since).exists()


def _changed(*acts: str) -> Done:
    """A line of the audit, by this person."""
    return lambda person, since: Entry.objects.filter(
        actor=person.person.username, act__in=acts, outcome="done", at__gt=since
    ).exists()


OVERVIEW = "Tổng quan đếm việc đang chờ, sắp đến hạn, quá hạn; mỗi số mở ra danh sách để lưu."
TOURS: dict[str, Sequence[Stop]] = {
    Duty.CLERK: (
        Stop("Vào sổ một văn bản đến", "Xem chữ ký hợp lệ chưa, chọn sổ; hệ thống cấp số đến kế tiếp và báo nơi gửi.",
             _inbox("cho-tiep-nhan"), _did("registered")),
        Stop("Đưa một văn bản giấy vào sổ", "Tải bản quét PDF lên, ghi số, ký hiệu, trích yếu.", _page("scan"),
             _scanned),
        Stop("Trả lời yêu cầu thu hồi, thay thế", "Đồng ý thì văn bản cũ hết giá trị ở cơ quan; dữ liệu vẫn được giữ.",
             _inbox("cho-tra-loi"), _did("agreed", "declined")),
        Stop("Kiểm tra thể thức một dự thảo", "Đồng ý để dự thảo lên lãnh đạo, hoặc trả lại và nói vì sao.",
             _step("cho-toi-duyet"), _did("approved", "sent-back")),
        Stop("Cấp số, đóng dấu, phát hành", "Văn bản lãnh đạo vừa ký: ba nút theo thứ tự; xong là văn bản lên trục.",
             _step("cho-cap-so"), _did("issued")),
        Stop("Tìm không dấu rồi lưu cách tìm", "Gõ “ho cong ty” hay một số; bấm “Lưu cách tìm” để có ở cột bên.",
             _page("search", "?q=giai+ngan"), _kept_view),
    ),
    Duty.LEADER: (
        Stop("Bút phê một văn bản vừa vào sổ", "Chọn nơi chủ trì, phối hợp, thời hạn trong cùng một hộp.",
             _inbox("cho-but-phe"), _did("directed")),
        Stop("Ký một dự thảo", "Đọc bản đã qua các bước rồi ký; văn thư cấp số và đóng dấu sau.", _step("cho-ky"),
             _did("signed")),
        Stop("Trả lại một dự thảo", "Ghi lý do; người soạn sửa thành bản mới, bản cũ vẫn còn.", _step("cho-ky"),
             _did("sent-back")),
        Stop("Duyệt danh mục hồ sơ của năm", "Các đơn vị đã lập; lãnh đạo ghi quyết định ban hành và duyệt.",
             _list_of_files, _approved_list),
        Stop("Xem tổng quan, lưu một cách tìm", OVERVIEW, _page("overview"), _kept_view),
    ),
    Duty.UNIT_HEAD: (
        Stop("Giao việc trong đơn vị", "Văn bản lãnh đạo đã giao đơn vị chủ trì: chọn người, thời hạn.",
             _inbox("cho-xu-ly"), _did("directed")),
        Stop("Duyệt nội dung một dự thảo", "Đồng ý, sửa thành bản mới, hoặc trả lại và nói vì sao.",
             _step("cho-toi-duyet"), _did("approved", "sent-back")),
        Stop("Xem tổng quan, lưu một cách tìm", OVERVIEW, _page("overview"), _kept_view),
    ),
    Duty.OFFICER: (
        Stop("Xin ý kiến một đơn vị", "Trong văn bản đang xử lý, mở ⋯ rồi chọn xin ý kiến.", _inbox("cho-xu-ly"),
             _did("opinion-asked")),
        Stop("Viết văn bản trả lời", "Dự thảo có sẵn nơi nhận và nối với văn bản đến.", _inbox("cho-xu-ly"),
             _did("replying")),
        Stop("Trình một dự thảo", "Lấy khung theo loại văn bản, xem trang đúng thể thức, rồi trình.",
             _page("compose"), _did("submitted")),
        Stop("Xếp một văn bản vào hồ sơ", "Hồ sơ công việc gom văn bản, dự thảo, ý kiến và việc cần làm.",
             _page("cases"), _filed),
        Stop("Hoàn thành một việc", "Ghi kết quả; nơi gửi thấy trạng thái “đã xử lý xong”.", _inbox("cho-xu-ly"),
             _did("completed")),
    ),
    Duty.ADMINISTRATOR: (
        Stop("Thêm một người vào đơn vị", "Ghi tên, tên đăng nhập, đơn vị, nhiệm vụ; mật khẩu hiện ra một lần.",
             _page("staff"), _changed("staff-added")),
        Stop("Chuyển một người sang đơn vị khác",
             "Mở tên người, “Thôi giữ, chuyển đơn vị…”: việc đang mở được bàn giao ngay.", _page("staff"),
             _changed("post-ended")),
        Stop("Ghi một ngày nghỉ hay làm bù", "Hạn xử lý đếm theo ngày làm việc của cơ quan.", _page("staff-days"),
             _changed("day-set")),
        Stop("Viết một quy tắc tự động", "Khi nào, điều kiện gì, làm gì; thử trên văn bản đang có trước khi bật.",
             _page("rules"), _changed("rule-set")),
    ),
}  # fmt: skip
"""By duty; whoever has none of these walks an officer's."""
