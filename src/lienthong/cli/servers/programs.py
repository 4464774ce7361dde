"""Where a server's programs are, and who runs them."""

import os
import pwd
import shutil
from pathlib import Path

from lienthong.errors import ConfigurationInvalid

_OLDEST = 15
_DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps the servers of each version apart, outside of PATH
_UNPRIVILEGED = ("postgres", "nobody")


def postgres_programs() -> Path:
    """The folder of the newest PostgreSQL's programs. ConfigurationInvalid says what to install."""
    found = [folder for folder in _DEBIAN.glob("*/bin") if _version(folder) >= _OLDEST and _complete(folder)]
    if found:
        return max(found, key=_version)
    on_path = shutil.which("initdb")
    if on_path and _complete(Path(on_path).resolve().parent):
        return Path(on_path).resolve().parent
    raise ConfigurationInvalid(
        "thiếu PostgreSQL, xin chạy: sudo apt-get install postgresql"
        " / PostgreSQL is missing, run: sudo apt-get install postgresql"
    )


def _complete(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("initdb", "postgres", "pg_basebackup"))


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def unprivileged() -> pwd.struct_passwd | None:
    """Whom to run a server as that refuses root; None when we are nobody special ourselves."""
    if os.geteuid() != 0:
        return None
    for name in _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ConfigurationInvalid(f"không có người dùng / no such user: {', '.join(_UNPRIVILEGED)}")
