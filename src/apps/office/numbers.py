"""Taking numbers: inside the transaction of the act that needs one, so that an act undone leaves no gap."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from apps.accounts.models import User
from apps.office.models import Book, Document, Number, NumberState
from lienthong.errors import InvalidValue


def take(book: Book, document: Document, by: User, at: datetime) -> Number:
    """The next number of the book's year for this document; the one it has if it has one. Call inside a transaction.

    The book's row is locked until the act ends: two clerks get two numbers, and a year begins at 1 at Viet Nam's
    midnight. Raises InvalidValue for a closed book.
    """
    locked = _locked(book)
    known = Number.objects.filter(book=locked, document=document, state=NumberState.USED).first()
    return known or Number.objects.create(
        book=locked, year=_year(at), number=_next(locked, _year(at)), document=document, by=by, at=at
    )


def take_reserved(number: Number, document: Document, by: User, at: datetime) -> Number:
    """Use a number kept free before. Raises InvalidValue if it is not free (any more)."""
    _locked(number.book)
    changed = Number.objects.filter(pk=number.pk, state=NumberState.RESERVED).update(
        state=NumberState.USED, document=document, by=by, at=at
    )
    if not changed:
        raise InvalidValue(f"số {number.written} đã dùng / number {number.written} is taken")
    number.refresh_from_db()
    return number


def take_between(book: Book, number: int, document: Document, by: User, at: datetime) -> Number:
    """A number beside one already given (12a after 12), for what was forgotten. InvalidValue if 12 was never given."""
    locked = _locked(book)
    beside = Number.objects.filter(book=locked, year=_year(at), number=number)
    if not beside.exists():
        raise InvalidValue(f"chưa có số {number} / no number {number} yet")
    used = set(beside.values_list("suffix", flat=True))
    free = next(letter for letter in _suffixes() if letter not in used)
    return Number.objects.create(
        book=locked, year=_year(at), number=number, suffix=free, document=document, by=by, at=at
    )


def reserve(book: Book, count: int, by: User, at: datetime, reason: str) -> list[Number]:
    """Keep the next numbers free, with a reason that is read when the book is inspected."""
    return [_without_document(book, NumberState.RESERVED, by, at, reason) for _ in range(count)]


def skip(number: Number, by: User, at: datetime, reason: str) -> None:
    """Say that a reserved number will not be used. Raises InvalidValue without a reason or for a used number."""
    if not reason.strip():
        raise InvalidValue("lý do / reason")
    changed = Number.objects.filter(pk=number.pk, state=NumberState.RESERVED).update(
        state=NumberState.SKIPPED, reason=reason.strip(), by=by, at=at
    )
    if not changed:
        raise InvalidValue(f"số {number.written} đã dùng / number {number.written} is taken")


def gaps(book: Book, year: int) -> list[int]:
    """Numbers up to the last one about which the book says nothing; there must be none."""
    known = set(Number.objects.filter(book=book, year=year).values_list("number", flat=True))
    return [each for each in range(1, max(known, default=0)) if each not in known]


def _locked(book: Book) -> Book:
    locked = Book.objects.select_for_update().get(pk=book.pk)
    if locked.closed:
        raise InvalidValue(f"sổ đã khóa / book is closed: {locked.name}")
    return locked


def _next(book: Book, year: int) -> int:
    last = Number.objects.filter(book=book, year=year).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def _without_document(book: Book, state: NumberState, by: User, at: datetime, reason: str) -> Number:
    if not reason.strip():
        raise InvalidValue("lý do / reason")
    locked, year = _locked(book), _year(at)
    return Number.objects.create(
        book=locked, year=year, number=_next(locked, year), state=state, reason=reason.strip(), by=by, at=at
    )


def _year(at: datetime) -> int:
    return timezone.localtime(at).year


def _suffixes() -> list[str]:
    return [*"abcdeghiklmnopqrstuvxy"]
