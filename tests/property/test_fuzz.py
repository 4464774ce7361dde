"""Coverage-guided fuzzing: a bounded run of every target, and every input that was ever found (`make fuzz` for more)."""

import subprocess
import sys
from pathlib import Path

import pytest

from fuzz_targets import FINDS, TARGETS

ROOT = Path(__file__).parents[2]
SECONDS = {"envelope": 5, "structure": 6, "archive": 2, "frame": 2, "form": 3, "record": 2, "bundle": 3}
AFRESH = ("sh", "-c", '"$@"; exit $?', "sh")
"""A child of a shell: a child of ours would be taken to have been as large as we are (`ru_maxrss`), and found too large."""
FOUND = sorted(path for path in FINDS.rglob("*") if path.is_file())


@pytest.mark.parametrize("find", FOUND, ids=lambda path: f"{path.parent.name}-{path.name[-12:]}")
def test_what_was_found_once_is_answered_now(find: Path) -> None:
    TARGETS[find.parent.name].check(find.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_the_seeds_are_no_finds(target: str) -> None:
    for seed in TARGETS[target].seeds():
        TARGETS[target].check(seed)


@pytest.mark.skipif(sys.platform != "linux", reason="atheris has wheels for Linux alone")
@pytest.mark.parametrize("target", TARGETS)
def test_a_bounded_run_finds_nothing(target: str) -> None:
    fuzzing = [sys.executable, "tools/fuzz.py", target, "--seconds", str(SECONDS[target])]
    done = subprocess.run([*AFRESH, *fuzzing], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr
