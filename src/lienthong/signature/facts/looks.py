"""What a person sees: page sizes, lines of text, pictures, and the words and pictures inside signatures.

pdfium draws what browsers draw, so its boxes and fonts are what readers see. It is C++ code fed by strangers: outside
tests this runs in the confined child only. Places have the page's turn and crop applied (see Box).
"""

import colorsys
import ctypes
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from lienthong.signature.facts.guarding import fault_of
from lienthong.signature.facts.model import Box, Line, Looks, Picture

MOST_PAGES = 60  # looked at; a longer document's rules concern its first pages and its last
_MOST_LETTERS = 20_000  # a page
_MOST_PICTURES = 64
_MOST_PIXELS = 40_000_000
_SAMPLE = 96  # pixels a side a picture's colours are judged on
_FIELD_NAME = 512


@dataclass(frozen=True, slots=True)
class _Frame:
    """How user space lies on the page people see."""

    number: int
    left: float
    bottom: float
    width: float
    height: float
    turn: int

    def shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        one, two, three, four = left - self.left, bottom - self.bottom, right - self.left, top - self.bottom
        turned = (
            (one, two, three, four),
            (two, self.width - three, four, self.width - one),
            (self.width - three, self.height - four, self.width - one, self.height - two),
            (self.height - four, one, self.height - two, three),
        )[self.turn]
        return Box(self.number, *(round(value, 3) for value in turned))


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    box: tuple[float, float, float, float]
    size: float
    font: str
    colour: tuple[float, float, float]


def looks(pdf: bytes) -> Looks:
    """The looks of `pdf`; never raises: `fault` says what could not be worked out."""
    try:
        return _looked(pdf)
    except Exception as problem:  # noqa: BLE001 - hostile files provoke anything
        return Looks(fault=fault_of(problem))


def _looked(pdf: bytes) -> Looks:
    document = pdfium.PdfDocument(pdf)
    try:
        sizes, lines, pictures = [], [], []
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            frame = _frame(page, number)
            sizes.append(page.get_size())
            lines += _lines(_letters(page.get_textpage(), None), frame)
            pictures += _pictures(document, page, frame, "", None)
        lines += _filled(pdf, len(sizes))
        words, drawn = _appearances(pdf, len(sizes))
    finally:
        document.close()
    return Looks(tuple(sizes), tuple(lines), (*pictures, *drawn), words)


