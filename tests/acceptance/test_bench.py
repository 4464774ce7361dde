"""`lienthong bench floor` with a handful of packages: it runs, and says what it is to say. No figure is asserted."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lienthong.cli.bench.memory import Weight, memory
from lienthong.cli.main import app

pytestmark = pytest.mark.acceptance


def test_the_floor_is_measured_and_told(tmp_path: Path):
    file = tmp_path / "floor.json"
    words = ["bench", "floor", "--size", "100k", "--count", "4", "--batch", "2", "--json", str(file)]
    result = CliRunner().invoke(app, [*words, "--folder", str(tmp_path / "work")])
    assert result.exit_code == 0, result.output
    told = json.loads(file.read_text("utf-8"))
    assert len(told["series"][0]["runs"]) == 5
    assert told["parameters"] == {"size": "100k", "packages": 4, "batch": 2, "runs": 5}
    assert result.output.strip().splitlines()[-1].startswith("floor 100k")
    assert not list((tmp_path / "work").iterdir())


def test_scale_is_measured_on_stores_that_verify(tmp_path: Path):
    file = tmp_path / "scale.json"
    small = ["--stored", "1k,20k", "--organisations", "1000", "--recipients", "20", "--count", "10"]
    result = CliRunner().invoke(
        app, ["bench", "scale", *small, "--json", str(file), "--folder", str(tmp_path / "work")]
    )
    assert result.exit_code == 0, result.output
    told = json.loads(file.read_text("utf-8"))
    assert [ratio["goal"] for ratio in told["ratios"]] == ["≤ 1.3", "≤ 1.3", "≤ 1.3", "≤ 0.05"]
    assert result.output.strip().splitlines()[-1].startswith("scale")
    assert not list((tmp_path / "work").iterdir())


@pytest.mark.parametrize("text", ["", "10k", "10k,x", "0,5", "5k,5000"])
def test_sizes_of_stores_that_make_no_comparison_are_refused(text: str):
    result = CliRunner().invoke(app, ["bench", "scale", "--stored", text])
    assert result.exit_code != 0
    assert "10k,1M,10M" in " ".join(result.output.split())


def test_stores_that_the_disk_does_not_hold_are_refused_before_anything_is_filled(tmp_path: Path):
    result = CliRunner().invoke(app, ["bench", "scale", "--stored", "10k,1000000M", "--folder", str(tmp_path)])
    assert result.exit_code != 0
    assert "GB needed" in " ".join(result.output.split())
    assert not list(tmp_path.iterdir())


def test_memory_is_measured_in_running_processes(tmp_path: Path):
    told: list[str] = []
    outcome = memory(Weight(attachment=12_000_000, gateways=20, runs=1, folder=tmp_path / "work"), told.append)
    assert [ratio.goal for ratio in outcome.ratios] == ["≤ 96", "≤ 50"]
    assert all(series.median >= 0 for series in outcome.series)
    assert told
    assert not list((tmp_path / "work").iterdir())
