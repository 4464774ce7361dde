"""A book of a year as a sheet in its legal columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from apps.office.models import Book, Lane, Number
from apps.office.registers.columns import DRAWN, Row, without
from apps.office.sheets import Sheet
from apps.staff.calendar import VIETNAM

TITLES = {
    Lane.INCOMING: "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
    Lane.OUTGOING: "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
    Lane.INTERNAL: "SỔ ĐĂNG KÝ VĂN BẢN NỘI BỘ",
    Lane.COPY: "SỔ ĐĂNG KÝ VĂN BẢN SAO",
    "follow": "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN",
}
AT_ONCE = 500


def sheet_of(
    book: Book, year: int, *, follow: bool = False, first: date | None = None, last: date | None = None
) -> Sheet:
    """The lines of a book's year, of some days if they are named; by number, 12a after 12."""
    kind = "follow" if follow else book.lane
    columns, place, line = DRAWN[kind]
    numbers = list(_numbers(book, year, first, last))
    rows: list[Row] = []
    for number in numbers:
        known = number.document
        rows.append(line(number, known) if known is not None else without(number, len(columns), place))
    return Sheet(
        name=f"{'theo-doi' if follow else 'so'}-{book.pk}-{year}",
        agency=book.agency,
        place=book.unit.name if book.unit else "",
        title=TITLES[kind],
        under=(book.name, f"Năm {year}", _span(numbers)),
        columns=columns,
        rows=rows,
        wide=True,
    )


def _numbers(book: Book, year: int, first: date | None, last: date | None) -> Iterator[Number]:
    found = Number.objects.filter(_between(first, last), book=book, year=year).order_by("number", "suffix")
    yield from _with_all(found).iterator(AT_ONCE)


def _with_all(found: QuerySet[Number]) -> QuerySet[Number]:
    """What a line reads, in a fixed number of questions however long the book is."""
    return found.select_related("document").prefetch_related(
        "document__assignments__unit",
        "document__assignments__person",
        "document__dispatches",
        "document__linked__source",
    )


def _between(first: date | None, last: date | None) -> Q:
    found = Q()
    if first is not None:
        found &= Q(at__gte=datetime.combine(first, time(), VIETNAM))
    if last is not None:
        found &= Q(at__lt=datetime.combine(last, time(), VIETNAM) + timedelta(days=1))
    return found


def _span(numbers: list[Number]) -> str:
    return f"Từ số {numbers[0].written} đến số {numbers[-1].written}" if numbers else "Chưa có số nào"