def _frame(page: Any, number: int) -> _Frame:
    left, bottom, right, top = page.get_cropbox()
    return _Frame(number, left, bottom, right - left, top - bottom, page.get_rotation() // 90 % 4)


# ---------------------------------------------------------------- words


def _letters(text: Any, only: set[int] | None) -> Iterator[_Letter]:
    """Letters in the order of the file; with `only`, those drawn by these objects."""
    for at in range(min(text.count_chars(), _MOST_LETTERS)):
        code = raw.FPDFText_GetUnicode(text, at)
        if code < 32 or (only is not None and _address(raw.FPDFText_GetTextObject(text, at)) not in only):
            if code in {10, 13}:
                yield _Letter("\n", (0, 0, 0, 0), 0, "", (0, 0, 0))
            continue
        yield _Letter(chr(code), text.get_charbox(at, loose=True), _size(text, at), _font(text, at), _colour(text, at))


def _size(text: Any, at: int) -> float:
    """Points as drawn: the font's size scaled by the letter's matrix."""
    matrix = raw.FS_MATRIX()
    scale = (matrix.c**2 + matrix.d**2) ** 0.5 if raw.FPDFText_GetMatrix(text, at, matrix) else 1.0
    return round(float(raw.FPDFText_GetFontSize(text, at) * (scale or 1.0)), 2)


def _font(text: Any, at: int) -> str:
    room, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(text, at, room, 256, flags)
    return room.raw[: max(min(length, 256) - 1, 0)].decode("utf-8", "replace")


def _colour(text: Any, at: int) -> tuple[float, float, float]:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFText_GetFillColor(text, at, red, green, blue, alpha):
        return (0.0, 0.0, 0.0)
    return (round(red.value / 255, 3), round(green.value / 255, 3), round(blue.value / 255, 3))


def _lines(letters: Iterator[_Letter], frame: _Frame) -> list[Line]:
    """Letters into lines: a break of the text, another baseline, or a wide gap begins a new one."""
    found: list[list[_Letter]] = [[]]
    for letter in letters:
        if letter.text == "\n" or (found[-1] and _apart(found[-1], letter)):
            found.append([])
        if letter.text != "\n":
            found[-1].append(letter)
    return [line for letters_ in found if (line := _line(letters_, frame)) is not None]


def _apart(line: list[_Letter], letter: _Letter) -> bool:
    """More than two letters' widths to the side of the line's end, along the way the page is written."""
    last = next((one for one in reversed(line) if one.text.strip()), line[-1])
    if not letter.text.strip() or not last.text.strip():
        return False
    gap = max(letter.box[0] - last.box[2], letter.box[1] - last.box[3], last.box[1] - letter.box[3])
    return gap > 2.2 * max(letter.size, last.size, 1)


def _line(letters: list[_Letter], frame: _Frame) -> Line | None:
    text = "".join(letter.text for letter in letters).strip()
    seen = [letter for letter in letters if letter.text.strip()]
    if not seen:
        return None
    box = frame.shown(
        min(one.box[0] for one in seen),
        min(one.box[1] for one in seen),
        max(one.box[2] for one in seen),
        max(one.box[3] for one in seen),
    )
    return Line(
        text,
        box,
        statistics.median_low(one.size for one in seen),
        statistics.mode(one.font for one in seen),
        statistics.mode(one.colour for one in seen),
    )


# ---------------------------------------------------------------- pictures


def _pictures(document: Any, page: Any, frame: _Frame, field: str, only: set[int] | None) -> list[Picture]:
    found: list[Picture] = []
    for item, matrix in _objects(raw.FPDFPage_CountObjects(page), lambda at: raw.FPDFPage_GetObject(page, at), None, 0):
        if len(found) >= _MOST_PICTURES:
            break
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_IMAGE or (only is not None and _address(item) not in only):
            continue
        colours = _colours(document, page, item)
        if colours is not None:
            found.append(Picture(frame.shown(*_unit(matrix)), field, *colours))
    return found


Matrix = tuple[float, float, float, float, float, float]


def _objects(count: int, take: Any, outer: Matrix | None, deep: int) -> Iterator[tuple[Any, Matrix]]:
    """Objects of a page with those inside forms, each with its matrix on the page."""
    for at in range(count if deep < 8 else 0):
        item = take(at)
        own = _matrix(item)
        matrix = own if outer is None else _times(own, outer)
        yield item, matrix
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_FORM:
            inside = raw.FPDFFormObj_CountObjects(item)
            yield from _objects(inside, lambda n, form=item: raw.FPDFFormObj_GetObject(form, n), matrix, deep + 1)


def _matrix(item: Any) -> Matrix:
    held = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, held):
        return (1, 0, 0, 1, 0, 0)
    return (held.a, held.b, held.c, held.d, held.e, held.f)


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    k, m, n, o, p, q = two
    return (a * k + b * n, a * m + b * o, c * k + d * n, c * m + d * o, e * k + f * n + p, e * m + f * o + q)


def _unit(matrix: Matrix) -> tuple[float, float, float, float]:
    """Where the unit square, which a picture fills, comes to lie."""
    a, b, c, d, e, f = matrix
    across, up = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return min(across), min(up), max(across), max(up)


