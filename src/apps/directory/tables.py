"""Tables as people keep them, Excel and CSV: cells in, the directory out. What cells mean is `registry.intake`'s.

A table comes from outside: its size is bounded before it is unpacked, and formulas are read as their last value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook

from apps.ui.language import t
from lienthong.errors import InvalidValue

MOST_ROWS = 200_000
MOST_BYTES = 64 * 2**20
MOST_UNPACKED = 1024 * 2**20
_WIDEST = 40
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def read(name: str, content: bytes) -> Iterator[Sequence[Any]]:
    """The rows of an .xlsx (its first sheet) or of a text table. InvalidValue for what is neither, or too much."""
    bounded(content)
    rows = _excel(content) if content[:4] == b"PK\x03\x04" else _text(name, content)
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise InvalidValue(t("Bảng có quá {most} dòng; chia thành nhiều tệp.", most=MOST_ROWS))
        yield row


def bounded(content: bytes) -> None:
    """InvalidValue for a file that is too large."""
    if len(content) > MOST_BYTES:
        raise InvalidValue(t("Tệp lớn hơn {most} MB.", most=MOST_BYTES >> 20))


def _excel(content: bytes) -> Iterator[Sequence[Any]]:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except BadZipFile as error:
        raise InvalidValue(t("Không đọc được tệp Excel này.")) from error
    if unpacked > MOST_UNPACKED:
        raise InvalidValue(t("Tệp Excel giải nén ra quá lớn."))
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        yield from (row[:_WIDEST] for row in sheet.iter_rows(values_only=True))
    except Exception as error:  # the library raises whatever its parsers raise
        raise InvalidValue(t("Không đọc được tệp Excel này.")) from error


def _text(name: str, content: bytes) -> Iterator[Sequence[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = content.count(b"\n", 0, error.start) + 1
        told = t("{name}: dòng {row} không phải UTF-8. Trong Excel hãy lưu dạng CSV UTF-8.", name=name, row=place)
        raise InvalidValue(told) from error
    head = text[: text.find("\n") if "\n" in text else len(text)]
    mark = max(",;\t", key=head.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            yield row[:_WIDEST]
    except csv.Error as error:
        raise InvalidValue(f"{name}: {error}") from error


def as_csv(table: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A table in pieces of UTF-8 that Excel opens rightly."""
    yield b"\xef\xbb\xbf"
    rows = iter(table)
    while some := list(islice(rows, 1000)):
        kept = io.StringIO()
        csv.writer(kept).writerows([_harmless(cell) for cell in row] for row in some)
        yield kept.getvalue().encode()


def as_excel(table: Iterable[Sequence[str]], name: str = "Danh bạ", heading: int = 1) -> bytes:
    """A table as .xlsx, its heading (the row of that number) kept in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = f"B{heading + 1}"
    for row in table:
        sheet.append([_harmless(cell) for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _harmless(cell: str) -> str:
    """A text that a spreadsheet would run as a formula gets a quote before it."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
