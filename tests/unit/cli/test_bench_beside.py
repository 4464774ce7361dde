"""What stands beside a bench command's figure: processor time, and the yardstick's own environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lienthong.cli.bench import as4env
from lienthong.cli.bench.cpu import cpu_seconds
from lienthong.errors import Unavailable


def test_work_is_seen_as_processor_time():
    before = cpu_seconds([os.getpid()])
    while cpu_seconds([os.getpid()]) - before < 0.02:
        sum(range(100_000))
    assert cpu_seconds([os.getpid()]) > before


def test_a_process_that_is_gone_has_taken_none():
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    assert cpu_seconds([int(gone.stdout)]) == 0


def test_every_package_of_the_yardstick_is_pinned_by_hash():
    entries = as4env.LOCK.read_text("ascii").replace("\\\n", " ").splitlines()
    assert any(entry.startswith(f"as4=={as4env.VERSION} ") for entry in entries)
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_without_a_network_it_says_so_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(Unavailable, match=r"không cài được .* / as4 .* cannot be installed"):
        as4env.environment()
