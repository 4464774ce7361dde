"""Working days: Monday to Friday but holidays, and Saturdays worked to make up for one. All days are Viet Nam's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.staff.models import SpecialDay

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CLOSING = time(17, 0)
"""When an office closes; a deadline without an hour ends then."""
MORNING_ENDS = time(12, 0)
_ONE = timedelta(days=1)
_LONGEST = 3660
"""Days; a calendar in which no day is worked must not hang anybody."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """An agency's working days. `special` tells of the days that are not as their weekday."""

    special: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Whether the office is open that day."""
        return self.special.get(day, day.weekday() < 5)

    def next_working(self, day: date) -> date:
        """The first working day after that one."""
        return self.after(day, 1)

    def after(self, day: date, count: int) -> date:
        """The day `count` working days later; the day itself for none."""
        for _ in range(_LONGEST):
            if count <= 0:
                return day
            day += _ONE
            count -= self.works(day)
        raise ValueError("no working days")

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to `end`; negative when `end` lies before."""
        if end < start:
            return -self.between(end, start)
        return sum(self.works(start + timedelta(days=each)) for each in range(1, (end - start).days + 1))

    def closes(self, day: date) -> datetime:
        """When a deadline on that day ends: at closing of the last working day up to it."""
        while not self.works(day):
            day -= _ONE
        return datetime.combine(day, CLOSING, VIETNAM)

    def to_send_by(self, signed: datetime) -> datetime:
        """Latest moment to send what was signed: noon of the next working day (Decision 28/2018/QĐ-TTg Art. 6.2)."""
        day = self.next_working(signed.astimezone(VIETNAM).date())
        return datetime.combine(day, MORNING_ENDS, VIETNAM)


def calendar_of(agency: str) -> Calendar:
    """An agency's calendar; what the agency says of a day goes before what holds for all."""
    rows = SpecialDay.objects.filter(agency__in=["", agency]).order_by("agency").values_list("day", "working")
    return Calendar(dict(rows))
