"""Business statuses of a sent document [trạng thái xử lý văn bản] (vn-rules §1.7).

Not the transport state: that is `lienthong.delivery.journey`. 07 to 12 and 14 are in no source; they are reserved,
accepted and shown raw.
"""

from enum import StrEnum

from lienthong.errors import InvalidValue


class StatusCode(StrEnum):
    """What the receiving agency did (13: what the issuer announces)."""

    ARRIVED = "01"
    REFUSED = "02"
    REGISTERED = "03"
    ASSIGNED = "04"
    PROCESSING = "05"
    FINISHED = "06"
    RECALL_ANNOUNCED = "13"
    RECALL_AGREED = "15"
    RECALL_DECLINED = "16"

    @property
    def vi(self) -> str:
        """The status in Vietnamese."""
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        """The status in English."""
        return _WORDS[self][1]

    @property
    def rank(self) -> int:
        """How far along: statuses arrive out of order, the highest rank of the same line stands."""
        return int(self.value)

    @classmethod
    def read(cls, text: str) -> "StatusCode | str":
        """The status of `03` or `3`; a reserved code (07…12, 14) as its two digits. Raises `InvalidValue` otherwise."""
        code = text.strip().zfill(2)
        if code in RESERVED:
            return code
        try:
            return cls(code)
        except ValueError:
            raise InvalidValue(f"mã trạng thái / status code: {text.strip()[:20]!r}") from None


RESERVED = frozenset({"07", "08", "09", "10", "11", "12", "14"})

_WORDS = {
    StatusCode.ARRIVED: ("Đã đến", "arrived"),
    StatusCode.REFUSED: ("Từ chối tiếp nhận", "refused"),
    StatusCode.REGISTERED: ("Đã tiếp nhận", "registered"),
    StatusCode.ASSIGNED: ("Đã phân công", "assigned"),
    StatusCode.PROCESSING: ("Đang xử lý", "in process"),
    StatusCode.FINISHED: ("Hoàn thành", "finished"),
    StatusCode.RECALL_ANNOUNCED: ("Lấy lại văn bản", "recall announced"),
    StatusCode.RECALL_AGREED: ("Đồng ý thu hồi, cập nhật", "recall or update agreed"),
    StatusCode.RECALL_DECLINED: ("Từ chối thu hồi, cập nhật", "recall or update declined"),
}
