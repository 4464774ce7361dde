"""Hostile PDFs, made on the spot: bombs, loops, games with byte ranges, attacks on what is shown after signing."""

import zlib
from collections.abc import Callable
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

NAME = generic.pdf_name


def made(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1, with a right cross-reference table."""
    out, places = BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, root, table))
    return out.getvalue()


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def bomb(layers: int = 2, size: int = 1 << 30) -> bytes:
    """Metadata that unpack to `size` bytes through `layers` of compression."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    data = b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    filters = b"/Type /Metadata /Subtype /XML /Filter [" + b"/FlateDecode " * layers + b"]"
    return made(b"<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R >>", PAGES, PAGE, stream(data, filters))


def javascript() -> bytes:
    return made(
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /J#61vaScript /JS (app.alert\\(1\\)) >>"
        b" /AA << /WC << /S /Launch /F (x.exe) >> >> /Names << /JavaScript << /Names [] >> >> >>",
        PAGES,
        PAGE,
    )


FILES: dict[str, Callable[[], bytes]] = {
    "xref loop": lambda: (
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF"
    ),
    "xref far away": lambda: b"%PDF-1.7\nxref\n0 1\ntrailer\n<< /Root 9 0 R >>\nstartxref\n99999999999\n%%EOF",
    "xref huge": lambda: (
        b"%PDF-1.7\nxref\n0 999999999\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF"
    ),
    "deep arrays": lambda: made(b"<< /Type /Catalog /Pages " + b"[" * 50_000 + b"]" * 50_000 + b" >>"),
    "deep dictionaries": lambda: made(b"<< /A " * 20_000 + b">>" * 20_000),
    "page tree loop": lambda: made(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
    "field loop": lambda: made(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
        PAGES,
        PAGE,
        b"<< /T (a) /Kids [4 0 R] >>",
    ),
    "reference loop": lambda: made(CATALOG, b"2 0 R"),
    "length lies": lambda: made(CATALOG, PAGES, PAGE, b"<< /Length 999999999 >>\nstream\nx\nendstream"),
    "predictor": lambda: made(
        b"<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R >>",
        PAGES,
        PAGE,
        stream(zlib.compress(bytes(9)), b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2147483647 >>"),
    ),
    "many fields": lambda: made(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [" + b"4 0 R " * 20_000 + b"] >> >>",
        PAGES,
        PAGE,
        b"<< /FT /Sig /T (a) /V << /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >> >>",
    ),
    "encrypted": lambda: made(CATALOG, PAGES, PAGE).replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -1 /O (a) /U (b) >>"
    ),
}
"""Files that hold no signature anybody could call intact."""


def incremental(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page: generic.DictionaryObject = writer.root["/Pages"]["/Kids"][0].get_object()
    return page


def _replace(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack "replace": the page's contents are others."""
    page = _page(writer)
    page[NAME("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"1 0 0 rg 0 0 600 850 re f"))
    writer.update_container(page)


def _hide(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack "hide": something opaque above what was signed."""
    _page(writer)
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"q 1 g 0 0 600 850 re f Q")))


def _annotate(writer: IncrementalPdfFileWriter) -> None:
    """An annotation over the text."""
    page = _page(writer)
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 600, 850)))
    look = writer.add_object(
        generic.StreamObject(
            {NAME("/Type"): NAME("/XObject"), NAME("/Subtype"): NAME("/Form"), NAME("/BBox"): box},
            stream_data=b"1 g 0 0 600 850 re f",
        )
    )
    note = {
        NAME("/Type"): NAME("/Annot"),
        NAME("/Subtype"): NAME("/FreeText"),
        NAME("/Rect"): box,
        NAME("/AP"): generic.DictionaryObject({NAME("/N"): look}),
    }
    listed = page["/Annots"] if "/Annots" in page else generic.ArrayObject()
    page[NAME("/Annots")] = generic.ArrayObject([*listed, writer.add_object(generic.DictionaryObject(note))])
    writer.update_container(page)


def _appearance(writer: IncrementalPdfFileWriter) -> None:
    """The look of a signature is swapped for another."""
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 100, 100)))
    kind = {NAME("/Type"): NAME("/XObject"), NAME("/Subtype"): NAME("/Form"), NAME("/BBox"): box}
    look = writer.add_object(generic.StreamObject(kind, stream_data=b"1 0 0 rg 0 0 100 100 re f"))
    field[NAME("/AP")] = generic.DictionaryObject({NAME("/N"): look})
    writer.update_container(field)


def _pages(writer: IncrementalPdfFileWriter) -> None:
    """The catalogue points to other pages."""
    page = {
        NAME("/Type"): NAME("/Page"),
        NAME("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9))),
    }
    one = writer.add_object(generic.DictionaryObject(page))
    tree = {
        NAME("/Type"): NAME("/Pages"),
        NAME("/Kids"): generic.ArrayObject([one]),
        NAME("/Count"): generic.NumberObject(1),
    }
    writer.root[NAME("/Pages")] = writer.add_object(generic.DictionaryObject(tree))
    writer.update_root()


def _script(writer: IncrementalPdfFileWriter) -> None:
    action = {NAME("/S"): NAME("/JavaScript"), NAME("/JS"): generic.TextStringObject("app.alert(1)")}
    writer.root[NAME("/OpenAction")] = generic.DictionaryObject(action)
    writer.update_root()


CHANGES: dict[str, Callable[[IncrementalPdfFileWriter], None]] = {
    "replace": _replace,
    "hide": _hide,
    "annotate": _annotate,
    "appearance": _appearance,
    "pages": _pages,
    "script": _script,
}
"""Revisions added after signing that change what people see or what runs."""


def ranges(pdf: bytes) -> dict[str, bytes]:
    """The last signature's byte range bent in every way; `pdf` ends with a signature over all of it."""
    at = pdf.rindex(b"/ByteRange")
    start, end = pdf.index(b"[", at), pdf.index(b"]", at) + 1
    _, first, second, last = (int(number) for number in pdf[start + 1 : end - 1].split())

    def bent(*numbers: int) -> bytes:
        text = b"[" + b" ".join(b"%d" % number for number in numbers) + b"]"
        return pdf[:start] + text.ljust(end - start) + pdf[end:]

    return {
        "overlap": bent(0, first, first - 10, last),
        "negative": bent(0, first, -second, last),
        "beyond the end": bent(0, first, second, last + 9999),
        "short": bent(0, first, second, last - 100),
        "not from the start": bent(9, first, second, last),
        "empty": bent(0, 0, 0, 0),
        "two numbers": bent(0, first),
        "six numbers": bent(0, 5, 6, 7, 8, 9),
        "huge": bent(0, first, second, 99999999),
        "wide gap": bent(0, first - 40, second, last),
    }


def hidden_in_the_gap(pdf: bytes) -> bytes:
    """The signature's string is cut short and text put into what the byte range leaves out."""
    at = pdf.rindex(b"0" * 200 + b">")
    return pdf[:at] + b">/A (" + b"x" * 194 + b")" + pdf[at + 200 :]
