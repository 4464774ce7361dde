import hashlib
import unicodedata

import pytest

from lienthong.document import (
    KINDS,
    DocumentId,
    DocumentNumber,
    StatusCode,
    Urgency,
    by_abbreviation,
    by_name,
    folded,
    is_absent,
    nfc,
    package_id,
    secrecy_of,
)
from lienthong.errors import InvalidValue

# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "number", "notation"),
    [
        ("15/QĐ-BNV", "15", "QĐ-BNV"),
        ("Số: 05/BNV-VP", "05", "BNV-VP"),
        ("30/2020/NĐ-CP", "30", "2020/NĐ-CP"),
        ("20251016110432", "20251016110432", ""),
        ("05bis/TB", "05bis", "TB"),
    ],
)
def test_a_number_splits_at_the_first_slash(text: str, number: str, notation: str) -> None:
    assert DocumentNumber.parse(text) == DocumentNumber(number, notation)


def test_a_number_prints_as_it_was() -> None:
    assert str(DocumentNumber.parse("30/2020/NĐ-CP")) == "30/2020/NĐ-CP"
    assert str(DocumentNumber("7")) == "7"
    assert not DocumentNumber()


def test_numbers_compare_past_zeros_spaces_and_lookalikes() -> None:
    variants = ["05/QĐ-BNV", "5/qđ-bnv", "5 / QÐ - BNV", "5/QĐ–BNV", unicodedata.normalize("NFD", "5/QĐ-BNV")]
    assert {DocumentNumber.parse(text).normalised() for text in variants} == {"5/QĐ-BNV"}
    assert DocumentNumber.parse("50/QĐ").normalised() != DocumentNumber.parse("5/QĐ").normalised()


# ---------------------------------------------------------------- kinds


def test_the_table_of_kinds_is_whole() -> None:
    assert [kind.order for kind in KINDS] == list(range(1, 33))
    decree = KINDS[:29]
    assert {kind.archive_code for kind in decree} == {f"{code:02}" for code in range(1, 30)}
    assert [kind.name_vi for kind in decree if kind.abbreviation is None] == ["Công văn", "Thư công"]
    assert len({folded(kind.name_vi) for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("QUYẾT ĐỊNH", "Quyết định"),
        ("Quyết định (cá biệt)", "Quyết định"),
        ("cong  van", "Công văn"),
        ("Bản thoả thuận", "Bản thỏa thuận"),
        ("Giấy uỷ quyền", "Giấy ủy quyền"),
        ("Sao y", "Bản sao y"),
    ],
)
def test_a_kind_is_found_by_any_spelling_of_its_name(text: str, name: str) -> None:
    found = by_name(text)
    assert found
    assert found.name_vi == name


def test_abbreviations_keep_their_marks() -> None:
    project, proposal = by_abbreviation("DA"), by_abbreviation("đa")
    assert project
    assert proposal
    assert (project.name_vi, proposal.name_vi) == ("Dự án", "Đề án")
    assert by_abbreviation("XX") is None
    assert by_name("Bản đồ") is None


# ---------------------------------------------------------------- urgency and secrecy


def test_urgency_reads_numbers_and_words() -> None:
    assert [Urgency.read(str(number)) for number in range(6)] == [*Urgency, Urgency.NORMAL]
    assert Urgency.read("HỎA TỐC") is Urgency.FLASH
    assert Urgency.read("Hoả tốc hẹn giờ") is Urgency.FLASH_TIMED
    assert Urgency.read("6") is None
    assert Urgency.VERY_URGENT.vi == "Thượng khẩn"
    assert Urgency.FLASH.en == "flash"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Mật", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("tuyệt  mật.", "TUYỆT MẬT"),
        ("Độ mật: Tối mật", "TỐI MẬT"),
        ("Mức độ mật Mật", "MẬT"),
        ("Kế hoạch phòng thủ (Mật)", "MẬT"),
        ("TOI MAT", "TỐI MẬT"),
        ("Công văn - Mật", "MẬT"),
    ],
)
def test_a_classification_is_found_as_a_value(text: str, level: str) -> None:
    assert secrecy_of(text) == level
    assert secrecy_of(unicodedata.normalize("NFD", text)) == level


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thường",
        "Không mật",
        "bảo mật",
        "bí mật",
        "mật khẩu",
        "mật ong",
        "BẢO MẬT",
        "Độ mật",
        "mắt",
        "Về mật độ dân số",
    ],
)
def test_ordinary_words_are_no_classification(text: str) -> None:
    assert secrecy_of(text) is None


# ---------------------------------------------------------------- ids, statuses, texts


def test_document_ids_compare_after_composition() -> None:
    text = " 000.00.00.G22,2014/02/30,7816/VPCP-TTĐT "
    assert DocumentId(text) == DocumentId(unicodedata.normalize("NFD", text))
    assert str(DocumentId(text)) == text.strip()


@pytest.mark.parametrize("text", ["", " ", "a\nb", "x" * 501, "a\u202eb"])
def test_what_no_document_id_may_be(text: str) -> None:
    with pytest.raises(InvalidValue):
        DocumentId(text)


def test_package_ids_come_from_sender_and_message() -> None:
    assert package_id("H51.15", "m-1") == hashlib.sha256(b"H51.15\nm-1").hexdigest()[:32]


def test_statuses_read_one_or_two_digits_and_keep_reserved_ones_raw() -> None:
    assert StatusCode.read(" 3 ") is StatusCode.REGISTERED
    assert StatusCode.read("16") is StatusCode.RECALL_DECLINED
    assert StatusCode.read("7") == "07"
    assert f"{StatusCode.ARRIVED}" == "01"
    assert [code.rank for code in StatusCode] == [1, 2, 3, 4, 5, 6, 13, 15, 16]
    assert all(code.vi and code.en for code in StatusCode)


@pytest.mark.parametrize("text", ["", "00", "17", "-1", "ba", "003"])
def test_other_statuses_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        StatusCode.read(text)


def test_absent_texts() -> None:
    assert all(is_absent(text) for text in (None, "", " \n", "null", "NULL "))
    assert not is_absent("0")
    assert nfc(" é ") == "é"
