"""What operators' monitoring reads."""

from datetime import UTC, datetime

from prometheus_client import generate_latest

from lienthong.adapters.metrics import collected

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def lines(counts: dict[str, int]) -> list[str]:
    return generate_latest(collected(counts, 7, NOW)).decode().splitlines()


def test_legs_are_counted_by_lane_and_state():
    assert 'lienthong_legs{lane="through",state="accepted"} 3.0' in lines({"through/accepted": 3})


def test_the_oldest_waiting_leg_has_an_age():
    told = lines({"out/recorded": 1, "oldest_waiting": int(NOW.timestamp()) - 90})
    assert "lienthong_oldest_waiting_seconds 90.0" in told
    assert not any("oldest_waiting" in line and "lane=" in line for line in told)


def test_nothing_waiting_has_no_age():
    assert "lienthong_oldest_waiting_seconds 0.0" in lines({})
    assert "lienthong_registry_version 7.0" in lines({})
