"""Inboxes: a box is its label, its question and its count in one value, so the three can't drift apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lienthong.client import Entry, Recipient

UNDELIVERED = frozenset({"recorded", "accepted"})
THERE = frozenset({"arrived", "delivered", "handed-over"})
FAILED = frozenset({"refused", "expired", "cancelled"})
IN_HAND = frozenset({"03", "04", "05"})
WITHDRAWN = frozenset({"frozen", "recalled", "replaced"})
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
    holds: Callable[[Entry], bool]
    counted: bool = True


def brings(entry: Entry) -> bool:
    """Whether a document came with it: an update brings one to an added recipient, whose progress it then carries."""
    return entry.business not in CARRIERS or (entry.business == 2 and any(r.status for r in entry.recipients))


def _mine(entry: Entry, test: Callable[[Recipient], bool]) -> bool:
    return brings(entry) and any(test(recipient) for recipient in entry.recipients)


def _waiting(entry: Entry) -> bool:
    return _mine(entry, lambda r: r.state in THERE and r.status in {"", "01"} and r.standing == "in-force")


def _in_hand(entry: Entry) -> bool:
    return _mine(entry, lambda r: r.status in IN_HAND and r.standing == "in-force")


def _asked(entry: Entry) -> bool:
    return _mine(entry, lambda r: bool(r.asked))


def _closed(entry: Entry) -> bool:
    return _mine(entry, lambda r: r.status in {"02", "06"} or r.standing in {"recalled", "replaced"})


def _underway(entry: Entry) -> bool:
    return any(r.state in UNDELIVERED for r in entry.recipients)


def _arrived(entry: Entry) -> bool:
    return entry.business not in CARRIERS and not _underway(entry) and any(r.state in THERE for r in entry.recipients)


def _needs_eyes(entry: Entry) -> bool:
    return any(r.state in FAILED or r.status == "02" for r in entry.recipients)


def _withdrawn(entry: Entry) -> bool:
    return entry.business in CARRIERS or any(r.standing in WITHDRAWN for r in entry.recipients)


INCOMING = (
    Box(
        "cho-tiep-nhan", "in", "Chờ tiếp nhận", "inbox",
        "Không có văn bản nào chờ tiếp nhận",
        "Văn bản gửi đến cơ quan sẽ tự hiện ở đây, không cần tải lại phần mềm nào khác.",
        _waiting,
    ),
    Box(
        "dang-xu-ly", "in", "Đang xử lý", "work",
        "Không có văn bản nào đang xử lý",
        "Văn bản đã vào sổ mà chưa hoàn thành sẽ nằm ở đây.",
        _in_hand,
    ),
    Box(
        "cho-tra-loi", "in", "Chờ trả lời thu hồi", "answer",
        "Không có yêu cầu thu hồi hay cập nhật nào chờ trả lời",
        "Khi nơi gửi muốn thu hồi, cập nhật hay thay thế văn bản, yêu cầu sẽ nằm ở đây.",
        _asked,
    ),
    Box(
        "da-xong", "in", "Đã xong", "done",
        "Chưa có văn bản nào xong",
        "Văn bản đã hoàn thành, đã từ chối hay đã bị thu hồi sẽ nằm ở đây.",
        _closed, counted=False,
    ),
    Box(
        "tat-ca", "in", "Tất cả văn bản đến", "all",
        "Chưa có văn bản đến",
        "Văn bản gửi đến cơ quan qua trục liên thông sẽ nằm ở đây.",
        lambda _: True, counted=False,
    ),
)  # fmt: skip
OUTGOING = (
    Box(
        "dang-gui", "out", "Đang gửi", "sending",
        "Không có văn bản nào đang trên đường",
        "Văn bản vừa gửi nằm ở đây cho tới khi mọi nơi nhận đều đã có.",
        _underway,
    ),
    Box(
        "da-den", "out", "Đã đến nơi", "arrived",
        "Chưa có văn bản nào đến đủ các nơi",
        "Văn bản đã đến mọi nơi nhận sẽ nằm ở đây.",
        _arrived, counted=False,
    ),
    Box(
        "can-xem", "out", "Cần xem lại", "alert",
        "Không có văn bản nào cần xem lại",
        "Văn bản bị từ chối, quá thời hạn gửi hay không giao được sẽ nằm ở đây.",
        _needs_eyes,
    ),
    Box(
        "thu-hoi", "out", "Thu hồi, thay thế", "recall",
        "Chưa thu hồi hay thay thế văn bản nào",
        "Văn bản cơ quan đã xin thu hồi, cập nhật hay thay thế sẽ nằm ở đây.",
        _withdrawn, counted=False,
    ),
    Box(
        "tat-ca", "out", "Tất cả văn bản đi", "all",
        "Chưa gửi văn bản nào",
        "Bấm “Gửi văn bản” để gửi văn bản đầu tiên.",
        lambda _: True, counted=False,
    ),
)  # fmt: skip
LANES = {"den": INCOMING, "di": OUTGOING}


def box_of(lane: str, key: str) -> Box | None:
    """The box at an address."""
    return next((box for box in LANES.get(lane, ()) if box.key == key), None)
