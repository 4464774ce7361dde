"""A folder that scanners write into: what has come to rest waits as a document and goes to `done/` or `refused/`.

Steps, each safe to repeat: the bytes are kept; document and key are written in one transaction; the file is renamed.
Killed between two, the next round finds the key and goes on. Everything is done by names inside opened folders, links
are never followed, and a file that was written to or exchanged meanwhile goes back.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from time import monotonic
from typing import IO

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import override

from apps.config import Folder
from apps.office import contents, scans, uploads
from apps.office.bringing.waiting import Find, bring, refuse, unit_named
from apps.office.models import Inlet
from apps.staff.models import Unit
from apps.ui.language import t
from apps.ui.receiving import cleaned

DONE, REFUSED = "done", "refused"
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", "~")
AT_ONCE = 20
"""Files of one round."""
SETTLED, RESTED, GROWING = 5.0, 60.0, 600.0
"""Seconds without a change after which a file is looked at, one of a kind without an end mark is taken as whole, and
one that lacks its mark counts as cut off."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
Shape = tuple[int, int, int, int]
"""Which file it is (inode), how long, when written to, of what kind."""


@dataclass
class Watching:
    """What was seen, and since when it has not changed; in memory alone: after a restart we look anew."""

    now: Callable[[], float] = monotonic
    _seen: dict[tuple[str, str], tuple[Shape, float]] = field(default_factory=dict)

    def still(self, folder: str, name: str, shape: Shape) -> float:
        """Seconds for which it has looked so."""
        known, since = self._seen.get((folder, name), (None, 0.0))
        if known != shape:
            since = self.now()
            self._seen[folder, name] = shape, since
        return self.now() - since

    def forget(self, folder: str, there: set[str]) -> None:
        """Whatever is no longer there."""
        self._seen = {key: seen for key, seen in self._seen.items() if key[0] != folder or key[1] in there}


WATCHING = Watching()


@dataclass(frozen=True, slots=True)
class Place:
    """Open folders: what is done inside needs no path that somebody could bend."""

    path: str
    inbox: int
    done: int
    refused: int

    def shape(self, name: str) -> Shape:
        """How it looks now. OSError when it is gone."""
        return _shape(os.stat(name, dir_fd=self.inbox, follow_symlinks=False))

    def move(self, name: str, to: int, new: str, shape: Shape) -> bool:
        """Away, under a new name; back again, and False, when it turns out to be another file than `shape`."""
        os.rename(name, new, src_dir_fd=self.inbox, dst_dir_fd=to)
        if _shape(os.stat(new, dir_fd=to, follow_symlinks=False)) == shape:
            os.fsync(to)
            return True
        os.rename(new, free(self.inbox, cleaned(name)), src_dir_fd=to, dst_dir_fd=self.inbox)
        return False


def look(folder: Folder, inlet: Inlet, at: datetime, watching: Watching = WATCHING) -> int:
    """Take what has come to rest; how many came or were refused. OSError when the folder cannot be used."""
    unit = unit_named(inlet.agency, folder.unit)
    with _opened(folder) as place:
        found, handled = sorted(_names(place)), 0
        watching.forget(place.path, set(found))
        here = _Look(inlet, place, unit, at, watching)
        for name in found:
            handled += here.at_file(name)
            if handled >= AT_ONCE:
                break
        return handled


@contextmanager
def _opened(folder: Folder) -> Iterator[Place]:
    with ExitStack() as stack:

        def held(name: str, inside: int | None = None) -> int:
            number = os.open(name, _FOLDER if inside is not None else os.O_RDONLY | os.O_DIRECTORY, dir_fd=inside)
            stack.callback(os.close, number)
            return number

        inbox = held(str(folder.path))
        for name in (DONE, REFUSED):
            with suppress(FileExistsError):
                os.mkdir(name, 0o750, dir_fd=inbox)
        yield Place(str(folder.path), inbox, held(DONE, inbox), held(REFUSED, inbox))


