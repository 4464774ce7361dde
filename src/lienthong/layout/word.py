"""A draft as a DOCX to write in a word processor, laid out as Annex I has it, and the text of one that comes back.

Each part has a paragraph style of its own: by it a part is known again. The page that is signed is always set anew by
the typesetter; a DOCX carries words, never the layout.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from lienthong.errors import InvalidValue
from lienthong.layout.compose import document_data
from lienthong.layout.model import Draft
from lienthong.layout.tables import MOST_COLUMNS, MOST_ROWS, grouped, is_row, row_of
from lienthong.layout.words import clean, place_and_date

HEAD, SUBJECT, ADDRESS, BODY, PLACES, FOOT = (
    "ND30 Đầu trang", "ND30 Trích yếu", "ND30 Kính gửi", "ND30 Nội dung", "ND30 Nơi nhận", "ND30 Ký",
)  # fmt: skip
_FONT = "Times New Roman"
_LEFT, _CENTER, _JUSTIFY = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_STYLES = {
    HEAD: (13, _CENTER, False), SUBJECT: (14, _CENTER, True), ADDRESS: (14, _CENTER, False),
    BODY: (14, _JUSTIFY, False), PLACES: (11, _LEFT, False), FOOT: (14, _CENTER, True),
}  # fmt: skip
_OURS = frozenset({HEAD, SUBJECT, ADDRESS, PLACES, FOOT})
MOST_PARAGRAPHS = 5000


@dataclass(frozen=True, slots=True)
class Brought:
    """What a DOCX says: paragraphs of the body; the abstract and "Nơi nhận" if it says them apart.

    A table is its rows as lines of the body (`tables`); `left_out` counts those too large to be taken in.
    """

    body: tuple[str, ...]
    subject: str = ""
    to_places: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def tables(self) -> int:
        """How many tables the body has."""
        return len(grouped(self.body)) - self.paragraphs

    @property
    def paragraphs(self) -> int:
        """How many of its lines are no rows."""
        return sum(not is_row(line) for line in self.body)


def to_word(draft: Draft) -> bytes:
    """The draft as a DOCX of today's form. Raises InvalidValue for an empty body."""
    data = document_data(replace(draft, pending=False))
    if draft.pending:
        data["place-and-date"] = place_and_date(draft.place, None)
    word: Any = docx.Document()
    _page(word)
    _head(word, data)
    if not data["letter"]:
        _line(word, data["kind"], HEAD, bold=True)
        _line(word, data["subject"], SUBJECT)
    for name in data["recipients"]:
        _line(word, f"{data['address-words']} {name}" if len(data["recipients"]) == 1 else f"- {name}", ADDRESS)
    for part in grouped(draft.body):
        if isinstance(part, str):
            _line(word, part, BODY)
        else:
            _table(word, part)
    _foot(word, data)
    output = io.BytesIO()
    word.save(output)
    return output.getvalue()


def from_word(data: bytes) -> Brought:
    """The words of a DOCX, of one of ours by its styles, of another everything; tables stay tables.

    Raises InvalidValue for what is no DOCX, too long, or says nothing.
    """
    blocks = _blocks(data)
    tables = [block for block in blocks if _is_table(block) and not _is_ours(block)]
    large = [table for table in tables if _is_large(table)]
    paragraphs = [_styled(block) for block in blocks if not _is_table(block)]
    body = tuple(line for block in blocks if block not in large for line in _lines(block))
    if not body or len(body) > MOST_PARAGRAPHS:
        raise InvalidValue("tệp Word không có nội dung, hoặc quá dài / the Word file says nothing, or too much")
    inside = [line for block in blocks if _is_table(block) and block not in tables for line in _cells(block)]
    subjects = [text for style, text in [*paragraphs, *inside] if style == SUBJECT and text]
    places = [text.lstrip("-– ").rstrip(";.") for style, text in inside if style == PLACES and text]
    return Brought(body, " ".join(subjects).removeprefix("V/v ").strip(), tuple(places[1:]), len(large))


