import pytest

from lienthong.envelope import clean_name
from lienthong.envelope.naming import MAX_NAME, extension, safe_name, safe_type
from lienthong.envelope.repairs import CODES, Repairs


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("Quyết định số 15.pdf", "Quyết định số 15.pdf"),
        ("15/QĐ-STD.pdf", "15-QĐ-STD.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\Users\\mau\\van-ban.pdf", "van-ban.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("hoa-don\u202efdp.exe", "hoa-donfdp.exe"),
        (".htaccess", "htaccess"),
        ("..", ""),
        ("con.pdf", "_con.pdf"),
        ('a<b>:"c|?*.pdf', "a-b---c---.pdf"),
        ("  a   b .pdf ", "a b .pdf"),
    ],
)
def test_names_become_safe(written: str, clean: str) -> None:
    assert clean_name(written) == clean


def test_long_names_keep_their_extension() -> None:
    name = clean_name("x" * 500 + ".pdf")
    assert len(name) == MAX_NAME
    assert name.endswith("x.pdf")


def test_cleaning_is_done_once_and_noted() -> None:
    repairs = Repairs()
    assert safe_name("a.pdf", 1, "application/pdf", repairs) == "a.pdf"
    assert repairs.all() == ()
    assert safe_name("", 2, "application/pdf", repairs) == "tep-2.pdf"
    assert safe_name("../b.pdf", 3, "application/pdf", repairs) == "b.pdf"
    assert safe_type("PDF", "b.pdf", repairs) == "application/pdf"
    assert safe_type("Application/PDF", "b.pdf", repairs) == "application/pdf"
    assert [(each.code, each.where) for each in repairs.all()] == [
        ("name-missing", "tep-2.pdf"),
        ("name-cleaned", "b.pdf"),
        ("media-type-made", "b.pdf"),
    ]


def test_extensions() -> None:
    assert [extension(name) for name in ("a.PDF", "a", ".pdf", "a.b.docx")] == ["pdf", "", "", "docx"]


def test_every_warning_has_two_sentences_and_is_told_once() -> None:
    repairs = Repairs()
    for code in sorted(CODES):
        repairs.note(code, "x")
        repairs.note(code, "x")
    found = repairs.all()
    assert len(found) == len(CODES)
    assert all(each.vi.endswith(".") and each.en.endswith(".") and each.vi != each.en for each in found)
