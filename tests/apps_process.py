"""`python -m apps` over the `apps.toml` of a folder, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def surroundings(folder: Path) -> dict[str, str]:
    """Its environment: the site's settings, our modules, those of the tests."""
    return environment(folder / "apps.toml")


def environment(config: Path) -> dict[str, str]:
    """The environment of a process of the site with this configuration; passwords hash in no time."""
    told = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "DJANGO_SETTINGS_MODULE": "quick_settings"}
    return os.environ | told | {"LIENTHONG_APPS_CONFIG": str(config)}  # noqa: TID251  # a child process needs ours


def ran(folder: Path, *words: str, ends: int = 0) -> str:
    """What it printed; it has to end with `ends`."""
    command = [sys.executable, "-m", "apps", *words]
    done = subprocess.run(command, env=surroundings(folder), cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == ends, done.stderr[-3000:]
    return done.stdout


def scripted(folder: Path, script: str, ends: int = 0) -> str:
    """The same of a script inside the site."""
    return ran(folder, "shell", "-v0", "-c", script, ends=ends)
