"""From what was typed to values of files; what is wrong is told and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.office.archive import periods
from apps.office.cases.acts import Counts
from apps.office.cases.catalogue import Planned
from apps.office.models import Use
from apps.staff.calendar import calendar_of
from apps.staff.models import Unit
from apps.ui.numbers import read_number
from apps.ui.times import read_day
from lienthong.errors import InvalidValue

Told = Mapping[str, str]


def colleagues(agency: str) -> QuerySet[User]:
    """Who may keep a file or work in one."""
    return User.objects.filter(agency=agency, role=Role.CLERK, is_active=True).order_by("name")


def colleague(agency: str, number: str) -> User:
    """One of them. Http404 for anybody else."""
    return get_object_or_404(colleagues(agency), pk=read_number(number))


def unit_of(agency: str, number: str) -> Unit:
    """An open unit of the agency."""
    return get_object_or_404(Unit, pk=read_number(number), agency=agency, closed=None)


def planned(agency: str, told: Told) -> Planned:
    """A line of the list. InvalidValue for a retention nobody can read."""
    use = told.get("use", Use.PUBLIC)
    return Planned(
        unit=unit_of(agency, told.get("unit", "")),
        keeper=colleague(agency, told.get("keeper", "")),
        title=told.get("title", "")[:500],
        years=periods.read(told.get("years_other", "").strip() or told.get("years", "")),
        use=use if use in Use else Use.PUBLIC,
        note=told.get("note", "")[:500],
        keyword=told.get("keyword", "")[:100],
    )


def counts(told: Told) -> Counts:
    """What is counted at the end. InvalidValue for what is no number."""
    return Counts(
        sheets=whole(told.get("sheets", "")),
        pages=whole(told.get("pages", "")),
        end_note=told.get("end_note", ""),
        paper_code=told.get("paper_code", ""),
    )


def whole(text: str) -> int:
    """A number of things; empty is none."""
    text = text.strip() or "0"
    if not (text.isascii() and text.isdigit()) or len(text) > 7:
        raise InvalidValue("số lượng / a number")
    return int(text)


def deadline(agency: str, text: str) -> datetime | None:
    """When a day ends at this agency; nothing for no day."""
    day = read_day(text) if text else None
    return calendar_of(agency).closes(day) if day else None


def year_of(text: str, default: int) -> int:
    """A year of four digits. Http404 for what no list can have."""
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or not 2000 <= int(text) <= 2100:
        raise Http404
    return int(text)
