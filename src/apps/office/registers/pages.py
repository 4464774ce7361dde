"""Pages of the registers: an agency's books, each to print or as Excel."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.person import person
from apps.office.books import books_of
from apps.office.cases import forms
from apps.office.models import Book, Lane
from apps.office.registers.sheets import sheet_of
from apps.office.sheets import shown
from apps.staff.rights import WHOLE_AGENCY, WHOLE_UNIT, Standing, standing_of
from apps.ui.times import read_day


@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """The books one may read, with how many numbers a year has."""
    standing = standing_of(person(request))
    year = forms.year_of(request.GET.get("nam", ""), timezone.localdate().year)
    for lane in Lane:
        books_of(standing.agency, lane)
    counted = Count("numbers", filter=Q(numbers__year=year))
    told = {"books": readable(standing).annotate(held=counted).order_by("lane", "id"), "year": year}
    return render(request, "office/registers.html", told)


@require_safe
def one(request: HttpRequest, number: int, year: int) -> HttpResponse:
    """One book's year in its legal columns; `theo-doi` for the one that follows, `tu` and `den` for some days."""
    book = get_object_or_404(readable(standing_of(person(request))), pk=number)
    follow = "theo-doi" in request.GET and book.lane == Lane.INCOMING
    days = {name: read_day(request.GET.get(key, "")) for name, key in (("first", "tu"), ("last", "den"))}
    return shown(request, sheet_of(book, forms.year_of(str(year), year), follow=follow, **days))


def readable(standing: Standing) -> QuerySet[Book]:
    """Books of the agency for who sees it whole, of the own units for their heads and clerks; none for others."""
    found = Book.objects.filter(agency=standing.agency).select_related("unit")
    if standing.has(*WHOLE_AGENCY):
        return found
    return found.filter(unit__in=standing.units) if standing.has(*WHOLE_UNIT) else found.none()
