"""The machine and the versions a figure was measured on."""

import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

TOLD = (
    "lienthong", "granian", "litestar", "django", "sqlalchemy", "psycopg", "cryptography", "msgspec", "aiohttp", "lxml",
    "obstore",
)  # fmt: skip


def machine() -> dict[str, str | int | float]:
    """Processor, cores this process may use, memory, system, and how busy it was just now."""
    return {
        "cpu": _said("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load_before": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    """Python, SQLite and the libraries on the way."""
    told = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return told | {name: found for name in TOLD if (found := installed(name))}


def installed(name: str) -> str:
    """The version of an installed distribution, or empty."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _said(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError:
        return ""
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(found, "")
