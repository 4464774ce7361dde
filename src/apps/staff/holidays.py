"""The public holidays of Viet Nam (Labour Code 2019, Art. 112; lunar ones and exchanged days as announced)."""

from __future__ import annotations

from holidays import country_holidays

from apps.staff.models import SpecialDay

LONGEST_NAME = 100


def keep_public(year: int) -> int:
    """Let a year's public holidays, and Saturdays worked for one, hold for every agency; how many days are new.

    What is said of a day already stays.
    """
    found = country_holidays("VN", years=year, language="vi")
    days = [SpecialDay(day=day, name=name[:LONGEST_NAME]) for day, name in found.items()]
    worked = [SpecialDay(day=day, name="Làm bù", working=True) for day in found.weekend_workdays if day.year == year]
    known = set(SpecialDay.objects.filter(agency="", day__year=year).values_list("day", flat=True))
    return len(SpecialDay.objects.bulk_create([each for each in days + worked if each.day not in known]))