def _colours(document: Any, page: Any, item: Any) -> tuple[float, float, float] | None:
    """Hue, saturation, transparent share; None for what cannot be drawn or is too large."""
    about = raw.FPDF_IMAGEOBJ_METADATA()
    if not raw.FPDFImageObj_GetImageMetadata(item, page, about) or about.width * about.height > _MOST_PIXELS:
        return None
    drawn = raw.FPDFImageObj_GetRenderedBitmap(document, page, item)
    if not drawn:
        return None
    picture = pdfium.PdfBitmap.from_raw(drawn).to_pil().convert("RGBA")
    picture.thumbnail((_SAMPLE, _SAMPLE))
    data = picture.tobytes()
    pixels = [data[at : at + 4] for at in range(0, len(data), 4)]
    seen = [colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255) for red, green, blue, alpha in pixels if alpha > 40]
    if not seen:
        return 0.0, 0.0, 1.0
    hue, saturation = (statistics.median(one[part] for one in seen) for part in (0, 1))
    return round(hue * 360, 1), round(saturation, 3), round(1 - len(seen) / len(pixels), 3)


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


# ---------------------------------------------------------------- fields and signatures


def _filled(pdf: bytes, pages: int) -> list[Line]:
    """Words in text fields, as number and date that come after the leader's signature."""
    found: list[Line] = []
    for number, place, name in _fields(pdf, pages, raw.FPDF_FORMFIELD_TEXTFIELD):
        found += _alone(pdf, number, place, name)[0]
    return found


def _appearances(pdf: bytes, pages: int) -> tuple[dict[str, tuple[Line, ...]], list[Picture]]:
    """Words and pictures of each signature: the page with this one annotation alone, drawn into its contents."""
    words: dict[str, tuple[Line, ...]] = {}
    pictures: list[Picture] = []
    for number, place, name in _fields(pdf, pages, raw.FPDF_FORMFIELD_SIGNATURE):
        lines, drawn = _alone(pdf, number, place, name)
        words[name] = (*words.get(name, ()), *lines)
        pictures += drawn
    return words, pictures


def _alone(pdf: bytes, number: int, place: int, name: str) -> tuple[list[Line], list[Picture]]:
    document = pdfium.PdfDocument(pdf)
    try:
        document.init_forms()
        return _appearance(document, number, place, name)
    finally:
        document.close()


def _appearance(document: Any, number: int, place: int, name: str) -> tuple[list[Line], list[Picture]]:
    page = document[number]
    for at in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
        if at != place:
            raw.FPDFPage_RemoveAnnot(page, at)
    before = raw.FPDFPage_CountObjects(page)
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return [], []
    page.close()
    page = document[number]
    frame = _frame(page, number)
    added = _added(page, before)
    return _lines(_letters(page.get_textpage(), added), frame), _pictures(document, page, frame, name, added)


def _added(page: Any, before: int) -> set[int]:
    """What flattening appended, with all inside it."""
    count = raw.FPDFPage_CountObjects(page)
    later = [raw.FPDFPage_GetObject(page, at) for at in range(before, count)]
    return {_address(item) for item, _ in _objects(len(later), later.__getitem__, None, 0)}


def _fields(pdf: bytes, pages: int, kind: int) -> list[tuple[int, int, str]]:
    """Page, place among its annotations, and full name of each widget of a field of that kind."""
    document = pdfium.PdfDocument(pdf)
    try:
        document.init_forms()
        found = [item for number in range(pages) for item in _widgets(document, number, kind)]
    finally:
        document.close()
    return found[:_MOST_PICTURES]


def _widgets(document: Any, number: int, kind: int) -> Iterator[tuple[int, int, str]]:
    page = document[number]
    form = document.formenv
    for at in range(raw.FPDFPage_GetAnnotCount(page) if form else 0):
        note = raw.FPDFPage_GetAnnot(page, at)
        try:
            if raw.FPDFAnnot_GetFormFieldType(form, note) == kind:
                yield number, at, _name(form, note)
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _name(form: Any, note: Any) -> str:
    room = (raw.FPDF_WCHAR * _FIELD_NAME)()
    length = raw.FPDFAnnot_GetFormFieldName(form, note, room, 2 * _FIELD_NAME)
    return bytes(room)[: max(length - 2, 0)].decode("utf-16-le", "replace")
