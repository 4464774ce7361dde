"""What is written in the month: letters as they go out, by whom, to whom, how far, and what recipients do with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import NAMESPACE_URL, UUID, uuid5

OFFICES = ("G22", "G09", "H14", "H29", "H29.03", "H29.51")
"""Centre, ministry, two provinces, a department, a ward."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """How an office signs: its sign in notations, where it is, above and under what."""

    sign: str
    place: str
    position: str
    authority: str = ""
    parent: str = ""


_COMMITTEE = "TM. ỦY BAN NHÂN DÂN"
_CITY = "Thành phố Hồ Chí Minh"
LETTERHEADS = {
    "G22": Letterhead("VPCP-MẪU", "Hà Nội", "BỘ TRƯỞNG, CHỦ NHIỆM"),
    "G09": Letterhead("BNV-MẪU", "Hà Nội", "BỘ TRƯỞNG"),
    "H14": Letterhead("UBND-MẪU", "Cao Bằng", "CHỦ TỊCH", _COMMITTEE),
    "H29": Letterhead("UBND-MẪU", _CITY, "CHỦ TỊCH", _COMMITTEE),
    "H29.03": Letterhead("SNV-MẪU", _CITY, "GIÁM ĐỐC", parent="Ủy ban nhân dân Thành phố Hồ Chí Minh"),
    "H29.51": Letterhead("UBND-MẪU", _CITY, "CHỦ TỊCH", _COMMITTEE),
}


class Step(IntEnum):
    """How far a letter has come on its way out."""

    TYPED, REVIEW, SENT_BACK, FORM, SIGN, NUMBER, SENT = range(7)


class Got(IntEnum):
    """How far a recipient has come with it."""

    ARRIVED, REFUSED, REGISTERED, DIRECTED, WORKING, DONE, ANSWERED = range(7)


@dataclass(frozen=True, slots=True)
class Letter:
    """One document of the month. `paper`: who gets it on paper, too, and why. `got`: what offices did with it."""

    key: str
    sender: str
    recipients: tuple[str, ...]
    kind: str
    subject: str
    about: str
    to: Step = Step.SENT
    urgency: int = 0
    due: int = 0  # working days to answer in
    room: int = 0
    paper: tuple[str, str] = ("", "")
    replaces: str = ""
    got: Mapping[str, Got] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """The draft's, and so the message's: played again, it is the same letter."""
        return uuid5(NAMESPACE_URL, f"lienthong/demo/{self.key}")


@dataclass(frozen=True, slots=True)
class Change:
    """What a sender does later with a letter: recall it, or change who receives it."""

    key: str
    reason: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


A, REF, REG, DIR, WORK, DONE, ANS = Got
WARDS = ("H29.51", "H29.52", "H29.53")
WRONG = "Văn bản gửi nhầm nơi nhận: nội dung thuộc thẩm quyền của Sở Khoa học và Công nghệ."
LETTERS = (
    Letter("ket-noi", "G22", ("G09", "G06", "H14", "H29"), "Công văn",
           "V/v đôn đốc kết nối, liên thông văn bản điện tử",
           "rà soát việc gửi, nhận văn bản điện tử có ký số và báo cáo kết quả", due=7,
           got={"G09": DONE, "H14": WORK, "H29": ANS}),
    Letter("giao-ban", "G22", ("G09", "H14"), "Thông báo", "Lịch họp giao ban tháng (sẽ thu hồi)",
           "lịch họp giao ban", got={"G09": REG, "H14": DIR}),
    Letter("cap-huyen", "G22", ("H29.21",), "Công văn", "V/v rà soát hồ sơ của cấp huyện trước sắp xếp",
           "rà soát, bàn giao hồ sơ của cấp huyện đã kết thúc hoạt động"),
    Letter("phien-hop", "G22", ("G09", "G06"), "Giấy mời", "Phiên họp về chuyển đổi số", "tham dự phiên họp",
           to=Step.SIGN, room=1),
    Letter("van-thu", "G09", ("H14.20", "H29.51", "H29.52"), "Hướng dẫn", "Công tác văn thư điện tử ở cấp xã",
           "thực hiện công tác văn thư điện tử", got={"H29.51": WORK}),
    Letter("bien-che", "G09", ("H29", "G06"), "Thông báo", "Số liệu biên chế (sẽ thay thế)", "số liệu biên chế",
           got={"H29": DIR}),
    Letter("bien-che-moi", "G09", ("H29", "G06"), "Thông báo", "Số liệu biên chế (bản thay thế)",
           "số liệu biên chế đã đính chính", replaces="bien-che"),
    Letter("thi-dua", "G09", ("H14", "H29"), "Công văn", "V/v đề nghị xét khen thưởng", "lập hồ sơ khen thưởng",
           to=Step.SIGN),
    Letter("mua-lu", "H14", ("G22", "G09", "H29"), "Công điện", "Ứng phó mưa lũ", "ứng phó mưa lũ", urgency=3,
           got={"G22": DIR, "G09": REG, "H29": DONE}),
    Letter("ban-giao", "H14", ("H14.20",), "Công văn", "V/v bàn giao bản đồ địa giới", "nhận bàn giao bản đồ địa giới",
           paper=("H14.20", "Kèm bản đồ khổ lớn, không số hóa được"), room=1),
    Letter("ngan-sach", "H14", ("G22",), "Báo cáo", "Tình hình thực hiện nhiệm vụ tháng",
           "tình hình thực hiện nhiệm vụ", to=Step.SIGN),
    Letter("ky-so", "H29", ("H29.03", "H29.07", *WARDS), "Kế hoạch", "Triển khai văn bản điện tử ký số",
           "triển khai ký số trên văn bản điện tử", due=10, got={"H29.03": WORK, "H29.51": DIR}),
    Letter("to-cong-tac", "H29", ("H29.03", "H29.51"), "Giấy mời", "Họp tổ công tác (sẽ đổi nơi nhận)",
           "dự họp tổ công tác", got={"H29.03": REG, "H29.51": REG}),
    Letter("kien-toan", "H29", ("H29.03",), "Quyết định", "Kiện toàn tổ công tác chuyển đổi số",
           "kiện toàn tổ công tác chuyển đổi số", room=1, got={"H29.03": DONE}),
    Letter("dau-tu", "H29", ("H29.03", "H29.07"), "Công văn", "V/v báo cáo giải ngân vốn đầu tư công",
           "báo cáo giải ngân vốn đầu tư công", to=Step.SIGN),
    Letter("hoi-nghi", "H29", ("H29.03", *WARDS), "Giấy mời", "Hội nghị tổng kết cải cách hành chính",
           "dự hội nghị tổng kết", to=Step.SIGN, room=1),
    Letter("an-toan", "H29", WARDS, "Công văn", "V/v bảo đảm an toàn thông tin dịp cuối năm",
           "bảo đảm an toàn thông tin", to=Step.NUMBER),
    Letter("tap-huan", "H29", WARDS, "Công văn", "V/v tập huấn phần mềm quản lý văn bản", "cử người dự tập huấn",
           to=Step.SENT_BACK),
    Letter("bieu-mau", "H29", ("H29.03", *WARDS), "Công văn", "V/v thống nhất biểu mẫu báo cáo",
           "dùng thống nhất biểu mẫu báo cáo", to=Step.FORM),
    Letter("hop-bao", "H29", ("G22",), "Công văn", "V/v đăng ký nội dung họp báo", "đăng ký nội dung họp báo",
           to=Step.REVIEW, room=1),
    Letter("to-trinh", "H29.03", ("G09",), "Tờ trình", "Về biên chế hành chính", "giao biên chế hành chính",
           got={"G09": DIR}),
    Letter("bao-cao-quy", "H29.03", ("H29",), "Báo cáo", "Kết quả cải cách hành chính", "kết quả cải cách hành chính",
           got={"H29": WORK}),
    Letter("tuyen-dung", "H29.03", ("H29.51", "H29.52"), "Công văn", "V/v đăng ký nhu cầu tuyển dụng",
           "đăng ký nhu cầu tuyển dụng", to=Step.NUMBER),
    Letter("luong", "H29.03", ("H29",), "Công văn", "V/v nâng bậc lương thường xuyên", "nâng bậc lương",
           to=Step.SIGN, room=1),
    Letter("ket-qua", "H29.51", ("H29", "H29.03"), "Báo cáo", "Kết quả gửi, nhận văn bản điện tử",
           "kết quả gửi, nhận văn bản điện tử", got={"H29": REG, "H29.03": DIR}),
    Letter("nham", "H29.51", ("H29.03",), "Công văn", "V/v cấp chứng thư chữ ký số", "cấp chứng thư chữ ký số",
           got={"H29.03": REF}),
    Letter("via-he", "H29.51", ("H29",), "Báo cáo", "Trật tự lòng lề đường", "trật tự lòng lề đường", to=Step.SIGN),
    *(Letter(f"giam-sat-{code}", code, (to,), "Kế hoạch", "Tự kiểm tra công tác văn thư, lưu trữ",
             "tự kiểm tra công tác văn thư, lưu trữ", to=Step.REVIEW)
      for code, to in zip(OFFICES, ("G09", "G22", "G09", "G09", "H29", "H29.03"), strict=True)),
)  # fmt: skip
RECALL = Change("giao-ban", "Thay đổi lịch họp, thông báo không còn hiệu lực")
UPDATE = Change("to-cong-tac", "Điều chỉnh thành phần họp", add=("H29.53",), remove=("H29.51",))
ANSWER = Letter("tra-loi", "H29", ("G22",), "Báo cáo", "Kết quả kết nối, liên thông văn bản điện tử",
                "kết quả kết nối, liên thông văn bản điện tử")  # fmt: skip
SAMPLE = "Văn bản này là mẫu để trình diễn, không có giá trị pháp lý; mọi tên người trong văn bản là tên mẫu."


def body_of(letter: Letter) -> tuple[str, ...]:
    """What it says, in three sentences."""
    begins = (
        "Thực hiện quy định về gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước, cơ quan "
        f"ban hành văn bản về việc {letter.about}."
    )
    asks = "Đề nghị nơi nhận tiếp nhận, vào sổ, phân công xử lý và phản hồi trạng thái trên hệ thống. "
    return begins, asks + SAMPLE, "Trân trọng./."
