"""`lienthong plan`: the sizing follows the demand, and the day played through loses nobody."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from lienthong.cli.main import app
from lienthong.cli.plan.command import clock, size, sparkline
from lienthong.cli.plan.costs import Costs, with_measured
from lienthong.cli.plan.day import Failure, simulate
from lienthong.cli.plan.demand import Demand, minutes, shares
from lienthong.cli.plan.sizing import Policy, need
from lienthong.errors import ConfigurationInvalid, InvalidValue

ORDINARY = Demand(organisations=15_000, documents=500_000)


def test_a_status_is_a_package_too() -> None:
    demand = Demand(10, 100, recipients=3, statuses=2)
    assert demand.packages == 100 + 100 * 3 * 2
    assert demand.legs == 100 * 3 + 100 * 3 * 2


def test_minutes_are_a_whole_day_and_nights_are_quiet() -> None:
    assert sum(minutes()) == pytest.approx(1)
    assert minutes()[3 * 60] < minutes()[10 * 60] / 50


def test_the_peak_is_the_fullest_minute_of_a_busy_day() -> None:
    average = ORDINARY.packages / 86_400
    assert ORDINARY.peak == pytest.approx(1.5 * average * 1440 * max(minutes()))


@given(st.integers(1, 5_000))
def test_parts_of_databases_are_a_whole(databases: int) -> None:
    parts = shares(databases)
    assert len(parts) == databases
    assert sum(parts) == pytest.approx(1)
    assert parts[0] == max(parts)


def test_one_process_carries_what_its_costs_say() -> None:
    demand = Demand(10, 1000, recipients=1, statuses=0)
    assert need(demand, Costs(accept_ms=6, leg_ms=4), Policy()).process_rate == pytest.approx(100)


def test_one_node_is_to_spare() -> None:
    found = need(ORDINARY, Costs(), Policy())
    left = (found.nodes - 1) * Policy().cores * found.process_rate
    assert left * Policy().load >= ORDINARY.peak


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_more_documents_never_need_less(one: int, other: int) -> None:
    few, many = (need(replace(ORDINARY, documents=count), Costs(), Policy()) for count in sorted((one, other)))
    assert (few.nodes, few.databases) <= (many.nodes, many.databases)
    assert few.content_bytes <= many.content_bytes


@given(st.integers(1_000, 10**9), st.integers(0, 1000))
def test_nobody_is_lost_whatever_fails(documents: int, seed: int) -> None:
    demand = replace(ORDINARY, documents=documents)
    day = simulate(demand, need(demand, Costs(), Policy()), Costs(), Failure(), seed)
    assert day.lost == pytest.approx(0, abs=1e-6 * day.packages)
    assert day.drained_at < 24 * 60 - 1
    assert math.isfinite(day.longest_wait)


def test_a_database_failing_over_makes_people_wait_and_a_quiet_day_does_not() -> None:
    found = need(ORDINARY, Costs(), Policy())
    quiet, failing = (simulate(ORDINARY, found, Costs(), failure) for failure in (None, Failure()))
    assert quiet.longest_queue == 0
    assert 120 <= failing.longest_wait < 600
    assert failing.packages == quiet.packages


def test_too_few_machines_leave_a_queue_at_the_end_of_the_day() -> None:
    found = replace(need(ORDINARY, Costs(), Policy()), processes=1, nodes=1)
    day = simulate(ORDINARY, found, Costs())
    assert day.waiting[-1] > 0
    assert day.longest_wait == math.inf
    assert day.lost == pytest.approx(0, abs=1e-6 * day.packages)


@pytest.mark.parametrize(
    "wrong", [{"organisations": 1}, {"documents": 0}, {"recipients": 0.5}, {"busy": 0.9}, {"statuses": -1}]
)
def test_impossible_demands_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidValue):
        replace(ORDINARY, **wrong)  # type: ignore[arg-type]  # several kinds of number in one table


def test_costs_measured_elsewhere_replace_ours(tmp_path: Path) -> None:
    file = tmp_path / "costs.json"
    file.write_text('{"accept_ms": 3}')
    assert with_measured(Costs(), file) == replace(Costs(), accept_ms=3.0)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"speed": 1}', '{"accept_ms": 0}', '{"accept_ms": true}', '{"leg_ms": "1"}']
)
def test_a_file_that_tells_no_costs_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "costs.json"
    file.write_text(text)
    with pytest.raises(ConfigurationInvalid):
        with_measured(Costs(), file)


def test_the_command_tells_tables_notes_and_one_summary_line(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    words = ["plan", "--organisations", "111000", "--documents-per-day", "1000000000", "--json", str(file)]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.output
    told = json.loads(file.read_text())
    assert ran.output.strip().splitlines()[-1].startswith("plan: 1,000,000,000")
    assert told["need"]["databases"] > 100
    assert told["day_with_failures"]["longest_wait"] >= 120
    assert "chưa xây" in ran.output


def test_a_missing_file_is_told_in_words(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["plan", "--measured", str(tmp_path / "none.json")])
    assert ran.exit_code == 1
    assert "none.json" in ran.output


def test_sizes_times_and_loads_in_words() -> None:
    assert [size(999), size(1_500), size(2.5e12), size(7e15)] == ["999 B", "1.5 kB", "2.5 TB", "7.0 PB"]
    assert [clock(0), clock(605)] == ["–", "10:05"]
    assert sparkline((0.0,) * 30 + (1.0,) * 30) == " █"
