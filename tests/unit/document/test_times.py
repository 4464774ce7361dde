from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.document import VIETNAM, edxml_date, edxml_time, iso_vietnam, read_date, read_time

MOMENT = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026/11/22 08:12:00",
        "2026-11-22 08:12",
        "22/11/2026 08:12:00",
        "22-11-2026 8:12:00",
        "2026-11-22T08:12:00+07:00",
        "2026-11-22T08:12:00.123456+0700",
        "2026-11-22T01:12:00Z",
        " 2026-11-22T08:12:00 ",
    ],
)
def test_every_form_of_a_moment(text: str) -> None:
    assert read_time(text) == MOMENT


def test_a_day_alone_is_its_midnight_in_vietnam() -> None:
    assert read_time("2026/11/22") == datetime(2026, 11, 22, tzinfo=VIETNAM)


@pytest.mark.parametrize("text", ["2026/11/22", "22/11/2026", "22.11.2026", "2026-11-22T23:59:00-05:00"])
def test_every_form_of_a_day(text: str) -> None:
    assert read_date(text) == date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "2014/02/30",
        "0001/01/01",
        "2026/13/01",
        "11/22/2026",
        "2026/11/22 25:00:00",
        "hôm nay",
        "20261122",
        "2026-11-22T08:12:00+99:99",
    ],
)
def test_what_is_no_moment(text: str) -> None:
    assert read_time(text) is None


def test_writing() -> None:
    assert edxml_time(MOMENT) == "2026/11/22 08:12:00"
    assert edxml_date(date(2026, 1, 2)) == "2026/01/02"
    assert iso_vietnam(MOMENT) == "2026-11-22T08:12:00+07:00"


@given(st.datetimes(datetime(1901, 1, 1), datetime(2999, 1, 1)), st.integers(-720, 840))  # noqa: DTZ001  hypothesis wants naive bounds
def test_moments_survive_writing_and_reading(naive: datetime, offset: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    assert read_time(edxml_time(moment)) == moment
    assert read_time(iso_vietnam(moment)) == moment
    assert read_time(moment.isoformat()) == moment
