"""The agency's words in the upper right corner of annexes and copies. (numbers 24, 25, 27)"""

import re
from collections.abc import Iterator, Sequence

from lienthong.signature.facts.model import Box, Line
from lienthong.signature.form.case import Case, Signed, found
from lienthong.signature.form.model import Finding, Part
from lienthong.signature.form.names import bare
from lienthong.signature.form.tolerances import (
    BLACK,
    CORNER_DEEP,
    CORNER_FROM,
    CORNER_SIZE,
    MM,
    TIMES,
)

COPY_FORMS = ("sao y", "sao luc", "trich sao")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}|\d{2}[./-]\d{2}[./-]\d{4} \d{2}:\d{2}:\d{2}")
_A4_TALL, _A4_WIDE = 297 * MM, 210 * MM


def corner(case: Case) -> Iterator[Finding]:
    """What the corner lacks, where it stands and how it is set."""
    if case.expected.part is Part.MAIN or not case.signed:
        return
    each = next((one for one in case.signed if one.corner), case.signed[0])
    if not _complete(case, each.words):
        code = "corner-missing" if case.expected.part is Part.ANNEX else "copy-form-missing"
        yield found(code, each.box, each.field)
    if each.words and each.fact.box is not None:
        yield from _set(each)
        if not _in_corner(case, each.fact.box):
            yield found("corner-place", each.fact.box, each.field)
    if each.pictures:
        yield found("corner-picture", each.pictures[0].box, each.field)


def _complete(case: Case, words: Sequence[Line]) -> bool:
    text = " ".join(line.text for line in words)
    if not _TIME.search(text):
        return False
    plain = bare(text)
    if case.expected.part is Part.COPY:
        forms = (bare(case.expected.copy_form),) if case.expected.copy_form else COPY_FORMS
        return any(form in plain for form in forms)
    return bare(case.expected.notation) in plain


def _set(each: Signed) -> Iterator[Finding]:
    wrong = next((line for line in each.words if not _times(line)), None)
    if wrong is not None:
        yield found("corner-font", each.box, each.field, font=wrong.font.rpartition("+")[2] or "?")
    small = next((line for line in each.words if not CORNER_SIZE[0] <= line.size <= CORNER_SIZE[1]), None)
    if small is not None:
        yield found("corner-size", each.box, each.field, size=round(small.size, 1))


def _times(line: Line) -> bool:
    name = line.font.rpartition("+")[2].casefold().replace(" ", "").replace("-", "")
    upright = not any(word in name for word in ("italic", "oblique"))
    return upright and any(word in name for word in TIMES) and max(line.colour) <= BLACK


def _in_corner(case: Case, box: Box) -> bool:
    wide, tall = case.looks.pages[0] if case.looks.pages else (_A4_WIDE, _A4_TALL)
    return box.page == 0 and box.bottom >= tall - CORNER_DEEP and box.left >= wide * CORNER_FROM
