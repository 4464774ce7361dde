"""Tables people keep in Excel: cells in, a form to fill in out. A file is a stranger's: its size is bounded first."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from lienthong.errors import InvalidValue

LARGEST, UNPACKED = 8 << 20, 128 << 20
_WIDEST = 40
_WIDTH = 28


def read_cells(data: bytes, most: int) -> list[list[str]]:
    """The first sheet as text, at most `most` rows; formulas are read as their last value. InvalidValue."""
    if len(data) > LARGEST:
        raise InvalidValue(f"Excel > {LARGEST >> 20} MB")
    if _unpacked(data) > UNPACKED:
        raise InvalidValue(f"Excel > {UNPACKED >> 20} MB (giải nén / unpacked)")
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        found = [[_text(cell) for cell in row[:_WIDEST]] for row in islice(book.worksheets[0].values, most + 1)]
    except Exception as error:  # the library raises whatever its parsers raise
        raise InvalidValue(f"không đọc được tệp Excel / not an Excel file: {type(error).__name__}") from error
    if len(found) > most:
        raise InvalidValue(f"> {most} dòng / rows")
    return found


def form_to_fill(title: str, columns: Sequence[str]) -> bytes:
    """An empty table with these headings, all cells text so that numbers keep their zeroes."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title[:31]
    sheet.append(list(columns))
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
    for letter in (cell.column_letter for cell in sheet[1]):
        sheet.column_dimensions[letter].width = _WIDTH
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _unpacked(data: bytes) -> int:
    try:
        with ZipFile(BytesIO(data)) as archive:
            return sum(each.file_size for each in archive.infolist())
    except BadZipFile as error:
        raise InvalidValue("không phải tệp Excel / not an Excel file") from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
