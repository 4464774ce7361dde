"""Retention in words and in the codes of Circular 05/2025/TT-BNV (Annex III: `maintenance`)."""

from __future__ import annotations

from apps.office.models import CaseFile
from apps.ui.language import t
from lienthong.errors import InvalidValue

CODES: dict[int | None, str] = {None: "01", 70: "02", 50: "03", 30: "04", 20: "05", 10: "06"}
OTHER = "07"
OFFERED = ("forever", "70", "50", "30", "20", "10", "5")
"""What the form offers first; any number of years may be typed."""
FOR_EVER = "forever"


def code_of(years: int | None) -> str:
    """The circular's code."""
    return CODES.get(years, OTHER)


def written(years: int | None) -> str:
    """As it stands in the lists of the law, whoever reads them."""
    return "Vĩnh viễn" if years is None else f"{years} năm"


def words_of(years: int | None) -> str:
    """In the reader's language."""
    return t("Vĩnh viễn") if years is None else t("{n} năm", n=years)


def read(text: str) -> int | None:
    """From the form: `forever`, or years. InvalidValue for anything else."""
    if text == FOR_EVER:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 3:
        raise InvalidValue("thời hạn bảo quản / retention")
    return int(text)


def due_words(case: CaseFile) -> str:
    """Its retention in words."""
    return words_of(case.years)
