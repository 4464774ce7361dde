"""Working days: weekends, holidays, Saturdays worked, and deadlines that end when the office closes."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from apps.staff.calendar import Calendar

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
HOLIDAYS = Calendar({MONDAY: False, date(2026, 11, 28): True})
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))


def test_a_holiday_is_passed_over_and_a_worked_saturday_counts() -> None:
    assert Calendar().next_working(FRIDAY) == MONDAY
    assert HOLIDAYS.next_working(FRIDAY) == date(2026, 11, 28)
    assert HOLIDAYS.after(FRIDAY, 2) == date(2026, 12, 1)


def test_a_deadline_ends_at_closing_of_the_last_working_day() -> None:
    assert Calendar().closes(date(2026, 11, 29)) == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def test_what_was_signed_is_sent_by_noon_of_the_next_working_day() -> None:
    late = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)  # 23:30 on Friday in Viet Nam
    assert Calendar().to_send_by(late) == datetime(2026, 11, 30, 5, 0, tzinfo=UTC)


@given(days, st.integers(0, 60))
def test_so_many_working_days_later_lie_so_many_between(day: date, count: int) -> None:
    calendar = Calendar()
    assert calendar.between(day, calendar.after(day, count)) == count
