"""What lies on the sample desk: documents in every state a clerk meets, from moments given by the caller."""
# ruff: noqa: E501 - a table of samples, one a line

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from lienthong.client.model import Entry, Recipient
from lienthong.testing.desk.people import CITY, OLD_DISTRICT, WARDS, name_of


@dataclass(frozen=True, slots=True)
class Leg:
    """A recipient in short."""

    code: str
    state: str = "delivered"
    status: str = ""
    standing: str = "in-force"
    asked: int = 0
    refusal: str = ""
    text: str = ""
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A document in short; `age` counts hours back from now, `due` days ahead of today."""

    number: str
    notation: str
    kind: str
    subject: str
    legs: tuple[Leg, ...]
    sender: str = CITY
    age: float = 3
    urgency: int = 0
    due: int | None = None
    business: int = 0
    reason: str = ""
    about: str = ""  # 'number/notation' of the document a recall speaks of
    signer: str = "Nguyễn Văn Mẫu"


def _mine(status: str = "", **more: object) -> tuple[Leg, ...]:
    return (Leg(CITY, "handed-over", status, **more),)  # type: ignore[arg-type]  # fields of Leg by name


INCOMING = (
    Sample("8107", "VPCP-KSTT", "Công điện", "Công điện về việc tập trung ứng phó với bão số 13 (mẫu) và mưa lũ sau bão tại các tỉnh, thành phố ven biển", _mine("01"), "G22", 1.2, 3, 1),
    Sample("2411", "BNV-VTLT", "Công văn", "V/v hướng dẫn thực hiện việc số hóa, chuẩn hóa dữ liệu hồ sơ, tài liệu lưu trữ và kết nối, liên thông phần mềm quản lý văn bản của các cơ quan, tổ chức sau khi sắp xếp đơn vị hành chính cấp xã", _mine("01"), "G09", 4.5, 1, 6),
    Sample("312", "BC-UBND", "Báo cáo", "Báo cáo kết quả công tác cải cách hành chính quý III năm 2026 của phường", _mine(), WARDS[1], 20),
    Sample("77", "TTr-SNV", "Tờ trình", "Về việc phê duyệt Đề án vị trí việc làm của Trung tâm Lưu trữ lịch sử Thành phố (mẫu)", _mine("03"), "H29.05", 46, 0, 9),
    Sample("1508", "SNNMT-TNN", "Công văn", "V/v báo cáo tình hình cấp phép khai thác nước dưới đất trên địa bàn", _mine("05"), "H29.18", 190, 0, -3),
    Sample("66", "KH-UBND", "Kế hoạch", "Kế hoạch tổ chức Ngày hội chuyển đổi số phường năm 2026", _mine("04"), WARDS[4], 70, 0, 14),
    Sample("45", "BC-UBND", "Báo cáo", "Báo cáo thống kê hộ kinh doanh trên địa bàn phường (bản có phụ lục sai)", _mine("03", asked=1, standing="frozen"), WARDS[2], 28),
    Sample("12980", "BTC-NSNN", "Công văn", "V/v thông báo dự toán chi ngân sách trung ương bổ sung có mục tiêu", _mine("06"), "G12", 300, 0, -8),
    Sample("9", "GM-UBND", "Giấy mời", "Giấy mời dự Lễ công bố quyết định thành lập Trung tâm Phục vụ hành chính công", _mine("02"), WARDS[7], 26, 0),
    Sample("40", "TB-UBND", "Thông báo", "Thông báo lịch tiếp công dân tháng 11", _mine("03", standing="recalled"), WARDS[3], 96),
)  # fmt: skip
_SIX = (
    Leg("H29.05", "handed-over", "06"),
    Leg("H29.18", "handed-over", "05"),
    Leg(WARDS[0], "handed-over", "03"),
    Leg(WARDS[1], "handed-over", "02", text="Văn bản không thuộc thẩm quyền của phường; đề nghị gửi Sở Nội vụ"),
    Leg(OLD_DISTRICT, "delivered", "", successor=WARDS[0]),
    Leg(WARDS[3], "accepted"),
)
_ALL = tuple(
    Leg(code, "handed-over" if n < 58 else "delivered", ("06", "05", "03")[n % 3] if n < 31 else "01" if n < 58 else "")
    for n, code in enumerate(WARDS)
)
OUTGOING = (
    Sample("4520", "QĐ-UBND", "Quyết định", "Quyết định ban hành Kế hoạch triển khai nhiệm vụ liên thông, tiếp nhận và xử lý văn bản điện tử giữa các sở, ban, ngành và Ủy ban nhân dân phường, xã, đặc khu trên địa bàn Thành phố năm 2026", _SIX, CITY, 6, 0, 10),
    Sample("6031", "UBND-VX", "Công văn", "V/v tăng cường các biện pháp phòng, chống dịch sốt xuất huyết", _ALL, CITY, 52, 2, 4),
    Sample("211", "BC-UBND", "Báo cáo", "Báo cáo tình hình kinh tế – xã hội tháng 10 năm 2026", (Leg("G22", "recorded"),), CITY, 0.1),
    Sample("97", "TTr-UBND", "Tờ trình", "Về việc bổ sung biên chế công chức cấp xã năm 2027", (Leg("G09", "handed-over", "03"), Leg("G12", "handed-over", "05")), CITY, 80, 0, 20),
    Sample("18", "GM-UBND", "Giấy mời", "Giấy mời họp trực tuyến về tiến độ giải ngân vốn đầu tư công", (Leg(WARDS[5], "expired", refusal="delivery-expired"), Leg(WARDS[6], "handed-over", "06")), CITY, 75, 1),
    Sample("503", "TB-UBND", "Thông báo", "Thông báo kết luận cuộc họp giao ban (có sai sót tại mục 3)", (Leg(WARDS[0], "handed-over", "03", "recalled"), Leg(WARDS[1], "handed-over", "03", "frozen", 1)), CITY, 30),
    Sample("503", "TB-UBND", "Thông báo", "Thông báo kết luận cuộc họp giao ban (có sai sót tại mục 3)", (Leg(WARDS[0], "handed-over"), Leg(WARDS[1], "delivered")), CITY, 5, business=1, reason="Sai nội dung tại mục 3", about="503/TB-UBND"),
)  # fmt: skip


def entries(lane: str, now: datetime) -> Iterator[Entry]:
    """The entries of a lane, newest first."""
    samples = INCOMING if lane == "in" else OUTGOING
    yield from sorted((entry(sample, lane, now) for sample in samples), key=lambda e: e.recorded_at, reverse=True)


def entry(sample: Sample, lane: str, now: datetime) -> Entry:
    """A sample as the client tells it."""
    recorded = now - timedelta(hours=sample.age)
    issued = recorded.date()
    code = f"{sample.number}/{sample.notation}"
    return Entry(
        id=sha256(f"{lane}\n{code}\n{sample.business}".encode()).hexdigest()[:32],
        message_id=f"mau-{sample.number}-{sample.business}",
        lane=lane,
        sender=sample.sender,
        sender_name=name_of(sample.sender),
        document_id=f"{sample.sender},{issued:%Y/%m/%d},{code}",
        number=sample.number,
        notation=sample.notation,
        subject=sample.subject,
        kind=sample.kind,
        issued=issued.isoformat(),
        signer=sample.signer,
        urgency=sample.urgency,
        due=_due(sample.due, now),
        business=sample.business,
        reason=sample.reason,
        recorded_at=recorded,
        expires_at=recorded + timedelta(days=3),
        recipients=tuple(_recipient(leg, recorded, n) for n, leg in enumerate(sample.legs)),
    )


def _due(days: int | None, now: datetime) -> str:
    return "" if days is None else date.isoformat((now + timedelta(days=days)).date())


def _recipient(leg: Leg, recorded: datetime, n: int) -> Recipient:
    gets = leg.successor or leg.code
    return Recipient(
        addressee=leg.code,
        recipient=gets,
        name=name_of(gets),
        redirected=gets != leg.code,
        state=leg.state,
        since=recorded + timedelta(seconds=40 + 3 * n),
        status=leg.status,
        status_at=recorded + timedelta(minutes=9 + n) if leg.status else None,
        standing=leg.standing,
        asked=leg.asked,
        refusal=leg.refusal,
        refusal_text=leg.text,
    )
