"""What an office has before its first document: people in post, signs of its units, steps, books, a group."""

from __future__ import annotations

from datetime import date

from apps.demo.month.cast import Cast
from apps.office.books import books_of
from apps.office.cases.catalogue import sign_of
from apps.office.models import Book, Group, Lane, Role, Route
from apps.office.outgoing import routes
from apps.staff.models import Post, Unit
from apps.staff.rights import root_of

DECISIONS = "Sổ quyết định"
USUAL = [{"role": Role.REVIEW.value, "unit": routes.OWN}, {"role": Role.FORM.value, "unit": routes.AGENCY}]
OF_DECISIONS = [*USUAL, {"role": Role.INITIAL.value, "unit": routes.OWN}]


def furnish(cast: Cast, since: date, together: list[dict[str, str]]) -> None:
    """Everything an administrator would have set up; again, it changes nothing. `together`: a group of recipients."""
    Post.objects.filter(unit__agency=cast.code).update(since=since)
    for unit in Unit.objects.filter(agency=cast.code).exclude(parent=None):
        unit.abbreviation = unit.abbreviation or sign_of(unit)
        unit.save(update_fields=["abbreviation"])
    for kind, steps in (("", USUAL), ("Quyết định", OF_DECISIONS)):
        routes.check(cast.code, steps)
        Route.objects.get_or_create(agency=cast.code, kind=kind, defaults={"steps": steps})
    _books(cast.code)
    if together:
        Group.objects.get_or_create(agency=cast.code, name="Các nơi hay gửi", defaults={"members": together})


def _books(agency: str) -> None:
    """A common book for each way documents go, and one of its own for decisions (Decree 30/2020, Art. 15)."""
    for lane in Lane:
        books_of(agency, lane)
    Book.objects.get_or_create(
        agency=agency, unit=root_of(agency), lane=Lane.OUTGOING, name=DECISIONS, defaults={"kinds": ["Quyết định"]}
    )
