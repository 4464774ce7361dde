"""Small files that matter: secrets only their owner can read, and writes that are whole or not there."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from lienthong.errors import ConfigurationInvalid, StorageFull, Unavailable

PRIVATE = 0o600
PUBLIC = 0o644
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MAX_SECRET = 1 << 16


def read_secret(path: Path) -> bytes:
    """The bytes of a key or password file. ConfigurationInvalid if it is missing, or others may touch it."""
    try:
        with path.open("rb") as file:
            _require_private(path, os.fstat(file.fileno()))
            return file.read(_MAX_SECRET)
    except OSError as error:
        raise ConfigurationInvalid(f"{path}: {error.strerror}") from error


def read_passphrase(path: Path | None) -> bytes | None:
    """The first line of a passphrase file; None without a file. ConfigurationInvalid if it is empty."""
    if path is None:
        return None
    line = read_secret(path).split(b"\n", 1)[0].rstrip(b"\r")
    if not line:
        raise ConfigurationInvalid(f"{path}: empty passphrase")
    return line


def write_whole(path: Path, data: bytes, mode: int = PUBLIC) -> None:
    """Replace the file in one step: a reader sees the old bytes or the new, and after a crash as well."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def edition(path: Path) -> tuple[int, ...]:
    """What differs once a file was written anew, empty for none. Its time alone does not tell two writes apart that lie
    within one tick of the disk's clock."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_mtime_ns, found.st_ino, found.st_size


class Kept:
    """A file that holds the newest of something. What could not be written is written the next time it is offered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: bytes | None = None

    def keep(self, data: bytes) -> None:
        """Write it whole, unless it is what was written last. StorageFull, Unavailable."""
        if data is self._written:
            return
        try:
            write_whole(self._path, data)
        except OSError as error:
            full = error.errno in {errno.ENOSPC, errno.EDQUOT}
            raise (StorageFull if full else Unavailable)(f"{self._path}: {error.strerror}") from error
        self._written = data


def _require_private(path: Path, facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise ConfigurationInvalid(f"{path}: not a regular file")
    if facts.st_mode & _OTHERS:
        raise ConfigurationInvalid(f"{path}: mode {stat.S_IMODE(facts.st_mode):04o}, must be 0600 (chmod 600 {path})")
    if facts.st_uid not in {0, os.geteuid()}:
        raise ConfigurationInvalid(f"{path}: owned by another user")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)  # the rename itself is durable only then
    finally:
        os.close(handle)
