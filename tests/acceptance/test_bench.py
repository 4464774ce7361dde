"""`lienthong bench floor` with a handful of packages: it runs, and says what it is to say. No figure is asserted."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

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
