"""Who works in a filled office: its own people where it has them, sample people for posts that nobody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from apps.accounts.models import User
from apps.office.books import books_of
from apps.office.filling.vocabulary import UNITS
from apps.office.models import Lane
from apps.staff.models import Duty, Post, Unit, held_on
from apps.staff.rights import root_of

OFFICERS = 5
"""Officers of a unit."""


@dataclass(frozen=True, slots=True)
class Room:
    """A unit with its head and officers."""

    unit: Unit
    head: User
    officers: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """One agency: who stands where, and its common books."""

    code: str
    root: Unit
    leader: User
    clerk: User
    rooms: tuple[Room, ...]
    books: dict[str, int]


def office_of(code: str, since: date) -> Office:
    """The agency with all its posts held; what lacks is made, under names that say so."""
    root = root_of(code)
    books = {str(lane): books_of(code, lane)[0].pk for lane in (Lane.INCOMING, Lane.OUTGOING)}
    leader, clerk = (_holders(root, duty, 1, since)[0] for duty in (Duty.LEADER, Duty.CLERK))
    return Office(code, root, leader, clerk, tuple(_room(root, name, short, since) for name, short in UNITS), books)


def _room(root: Unit, name: str, short: str, since: date) -> Room:
    unit, _ = Unit.objects.get_or_create(
        agency=root.agency, parent=root, name=name, closed=None, defaults={"abbreviation": short}
    )
    head = _holders(unit, Duty.UNIT_HEAD, 1, since)[0]
    return Room(unit, head, tuple(_holders(unit, Duty.OFFICER, OFFICERS, since)))


def _holders(unit: Unit, duty: str, count: int, since: date) -> list[User]:
    posts = Post.objects.filter(held_on(timezone.localdate()), unit=unit, duty=duty).select_related("person")
    held = [post.person for post in posts[:count]]
    return held + [_newcomer(unit, duty, nth, since) for nth in range(len(held), count)]


def _newcomer(unit: Unit, duty: str, nth: int, since: date) -> User:
    """Without a password: nobody can sign in as this person."""
    label = Duty(duty).label
    person = User(
        username=f"mau.{unit.agency}.{unit.pk}.{duty}.{nth}".lower(),
        name=f"Người Mẫu {nth + 1} – {label}, {unit.abbreviation or unit.name}"[:200],
        agency=unit.agency,
    )
    person.set_unusable_password()
    person.save()
    Post.objects.create(person=person, unit=unit, title=label, duty=duty, since=since)
    return person
