"""Vietnam time at the borders, UTC inside (vn-rules §0: edXML writes local time without a zone)."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from lienthong.document.texts import nfc

VIETNAM = timezone(timedelta(hours=7), "UTC+07:00")  # no summer time since 1975

_YEARS = range(1900, 3000)  # producers write year 1 for "no date"
_DAY = r"(?:(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})|(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4}))"
_CLOCK = r"(?:[T\s]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?)?"
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_MOMENT = re.compile(_DAY + _CLOCK + _ZONE, re.ASCII | re.IGNORECASE)


def edxml_time(moment: datetime) -> str:
    """`yyyy/MM/dd HH:mm:ss` in Vietnam time, from an aware moment."""
    local = moment.astimezone(VIETNAM)
    return f"{edxml_date(local.date())} {local:%H:%M:%S}"


def edxml_date(day: date) -> str:
    """`yyyy/MM/dd`."""
    return f"{day.year:04}/{day.month:02}/{day.day:02}"


def iso_vietnam(moment: datetime) -> str:
    """ISO 8601 in Vietnam time to the second: `2026-11-22T08:12:00+07:00` (Decree 30/2020, Annex I)."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def read_time(text: str) -> datetime | None:
    """The moment (UTC) of `yyyy/MM/dd HH:mm:ss`, `dd/MM/yyyy HH:mm:ss` or ISO; Vietnam time unless a zone is given.

    A day alone is its midnight; fractions of a second are dropped; None for anything else, impossible days included.
    """
    found = _MOMENT.fullmatch(nfc(text))
    day = _day(found) if found else None
    if found is None or day is None:
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("h", "min", "s"))
    try:
        local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(found["zone"]))
        return local.astimezone(UTC)
    except ValueError:
        return None


def read_date(text: str) -> date | None:
    """The day of any form `read_time` knows, as written (a given zone does not shift it); None for anything else."""
    found = _MOMENT.fullmatch(nfc(text))
    return _day(found) if found else None


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (int(found[name] or found[f"{name}2"]) for name in ("y", "m", "d"))
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    if text is None:
        return VIETNAM
    if text in {"Z", "z"}:
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
