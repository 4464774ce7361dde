"""An agency's register books. One that keeps none of its own works with a common book for each way documents go."""

from __future__ import annotations

from django.db import transaction

from apps.office.models import Book, Lane
from apps.staff.models import Unit
from apps.staff.rights import root_of
from apps.ui.language import t
from lienthong.errors import InvalidValue

COMMON = {
    Lane.INCOMING: "Sổ văn bản đến",
    Lane.OUTGOING: "Sổ văn bản đi",
    Lane.INTERNAL: "Sổ văn bản nội bộ",
    Lane.COPY: "Sổ sao văn bản",
}


def books_of(agency: str, lane: Lane) -> list[Book]:
    """The open books of a lane; an agency that never had one gets the common one."""
    known = Book.objects.filter(agency=agency, lane=lane)
    return list(known.filter(closed=False)) if known.exists() else [common(agency, lane)]


def common(agency: str, lane: Lane) -> Book:
    """Made when first needed; the agency's own unit is locked, so that two who come at once make one book."""
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=root_of(agency).pk)
        book, _ = Book.objects.get_or_create(agency=agency, unit=None, lane=lane, name=COMMON[lane])
        return book


def book_for(agency: str, lane: Lane, kind: str) -> Book:
    """The open book of this kind, or one for all kinds: the agency's head decides which count apart (Art. 15).

    Raises InvalidValue when every book it could stand in is closed.
    """
    books = books_of(agency, lane)
    found = next((book for book in books if kind in book.kinds), None)
    found = found or next((book for book in books if not book.kinds), None)
    if found is None:
        raise InvalidValue(t("Không có sổ nào đang mở cho loại văn bản này."))
    return found
