"""Number and notation of a document [số, ký hiệu] (Decree 30/2020, Annex I, item 3)."""

import re
from dataclasses import dataclass
from typing import Self

from lienthong.document.texts import nfc

_LABEL = re.compile(r"^số\s*:?\s*", re.IGNORECASE)
_LEADING_ZEROS = re.compile(r"^0+(?=\d)")
# Letters and dashes that only look like the right ones: Eth and African D for Đ, typographic dashes for the hyphen.
_LOOKALIKES = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "‐": "-", "‑": "-", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """`15` and `QĐ-BNV`. Both are text: numbers carry letters in practice, notations carry years (`30/2020/NĐ-CP`)."""

    number: str = ""
    notation: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", nfc(self.number))
        object.__setattr__(self, "notation", nfc(self.notation))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Split `15/QĐ-BNV` (or `Số: 15/QĐ-BNV`) at its first slash; without one, all of it is the number."""
        number, _, notation = _LABEL.sub("", nfc(text)).partition("/")
        return cls(number, notation)

    def __str__(self) -> str:
        return f"{self.number}/{self.notation}" if self.notation else self.number

    def __bool__(self) -> bool:
        return bool(self.number or self.notation)

    def normalised(self) -> str:
        """A form for comparing: upper case, no spaces, no leading zeros, look-alike letters and dashes made equal."""
        number, notation = (_plain(part) for part in (self.number, self.notation))
        return f"{_LEADING_ZEROS.sub('', number)}/{notation}"


def _plain(text: str) -> str:
    return "".join(text.upper().translate(_LOOKALIKES).split())
