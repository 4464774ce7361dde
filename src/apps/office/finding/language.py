"""The language of the box: plain words, and `field:value` with or without accents and hyphens.

Every part becomes a `Term` that is shown as a chip; what cannot be understood is shown so, and never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.office.finding import facts, words
from apps.office.finding.words import AnyOf
from apps.office.models import Role
from apps.staff.calendar import VIETNAM
from apps.staff.models import Unit
from apps.staff.rights import Standing

MOST_TERMS = 20
LONGEST = 200
_PART = re.compile(r'([^\s:"]+:)?("[^"]*"?|[^\s"]\S*)?')
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?$")
_WITHIN = re.compile(r"<?(\d{1,3})ngay$")
URGENCY = {"co": (1, 2, 3, 4), "khan": (1,), "thuongkhan": (2,), "hoatoc": (3, 4), "thuong": (0,)}
MINE = {"chutri": Role.LEAD, "phoihop": Role.COORDINATE, "debiet": Role.INFORM, "ykien": Role.OPINION}


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query: as it was typed, and what it asks: words of the index, or a condition on rows."""

    raw: str
    label: str
    words: tuple[AnyOf, ...] = ()
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


Asked = tuple[tuple[AnyOf, ...], Q]
Read = Callable[[str, Asker], Asked | None]


def read(text: str, person: Standing) -> list[Term]:
    """The terms of a query; plain words become one term each."""
    asker = Asker(person, timezone.now())
    found = [_term(match, asker) for match in _PART.finditer(text[:LONGEST]) if match[0]]
    return [term for term in found if term.words or term.where or not term.understood][:MOST_TERMS]


def understood(terms: Iterable[Term]) -> bool:
    """Whether anything is asked."""
    return any(term.understood for term in terms)


def _term(match: re.Match[str], asker: Asker) -> Term:
    raw, name, value = match[0], _plain(match[1] or ""), (match[2] or "").strip('"')
    if name not in FIELDS:
        return Term(raw, "", tuple(words.beginnings(words.split(raw))))
    label, reading = FIELDS[name]
    asked = reading(value, asker) if value or name == "toi" else None
    return Term(raw, label, *asked) if asked else Term(raw, label, understood=False)


def _plain(text: str) -> str:
    return "".join(words.split(text))


def _of(name: str) -> Read:
    """Beginnings of words of one field."""

    def reading(value: str, _asker: Asker) -> Asked | None:
        asked = tuple(words.beginnings(words.of_field(name, value)))
        return (asked, Q()) if asked else None

    return reading


def _number(value: str, _asker: Asker) -> Asked | None:
    number, _, notation = value.partition("/")
    numbers = [(word,) for word in words.of_number(number)]
    asked = (*numbers, *words.beginnings(words.of_field(words.NOTATION, notation)))
    return (asked, Q()) if asked else None


def _year(value: str, _asker: Asker) -> Asked | None:
    if not re.fullmatch(r"(19|20)\d\d", value):
        return None
    return ((f"{facts.DAY}{value}*",),), Q()


def _since(value: str, asker: Asker) -> Asked | None:
    day = _day(value, asker)
    return (_days(facts.DAY, day, None), Q()) if day else None


def _until(value: str, asker: Asker) -> Asked | None:
    day = _day(value, asker)
    return (_days(facts.DAY, None, day), Q()) if day else None


def _days(field: str, first: date | None, last: date | None) -> tuple[AnyOf, ...]:
    """From a day to a day; without an end as few words as say so."""
    return (words.between(field, facts.digits(first) if first else "0" * 8, facts.digits(last) if last else "9" * 8),)


def _deadline(value: str, asker: Asker) -> Asked | None:
    """`qua` is over; `<3ngay` within so many working days; a day, up to it. What is done has no deadline."""
    plain, waits = value.replace(" ", ""), Q(done=None)
    within = _WITHIN.match("<" * plain.startswith("<") + _plain(plain))
    if _plain(plain) in {"qua", "quahan"}:
        return _days(facts.DUE, None, asker.today), waits & Q(due__lt=asker.now)
    day = asker.person.calendar.after(asker.today, int(within[1])) if within else _day(plain.lstrip("<="), asker)
    if day is None:
        return None
    return _days(facts.DUE, asker.today, day), waits & Q(due__gte=asker.now)


def _urgency(value: str, _asker: Asker) -> Asked | None:
    asked = URGENCY.get(_plain(value))
    return ((tuple(f"{facts.URGENCY}{each}" for each in asked),), Q()) if asked else None


def _mine(value: str, asker: Asker) -> Asked | None:
    """What was given to me: all of it, what waits, or as what."""
    plain, me = _plain(value), asker.person.person.pk
    fact = {"": f":p{me}", "cho": f":w{me}"} | {name: f":r{role}p{me}" for name, role in MINE.items()}
    return (((fact[plain],),), Q()) if plain in fact else None


def _lead(value: str, asker: Asker) -> Asked | None:
    """Led by a unit or a person whose name has these words; a unit's abbreviation will do."""
    wanted, agency = words.split(value), asker.person.agency
    if not wanted:
        return None
    units = Unit.objects.filter(agency=agency).values_list("pk", "name", "abbreviation")
    people = User.objects.filter(agency=agency).values_list("pk", "name")
    in_units = [f":rleadu{pk}" for pk, name, short in units if _has(wanted, f"{name} {short}")]
    by_people = [f":rleadp{pk}" for pk, name in people if _has(wanted, name)]
    return ((*in_units, *by_people),), Q()


def _has(wanted: list[str], text: str) -> bool:
    there = words.split(text)
    return all(any(word.startswith(beginning) for word in there) for beginning in wanted)


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