# ---------------------------------------------------------------- writing


def _page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    for name, (size, align, bold) in _STYLES.items():
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
        style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
        style.paragraph_format.alignment = align
        style.paragraph_format.space_after = Pt(0)
    body = word.styles[BODY].paragraph_format
    body.first_line_indent, body.space_after = Cm(1.27), Pt(6)


def _head(word: Any, data: dict[str, Any]) -> None:
    left, right = _columns(word, 42, 58)
    upper = [data["parent"]] if data["parent"] else []
    _cell(left, [*upper, data["organisation"], data["number"]], HEAD)
    if data["letter"]:
        _line(left, f"V/v {data['subject']}", SUBJECT, bold=False)
    nation = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", data["place-and-date"]]
    _cell(right, nation, HEAD)


def _foot(word: Any, data: dict[str, Any]) -> None:
    left, right = _columns(word, 46, 54)
    _cell(left, ["Nơi nhận:", *(f"- {place}" for place in data["to-places"])], PLACES)
    _cell(right, [*data["authority"], data["position"], "", "", "", data["signer"]], FOOT)


def _table(word: Any, rows: list[list[str]]) -> None:
    table = word.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for row, cells in zip(table.rows, rows, strict=True):
        for place, text in zip(row.cells, cells, strict=True):
            place.text = text


def _columns(word: Any, *widths: int) -> tuple[Any, Any]:
    table = word.add_table(rows=1, cols=2)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(165 * width / 100)
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _cell(cell: Any, lines: list[str], style: str) -> None:
    cell.paragraphs[0].text, cell.paragraphs[0].style = lines[0], style
    for line in lines[1:]:
        _line(cell, line, style)


def _line(place: Any, text: str, style: str, *, bold: bool | None = None) -> None:
    run = place.add_paragraph(style=style).add_run(text)
    if bold is not None:
        run.bold = bold


# ---------------------------------------------------------------- reading


def _blocks(data: bytes) -> list[Any]:
    try:
        return list(docx.Document(io.BytesIO(data)).iter_inner_content())
    except Exception as problem:
        raise InvalidValue("không đọc được tệp Word / the Word file cannot be read") from problem


def _lines(block: Any) -> list[str]:
    """What a paragraph or a table says in the body; of our own frame nothing."""
    if _is_table(block):
        return [] if _is_ours(block) else _rows(block)
    style, text = _styled(block)
    return [text] if text and style not in _OURS else []


def _rows(table: Any) -> list[str]:
    """A line for each row; what one cell says over several places stands in the first."""
    seen: set[Any] = set()
    rows = [[_once(cell, seen) for cell in row.cells] for row in table.rows]
    return [row_of(cells) for cells in rows if any(cells)]


def _once(cell: Any, seen: set[Any]) -> str:
    element = cell._tc  # noqa: SLF001 - merged places share it, and nothing else tells them
    if element in seen:
        return ""
    seen.add(element)
    return clean(" ".join(line.text for line in cell.paragraphs))


def _is_large(table: Any) -> bool:
    """Counted before a cell is read: a row of a large table costs as much as the whole."""
    return len(table.rows) > MOST_ROWS or len(table.columns) > MOST_COLUMNS


def _is_ours(table: Any) -> bool:
    """The frame that `to_word` draws its head and foot with."""
    return len(table.rows) == 1 and any(style in _OURS for style, _ in _cells(table))


def _is_table(block: Any) -> bool:
    return isinstance(block, Table)


def _cells(table: Table) -> list[tuple[str, str]]:
    return [_styled(line) for row in table.rows for cell in row.cells for line in cell.paragraphs]


def _styled(paragraph: Paragraph) -> tuple[str, str]:
    style = paragraph.style
    return str(style.name if style else ""), " ".join(paragraph.text.split())
