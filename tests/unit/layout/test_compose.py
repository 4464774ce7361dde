from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pytest

from lienthong.document import Urgency
from lienthong.errors import InvalidValue
from lienthong.layout import SAMPLE_MARK, annex_words, compose, compose_annex, compose_corner
from unit.layout.drafts import DECISION, LETTER

MOMENT = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)
A_THIRD = 1 / 3


def texts(pdf: bytes) -> list[str]:
    document = pdfium.PdfDocument(pdf)
    found = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return found


def test_a_decision_reads_as_it_should():
    (page,) = texts(compose(DECISION).pdf)
    for words in (
        "ỦY BAN NHÂN DÂN TỈNH MẪU",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 05/QĐ-SKHCN",
        "ngày 05 tháng 02 năm 2026",
        "HỎA TỐC",
        "QUYẾT ĐỊNH Về việc ban hành Quy chế",
        "kể từ ngày ký./.",
        "KT. GIÁM ĐỐC",
        "Nguyễn Văn Mẫu",
        "- Lưu: VT, VP.",
    ):
        assert words in page
    assert "V/v" not in page


def test_an_official_letter_has_no_kind_title():
    first = texts(compose(LETTER).pdf)[0]
    assert "V/v báo cáo tình hình" in first
    assert "Kính gửi: - Các đơn vị thuộc Bộ Mẫu; - Văn phòng Bộ." in first
    assert "CÔNG VĂN" not in first


def test_the_sample_mark_is_on_every_page_or_on_none():
    composed = compose(LETTER)
    assert composed.pages == len(texts(composed.pdf)) > 1
    assert all(SAMPLE_MARK in page for page in texts(composed.pdf))
    assert not any("MẪU –" in page for page in texts(compose(replace(LETTER, sample=False)).pdf))


def test_page_numbers_begin_on_page_two():
    numbers = {}
    for at, page in enumerate(pdfium.PdfDocument(compose(LETTER).pdf)):
        width, height = page.get_size()
        numbers[at] = page.get_textpage().get_text_bounded(width * 0.45, height - 50, width * 0.6, height).strip()
    assert numbers[0] == ""
    assert numbers[1] == "2"


def test_the_signature_never_stands_alone():
    long = "Cục Ví Dụ đề nghị các đơn vị báo cáo. " * 8
    for count in range(1, 14):
        last = texts(compose(replace(LETTER, body=(long,) * count + ("Đoạn kết cùng trang.",))).pdf)[-1]
        assert "Đoạn kết cùng trang./." in last
        assert "Trần Thị Ví Dụ" in last


def test_only_our_fonts_and_all_embedded():
    pdf = compose(DECISION).pdf
    names = {obj.get_font().get_base_name() for page in pdfium.PdfDocument(pdf) for obj in page.get_objects([1])}
    fonts = [obj.get_font() for page in pdfium.PdfDocument(pdf) for obj in page.get_objects([1])]
    assert names
    assert all("Tinos" in name for name in names)
    assert all(font.is_embedded for font in fonts)


def test_it_is_pdf_a():
    assert b"pdfaid:part>2<" in compose(DECISION).pdf


def test_same_draft_same_bytes():
    assert compose(DECISION).pdf == compose(DECISION).pdf
    assert compose(DECISION, MOMENT).pdf != compose(DECISION).pdf


def test_a_body_cannot_run_as_typst_code():
    evil = '#read("/etc/hostname") #panic("x") $x$ *đậm* \\ <leader> @ref ]}) "'
    (page,) = texts(compose(replace(DECISION, body=(evil,), subject=evil, signer_name=evil)).pdf)
    assert page.count('#read("/etc/hostname") #panic("x") $x$ *đậm* \\ <leader>') == 3


def test_an_unprintable_character_is_refused():
    with pytest.raises(InvalidValue):
        compose(replace(DECISION, body=("Chữ \N{GRINNING FACE} không in được.",)))


def test_anchors_stand_between_position_and_name():
    composed = compose(DECISION)
    leader = composed.anchors.leader
    page = pdfium.PdfDocument(composed.pdf)[leader.page]
    column = (leader.left - 40, leader.right + 40)
    text = page.get_textpage()
    above = text.get_text_bounded(column[0], leader.top, column[1], leader.top + 40)
    below = text.get_text_bounded(column[0], leader.bottom - 40, column[1], leader.bottom)
    assert "PHÓ GIÁM ĐỐC" in above
    assert "Nguyễn Văn Mẫu" in below


def test_the_seal_takes_the_left_third_in_real_size():
    leader, seal = compose(DECISION).anchors.leader, compose(DECISION).anchors.seal
    assert (seal.right - leader.left) / leader.width == pytest.approx(A_THIRD, abs=0.01)
    assert seal.left < leader.left
    assert seal.width == seal.height == pytest.approx(36 * 72 / 25.4)
    assert (seal.top + seal.bottom) / 2 == pytest.approx((leader.top + leader.bottom) / 2)


def test_an_annex_is_a_table_on_its_own():
    rows = [[str(at), f"H26.{at}", "Đơn vị Ví Dụ"] for at in range(90)]
    annex = compose_annex("Phụ lục: Danh sách", ["STT", "Mã", "Tên đơn vị"], rows, moment=MOMENT)
    pages = texts(annex.pdf)
    assert len(pages) == annex.pages > 1
    assert all("Tên đơn vị" in page and SAMPLE_MARK in page for page in pages)
    assert "H26.89" in pages[-1]
    assert annex.anchors.leader is None
    assert annex.anchors.corner.page == 0


def test_a_ragged_table_is_refused():
    with pytest.raises(InvalidValue):
        compose_annex("Phụ lục", ["A", "B"], [["1"]], moment=MOMENT)
    with pytest.raises(InvalidValue):
        compose_annex("Phụ lục", [], [], moment=MOMENT)


def test_it_is_created_at_the_start_of_its_day_in_vietnam():
    assert b"/CreationDate(D:20260204170000Z)" in compose(DECISION).pdf


@pytest.mark.parametrize("level", [level for level in Urgency if level])
def test_every_urgency_has_its_stamp(level: Urgency):
    assert (
        f"Số: 05/QĐ-SKHCN {level.vi.upper()} Tỉnh Mẫu, ngày" in texts(compose(replace(DECISION, urgency=level)).pdf)[0]
    )


def test_corner_words_are_text_without_a_mark():
    (page,) = texts(compose_corner(annex_words("5", "QĐ-SKHCN", MOMENT), MOMENT))
    assert page == "Số: 05/QĐ-SKHCN Thời gian ký: 2026-11-22T08:12:00+07:00"
    with pytest.raises(InvalidValue):
        compose_corner(["Dòng"] * 9, MOMENT)
