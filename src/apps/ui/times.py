"""Moments as people of an office read them: Vietnam time, the hour first, near days by name."""

from datetime import UTC, date, datetime, timedelta

from apps.ui.language import t
from lienthong.document import VIETNAM

WEEKEND = 5


def local(moment: datetime) -> datetime:
    """The moment on a Vietnamese clock."""
    return moment.astimezone(VIETNAM)


def today() -> date:
    """The date in Vietnam now."""
    return datetime.now(UTC).astimezone(VIETNAM).date()


def clock(moment: datetime) -> str:
    """'08:12 22/11/2026'."""
    return f"{local(moment):%H:%M %d/%m/%Y}"


def near(moment: datetime) -> str:
    """'08:12 hôm nay', '08:12 hôm qua', or with the date."""
    days = (today() - local(moment).date()).days
    words = {0: t("hôm nay"), 1: t("hôm qua"), -1: t("ngày mai")}
    return f"{local(moment):%H:%M} {words[days]}" if days in words else clock(moment)


def read_day(text: str) -> date | None:
    """An ISO date, or nothing."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def working_days(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` has passed. Holidays aren't known here."""
    low, high = sorted((start, end))
    count = sum((low + timedelta(n)).weekday() < WEEKEND for n in range(1, (high - low).days + 1))
    return count if end >= start else -count
