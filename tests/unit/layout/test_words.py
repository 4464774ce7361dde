from dataclasses import replace
from datetime import date

import pytest

from lienthong.errors import InvalidValue
from lienthong.layout.words import address_words, body, clean, listed, number_words, place_and_date, subject_words
from unit.layout.drafts import DECISION


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "Hà Nội, ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 5), "Hà Nội, ngày 05 tháng 3 năm 2026"),
        (date(2026, 11, 22), "Hà Nội, ngày 22 tháng 11 năm 2026"),
    ],
)
def test_place_and_date_have_the_decrees_zeros(day: date, words: str):
    assert place_and_date("Hà Nội", day) == words


@pytest.mark.parametrize(
    ("number", "line"),
    [("5", "Số: 05/QĐ-SKHCN"), ("127", "Số: 127/QĐ-SKHCN"), ("05a", "Số: 05a/QĐ-SKHCN")],
)
def test_number_words(number: str, line: str):
    assert number_words(number, "QĐ-SKHCN") == line


def test_number_words_leave_a_gap_without_a_number():
    line = number_words("", "QĐ-SKHCN")
    assert line.startswith("Số:\N{NO-BREAK SPACE}")
    assert line.endswith("/QĐ-SKHCN")


def test_body_styles_and_closing_mark():
    styled = body(("QUYẾT ĐỊNH:", "Căn cứ Luật Mẫu;", "Điều 1. Ban hành.", "2.500 hồ sơ đã xử lý.", "Thi hành."))
    assert [item["style"] for item in styled] == ["heading", "basis", "plain", "plain", "plain"]
    assert styled[2]["lead"] == "Điều 1."
    assert styled[3] == {"style": "plain", "lead": "", "text": "2.500 hồ sơ đã xử lý."}
    assert styled[4]["text"] == "Thi hành./."


def test_an_empty_body_is_refused():
    with pytest.raises(InvalidValue):
        body(("", " \n "))


def test_places_are_listed_with_semicolons():
    assert listed(("Như trên", "", "Lưu: VT.")) == ["Như trên;", "Lưu: VT."]


def test_clean_composes_and_drops_controls():
    assert clean("Ca\u0302\u0300n\x00 thơ\n") == "Cần thơ"
    assert clean("a\u202eb\ud800c\u200bd") == "abcd"


def test_a_telegram_names_who_wires():
    assert address_words(replace(DECISION, kind="Công điện")) == "Sở Khoa học và Công nghệ điện:"
    assert address_words(DECISION) == "Kính gửi:"


def test_an_abstract_says_regarding_once():
    """The page of an official letter prints "V/v" itself."""
    assert subject_words("Công văn", "V/v kết nối liên thông") == "kết nối liên thông"
    assert subject_words("Công văn", "kết nối liên thông") == "kết nối liên thông"
    assert subject_words("Thông báo", "V/v kết nối") == "V/v kết nối"
