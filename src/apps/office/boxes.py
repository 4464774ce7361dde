"""Boxes of what was sent: a box is its label and the gateway's name for what it holds, so that list and count agree.

What came in is in the office's own register (`incoming.inboxes`).
"""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.client import Entry

UNDELIVERED = frozenset({"recorded", "accepted"})
THERE = frozenset({"arrived", "delivered", "handed-over"})
FAILED = frozenset({"refused", "expired", "cancelled"})
CARRIERS = frozenset({1, 2})  # a recall or an update speaks of another document


@dataclass(frozen=True, slots=True)
class Box:
    """One inbox."""

    key: str
    lane: str
    label: str
    icon: str
    empty: str
    hint: str
    holds: str  # the gateway's name of the box; empty: everything in the lane
    counted: bool = True


def brings(entry: Entry) -> bool:
    """Whether a document came with it: an update brings one to an added recipient, whose progress it then carries."""
    return entry.business not in CARRIERS or (entry.business == 2 and any(r.status for r in entry.recipients))


OUTGOING = (
    Box(
        "dang-gui", "out", "Đang gửi", "sending",
        "Không có văn bản nào đang trên đường",
        "Văn bản vừa gửi nằm ở đây cho tới khi mọi nơi nhận đều đã có.",
        "under-way",
    ),
    Box(
        "da-den", "out", "Đã đến nơi", "arrived",
        "Chưa có văn bản nào đến đủ các nơi",
        "Văn bản đã đến mọi nơi nhận sẽ nằm ở đây.",
        "arrived", counted=False,
    ),
    Box(
        "can-xem", "out", "Cần xem lại", "alert",
        "Không có văn bản nào cần xem lại",
        "Văn bản bị từ chối, quá thời hạn gửi hay không giao được sẽ nằm ở đây.",
        "attention",
    ),
    Box(
        "thu-hoi", "out", "Thu hồi, thay thế", "recall",
        "Chưa thu hồi hay thay thế văn bản nào",
        "Văn bản cơ quan đã xin thu hồi, cập nhật hay thay thế sẽ nằm ở đây.",
        "withdrawn", counted=False,
    ),
    Box(
        "tat-ca", "out", "Tất cả văn bản đi", "all",
        "Chưa gửi văn bản nào",
        "Bấm “Gửi văn bản” để gửi văn bản đầu tiên.",
        "", counted=False,
    ),
)  # fmt: skip
LANES = {"di": OUTGOING}


def box_of(lane: str, key: str) -> Box | None:
    """The box at an address."""
    return next((box for box in LANES.get(lane, ()) if box.key == key), None)
