"""The language of the box: plain words, and `field:value` with or without accents and hyphens.

Every part becomes a `Term` that is shown as a chip; what cannot be understood is shown so, and never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.office.finding import words
from apps.office.models import OPEN, Assignment, Role
from apps.staff.calendar import VIETNAM, Calendar, calendar_of
from apps.staff.models import Unit
from apps.staff.rights import Standing

MOST_TERMS = 20
LONGEST = 200
_PART = re.compile(r'([^\s:"]+:)?("[^"]*"?|[^\s"]\S*)?')
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?$")
_WITHIN = re.compile(r"<?(\d{1,3})ngay$")
URGENCY = {"co": (1, 4), "khan": (1, 1), "thuongkhan": (2, 2), "hoatoc": (3, 4), "thuong": (0, 0)}
MINE = {"chutri": Role.LEAD, "phoihop": Role.COORDINATE, "debiet": Role.INFORM, "ykien": Role.OPINION}


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query: as it was typed, and what it asks: words of the index, or a condition on rows."""

    raw: str
    label: str
    words: tuple[str, ...] = ()
    where: Q = field(default_factory=Q)
    understood: bool = True


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and when: `toi:` and days without a year depend on it."""

    person: Standing
    now: datetime

    @property
    def today(self) -> date:
        """The day in Viet Nam."""
        return self.now.astimezone(VIETNAM).date()

    @property
    def calendar(self) -> Calendar:
        """Working days of the agency."""
        return calendar_of(self.person.agency)


Read = Callable[[str, Asker], tuple[tuple[str, ...], Q] | None]


def read(text: str, person: Standing) -> list[Term]:
    """The terms of a query; plain words become one term each."""
    asker = Asker(person, timezone.now())
    found = [_term(match, asker) for match in _PART.finditer(text[:LONGEST]) if match[0]]
    return [term for term in found if term.words or term.where or not term.understood][:MOST_TERMS]


def _term(match: re.Match[str], asker: Asker) -> Term:
    raw, name, value = match[0], _plain(match[1] or ""), (match[2] or "").strip('"')
    if name not in FIELDS:
        return Term(raw, "", tuple(f"{word}*" for word in words.split(raw)))
    label, reading = FIELDS[name]
    asked = reading(value, asker) if value or name == "toi" else None
    return Term(raw, label, *asked) if asked else Term(raw, label, understood=False)


def _plain(text: str) -> str:
    return "".join(words.split(text))


def _of(name: str) -> Read:
    """Beginnings of words of one field."""

    def reading(value: str, _asker: Asker) -> tuple[tuple[str, ...], Q] | None:
        asked = tuple(f"{word}*" for word in words.of_field(name, value))
        return (asked, Q()) if asked else None

    return reading


def _number(value: str, _asker: Asker) -> tuple[tuple[str, ...], Q] | None:
    number, _, notation = value.partition("/")
    asked = (*words.of_number(number), *(f"{word}*" for word in words.of_field(words.NOTATION, notation)))
    return (asked, Q()) if asked else None


def _year(value: str, _asker: Asker) -> tuple[tuple[str, ...], Q] | None:
    if not re.fullmatch(r"(19|20)\d\d", value):
        return None
    year = int(value)
    return (), _dated(date(year, 1, 1), date(year, 12, 31))


def _since(value: str, asker: Asker) -> tuple[tuple[str, ...], Q] | None:
    day = _day(value, asker)
    return ((), _dated(day, date.max)) if day else None


def _until(value: str, asker: Asker) -> tuple[tuple[str, ...], Q] | None:
    day = _day(value, asker)
    return ((), _dated(date.min, day)) if day else None


def _dated(first: date, last: date) -> Q:
    """Day of issue within; of what tells none, the day it came."""
    came = Q()
    if first > date.min:
        came &= Q(came__gte=datetime.combine(first, time(), VIETNAM))
    if last < date.max:
        came &= Q(came__lt=datetime.combine(last + timedelta(1), time(), VIETNAM))
    return Q(issued__range=(first, last)) | Q(came, issued=None)


def _deadline(value: str, asker: Asker) -> tuple[tuple[str, ...], Q] | None:
    """`qua` is over; `<3ngay` within so many working days; a day, up to it. What is done has no deadline."""
    plain, waits = value.replace(" ", ""), Q(done=None)
    within = _WITHIN.match("<" * plain.startswith("<") + _plain(plain))
    if _plain(plain) in {"qua", "quahan"}:
        return (), waits & Q(due__lt=asker.now)
    day = asker.calendar.after(asker.today, int(within[1])) if within else _day(plain.lstrip("<="), asker)
    if day is None:
        return None
    return (), waits & Q(due__gte=asker.now, due__lt=datetime.combine(day + timedelta(1), time(), VIETNAM))


def _urgency(value: str, _asker: Asker) -> tuple[tuple[str, ...], Q] | None:
    asked = URGENCY.get(_plain(value))
    return ((), Q(urgency__range=asked)) if asked else None


def _mine(value: str, asker: Asker) -> tuple[tuple[str, ...], Q] | None:
    """What was given to me: all of it, what waits, or as what."""
    rows, plain = Assignment.objects.filter(person=asker.person.person), _plain(value)
    if plain == "cho":
        rows = rows.filter(state__in=OPEN)
    elif plain in MINE:
        rows = rows.filter(role=MINE[plain])
    elif plain:
        return None
    return (), Q(pk__in=rows.values("document"))  # few: the database begins with them


def _lead(value: str, asker: Asker) -> tuple[tuple[str, ...], Q] | None:
    """Led by a unit or a person whose name has these words; a unit's abbreviation will do."""
    wanted, agency = words.split(value), asker.person.agency
    if not wanted:
        return None
    units = Unit.objects.filter(agency=agency).values_list("pk", "name", "abbreviation")
    people = User.objects.filter(agency=agency).values_list("pk", "name")
    in_units = [pk for pk, name, short in units if _has(wanted, f"{name} {short}")]
    by_people = [pk for pk, name in people if _has(wanted, name)]
    led = Assignment.objects.filter(Q(unit__in=in_units) | Q(person__in=by_people), role=Role.LEAD)
    return (), _with_row(led)


