"""What happens in the demo: documents up and down the levels, and what each recipient does with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lienthong.cli.demo.papers import Paper
from lienthong.document import Urgency

DONE = ("03", "04", "05", "06")
"""Registers, assigns, works, finishes."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a recipient reports on a document, in order. 02 comes with a reason."""

    codes: tuple[str, ...] = DONE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What the sender does later with a document, once every recipient has registered it."""

    kind: str  # recall, update, replace
    number: str
    reason: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    by: Paper | None = None

    @property
    def message_id(self) -> str:
        """The sender's own id of the change."""
        return f"mau-{self.kind}-{self.number}"


@dataclass(frozen=True, slots=True)
class Story:
    """The whole demo: papers, replies that differ from the usual, later changes."""

    papers: tuple[Paper, ...]
    replies: Mapping[tuple[str, str], Reply] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    unreachable: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()  # recipients where people work in the office and answer in their own time

    def reply(self, number: str, recipient: str) -> Reply:
        """What this recipient does with the document of that number."""
        return self.replies.get((number, recipient), Reply())


WARDS = ("H29.51", "H29.52", "H29.53")

NEW_FIGURES = Paper("115", "G09", ("H29", "G06"), "Số liệu biên chế (bản thay thế)", "Thông báo", annex_rows=20)

STORY = Story(
    papers=(
        Paper("101", "G22", ("G09", "G06", "H14", "H29"), "V/v đôn đốc kết nối, liên thông văn bản điện tử"),
        Paper("102", "H29", ("H29.03", "H29.07", *WARDS), "Triển khai văn bản điện tử ký số", "Kế hoạch"),
        Paper("103", "H29.52", ("H29", "H29.03"), "Kết quả gửi, nhận văn bản điện tử", "Báo cáo", annex_rows=60),
        Paper("104", "H29.03", ("G09",), "Về biên chế hành chính mẫu", "Tờ trình"),
        Paper("105", "H14.20", ("H14",), "Tình hình chuyển đổi số cấp xã", "Báo cáo"),
        Paper("106", "G09", ("H14.20", "H29.51", "H29.52"), "Công tác văn thư điện tử", "Hướng dẫn"),
        Paper("107", "G06", ("H29.07", "H14"), "V/v cung cấp số liệu hạ tầng số"),
        Paper("108", "G22", ("H29", "H14"), "Lịch họp giao ban (sẽ thu hồi)", "Thông báo"),
        Paper("109", "H29", ("H29.03", "H29.51"), "Họp tổ công tác (sẽ đổi nơi nhận)", "Giấy mời"),
        Paper("110", "G09", ("H29", "G06"), "Số liệu biên chế (sẽ thay thế)", "Thông báo"),
        Paper("111", "G22", ("H29.21",), "V/v rà soát hồ sơ của cấp huyện trước sắp xếp"),
        Paper("112", "H14", ("G22", "G09", "H29"), "Ứng phó mưa lũ (mẫu)", "Công điện", Urgency.FLASH),
        Paper("113", "G06", ("H27",), "V/v kiểm tra kết nối với tỉnh Hà Tĩnh", ttl=4.0),
        Paper("114", "H29.07", ("G06", "H29"), "Phê duyệt đề án dữ liệu mẫu", "Tờ trình", Urgency.URGENT),
    ),
    replies={
        ("107", "H29.07"): Reply(("02",), "Văn bản gửi nhầm nơi nhận: nội dung thuộc thẩm quyền của Sở Nội vụ"),
        ("101", "G06"): Reply(("03", "05", "06")),
        ("106", "H14.20"): Reply(("03", "04", "05")),
        ("102", "H29.53"): Reply(("03",)),
    },
    changes=(
        Change("recall", "108", "Thay đổi lịch họp, thông báo không còn hiệu lực"),
        Change("update", "109", "Điều chỉnh thành phần họp", add=("H29.53",), remove=("H29.51",)),
        Change(
            "replace",
            "110",
            "Thay số liệu tại Phụ lục",
            by=NEW_FIGURES,
        ),
    ),
    unreachable=frozenset({"H27"}),
)
