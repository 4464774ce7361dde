"""What a scanned page says, by tesseract (Debian: tesseract-ocr, tesseract-ocr-vie), in a process with limits.

Tesseract gets points that a confined child has drawn, under a header of ours, and nothing of a stranger's file itself.
It starts through our own interpreter, which lowers its limits and becomes it: nothing outlives the watch.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum

from lienthong.adapters.confined import Picture

LANGUAGE = "vie"
_START = (
    "import os, resource, sys; cpu, memory, *command = sys.argv[1:]; os.nice(10); "
    "[resource.setrlimit(kind, (most, most)) for kind, most in ("
    "(resource.RLIMIT_CPU, int(cpu)), (resource.RLIMIT_AS, int(memory)), (resource.RLIMIT_FSIZE, 0), "
    "(resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 32))]; os.execv(command[0], command)"
)
_BY_THE_CLOCK = -9, -24  # SIGKILL, SIGXCPU: by its limits


class Failing(StrEnum):
    """Why no text was read. The first is of this machine, the others of a file or a page."""

    ABSENT = "absent"
    LATE = "late"
    LOCKED = "locked"
    LARGE = "large"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a page says; `why` (`Failing`) when that is not known."""

    text: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """For one page: seconds by the clock and of processor time, bytes of memory, bytes of text kept."""

    seconds: float = 90.0
    cpu_seconds: int = 60
    memory: int = 1 << 30
    text: int = 200_000


def found() -> str:
    """The program; empty when it is not installed, or without Vietnamese."""
    program = shutil.which("tesseract") or ""
    if not program:
        return ""
    asked = subprocess.run(  # noqa: S603 - the program found, our own words
        [program, "--list-langs"], capture_output=True, text=True, check=False, timeout=20
    )
    return program if LANGUAGE in asked.stdout.split() else ""


def recognise(program: str, picture: Picture, bounds: Bounds | None = None) -> Recognised:
    """The words of a drawn page, line by line; a blank page has none. Never raises for the page's sake."""
    bounds = bounds or Bounds()
    limits = str(bounds.cpu_seconds), str(bounds.memory)
    words = (program, "stdin", "stdout", "-l", LANGUAGE, "--dpi", "300")
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, the program found, our own words
            [sys.executable, "-I", "-S", "-c", _START, *limits, *words],
            input=b"P5 %d %d 255\n" % (picture.width, picture.height) + picture.points,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd="/",
            timeout=bounds.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Recognised(why=Failing.LATE)
    if done.returncode:
        return Recognised(why=Failing.LATE if done.returncode in _BY_THE_CLOCK else Failing.UNREADABLE)
    return Recognised(done.stdout[: bounds.text].decode("utf-8", "ignore").strip())


def _environment() -> dict[str, str]:
    """No secrets; one thread, so that people keep processors; where languages lie, if not at their place."""
    kept = {name: os.environ[name] for name in ("TESSDATA_PREFIX",) if name in os.environ}
    return {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1", **kept}
