"""Number and date on the page: places left when it is laid out, filled after the leader's signature, under the seal.

The order is the Decree's: signature (Art. 13), number and date (Art. 15.3), the agency's signature (Art. 17).
"""

from __future__ import annotations

from datetime import date, datetime

from lienthong.layout import Composed, Rectangle, compose_line, number_words, place_and_date
from lienthong.signature import Field, Written, append_fields, fields_of, fill_fields

NUMBER, DATE = "DocumentNumber", "DocumentDate"


def with_places(page: Composed, notation: str, place: str, made: datetime) -> bytes:
    """The page with fields for number and date, which show the gaps that stay until then."""
    number, day = page.anchors.number, page.anchors.date
    if number is None or day is None:
        return page.pdf
    shown = _number("", notation, _size(number), made), _date(place, None, _size(day), made)
    return append_fields(page.pdf, [Field(NUMBER, number, shown[0].look), Field(DATE, day, shown[1].look)])


def has_places(pdf: bytes) -> bool:
    """Whether the page waits for its number."""
    found = fields_of(pdf)
    return all(name in found and not found[name].words for name in (NUMBER, DATE))


def fill(pdf: bytes, number: str, notation: str, place: str, day: date, made: datetime) -> bytes:
    """The page with its number and date; the leader's signature holds. Raises SignatureProblem if filled before."""
    found = fields_of(pdf)
    return fill_fields(
        pdf,
        {
            NUMBER: _number(number, notation, found[NUMBER].size, made),
            DATE: _date(place, day, found[DATE].size, made),
        },
    )


def _number(number: str, notation: str, size: tuple[float, float], made: datetime) -> Written:
    words = number_words(number, notation)
    return Written(words, compose_line(words, size, made))


def _date(place: str, day: date | None, size: tuple[float, float], made: datetime) -> Written:
    words = place_and_date(place, day)
    return Written(words, compose_line(words, size, made, italic=True))


def _size(place: Rectangle) -> tuple[float, float]:
    return place.width, place.height
