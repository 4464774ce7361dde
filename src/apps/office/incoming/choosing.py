"""To whom a document may be given: units, and whoever holds a post in them today; the rows of a form that name them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from apps.office.incoming.acts import Recipient
from apps.office.models import Document, Role
from apps.staff.calendar import Calendar
from apps.staff.models import Duty, Post, Unit, held_on
from apps.staff.rights import Standing as Person
from apps.ui.language import t
from apps.ui.numbers import read_number
from lienthong.errors import InvalidValue

MOST = 30
"""Rows of one dialog."""
TOUCHED = 12
"""Units that fit as buttons."""
NOT_FOR_WORK = (Duty.ADMINISTRATOR, Duty.INSPECTOR)


@dataclass(frozen=True, slots=True)
class Choices:
    """Whom one may choose, by the value of a choice: a unit `u12`, a person in a unit `p34-12`."""

    agency: str
    calendar: Calendar
    known: Mapping[str, Recipient]

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """For a list with headings: units first, then the people of each unit."""
        units = [(value, each.unit.name) for value, each in self.known.items() if each.person is None]
        found = {t("Đơn vị"): units}
        for value, each in self.known.items():
            if each.person is not None:
                found.setdefault(each.unit.name, []).append((value, each.person.name))
        return [(name, rows) for name, rows in found.items() if rows]

    @property
    def days(self) -> list[tuple[str, str]]:
        """Deadlines people ask for most, as days."""
        today = timezone.localdate()
        asked = {count: self.calendar.after(today, count) for count in (3, 5, 7, 15)}
        last = today.replace(day=monthrange(today.year, today.month)[1])
        return [
            *((day.isoformat(), t("{n} ngày ({day})", n=n, day=f"{day:%d/%m}")) for n, day in asked.items()),
            (last.isoformat(), t("Cuối tháng ({day})", day=f"{last:%d/%m}")),
        ]

    @property
    def near(self) -> list[tuple[str, str]]:
        """Units one chooses with a touch, where there are few enough to show them all."""
        units = [(value, each.unit.name) for value, each in self.known.items() if each.person is None]
        return units if len(units) <= TOUCHED else []


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dialog as it stands in the form."""

    number: int
    who: str = ""
    role: str = ""
    due: str = ""
    answer: bool = False


def choices_for(person: Person, *, inside: bool, also_self: bool = False) -> Choices:
    """Everybody of the agency, or `inside` the units the person heads alone; oneself only when asked for."""
    posts = Post.objects.filter(held_on(timezone.localdate()), unit__agency=person.agency, unit__closed=None)
    units = Unit.objects.filter(agency=person.agency, closed=None)
    if inside:
        posts, units = posts.filter(unit__in=person.units), units.filter(pk__in=person.units)
    known = {f"u{unit.pk}": Recipient(unit) for unit in units.exclude(parent=None)}
    people = posts.exclude(duty__in=NOT_FOR_WORK).select_related("unit", "person").order_by("unit__order", "unit", "id")
    known |= {
        f"p{post.person_id}-{post.unit_id}": Recipient(post.unit, post.person)
        for post in people
        if also_self or post.person_id != person.person.pk
    }
    return Choices(person.agency, person.calendar, known)


def read_rows(typed: Mapping[str, str], choices: Choices, roles: Sequence[str]) -> list[Recipient]:
    """The rows that name somebody. Raises InvalidValue with a sentence: not of the agency, twice, no such day."""
    found = [_recipient(row, typed, choices, roles) for row in rows_in(typed) if row.who]
    named = [(each.unit.pk, each.person) for each in found]
    if len(set(named)) < len(named):
        raise InvalidValue(t("Một nơi nhận được chọn hai lần."))
    return found


def rows_in(typed: Mapping[str, str]) -> list[Row]:
    """The lines of the form as they were sent."""
    count = min(read_number(typed.get("rows", "")), MOST)
    return [
        Row(
            n,
            typed.get(f"who{n}", ""),
            typed.get(f"role{n}", ""),
            typed.get(f"due{n}", ""),
            bool(typed.get(f"answer{n}")),
        )
        for n in range(count)
    ]


def _recipient(row: Row, typed: Mapping[str, str], choices: Choices, roles: Sequence[str]) -> Recipient:
    chosen = choices.known.get(row.who)
    if chosen is None:
        raise InvalidValue(t("Nơi nhận ở dòng {n} không còn trong cơ quan; xin chọn lại.", n=row.number + 1))
    role = row.role if row.role in roles else roles[0]
    due = deadline(row.due or typed.get("due", "") or typed.get("soon", ""), choices.calendar)
    return Recipient(chosen.unit, chosen.person, role, None if role == Role.INFORM else due, row.answer)


def deadline(text: str, calendar: Calendar) -> datetime | None:
    """When work asked for until that day ends. Raises InvalidValue for no day, or one that has passed."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(t("Ngày này không có trong lịch.")) from None
    if day < timezone.localdate():
        raise InvalidValue(t("Hạn {day} đã qua.", day=f"{day:%d/%m/%Y}"))
    return calendar.closes(day)


def starting(document: Document, roles: Sequence[str], *, proposal: bool) -> list[Row]:
    """The lines a fresh form begins with: for a remark what was proposed, else one for each way of receiving."""
    event = document.events.filter(what="proposed").last() if proposal else None
    told = event.told.get("recipients", []) if event else []
    if told:
        return [_proposed(n, each) for n, each in enumerate(told[: MOST - 1])] + [Row(len(told), role=roles[-1])]
    wanted = [*roles, Role.COORDINATE] if len(roles) > 1 else [*roles, *roles]
    order = list(roles)
    return [Row(n, role=role) for n, role in enumerate(sorted(wanted, key=order.index))]


def _proposed(number: int, told: Mapping[str, object]) -> Row:
    who = f"p{told['person']}-{told['unit']}" if told["person"] else f"u{told['unit']}"
    return Row(number, who, str(told["role"]), str(told["due"])[:10], bool(told["answer"]))
