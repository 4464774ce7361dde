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
from lienthong.layout.words import place_and_date

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

    `left_out` counts tables, whose cells are no text of the body.
    """

    body: tuple[str, ...]
    subject: str = ""
    to_places: tuple[str, ...] = ()
    left_out: int = 0


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
    for text in draft.body:
        _line(word, text, BODY)
    _foot(word, data)
    output = io.BytesIO()
    word.save(output)
    return output.getvalue()


def from_word(data: bytes) -> Brought:
    """The words of a DOCX, of one of ours by its styles, of another everything outside tables.

    Raises InvalidValue for what is no DOCX, too long, or says nothing.
    """
    blocks = _blocks(data)
    paragraphs = [_styled(block) for block in blocks if not _is_table(block)]
    body = tuple(text for style, text in paragraphs if style not in _OURS and text)
    if not body or len(body) > MOST_PARAGRAPHS:
        raise InvalidValue("tệp Word không có nội dung, hoặc quá dài / the Word file says nothing, or too much")
    inside = [line for block in blocks if _is_table(block) for line in _cells(block)]
    tables = sum(1 for block in blocks if _is_table(block) and not {style for style, _ in _cells(block)} & _OURS)
    subjects = [text for style, text in [*paragraphs, *inside] if style == SUBJECT and text]
    places = [text.lstrip("-– ").rstrip(";.") for style, text in inside if style == PLACES and text]
    return Brought(body, " ".join(subjects).removeprefix("V/v ").strip(), tuple(places[1:]), tables)


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


def _is_table(block: Any) -> bool:
    return isinstance(block, Table)


def _cells(table: Table) -> list[tuple[str, str]]:
    return [_styled(line) for row in table.rows for cell in row.cells for line in cell.paragraphs]


def _styled(paragraph: Paragraph) -> tuple[str, str]:
    style = paragraph.style
    return str(style.name if style else ""), " ".join(paragraph.text.split())
