"""Processes that cannot start say why in two sentences; one port never answers for two of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from running_country import Country

pytestmark = pytest.mark.acceptance
MODULES = {"ca": "lienthong.ca", "axis": "lienthong.axis", "gw-h29": "lienthong.gateway"}


def second(module: str, config: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, "--config", str(config)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def words(ended: subprocess.CompletedProcess[str]) -> list[str]:
    """What was said to people; a log line is for machines."""
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr, ended.stderr
    return [line for line in ended.stderr.split("\n") if line and not line.startswith("{")]


def test_a_second_process_on_the_same_port(country: Country, tmp_path: Path) -> None:
    vi, en = words(second("lienthong.ca", country.place.folder / "ca.toml"))
    assert f"127.0.0.1:{country.place.ports['ca']}" in vi
    assert "cannot listen" in en


@pytest.mark.parametrize("name", ["axis", "gw-h29"])
def test_a_second_process_on_the_same_store(country: Country, name: str) -> None:
    assert len(words(second(MODULES[name], country.place.folder / f"{name}.toml"))) == 2
    assert country.ready(name)["registry"]


@pytest.mark.parametrize("name", ["axis", "gw-h29"])
def test_a_second_process_with_a_store_of_its_own(country: Country, name: str) -> None:
    """Only the port is taken."""
    settings = (country.place.folder / f"{name}.toml").read_text("utf-8")
    config = country.place.folder / f"{name}-khac.toml"
    config.write_text(settings.replace(f"{name}/data", f"{name}/data-khac"), "utf-8")
    _, en = words(second(MODULES[name], config))
    assert "cannot listen" in en
    assert country.ready(name)["registry"]


@pytest.mark.parametrize("name", MODULES)
def test_settings_that_are_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.toml").write_text("data = 7\n[", "utf-8")
    for config in (tmp_path / "x.toml", tmp_path / "missing.toml"):
        assert len(words(second(MODULES[name], config))) == 2
