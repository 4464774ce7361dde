"""Reading PDF files for searching, in the real confined child: words are found, bad files cost nothing but their words.

What a scan says is told by the real tesseract; a page that asks for too much ends alone.
"""

from functools import cache

import pypdfium2 as pdfium
import pytest

import form_files
import pictures
import scans
from lienthong.adapters import recognising
from lienthong.adapters.confined import Picture
from lienthong.adapters.reading import Reader
from lienthong.adapters.recognising import Bounds, Failing, Recognised
from lienthong.document.texts import folded

pytestmark = pytest.mark.integration


def test_words_of_good_files_and_none_of_bad_ones() -> None:
    good = form_files.page().pdf
    with Reader() as reader:
        found = reader.read(good)
        assert "cong hoa xa hoi chu nghia viet nam" in folded(found.text)
        assert (found.wordless, found.why) == ((), "")
        assert reader.read(form_files.locked(good)).why == Failing.LOCKED
        for bad in (b"", b"%PDF-1.7\n", good[:2000], b"%PDF-1.7\n" + b"[" * 200_000):
            assert "cong hoa" not in folded(reader.read(bad).text)
        assert "cong hoa" in folded(reader.read(good).text)


def test_a_scan_says_what_was_typed_and_pages_with_words_of_their_own_are_left_alone() -> None:
    page = form_files.page().pdf
    with Reader() as reader:
        found = reader.read(scans.scan(page))
        assert (found.text, found.wordless) == ("", (0,))
        said = reader.recognise(scans.scan(page), 0)
        assert "dieu 1. thu the thuc chu ky so" in folded(said.text)
        assert reader.recognise(scans.scan(page), 7) == Recognised(why=Failing.UNREADABLE)
        assert reader.read(scans.together(page, scans.scan(page))).wordless == (1,)
        assert reader.recognise(scans.blank(), 0) == Recognised()


def test_pictures_of_paper_become_pdf_and_bad_ones_cost_nothing_but_themselves() -> None:
    whole = pictures.picture("TIFF", 3, "1")
    with Reader() as reader:
        assert len(pdfium.PdfDocument(reader.bound(whole))) == 3
        for bad in (whole[:-600], whole[:8] + b"\xff" * 5000, b""):
            assert reader.bound(bad) == b""
        for form, mode in (("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("TIFF", "RGBA")):
            assert reader.bound(pictures.picture(form, 1, mode))


def test_an_endless_page_is_drawn_no_larger_than_there_is_memory() -> None:
    with Reader() as reader:
        assert reader.recognise(scans.blank(14_400, 14_400), 0).why in {"", Failing.LATE}
        assert reader.recognise(scans.blank(1, 14_400), 0).why in {"", Failing.UNREADABLE}


@cache
def _grey() -> Picture:
    drawn = pdfium.PdfDocument(form_files.page().pdf)[0].render(scale=2, grayscale=True)
    return Picture(drawn.width, drawn.height, bytes(drawn.buffer)[: drawn.width * drawn.height])


@pytest.mark.parametrize("bounds", [Bounds(seconds=0.01), Bounds(cpu_seconds=0), Bounds(memory=60 << 20)])
def test_a_page_beyond_its_limits_ends_alone(bounds: Bounds) -> None:
    done = recognising.recognise(recognising.found(), _grey(), bounds)
    assert done.text == ""
    assert done.why in {Failing.LATE, Failing.UNREADABLE}


def test_without_the_program_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with Reader() as reader:
        assert not reader.recognises
        assert reader.recognise(scans.blank(), 0) == Recognised(why=Failing.ABSENT)
