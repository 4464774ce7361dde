"""The list of files of a year [danh mục hồ sơ]: lines planned, taken over from last year, approved by the leader.

Decree 30/2020, Art. 29 and Annex V I: numbered from 01 within each heading (the unit), retention and keeper named.
"""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import combining, normalize

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from apps.accounts.models import User
from apps.office.cases.policy import Act, plans_for, require
from apps.office.deed import Deed
from apps.office.models import CaseEvent, CaseFile, CaseState, Catalogue, Use
from apps.staff.models import Duty, Unit
from lienthong.document import secrecy_of
from lienthong.errors import IllegalMove, InvalidValue

LONGEST_KEPT = 99
"""Years; a longer time is for ever."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the list. `years` None is for ever."""

    unit: Unit
    keeper: User
    title: str
    years: int | None
    use: str = Use.PUBLIC
    note: str = ""
    keyword: str = ""


def catalogue_of(agency: str, year: int) -> Catalogue:
    """The list of a year, made when first asked for."""
    return Catalogue.objects.get_or_create(agency=agency, year=year)[0]


def plan(deed: Deed, year: int, line: Planned, state: str = CaseState.PLANNED) -> CaseFile:
    """One more line, with the next number of its heading; later than the approval it is a supplement.

    PermissionDenied for a unit out of reach, InvalidValue for what a line may not say.
    """
    if line.unit.pk not in plans_for(deed.standing) and line.unit.pk not in {
        post.unit_id for post in deed.standing.posts
    }:
        raise PermissionDenied
    _check(deed, line)
    with transaction.atomic():
        _locked(deed.person.agency, year)
        case = CaseFile.objects.create(
            agency=deed.person.agency,
            year=year,
            unit=line.unit,
            sign=sign_of(line.unit),
            number=_next(deed.person.agency, year, sign_of(line.unit)),
            keeper=line.keeper,
            title=line.title.strip(),
            years=line.years,
            use=line.use,
            note=line.note.strip(),
            keyword=line.keyword.strip(),
            state=state,
            added=deed.at,
        )
        tell(deed, case, "planned")
        return case


def amend(deed: Deed, case: CaseFile, line: Planned) -> None:
    """Change a line nobody has begun; its number stays. IllegalMove once it is open."""
    require(case, deed.standing, Act.PLAN)
    _check(deed, line)
    case.keeper, case.title, case.years = line.keeper, line.title.strip(), line.years
    case.use, case.note, case.keyword = line.use, line.note.strip(), line.keyword.strip()
    case.save()
    tell(deed, case, "amended")


def take_over(deed: Deed, year: int) -> int:
    """Last year's lines of the units one plans for, as lines of this year; how many. A title there is not doubled."""
    agency, units = deed.person.agency, plans_for(deed.standing)
    last = CaseFile.objects.filter(agency=agency, year=year - 1, unit__in=units, unit__closed=None)
    with transaction.atomic():
        here = set(CaseFile.objects.filter(agency=agency, year=year).values_list("unit_id", "title"))
        wanted = [each for each in last.select_related("unit", "keeper") if (each.unit_id, each.title) not in here]
        for each in wanted:
            line = Planned(each.unit, each.keeper, each.title, each.years, each.use, each.note, each.keyword)
            plan(deed, year, line)
    return len(wanted)


def approve(deed: Deed, year: int, basis: str) -> Catalogue:
    """The leader approves the list, naming the decision. IllegalMove when there is nothing, or it is done."""
    if not deed.standing.has(Duty.LEADER):
        raise PermissionDenied
    if not basis.strip():
        raise InvalidValue("quyết định ban hành / the decision")
    with transaction.atomic():
        found = _locked(deed.person.agency, year)
        if found.approved or not CaseFile.objects.filter(agency=found.agency, year=year).exists():
            raise IllegalMove(f"danh mục hồ sơ {year} / list of files {year}")
        found.basis, found.approved, found.by = basis.strip()[:200], deed.at, deed.person
        found.save()
        return found


def tell(deed: Deed, case: CaseFile, what: str, **told: object) -> None:
    """A line of the file's story."""
    CaseEvent.objects.create(case=case, at=deed.at, by=deed.person, what=what, told=told)


def sign_of(unit: Unit) -> str:
    """The heading's abbreviation: the unit's, or its first letters (`VP` for Văn phòng)."""
    bare = "".join(sign for sign in normalize("NFD", unit.name) if not combining(sign))
    letters = "".join(word[0] for word in bare.split() if word[0].isalpha()).upper()
    return (unit.abbreviation or letters or "HS")[:15]


def _check(deed: Deed, line: Planned) -> None:
    if not line.title.strip():
        raise InvalidValue("tiêu đề hồ sơ / title")
    if secret := secrecy_of(line.title):
        raise InvalidValue(f"hồ sơ mật không lưu ở đây / no secret files here: {secret}")
    if line.years is not None and not 1 <= line.years <= LONGEST_KEPT:
        raise InvalidValue(f"thời hạn bảo quản / retention: {line.years}")
    if line.keeper.agency != deed.person.agency or line.unit.agency != deed.person.agency:
        raise PermissionDenied


def _locked(agency: str, year: int) -> Catalogue:
    return Catalogue.objects.select_for_update().get(pk=catalogue_of(agency, year).pk)


def _next(agency: str, year: int, sign: str) -> int:
    last = CaseFile.objects.filter(agency=agency, year=year, sign=sign).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
