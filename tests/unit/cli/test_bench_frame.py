"""What a bench command tells: statistics, goals, JSON, and that nothing passes for reached that was not measured."""

import json
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from lienthong.cli.bench import show
from lienthong.cli.bench.frame import Outcome, Ratio, Series, number, percentile, ratio_of
from lienthong.cli.bench.journey import profiled
from lienthong.cli.bench.machine import installed, machine, versions
from lienthong.cli.bench.packages import MIX, SIZES, read_frames, sizes_of, write_frames
from lienthong.cli.bench.world import Growth, require_store
from lienthong.cli.main import app
from lienthong.errors import ConfigurationInvalid, InvalidValue


def _outcome(value: float = 0.6, unmet: tuple[str, ...] = ()) -> Outcome:
    series = Series("accepted", "gói/s", (300.0, 100.0, 200.0, 500.0, 400.0))
    return Outcome(
        "accept 100k", {"size": "100k"}, (series,), (Ratio("accepted/floor", value, at_least=0.5),), (), unmet
    )


def test_a_series_has_a_median_and_a_range():
    series = Series("x", "ms", (5.0, 1.0, 4.0, 2.0, 3.0))
    assert (series.median, series.low, series.high) == (3.0, 1.0, 5.0)


@pytest.mark.parametrize("values", [(), (1.0, float("nan")), (float("inf"),)])
def test_what_was_not_measured_is_no_series(values: tuple[float, ...]):
    with pytest.raises(InvalidValue):
        Series("x", "ms", values)


@pytest.mark.parametrize(
    ("ratio", "reached"),
    [
        (Ratio("r", 0.5, at_least=0.5), True),
        (Ratio("r", 0.499, at_least=0.5), False),
        (Ratio("r", 5.0, at_most=5.0), True),
        (Ratio("r", 5.01, at_most=5.0), False),
        (Ratio("r", 0.0), True),
    ],
)
def test_a_ratio_knows_its_goal(ratio: Ratio, reached: bool):
    assert ratio.reached is reached
    assert ("reached" in ratio.as_dict()) is bool(ratio.goal)


def test_the_ratio_is_of_the_medians():
    assert ratio_of("r", Series("a", "", (2.0, 8.0, 4.0)), Series("b", "", (1.0, 2.0, 50.0))).value == 2.0
    with pytest.raises(InvalidValue):
        ratio_of("r", Series("a", "", (1.0,)), Series("b", "", (0.0,)))


def test_percentiles_are_values_that_occurred():
    waits = [float(each) for each in range(1, 101)]
    assert (percentile(waits, 0.5), percentile(waits, 0.99), percentile([7.0], 0.99)) == (50.0, 99.0, 7.0)
    with pytest.raises(InvalidValue):
        percentile([], 0.5)
    with pytest.raises(InvalidValue):
        percentile(waits, 0)


@pytest.mark.parametrize(("value", "text"), [(1234.5, "1,234"), (56.72, "56.7"), (0.01234, "0.0123"), (0.0, "0.0")])
def test_numbers_for_people(value: float, text: str):
    assert number(value) == text


def test_a_goal_that_could_not_be_measured_is_not_reached():
    assert _outcome().reached
    assert not _outcome(0.4).reached
    assert not _outcome(unmet=("no yardstick",)).reached
    assert "no yardstick" in _outcome(unmet=("no yardstick",)).summary


def test_json_holds_machine_versions_runs_and_verdict(tmp_path: Path):
    file = tmp_path / "bench.json"
    show.write_json(file, _outcome(0.4).as_dict(machine(), versions()))
    told = json.loads(file.read_text("utf-8"))
    assert told["series"][0]["median"] == 300.0
    assert (told["series"][0]["low"], told["series"][0]["high"]) == (100.0, 500.0)
    assert told["ratios"][0] == {"name": "accepted/floor", "value": 0.4, "goal": "≥ 0.5", "reached": False}
    assert told["reached"] is False
    assert {"cpu", "cores", "memory_gib"} <= told["machine"].keys()
    assert {"python", "sqlite", "granian"} <= told["versions"].keys()


def test_the_summary_is_the_last_line(monkeypatch: pytest.MonkeyPatch):
    console = Console(record=True, width=200)
    monkeypatch.setattr(show, "out", lambda: console)
    show.tell(_outcome(0.4), {"cores": 2}, {"python": "3"})
    last = console.export_text().strip().splitlines()[-1]
    assert last == _outcome(0.4).summary
    assert "CHƯA ĐẠT" in last


@pytest.mark.parametrize(("value", "check", "status"), [(0.6, True, 0), (0.4, True, 1), (0.4, False, 0)])
def test_check_decides_the_exit_status(value: float, check: bool, status: int, tmp_path: Path):
    made = typer.Typer()

    @made.command()
    def measure() -> None:
        show.measured("m", 1, lambda advance: _outcome(value), tmp_path / "x.json", check=check)

    assert CliRunner().invoke(made, []).exit_code == status
    assert (tmp_path / "x.json").exists()


def test_mixes_hold_every_size_and_are_the_same_for_a_seed():
    drawn = sizes_of("mix", 500, seed=3)
    assert set(drawn) == {SIZES[name] for name in MIX}
    assert drawn == sizes_of("mix", 500, seed=3)
    assert sum(MIX.values()) == 1000
    assert sizes_of("2k", 3, seed=1) == [2000] * 3
    with pytest.raises(InvalidValue):
        sizes_of("3k", 1, seed=1)


def test_frames_go_through_a_file(tmp_path: Path):
    write_frames(tmp_path / "frames", [b"one", b"", b"three"])
    assert read_frames(tmp_path / "frames") == [b"one", b"", b"three"]


def test_batches_are_counted_by_their_checkpoints():
    assert Growth(130, 20).since(Growth(10, 10)) == 12.0
    assert Growth(10, 10).since(Growth(10, 10)) == 1.0


def test_a_store_that_is_not_there_is_refused_in_words():
    result = CliRunner().invoke(app, ["bench", "accept", "--store", "oracle"])
    assert result.exit_code == 1
    assert "oracle" in result.output
    with pytest.raises(ConfigurationInvalid):
        require_store("oracle")


def test_too_few_runs_are_refused():
    assert CliRunner().invoke(app, ["bench", "floor", "--runs", "4"]).exit_code == 2


def test_which_process_to_look_into():
    assert profiled("") is None
    assert profiled("axis=a.txt") == ("axis", Path("a.txt"))
    for wrong in ("axis", "web=a.txt", "axis="):
        with pytest.raises(ConfigurationInvalid):
            profiled(wrong)


def test_a_missing_distribution_has_no_version():
    assert not installed("no-such-distribution-here")
    assert installed("rich")
