"""A picture of paper becomes a PDF, a page for each of its pages, as it is; what cannot be read whole becomes none."""

from io import BytesIO

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageStat

import pictures
from lienthong.adapters import confined_binding
from lienthong.adapters.confined_binding import bound


def pages(pdf: bytes) -> list[Image.Image]:
    """As they look, in the points of the picture."""
    return [page.render(scale=pictures.DPI / 72).to_pil().convert("RGB") for page in pdfium.PdfDocument(pdf)]


def ink(page: Image.Image) -> Image.Image:
    """Where there is some."""
    return page.convert("L").point(lambda grey: 255 * (grey < 128))


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
        *(("PNG", mode) for mode in ("1", "L", "RGB", "RGBA", "P")),
        *(("TIFF", mode) for mode in ("1", "L", "RGB", "RGBA", "CMYK", "P")),
    ],
)
def test_each_page_looks_as_it_did_and_the_same_bytes_give_the_same_pdf(form: str, mode: str) -> None:
    count = 3 if form == "TIFF" else 1
    picture = pictures.picture(form, count, mode)
    pdf = bound(picture)
    found = pages(pdf)
    assert len(found) == count
    for number, page in enumerate(found):
        difference = ImageChops.difference(ink(page), ink(pictures.sheet(number, mode).convert("RGB")))
        assert page.size == pictures.SIZE
        assert ImageStat.Stat(difference).mean[0] < 0.1
    assert bound(picture) == pdf


def test_a_fax_is_packed_without_loss() -> None:
    assert b"/CCITTFaxDecode" in bound(pictures.picture("TIFF", 2, "1"))


def test_a_camera_held_sideways_gives_an_upright_page() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = BytesIO()
    pictures.sheet(0, "RGB").rotate(90, expand=True).save(kept, "JPEG", quality=90, exif=exif, dpi=(pictures.DPI,) * 2)
    [page] = pages(bound(kept.getvalue()))
    assert page.size == pictures.SIZE
    assert page.getpixel((30, 30)) != (255, 255, 255)  # the mark of its upper left corner


@pytest.mark.parametrize("dpi", [(0, 0), (1, 1), (72, 9), (10_000, 10_000)])
def test_a_picture_that_tells_no_size_of_a_sheet_is_an_a4(dpi: tuple[int, int]) -> None:
    kept = BytesIO()
    Image.new("L", (827, 1169), 255).save(kept, "JPEG", dpi=dpi)
    width, height = pdfium.PdfDocument(bound(kept.getvalue()))[0].get_size()
    assert (round(width), round(height)) == (595, 842)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_what_is_cut_off_broken_or_another_kind_is_none(form: str) -> None:
    whole = pictures.picture(form, 1, "L")
    for bad in (whole[: len(whole) // 2], whole[:20], whole[:8] + bytes(2000), b"", b"%PDF-1.7", b"GIF89a" + whole):
        assert bound(bad) == b""


def test_a_bomb_is_measured_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = BytesIO()
    Image.new("1", (9_000, 9_000)).save(kept, "PNG")
    assert len(kept.getvalue()) < 1 << 20
    assert bound(kept.getvalue()) == b""
    monkeypatch.setattr(confined_binding, "MOST_PAGES", 2)
    assert bound(pictures.picture("TIFF", 3, "1")) == b""
    monkeypatch.setattr(confined_binding, "MOST_DOTS", 1000)
    assert bound(pictures.picture("TIFF", 2, "1")) == b""
