"""The directory's and the onboarding's whole suites on PostgreSQL: the same tests, another database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lienthong.cli.servers.postgres import Postgres

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]
SUITES = ("test_directory.py", "test_directory_pages.py", "test_onboarding.py", "test_speaking.py")


def test_the_same_suites_hold_on_postgresql(postgres: Postgres) -> None:
    told = {"LIENTHONG_TEST_DATABASE": postgres.new_database("directory")}
    environment = os.environ | told  # noqa: TID251  # a child process needs ours
    suites = [str(ROOT / "tests" / "unit" / "apps" / name) for name in SUITES]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *suites]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
