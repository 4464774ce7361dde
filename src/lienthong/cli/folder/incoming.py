"""From the gateway into `incoming/`: each document once and whole, though software may carry it away at any moment."""

from contextlib import suppress
from pathlib import Path

from lienthong.adapters.files import write_whole
from lienthong.cli.folder.place import DropFolder, free, moved, removed, safe
from lienthong.cli.keeping import save, sync
from lienthong.cli.printing import files_here
from lienthong.client import Desk, Entry, report_arrival
from lienthong.errors import LienThongError, LockLost, NotFound

MANY = 50


def take_all(desk: Desk, folder: DropFolder, wait: float = 0.0) -> int:
    """Take what waits, and report what an earlier run could not; how many came. Waits so many seconds for something."""
    came = sum(_take(desk, folder, entry) for entry in desk.inbox(wait=wait, limit=MANY))
    taken, reported = ({mark.name for mark in marks.iterdir()} for marks in (folder.taken, folder.reported))
    for owed in sorted(taken - reported):
        _report(desk, folder, owed)
    return came


def _take(desk: Desk, folder: DropFolder, entry: Entry) -> bool:
    """Lock, store, acknowledge, report: a stop at any point repeats a step and loses nothing."""
    lock = _locked(desk, entry)
    if lock is None:
        return False
    try:
        with files_here():
            _store(desk, folder, entry)
    except BaseException:  # a full disk, a stop: others need not wait until the lock runs out
        with suppress(LienThongError):
            desk.release(entry.id, _addressee(entry), lock)
        raise
    try:
        desk.acknowledge(entry.id, _addressee(entry), lock)
    except LockLost:  # storing took longer than the lock; the next round finds it stored
        return False
    if entry.business == 1:  # a recall is answered 15 or 16, its arrival tells nothing
        write_whole(folder.reported / entry.id, b"")
    return True


def _store(desk: Desk, folder: DropFolder, entry: Entry) -> None:
    """Build it aside, mark it, move it in: with the mark, what is no longer aside has been moved in before."""
    aside, mark = folder.building / entry.id, folder.taken / entry.id
    if not mark.exists():
        _build(desk, entry.id, aside, folder.ca)
        write_whole(mark, b"")
    if aside.is_dir():
        moved(aside, folder.incoming / free(folder.incoming, name_of(entry)))


def _build(desk: Desk, package: str, aside: Path, ca: Path | None) -> None:
    """All of it and durable; what a full disk left unfinished takes no room."""
    removed(aside)
    try:
        aside.mkdir(mode=0o700)
        save(desk, package, aside, ca)
        sync(aside)
    except OSError:
        removed(aside)
        raise


def name_of(entry: Entry) -> str:
    """What a person sees first: number, notation, sender, and enough of the id that no two are the same."""
    return safe(f"{entry.number}-{entry.notation} {entry.sender} {entry.id[:8]}".strip("- "))


def _locked(desk: Desk, entry: Entry) -> str | None:
    try:
        return desk.take(entry.id, _addressee(entry)).lock
    except LockLost:
        return None


def _addressee(entry: Entry) -> str:
    return entry.recipients[0].addressee


def _report(desk: Desk, folder: DropFolder, package: str) -> None:
    """Arrival, once the gateway says that the document is ours."""
    with suppress(NotFound):  # from another gateway's time
        document = desk.document(package)
        if any(row.state != "handed-over" for row in document.entry.recipients):
            return  # not acknowledged yet: it is offered again
        report_arrival(desk, package)
    write_whole(folder.reported / package, b"")
