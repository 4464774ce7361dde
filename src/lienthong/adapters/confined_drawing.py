"""One page of a stranger's PDF as grey points, for recognising what a scan says. Runs in the confined child only."""

from typing import Any

import pypdfium2 as pdfium

from lienthong.adapters.confined_frames import GREY

DOTS = 300 / 72
"""Points drawn for one of the page's: 300 an inch, what recognition is trained on."""
MOST_DOTS = 20_000_000
"""Of one page: an A3 at 300 an inch has 17 million; a larger page is drawn coarser."""


def drawn(pdf: bytes, page: int) -> bytes:
    """`GREY` and the points, row by row; 0 by 0 for a page that is not there or cannot be drawn."""
    try:
        return _drawn(pdf, page)
    except Exception:  # noqa: BLE001 - hostile files provoke anything
        return GREY.pack(0, 0)


def _drawn(pdf: bytes, number: int) -> bytes:
    document = pdfium.PdfDocument(pdf)
    try:
        page = document[number]
        bitmap = page.render(scale=_scale(page), grayscale=True)
        return GREY.pack(bitmap.width, bitmap.height) + _points(bitmap)
    finally:
        document.close()


def _scale(page: Any) -> float:
    """So that no page of whatever size asks for more memory than there is; a point to spare for rounding up."""
    width, height = page.get_size()
    most = (MOST_DOTS / max(width * height, 1.0)) ** 0.5
    return float(min(DOTS, most, MOST_DOTS / max(width, height, 1.0) / 2))


def _points(bitmap: Any) -> bytes:
    data = bytes(bitmap.buffer)
    if bitmap.stride == bitmap.width:
        return data
    return b"".join(data[row : row + bitmap.width] for row in range(0, bitmap.stride * bitmap.height, bitmap.stride))
