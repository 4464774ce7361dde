"""Makes this project's own environment in `.venv`, pinned by hashes; quick when nothing changed.

    python3 tools/bootstrap.py          what `make demo` needs
    python3 tools/bootstrap.py --dev    that, and what `make test` and `make check` need

Only the standard library, so it runs before anything is installed. Needs no root. Everything is said on standard
error: standard output belongs to the command that comes after.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
UV_LOCK = ROOT / "tools" / "uv.lock"
SETTINGS = [ROOT / "pyproject.toml", UV_LOCK]
ASSET_SETTINGS = [ROOT / "tools" / "vendor_assets.py", *(ROOT / "tools" / "assets").glob("*.json")]
# Settings of the machine's pip that uv reads under other names; uv does not open pip's files itself.
FROM_PIP = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "cert": "SSL_CERT_FILE"}


class SetUpError(Exception):
    """Something this machine must have first; the text says what, in both languages."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(vi: str, en: str) -> Iterator[None]:
    """Names a step before it starts and its seconds once it is done."""
    print(f"  {vi} · {en} … ", end="", file=sys.stderr, flush=True)
    start = time.monotonic()
    yield
    say(f"{time.monotonic() - start:.1f} s")


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Runs a quiet command; when it fails, its own words are shown."""
    done = subprocess.run(
        [str(word) for word in command], env=env, cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode:
        say(f"\n{done.stdout}{done.stderr}")
        raise SetUpError(f"Lệnh không thành công, mã {done.returncode} · command failed: {' '.join(map(str, command))}")


def digest(paths: list[Path]) -> str:
    """One digest over the bytes of files, the Python in use and the place of this folder."""
    total = hashlib.sha256(f"{sys.version}\n{ROOT}\n".encode())
    for path in sorted(paths):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def stamp(name: str) -> Path:
    return VENV / f".stamp-{name}"


def is_current(name: str, paths: list[Path]) -> bool:
    return stamp(name).is_file() and stamp(name).read_text() == digest(paths)


def require_python() -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetUpError(
            f"Cần Python 3.11 trở lên (đang là {found}). · Python 3.11 or later is needed (this is {found})."
        )


def require_venv() -> None:
    """Debian ships Python without `ensurepip`; root can add it here, anyone else is told the one command."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        command = f"sudo apt-get install {package}"
        raise SetUpError(f"Máy thiếu gói {package}; xin chạy: {command} · {package} is missing; run: {command}")
    with step(f"Cài gói {package} của Debian", f"Debian package {package}"):
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)


def make_environment() -> None:
    """An empty environment; one that was moved or half made is made anew."""
    here = f"{sys.version}\n{ROOT}"
    place = stamp("place")
    if PYTHON.exists() and (VENV / "bin" / "pip").exists() and (not place.exists() or place.read_text() == here):
        return
    with step("Tạo môi trường Python riêng", "Own Python environment"):
        run(sys.executable, "-m", "venv", "--clear", VENV)
        place.write_text(here)


def pip_settings() -> dict[str, str]:
    """What the machine's pip is told about mirrors and certificates, under uv's names; the caller's own words win."""
    listed = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    pairs = (line.split("=", 1) for line in listed.splitlines() if "=" in line)
    told = {key.rsplit(".", 1)[-1]: value.strip("'\"") for key, value in pairs}
    return {FROM_PIP[key]: value for key, value in told.items() if key in FROM_PIP and FROM_PIP[key] not in os.environ}


def install_uv() -> None:
    pinned = UV_LOCK.read_text().split()[0].partition("==")[2]
    if (VENV / "bin" / "uv").exists():
        found = subprocess.run([VENV / "bin" / "uv", "--version"], capture_output=True, text=True, check=False).stdout
        if found.split()[1:2] == [pinned]:
            return
    with step("Trình cài đặt uv", "Installer uv"):
        run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", UV_LOCK)


def install_packages(kind: str) -> None:
    """Exactly what the lock names, checked by hash; then this project itself, built with what is already there."""
    uv = VENV / "bin" / "uv"
    env = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", **os.environ, **pip_settings()}
    count = sum("==" in line for line in LOCKS[kind].read_text().splitlines())
    with step(f"Cài {count} thư viện đã khóa phiên bản", f"{count} locked libraries"):
        run(uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", LOCKS[kind], env=env)
    with step("Cài chính Liên Thông", "Liên Thông itself"):
        own = ("--no-deps", "--no-build-isolation", "--offline", "-e", str(ROOT))
        run(uv, "pip", "install", "--quiet", "--python", PYTHON, *own, env=env)


def ensure_packages(kind: str) -> None:
    """The larger set serves for the smaller one; where test tools are in use, no set-up ever takes them away."""
    kind = "dev" if (VENV / "bin" / "pytest").exists() else kind
    wanted = {name: [*SETTINGS, lock] for name, lock in LOCKS.items()}
    if is_current("dev", wanted["dev"]) or (kind == "runtime" and is_current(kind, wanted[kind])):
        return
    say("Chuẩn bị môi trường (lần đầu mất chừng một phút) · Setting up (about a minute the first time)")
    require_venv()
    make_environment()
    install_uv()
    for name in LOCKS:
        stamp(name).unlink(missing_ok=True)
    install_packages(kind)
    stamp(kind).write_text(digest(wanted[kind]))


def ensure_assets() -> None:
    if is_current("assets", ASSET_SETTINGS):
        return
    with step("Phông chữ và tệp giao diện", "Fonts and browser files"):
        run(PYTHON, ROOT / "tools" / "vendor_assets.py")
    stamp("assets").write_text(digest(ASSET_SETTINGS))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--dev", action="store_true", help="also what tests and checks need")
    kind = "dev" if asked.parse_args().dev else "runtime"
    try:
        with Path(__file__).open() as own:
            fcntl.flock(own, fcntl.LOCK_EX)  # two makes at once: the second waits and finds it done
            require_python()
            ensure_packages(kind)
            ensure_assets()
    except SetUpError as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        say("\nĐã dừng; chạy lại sẽ làm tiếp. · Stopped; run it again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
