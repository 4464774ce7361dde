"""Transport states of the national axis, seen in our legs; and the ids that name a leg there.

    received   delivered ─► initial   locked by the system ─► processing   handed over ─► done   set aside ─► fail
    sent       sending: until the axis has it ─► processing, then done; receiving: initial, then done; or fail

They are not the business statuses 01…16, which travel as packages of their own.
"""

import hashlib
import re
from enum import StrEnum

from lienthong.delivery import FAILED, JourneyState, Leg

_DOC_ID = re.compile(r"[0-9a-f]{36}", re.ASCII)


class Transport(StrEnum):
    """As `updateStatus` says and lists tell it."""

    INITIAL = "initial"
    PROCESSING = "processing"
    DONE = "done"
    FAIL = "fail"

    @property
    def words(self) -> str:
        """For people, in `status_desc`."""
        return _WORDS[self]


_WORDS = {
    Transport.INITIAL: "Chờ nhận / waiting",
    Transport.PROCESSING: "Đang xử lý / under way",
    Transport.DONE: "Đã nhận / received",
    Transport.FAIL: "Không thành công / failed",
}


def doc_id(package: str, addressee: str) -> str:
    """A received item's id, the same at sender and receiver: 36 hex digits, as long as a UUID.

    The last four are of the addressee. Should two addressees of one package share them, they share the item too.
    """
    return package + hashlib.sha256(addressee.encode()).hexdigest()[:4]


def package_of(text: str) -> str | None:
    """The package an item's id speaks of; None for what is no such id."""
    return text[:32] if _DOC_ID.fullmatch(text) else None


def sending(leg: Leg) -> Transport:
    """How far a sent document is from us to the axis."""
    if leg.state in FAILED:
        return Transport.FAIL
    return Transport.PROCESSING if leg.state is JourneyState.RECORDED else Transport.DONE


def receiving(leg: Leg) -> Transport:
    """How far it is at its receiver, as its sender knows."""
    if leg.state in FAILED:
        return Transport.FAIL
    return Transport.DONE if leg.state is JourneyState.HANDED_OVER else Transport.INITIAL
