"""A draft goes to a word processor and its text comes back, for every kind of the Decree."""

import io
import zipfile
from dataclasses import replace

import docx
import pytest

from lienthong.document import KINDS
from lienthong.errors import InvalidValue
from lienthong.layout import from_word, to_word
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
    word.add_table(rows=1, cols=2).cell(0, 0).text = "Một bảng"
    output = io.BytesIO()
    word.save(output)
    brought = from_word(output.getvalue())
    assert brought.body[0] == "Dán từ nơi khác."
    assert brought.left_out == 1


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
