"""Pictures of paper as scanners and cameras give them, made anew: a sheet with a black corner and a bar for its number."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

DPI = 72
SIZE = (595, 842)
"""An A4 at so many points an inch."""


def sheet(number: int, mode: str) -> Image.Image:
    """One page in the picture's own way of telling points."""
    page = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((20, 20, 100, 100), fill="black")
    draw.rectangle((100, 200, 200 + 120 * number, 300), fill="#aa2222" if mode in {"RGB", "RGBA", "P"} else "black")
    return page.convert(mode)


@cache
def picture(form: str, count: int, mode: str) -> bytes:
    """A file of so many sheets."""
    first, *others = (sheet(number, mode) for number in range(count))
    kept = BytesIO()
    more = {"save_all": True, "append_images": others} if form == "TIFF" else {}
    packed = {"compression": "group4"} if (form, mode) == ("TIFF", "1") else {}
    first.save(kept, form, dpi=(DPI, DPI), **more, **packed)
    return kept.getvalue()