def _names(place: Place) -> Iterator[str]:
    """All but folders, hidden things, and what says that it is unfinished."""
    with os.scandir(place.inbox) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield entry.name


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one folder."""

    inlet: Inlet
    place: Place
    unit: Unit
    at: datetime
    watching: Watching

    def at_file(self, name: str) -> bool:
        """Whether it was taken or refused; else it is looked at again."""
        try:
            shape = self.place.shape(name)
            still = self.watching.still(self.place.path, name, shape)
            if still < SETTLED:
                return False
            if not stat.S_ISREG(shape[3]):
                return self._refuse(name, shape, _no_file)
            with os.fdopen(os.open(name, _FILE, dir_fd=self.place.inbox), "rb") as file:
                return _shape(os.fstat(file.fileno())) == shape and self._read(name, shape, file, still)
        except FileNotFoundError:  # taken away, or another worker was first
            return False

    def _read(self, name: str, shape: Shape, file: IO[bytes], still: float) -> bool:
        shown = cleaned(name)
        if _problem(shown, file):
            return self._refuse(name, shape, lambda: _problem(shown, file))
        if not _ends(file, still):
            return still >= GROWING and self._refuse(name, shape, lambda: _cut(shown))
        scan = scans.as_pdf(shown, file)
        content = contents.keep_file(scan[1]) if scan else None
        if _shape(os.fstat(file.fileno())) != shape:  # written to while we read
            return False
        if scan is None or content is None:
            return self._refuse(name, shape, lambda: scans.unreadable(shown))
        bring(self.inlet, Find(content.pk, scan[0], content), self.unit, self.at)
        return self.place.move(name, self.place.done, free(self.place.done, shown), shape)

    def _refuse(self, name: str, shape: Shape, why: Callable[[], str]) -> bool:
        """The reason in both languages lies beside it first: a file without its reason helps nobody."""
        shown = free(self.place.refused, cleaned(name))
        with override("vi"):
            told = why()
        with override("en"):
            _write(self.place.refused, f"{shown}.txt", f"{told}\n{why()}\n")
        refuse(self.inlet, f"{shape[0]}:{shape[1]}:{shape[2]}", shown, told, self.at)
        return self.place.move(name, self.place.refused, shown, shape)


def _problem(name: str, file: IO[bytes]) -> str:
    facts, largest = os.fstat(file.fileno()), settings.CONFIG.site.largest_file
    if facts.st_nlink != 1:
        return _no_file()
    if facts.st_size > largest:
        size = filesizeformat(largest)
        return t("Tệp “{name}” lớn hơn {size}. Xin quét lại với dung lượng nhỏ hơn.", name=name, size=size)
    if not facts.st_size:
        return t("Tệp “{name}” trống.", name=name)
    return scans.refusal(name, file)


def _ends(file: IO[bytes], still: float) -> bool:
    """Near its end a PDF has its mark (ISO 32000-1, 7.5.5), so have JPEG (ITU-T T.81, B.1.1.3) and PNG (11.2.5); one
    still being written has not. TIFF has none."""
    file.seek(0)
    head = file.read(8)
    if head.startswith(uploads.TIFF):
        return still >= RESTED
    mark = b"IEND" if head.startswith(uploads.PNG) else b"\xff\xd9" if head.startswith(uploads.JPEG) else b"%%EOF"
    file.seek(max(0, os.fstat(file.fileno()).st_size - 2048))
    return mark in file.read()


def _cut(name: str) -> str:
    return t("Tệp “{name}” bị cắt giữa chừng. Xin quét lại.", name=name)


def _no_file() -> str:
    return t("Đây không phải tệp thường (liên kết hoặc thiết bị), không nhận.")


def _write(folder: int, name: str, text: str) -> None:
    number = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640, dir_fd=folder)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def free(folder: int, name: str) -> str:
    """The name, or the next one like it that nothing has yet, nor a reason beside it."""
    stem, dot, ending = name.rpartition(".")
    for n in count(1):
        other = name if n == 1 else f"{stem} ({n}){dot}{ending}" if stem else f"{name} ({n})"
        if not (_there(folder, other) or _there(folder, f"{other}.txt")):
            return other
    raise AssertionError  # numbers do not end


def _there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _shape(facts: os.stat_result) -> Shape:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_mode
