"""A draft goes to a word processor and its text comes back, for every kind of the Decree."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import docx
import pypdfium2 as pdfium
import pytest

from lienthong.document import KINDS
from lienthong.errors import InvalidValue
from lienthong.layout import compose, from_word, to_word
from lienthong.layout.tables import MOST_COLUMNS, MOST_ROWS
from lienthong.layout.words import body
from unit.layout.drafts import DECISION


@pytest.mark.parametrize("kind", [kind.name_vi for kind in KINDS])
def test_the_text_of_every_kind_comes_back(kind: str) -> None:
    draft = replace(DECISION, kind=kind, number="", pending=True)
    brought = from_word(to_word(draft))
    assert brought.body == draft.body
    assert draft.subject.endswith(brought.subject)
    assert brought.to_places == tuple(place.rstrip(";.") for place in draft.to_places)
    assert brought.left_out == 0


def test_what_is_written_between_is_body_whatever_its_style() -> None:
    word = docx.Document(io.BytesIO(to_word(DECISION)))
    body = [each for each in word.paragraphs if each.style and each.style.name == "ND30 Nội dung"]
    body[0].insert_paragraph_before("Dán từ nơi khác.", style="Normal")
    output = io.BytesIO()
    word.save(output)
    assert from_word(output.getvalue()).body[0] == "Dán từ nơi khác."


TABLE = ("| Tên việc | Số | Ghi chú |", "| Rà soát | 1\\|2 |  |", "| Tổng |  | 3 |")


def test_a_table_goes_out_and_comes_back_at_its_place() -> None:
    draft = replace(DECISION, body=("Kèm theo bảng sau:", *TABLE, "Thi hành."))
    assert from_word(to_word(draft)).body == draft.body
    pages = pdfium.PdfDocument(compose(draft).pdf)
    text = " ".join(pages[0].get_textpage().get_text_bounded().split())
    assert "bảng sau: Tên việc Số Ghi chú Rà soát 1|2 Tổng 3 Thi hành./." in text


def test_merged_cells_say_their_words_once() -> None:
    word = docx.Document()
    word.add_paragraph("Bảng:")
    table = word.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Hai cột"
    table.cell(0, 2).merge(table.cell(1, 2)).text = "Hai dòng"
    table.cell(1, 0).text = "Một"
    assert from_word(saved(word)).body == ("Bảng:", "| Hai cột |  | Hai dòng |", "| Một |  |  |")


def test_a_table_too_large_is_told_and_not_read() -> None:
    word = docx.Document()
    word.add_paragraph("Bảng:")
    word.add_table(rows=1, cols=MOST_COLUMNS + 1)
    for _ in range(MOST_ROWS):
        word.add_table(rows=1, cols=1) if not word.tables[1:] else word.tables[1].add_row()
    word.tables[1].add_row()
    brought = from_word(saved(word))
    assert (brought.body, brought.left_out) == (("Bảng:",), 2)


def test_a_body_that_ends_in_a_table_is_closed_below_it() -> None:
    draft = replace(DECISION, body=TABLE)
    assert body(draft.body)[-1] == {"style": "plain", "lead": "", "text": "./."}
    assert compose(draft).pages == 1
    assert compose(replace(DECISION, body=("| một cột lẻ", "|||||", "|" * 99))).pages == 1


def saved(word: Any) -> bytes:
    output = io.BytesIO()
    word.save(output)
    return output.getvalue()


def test_a_file_of_anybody_is_read_too() -> None:
    word = docx.Document()
    word.add_paragraph("Kính gửi: Cơ quan Ví Dụ")
    word.add_paragraph("  Nội dung   mẫu. ")
    output = io.BytesIO()
    word.save(output)
    assert from_word(output.getvalue()).body == ("Kính gửi: Cơ quan Ví Dụ", "Nội dung mẫu.")


def test_no_entity_is_followed_and_nonsense_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(to_word(DECISION))) as packed, zipfile.ZipFile(held, "w") as forged:
        for part in packed.infolist():
            data = packed.read(part)
            if part.filename == "word/document.xml":
                doctype = b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n<w:document '
                data = data.replace(b"<w:document ", doctype, 1).replace(DECISION.body[0].encode(), b"A&x;B", 1)
            forged.writestr(part.filename, data)
    assert from_word(held.getvalue()).body[0] in {"A", "AB"}
    empty = io.BytesIO()
    docx.Document().save(empty)
    for data in (b"", b"PK\x03\x04", empty.getvalue()):
        with pytest.raises(InvalidValue):
            from_word(data)
