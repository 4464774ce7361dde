"""From `outgoing/` to `sent/` or `failed/`: what may be taken, how it is handed in, what is left behind.

Never half a file: a name that says it is unfinished is left alone, and so is whatever changed since the last look; an
edXML file that cannot be read may still be growing, for a while. A step may be repeated after a crash: the
message id is made of the content, so the gateway knows a repeat.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from lienthong.adapters.files import write_whole
from lienthong.cli import stating
from lienthong.cli.folder.place import DropFolder, free, moved, safe
from lienthong.cli.folder.reasons import reason
from lienthong.cli.printing import files_here
from lienthong.client import Desk, Document, Metadata
from lienthong.envelope import DEFAULT
from lienthong.errors import EnvelopeUnreadable, FileUnusable, InvalidValue, Kind, LienThongError

UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", "~")
SAID, STATUS, EDXML = "document.json", ".status.json", ".edxml"
GROWING = 60.0
"""Seconds for which what cannot be read, or lacks a file, is taken for unfinished."""
_FIELDS = frozenset(Metadata.__dataclass_fields__)

Shape = tuple[tuple[str, int, int], ...]
"""Names, sizes and times of a thing and all that is in it."""


@dataclass
class Watching:
    """What was seen in `outgoing/`, since when it has not changed; in memory alone: after a restart we look anew."""

    settle: float = 2.0
    now: Callable[[], float] = time.monotonic
    _seen: dict[str, tuple[Shape, float]] = field(default_factory=dict)

    def ready(self, folder: DropFolder) -> list[Path]:
        """What may be taken, the longest unchanged first."""
        found = {path.name: (path, _shape(path)) for path in _ours(folder.outgoing)}
        moment = self.now()
        for name, (_, shape) in found.items():
            if self._seen.get(name, ((), 0.0))[0] != shape:
                self._seen[name] = (shape, moment)
        self._seen = {name: seen for name, seen in self._seen.items() if name in found}
        order = sorted(self._seen, key=lambda name: self._seen[name][1])
        return [found[name][0] for name in order if self.still(name) >= self.settle]

    def still(self, name: str) -> float:
        """Seconds for which it has not changed."""
        return self.now() - self._seen[name][1] if name in self._seen else 0.0

    def shape(self, name: str) -> Shape:
        """How it looked."""
        return self._seen[name][0]


def _ours(outgoing: Path) -> Iterator[Path]:
    """Things in a form that we know; all else is somebody's and is left alone. Links are never followed."""
    with os.scandir(outgoing) as entries:
        for entry in entries:
            name = entry.name.lower()
            if name.startswith(".") or name.endswith(UNFINISHED):
                continue
            plain = entry.is_file(follow_symlinks=False) and name.endswith((EDXML, STATUS))
            said = Path(entry.path) / SAID
            if plain or (entry.is_dir(follow_symlinks=False) and said.is_file() and not said.is_symlink()):
                yield Path(entry.path)


def _shape(path: Path) -> Shape:
    try:
        inside = sorted(path.iterdir()) if path.is_dir() else []
        return tuple((each.name, (seen := each.lstat()).st_size, seen.st_mtime_ns) for each in (path, *inside))
    except OSError:  # taken away while we looked
        return ()


def claim(folder: DropFolder, watching: Watching) -> None:
    """Take from `outgoing/` what has come to rest; put back what a writer still writes to."""
    for path in watching.ready(folder):
        held = folder.sending / path.name
        if os.path.lexists(held):  # one of that name is on its way
            continue
        shape = watching.shape(path.name)
        if _may_grow(path) and watching.still(path.name) < GROWING:
            continue
        moved(path, held)
        if _shape(held) != shape:
            moved(held, path)


def _may_grow(path: Path) -> bool:
    """Whether it looks like the beginning of something: half an edXML file is never well-formed."""
    try:
        order_of(path)
    except (EnvelopeUnreadable, FileUnusable, InvalidValue):
        return True
    except LienThongError:
        return False
    return False


# ---------------------------------------------------------------- handing in

Order = Callable[[Desk], Document]
"""What is to be done with a thing, once there is a desk."""


def order_of(path: Path) -> Order:
    """What a thing asks for. InvalidValue, FileUnusable, EnvelopeUnreadable, PackageTooLarge."""
    if path.is_dir():
        return _document(path)
    data = stating.contents(path, DEFAULT.bytes)
    if path.name.lower().endswith(STATUS):
        return _status(data)
    if not data.rstrip().endswith(b">"):
        raise EnvelopeUnreadable(f"{path.name}: bị cắt / cut off")
    own = stating.own_id("", stating.digest(data))
    return lambda desk: desk.send_edxml(data, own)


