"""A stranger's picture of paper as a PDF: JPEG, PNG, or TIFF of several pages. Runs in the confined child only."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

FORMS = ("JPEG", "PNG", "TIFF")
MOST_PAGES = 500
MOST_DOTS = 80_000_000
"""Of one page: an A3 at 600 an inch has 70 million."""
SHEET = (3.0, 17.0)
"""Inches that the long side of a sheet of paper may have: up to an A3's."""
A4 = 11.69
"""Inches of the long side where a picture tells none, or none of a sheet."""
FINE = 95
"""Quality of a page that is packed anew as JPEG, all its colours kept for the red of seals; a JPEG keeps its own."""


def bound(picture: bytes) -> bytes:
    """A PDF with a page for each of its pages, the same for the same bytes; empty when it cannot be read whole."""
    try:
        return _bound(picture)
    except Exception:  # noqa: BLE001 - hostile files provoke anything
        return b""


def samples() -> Iterator[bytes]:
    """The smallest pictures: bound once, all that binding needs is loaded."""
    for form, mode in (("JPEG", "RGB"), ("PNG", "RGBA"), ("TIFF", "1"), ("TIFF", "LA")):
        kept = BytesIO()
        Image.new(mode, (9, 9)).save(kept, form)
        yield kept.getvalue()


def _bound(picture: bytes) -> bytes:
    kept = BytesIO()
    with Image.open(BytesIO(picture), formats=FORMS) as opened:
        several = opened.format == "TIFF"
        packed = _packed(opened, _modes(opened, getattr(opened, "n_frames", 1) if several else 1))
        page = opened if several else _plain(opened)
        page.save(kept, "PDF", save_all=several, creationDate=None, modDate=None, **packed)
    return kept.getvalue()


def _modes(opened: Image.Image, pages: int) -> set[str]:
    """How the points of its pages are told, and that they are not too many: all heads, before a point is unpacked."""
    if pages > MOST_PAGES:
        raise ValueError(pages)
    found = set()
    for number in reversed(range(pages)):
        opened.seek(number)
        if opened.width * opened.height > MOST_DOTS:
            raise ValueError(opened.size)
        found.add(opened.mode)
    return found


def _packed(opened: Image.Image, modes: set[str]) -> dict[str, Any]:
    """Black and white is packed as a fax is, without loss, and knows no quality."""
    told = {"dpi": _dpi(opened)}
    fine = {"quality": "keep"} if opened.format == "JPEG" else {"quality": FINE, "subsampling": 0}
    return told if "1" in modes else told | fine


def _dpi(opened: Image.Image) -> tuple[float, float]:
    told: Any = opened.info.get("dpi", (0, 0))
    across, down = float(told[0]), float(told[1])
    if min(across, down) > 0 and SHEET[0] <= max(opened.width / across, opened.height / down) <= SHEET[1]:
        return across, down
    return (max(opened.size) / A4,) * 2


def _plain(opened: Image.Image) -> Image.Image:
    """Upright as the camera held it, and on white: paper does not shine through."""
    ImageOps.exif_transpose(opened, in_place=True)
    if opened.has_transparency_data:
        above = opened.convert("RGBA")
        paper = Image.new("RGB", opened.size, "white")
        paper.paste(above, mask=above)
        return paper
    return opened.convert("RGB") if opened.mode == "P" else opened
