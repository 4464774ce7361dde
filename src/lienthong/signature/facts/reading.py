"""A PDF opened once for all that is asked of it, and its pages.

pyHanko reads hexadecimal strings a character at a time, which for the reserved 16 kB of a signature is 40 % of a whole
look. `quick_hexadecimal` reads the same strings in one step and leaves everything unusual to pyHanko's own reader;
`quick_name` does the same for names.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.signature.facts.guarding import entry
from lienthong.signature.facts.model import Box

MOST_PAGES = 5000
SLOW = generic.read_hex_string_from_stream
_HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f]*)>")
SLOW_NAME = generic._decode_name  # noqa: SLF001 - pinned version
_PLAIN = re.compile(rb"[A-Za-z0-9_.+:*-]*").fullmatch
_SHORT = 64  # shorter strings are quick either way

# pyHanko tells its logger of each odd file with a traceback; without a log set up that would go to people's screens.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def quick_hexadecimal(stream: Any) -> Any:
    """What pyHanko's function gives, sooner, when the stream is in memory and the string is plain digits."""
    if not isinstance(stream, BytesIO):
        return SLOW(stream)
    found = _HEXADECIMAL.match(stream.getbuffer(), stream.tell())
    if found is None or len(found[1]) < _SHORT or len(found[1]) % 2:
        return SLOW(stream)
    stream.seek(found.end())
    return generic.pdf_string(bytes.fromhex(bytes(found[1]).decode("ascii")))


def quick_name(name_bytes: bytes) -> generic.NameObject:
    """What pyHanko's function gives, sooner, for names of plain letters and digits."""
    return generic.NameObject("/" + name_bytes.decode("ascii")) if _PLAIN(name_bytes) else SLOW_NAME(name_bytes)


generic.read_hex_string_from_stream, generic._decode_name = quick_hexadecimal, quick_name  # noqa: SLF001 - pinned version


def open_pdf(pdf: bytes) -> PdfFileReader:
    """pyHanko's reader, forgiving as viewers are. May raise anything."""
    return PdfFileReader(BytesIO(pdf), strict=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its dictionary, the box people see in user space, its turn in degrees clockwise, its annotations."""

    number: int
    page: Any
    crop: tuple[float, float, float, float]
    turn: int
    annotations: tuple[Any, ...]

    def shown(self, rectangle: Any) -> Box:
        """A rectangle of user space as people see it: from the lower left corner, turned."""
        one, two, three, four = (float(number.get_object()) for number in rectangle)
        left, bottom = min(one, three) - self.crop[0], min(two, four) - self.crop[1]
        right, top = max(one, three) - self.crop[0], max(two, four) - self.crop[1]
        width, height = self.crop[2] - self.crop[0], self.crop[3] - self.crop[1]
        turned = {
            0: (left, bottom, right, top),
            90: (bottom, width - right, top, width - left),
            180: (width - right, height - top, width - left, height - bottom),
            270: (height - top, left, height - bottom, right),
        }[self.turn]
        return Box(self.number, *turned)


def sheets(reader: PdfFileReader) -> Iterator[Sheet]:
    """Every page in order, each once; loops in the tree are cut. May raise anything."""
    waiting, seen, number = [(reader.root.raw_get("/Pages"), _A4, 0)], set(), 0
    while waiting and number < MOST_PAGES:
        node, box, turn = waiting.pop()
        reference = getattr(node, "reference", None)
        if reference in seen:
            continue
        seen |= {reference} if reference else set()
        page = node.get_object()
        box, turn = _box(page, box), int(entry(page, "/Rotate", turn)) % 360
        if "/Kids" in page:
            waiting.extend((kid, box, turn) for kid in reversed(list(_raw(page["/Kids"]))))
        else:
            yield Sheet(number, page, box, turn // 90 * 90, tuple(_raw(entry(page, "/Annots", ()))))
            number += 1


_A4 = (0.0, 0.0, 595.276, 841.89)


def _box(page: Any, inherited: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    given = entry(page, "/CropBox") or entry(page, "/MediaBox")
    if given is None:
        return inherited
    one, two, three, four = (float(number.get_object()) for number in given)
    return min(one, three), min(two, four), max(one, three), max(two, four)


def _raw(array: Any) -> Iterator[Any]:
    """Items as references, not followed."""
    return (array.raw_get(place) for place in range(len(array))) if hasattr(array, "raw_get") else iter(array)
