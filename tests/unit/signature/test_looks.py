"""What people see of a file, with pages turned and cropped, forms inside forms, words in signatures."""

import pytest

from hostile_pdfs import made, stream
from lienthong.adapters.confined import Examiner
from lienthong.layout import annex_words, compose_corner
from lienthong.signature import Appearance, Role, sign
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.looks import looks
from lienthong.signature.facts.model import Box
from unit.signature.authority import NOW, agency
from unit.signature.documents import composed, sealed


def test_lines_with_font_size_and_colour():
    seen = looks(composed().pdf)
    assert seen.fault == ""
    assert [(round(width), round(height)) for width, height in seen.pages] == [(595, 842)]
    line = next(line for line in seen.lines if line.text == "QUYẾT ĐỊNH")
    assert (line.size, line.colour, line.box.page) == (14.0, (0.0, 0.0, 0.0), 0)
    assert "Tinos-Bold" in line.font
    assert 250 < line.box.left < line.box.right < 380


def test_pictures_in_signatures():
    seen = looks(sealed())
    found = {picture.field: picture for picture in seen.pictures}
    assert 200 < found["LeaderSignature1"].hue < 260
    assert found["AgencySeal1"].hue > 340
    assert all(picture.transparent > 0.5 for picture in found.values())
    for signature in gather(sealed()).signatures:
        assert found[signature.field].box.left == pytest.approx(signature.box.left, abs=1) if signature.box else False


PICTURE = (
    stream(
        bytes((255, 0, 0) * 4),
        b"/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceRGB /BitsPerComponent 8",
    ),
)


def page(turn: int, crop: bytes = b"") -> bytes:
    """A word and a red picture inside a form inside a form, at (120, 210) to (220, 260) and above (120, 300)."""
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    sheet = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] /Rotate %d %s /Contents 4 0 R" % (turn, crop)
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 999 999] /Matrix [1 0 0 1 %d %d] /Resources << /XObject << /X %d 0 R >> >>"
    return made(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        sheet + b" /Resources << " + font + b" /XObject << /X 5 0 R >> >> >>",
        stream(b"BT 0 0 1 rg /F 12 Tf 120 300 Td (Vi du) Tj ET q /X Do Q"),
        stream(b"q 1 0 0 1 10 5 cm /X Do Q", form % (100, 200, 6)),
        stream(b"q 100 0 0 50 0 0 cm /X Do Q", form % (10, 5, 7)),
        *PICTURE,
    )


@pytest.mark.parametrize(
    ("turn", "size", "corner"),
    [
        (0, (400, 600), (120, 210)),
        (90, (600, 400), (210, 180)),
        (180, (400, 600), (180, 340)),
        (270, (600, 400), (340, 120)),
    ],
)
def test_turned_pages_and_forms_in_forms(turn: int, size: tuple[int, int], corner: tuple[int, int]):
    seen = looks(page(turn))
    (picture,) = seen.pictures
    assert seen.pages == (size,)
    assert (picture.box.left, picture.box.bottom) == pytest.approx(corner, abs=0.5)
    assert (picture.hue, picture.saturation, picture.transparent) == (0.0, 1.0, 0.0)
    (line,) = seen.lines
    assert (line.text, line.size, line.colour) == ("Vi du", 12.0, (0.0, 0.0, 1.0))


def test_a_cropped_page_counts_from_its_crop():
    seen = looks(page(0, b"/CropBox [100 200 300 400]"))
    assert seen.pages == ((200, 200),)
    assert seen.pictures[0].box == Box(0, 20.0, 10.0, 120.0, 60.0)


def test_words_in_a_signature():
    words, place = compose_corner(annex_words("05", "QĐ-SKHCN", NOW), NOW), Box(0, 380, 770, 570, 820)
    pdf = sign(composed().pdf, agency(), Role.ANNEX, Appearance(words, place), NOW)
    found = looks(pdf).words["AnnexSignature1"]
    assert any("05/QĐ-SKHCN" in line.text for line in found)
    assert all(line.box.left >= 379 for line in found)
    assert not any("05/QĐ-SKHCN" in line.text and line.box.bottom > 769 for line in looks(pdf).lines)


def test_no_pdf_has_a_fault():
    assert looks(b"words").fault


def test_a_child_sees_the_same():
    with Examiner() as examiner:
        assert examiner.examine(sealed(), looks=True).looks == looks(sealed())