def _document(path: Path) -> Order:
    said, names, own = _said(stating.contents(path / SAID, 2**20))
    files = stating.document_files([_inside(path, name) for name in names or _beside(path)])
    message_id = stating.own_id(own, said, [(file.name, file.sha256()) for file in files])
    return lambda desk: desk.send(said, files, message_id)


def _said(data: bytes) -> tuple[Metadata, list[str], str]:
    """The metadata, the files in order (none named: all there are), the id the software gave."""
    try:
        told = msgspec.json.decode(data, type=dict[str, Any])
        names = msgspec.convert(told.pop("files", []), list[str])
        own = msgspec.convert(told.pop("message_id", ""), str)
        if stray := sorted(told.keys() - _FIELDS):
            raise InvalidValue(f"{SAID}: không có mục / no such field: {', '.join(stray)}")
        return stating.stated(msgspec.convert(told, Metadata)), names, own
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidValue(f"{SAID}: {error}") from error


def _inside(path: Path, name: str) -> Path:
    if name != Path(name).name or name in {"", ".", ".."}:
        raise InvalidValue(f"{SAID}: files: {name!r}")
    if not stat.S_ISREG(_facts(path / name).st_mode):
        raise FileUnusable(f"{name}: không phải tệp thường / no ordinary file")
    return path / name


def _facts(path: Path) -> os.stat_result:
    with files_here():
        return path.lstat()


def _beside(path: Path) -> list[str]:
    """All files but what says it, by name; hidden ones and unfinished ones are somebody else's."""
    names = sorted(each.name for each in path.iterdir() if each.name != SAID)
    return [name for name in names if not name.startswith(".") and not name.lower().endswith(UNFINISHED)]


class _Report(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    code: str
    description: str = ""
    staff: str = ""


def _status(data: bytes) -> Order:
    try:
        told = msgspec.json.decode(data, type=_Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidValue(f"{STATUS}: {error}") from error
    return lambda desk: desk.report(told.id, told.code, told.description, told.staff)


def send_all(desk: Desk, folder: DropFolder) -> tuple[int, int]:
    """Hand in what was taken; how many were sent, and how many refused for good.

    Raises what is no fault of a document: Unavailable and its kin, TokenInvalid. Then everything stays where it is.
    """
    sent = failed = 0
    for held in sorted(folder.sending.iterdir(), key=lambda path: path.lstat().st_mtime):
        try:
            document = order_of(held)(desk)
        except LienThongError as error:
            if not error.permanent or error.kind is Kind.UNKNOWN_CALLER:
                raise
            _fail(folder, held, error)
            failed += 1
        else:
            _keep(folder, held, document)
            sent += 1
    return sent, failed


def _keep(folder: DropFolder, held: Path, document: Document) -> None:
    """The JSON first: a crash in between sends the same again and finds it."""
    name = safe(held.name)
    if not _begun(folder.sent, name, ".json", document.entry.id):
        name = free(folder.sent, name, ".json")
    told = journal(document, held.name)
    write_whole(folder.sent / f"{name}.json", msgspec.json.format(msgspec.json.encode(told), indent=1))
    moved(held, folder.sent / name)


def journal(document: Document, name: str) -> dict[str, Any]:
    """What `sent/NAME.json` says: who the document is, and how far it got with everyone."""
    entry = document.entry
    return {
        "name": name.encode("utf-8", "replace").decode(),
        "package": entry.id,
        "message_id": entry.message_id,
        "document_id": entry.document_id,
        "number": entry.number,
        "notation": entry.notation,
        "recorded_at": entry.recorded_at,
        "recipients": entry.recipients,
        "repairs": document.repairs,
        "finished": finished(document),
    }


def finished(document: Document) -> bool:
    """Whether nothing more will come of it."""
    over = {"refused", "expired", "cancelled"}
    return all(row.state in over or row.status in {"02", "06"} for row in document.entry.recipients)


def _fail(folder: DropFolder, held: Path, error: LienThongError) -> None:
    name = safe(held.name)
    if os.path.lexists(folder.failed / name):
        name = free(folder.failed, name, ".txt")
    moment = datetime.now(UTC)
    write_whole(folder.failed / f"{name}.txt", reason(held.name, error, moment).encode())
    moved(held, folder.failed / name)


def _begun(folder: Path, name: str, ending: str, package: str) -> bool:
    """Whether an earlier run wrote the companion of this very thing and was stopped before the move."""
    companion = folder / f"{name}{ending}"
    if os.path.lexists(folder / name) or not companion.is_file():
        return False
    return f'"{package}"' in companion.read_text("utf-8", "replace")