def _has(wanted: list[str], text: str) -> bool:
    there = words.split(text)
    return all(any(word.startswith(beginning) for word in there) for beginning in wanted)


def _with_row(rows: QuerySet[Assignment]) -> Q:
    return Q(Exists(rows.filter(document=OuterRef("pk"))))


def _day(value: str, asker: Asker) -> date | None:
    """'22/11/2026', '22/11' of this year, '2026-11-22', 'homnay'."""
    if _plain(value) == "homnay":
        return asker.today
    told = _DAY.match(value)
    try:
        if told:
            return date(int(told[3] or asker.today.year), int(told[2]), int(told[1]))
        return date.fromisoformat(value)
    except ValueError:
        return None


FIELDS: Mapping[str, tuple[str, Read]] = {
    "so": ("Số", _number),
    "kyhieu": ("Ký hiệu", _of(words.NOTATION)),
    "nam": ("Năm", _year),
    "tu": ("Từ ngày", _since),
    "den": ("Đến ngày", _until),
    "loai": ("Loại văn bản", _of(words.KIND)),
    "han": ("Hạn", _deadline),
    "khan": ("Độ khẩn", _urgency),
    "toi": ("Phần của tôi", _mine),
    "chutri": ("Chủ trì", _lead),
    "nguoiky": ("Người ký", _of(words.SIGNER)),
    "coquan": ("Cơ quan", _of(words.ISSUER)),
    "nhan": ("Nhãn", _of(words.LABEL)),
}
"""By the name without accents and hyphens: what the chip says, and how a value is read (None: not understood)."""
EXAMPLES = (
    "so:1312", "ky-hieu:UBND", "nam:2026", "tu:01/11", "den:homnay", "loai:quyet-dinh", "han:<3ngay", "han:qua",
    "khan:hoa-toc", "toi:cho", "toi:chu-tri", "chu-tri:KT", "nguoi-ky:mau", "co-quan:noi-vu",
)  # fmt: skip
