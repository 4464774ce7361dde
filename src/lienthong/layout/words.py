"""How Decree 30 writes things: number line, place and date, body paragraphs, lists and their closing marks."""

import re
import unicodedata
from datetime import date
from typing import Any

from lienthong.document import nfc
from lienthong.errors import InvalidValue
from lienthong.layout.forms import PLAIN, form_of
from lienthong.layout.model import Draft
from lienthong.layout.tables import grouped, is_row, weights

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})  # formatting (also right-to-left overrides), surrogates, private, none
_ARTICLE = re.compile(r"^((?:Điều|Chương|Mục)\s+[0-9IVXLC]+[.:]?|[IVXLC]+\.|[0-9]+\.(?=\s+[A-ZĐ]{2}))\s+(.*)$")
_BASIS = re.compile(r"^(Căn cứ|Theo đề nghị|Xét đề nghị|Xét Tờ trình)\b")
_REGARDING = re.compile(r"^(?:V/v|Về việc)\s+", re.IGNORECASE)
_HEADING_LENGTH = 120


def clean(text: str) -> str:
    """NFC, one line, single spaces, nothing invisible: a mark that turns or hides letters has no place on paper."""
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """The same with its spaces as they are."""
    shown = "".join(sign for sign in nfc(text) if unicodedata.category(sign) not in _INVISIBLE)
    return _CONTROL.sub(" ", shown)


def is_official_letter(kind: str) -> bool:
    """Official letters carry no kind name and put "V/v …" under the number (Annex I, ô 5b)."""
    return not form_of(kind).titled


def subject_words(kind: str, subject: str) -> str:
    """The abstract as printed; clerks write "V/v …" for official letters, where the page says it already (ô 5b)."""
    written = clean(subject)
    return _REGARDING.sub("", written) if is_official_letter(kind) else written


def number_words(number: str, notation: str) -> str:
    """`Số: 05/QĐ-BNV`; numbers under ten get a zero (Annex I, §II.3); without a number a gap stays."""
    given = clean(number)
    if not given:
        return f"Số:{chr(0xA0) * 8}/{clean(notation)}"
    return f"Số: {given.zfill(2) if given.isdecimal() else given}/{clean(notation)}"


def place_and_date(place: str, day: date | None) -> str:
    """`Hà Nội, ngày 05 tháng 02 năm 2026`: a zero before days under 10 and months 1 and 2 only (§II.4).

    Without a day gaps stay.
    """
    if day is None:
        gap = chr(0xA0) * 6
        return f"{clean(place)}, ngày{gap}tháng{gap}năm{gap}"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{clean(place)}, ngày {day.day:02d} tháng {month} năm {day.year}"


def address_words(draft: Draft) -> str:
    """What stands before the recipients: a telegram says who wires, an invitation who invites."""
    return (form_of(draft.kind).address or PLAIN.address).format(organisation=clean(draft.organisation))


def body(paragraphs: tuple[str, ...]) -> list[dict[str, Any]]:
    """The paragraphs with their style, and tables; the last one ends in `./.`, which follows a table alone (§II.6).

    Raises InvalidValue when there is no text at all.
    """
    texts = [text for text in map(clean, paragraphs) if text]
    if not texts:
        raise InvalidValue("the body has no text")
    texts[-1:] = [texts[-1], "./."] if is_row(texts[-1]) else [closed(texts[-1])]
    return [_styled(part) if isinstance(part, str) else _table(part) for part in grouped(texts)]


def closed(text: str) -> str:
    """The text with the mark that nothing follows."""
    return text if text.endswith("./.") else text.rstrip(".;, ") + "./."


def listed(places: tuple[str, ...]) -> list[str]:
    """`Nơi nhận` lines: a semicolon after each, a full stop after the last (§II.9)."""
    names = [name.rstrip(".;, ") for name in map(clean, places) if name]
    return [f"{name}{';' if at < len(names) - 1 else '.'}" for at, name in enumerate(names)]


def _table(rows: list[list[str]]) -> dict[str, Any]:
    return {"style": "table", "rows": rows, "columns": weights(rows)}


def _styled(text: str) -> dict[str, str]:
    if text.isupper() and len(text) <= _HEADING_LENGTH:
        return {"style": "heading", "lead": "", "text": text}
    if _BASIS.match(text):
        return {"style": "basis", "lead": "", "text": text}
    article = _ARTICLE.match(text)
    lead, rest = article.groups() if article else ("", text)
    return {"style": "plain", "lead": lead, "text": rest}
