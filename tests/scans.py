"""Scans as an office has them: composed pages made into pictures, so that no letter is left in the file."""

from functools import cache
from io import BytesIO

import pypdfium2 as pdfium


@cache
def scan(pdf: bytes, dots: int = 200) -> bytes:
    """The pages of `pdf` as a scanner with so many points an inch gives them."""
    document = pdfium.PdfDocument(pdf)
    pages = [page.render(scale=dots / 72, grayscale=True).to_pil().convert("L") for page in document]
    document.close()
    kept = BytesIO()
    pages[0].save(kept, "PDF", resolution=dots, save_all=True, append_images=pages[1:])
    return kept.getvalue()


@cache
def blank(width: int = 300, height: int = 400) -> bytes:
    """One empty sheet, in points."""
    document = pdfium.PdfDocument.new()
    document.new_page(width, height)
    return _saved(document)


@cache
def together(*pdfs: bytes) -> bytes:
    """All their pages in one file."""
    document = pdfium.PdfDocument.new()
    for each in pdfs:
        document.import_pages(pdfium.PdfDocument(each))
    return _saved(document)


def _saved(document: pdfium.PdfDocument) -> bytes:
    kept = BytesIO()
    document.save(kept)
    document.close()
    return kept.getvalue()
