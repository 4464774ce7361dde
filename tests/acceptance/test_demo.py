"""The demo's story with real processes: whole, and with processes killed on the way."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance


def play(tmp_path: Path, *options: str) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "lienthong.cli",
        "demo",
        "--check",
        "--folder",
        str(tmp_path / "country"),
        *options,
    ]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=420, check=False)
    assert ended.returncode == 0, (ended.stdout[-2000:], ended.stderr[-4000:], logs(tmp_path))
    return json.loads(ended.stdout.strip().splitlines()[-1])


def logs(tmp_path: Path) -> str:
    return "\n".join(path.name + ":\n" + path.read_text("utf-8")[-1500:] for path in tmp_path.rglob("logs/*.log"))


def test_the_story_ends_as_it_should(tmp_path: Path):
    """Nothing lost, nothing twice, every receipt verified, each special case seen."""
    counted = play(tmp_path)
    assert counted["lost"] == 0
    assert counted["duplicates"] == 0
    assert counted["refused"] == 1
    assert counted["expired"] == 1
    assert counted["recalled"] >= 3
    assert counted["redirected"] == 1
    assert counted["receipts_verified"] > counted["legs"]


@pytest.mark.faults
@pytest.mark.parametrize("victim", ["axis", "gateway", "all"])
def test_the_story_survives_sigkill(tmp_path: Path, victim: str):
    """A killed process comes back, and the reckoning is the same."""
    counted = play(tmp_path, "--kill", victim)
    assert counted["kills"] >= 3
    assert counted["lost"] == 0
    assert counted["duplicates"] == 0
