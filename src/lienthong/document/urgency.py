"""How fast [độ khẩn] and how secret [độ mật] (Decree 30/2020, Annex I; vn-rules §1.9, §5.5)."""

import re
from enum import IntEnum

from lienthong.document.texts import folded, nfc


class Urgency(IntEnum):
    """Levels as the national axis numbers them (Priority 0…4); the decree stamps 1 to 3."""

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2
    FLASH = 3
    FLASH_TIMED = 4

    @property
    def vi(self) -> str:
        """The level in Vietnamese."""
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        """The level in English."""
        return _WORDS[self][1]

    @classmethod
    def read(cls, text: str) -> "Urgency | None":
        """The level a number or a Vietnamese word means; None for anything else.

        5 is one vendor's normal level (vn-rules §1.9, list b); its 1 to 4 mean the same as here.
        """
        return _BY_TEXT.get(folded(text))


_WORDS = {
    Urgency.NORMAL: ("Thường", "normal"),
    Urgency.URGENT: ("Khẩn", "urgent"),
    Urgency.VERY_URGENT: ("Thượng khẩn", "very urgent"),
    Urgency.FLASH: ("Hỏa tốc", "flash"),
    Urgency.FLASH_TIMED: ("Hỏa tốc hẹn giờ", "flash with appointed time"),
}

_BY_TEXT = {
    **{str(int(level)): level for level in Urgency},
    **{f"0{int(level)}": level for level in Urgency},
    **{folded(words[0]): level for level, words in _WORDS.items()},
    "5": Urgency.NORMAL,
    "binh thuong": Urgency.NORMAL,
}

_SECRET = {
    "mật": "MẬT",
    "mat": "MẬT",
    "tối mật": "TỐI MẬT",
    "toi mat": "TỐI MẬT",
    "tuyệt mật": "TUYỆT MẬT",
    "tuyet mat": "TUYỆT MẬT",
}
_SEGMENTS = re.compile(r"[()\[\]{}<>:;|\n\r\"“”*]|\s[-–—]\s")
_LABEL = re.compile(r"^(?:mức\s+)?độ\s+mật\s+")


def may_be_secret(text: str) -> bool:
    """Whether a classification can be in the text at all: one quick look at all values before each is taken apart."""
    plain = nfc(text).casefold()
    return "mật" in plain or "mat" in plain


def secrecy_of(text: str) -> str | None:
    """The classification a text carries as a value: `Tối mật`, `Độ mật: MẬT`, `Kế hoạch năm (Mật)`; else None.

    Only a whole value, or a whole piece between brackets, colons or dashes, counts: "bảo mật", "mật khẩu" and
    "mật ong" are ordinary words.
    """
    if not may_be_secret(text):
        return None
    plain = nfc(text).casefold()
    pieces = (_LABEL.sub("", piece.strip()) for piece in _SEGMENTS.split(plain))
    found = (_SECRET.get(" ".join(piece.strip(" .,-–—").split())) for piece in pieces)
    return next(filter(None, found), None)
