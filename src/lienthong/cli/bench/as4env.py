"""An environment of its own for the yardstick of `bench journey`: made once, by hash, and kept in the user's cache."""

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from lienthong.cli.bench.yardstick import VERSION, interpreter
from lienthong.errors import Unavailable

LOCK = Path(__file__).with_name("as4.lock")
PATIENCE = 600.0
"""Seconds an installation may take."""


def environment() -> str:
    """The interpreter of an environment that has as4, made if it is not there. Unavailable, with pip's last words."""
    home = _home()
    python = home / "bin" / "python"
    if found := interpreter(str(python)):
        return found
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    _run(sys.executable, "-m", "venv", str(home))
    _run(str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary=:all:", "-r", str(LOCK))
    return str(python)


def _home() -> Path:
    """By the lock's digest: another lock is another environment."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "lienthong" / f"as4-{VERSION}-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def _run(*command: str) -> None:
    said = ""
    with suppress(OSError, subprocess.TimeoutExpired):
        ran = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603  our own words
        if ran.returncode == 0:
            return
        said = ran.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    raise Unavailable(
        f"không cài được as4 {VERSION}, có mạng không? / as4 {VERSION} cannot be installed, is there a network? {said}"
    )
