"""`lienthong inbox`: what waits for an agency, and taking it in: store, acknowledge, report 01."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from lienthong.cli import desks
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.journeys import BUSINESS, number, sender, urgency
from lienthong.cli.keeping import Shelf
from lienthong.cli.printing import local, out, plain, print_json, say, spoken
from lienthong.client import Desk, Entry, report_arrival
from lienthong.errors import InvalidValue, LienThongError, LockLost, NotFound

LONGEST_POLL = 25.0
"""Seconds; the gateway waits at most 30 for one question."""
FEW, MANY = 20, 200
clock = time.monotonic


def inbox(
    *,
    as_code: AsCode = "",
    take: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Lấy về thư mục này, báo 01 / take into this folder, report 01")
    ] = None,
    wait: Annotated[float, typer.Option(metavar="SECONDS", min=0, help="Chờ văn bản đến / wait for something")] = 0,
    everything: Annotated[
        bool, typer.Option("--all", help="Mọi thứ đang chờ, cả tin trạng thái / all that waits, statuses too")
    ] = False,
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Xem hộp đến, khẩn trước; --take lấy về, dừng giữa chừng và chạy lại không mất, không trùng.

    What waits, the most urgent first; --take stores it, safe to interrupt and to repeat.
    """
    left = "Văn bản đã lấy vẫn còn nguyên; chạy lại để lấy tiếp."
    with spoken(as_json=as_json, vi=left, en="What was taken is kept; run again to go on."):
        place = desks.place_of(as_code, desks_file)
        contents = ("edoc", "status") if everything else ("edoc",)
        with desks.connect(place) as desk:
            if take is None:
                _show(_peek(desk, wait, MANY if everything else FEW, contents), as_json=as_json)
            else:
                _take(desk, Shelf.open(take, place.code, place.ca), wait, contents, as_json=as_json)


def _peek(desk: Desk, wait: float, limit: int, contents: tuple[str, ...]) -> list[Entry]:
    """What waits, urgent first; asks again until something is there or the time is over."""
    until = clock() + wait
    while True:
        left = max(0.0, min(LONGEST_POLL, until - clock()))
        found = desk.inbox(wait=left, limit=limit, contents=contents)
        if found or clock() >= until:
            return sorted(found, key=lambda entry: (-entry.urgency, entry.recorded_at))


def _show(entries: list[Entry], *, as_json: bool) -> None:
    if as_json:
        print_json({"waiting": entries})
        return
    if not entries:
        say("Hộp đến không có gì chờ.", "Nothing waits.")
        return
    out().print(lines(entries), soft_wrap=True)


def lines(entries: list[Entry]) -> Text:
    """A list of documents, two lines each: ids stay whole on a narrow terminal, to be copied."""
    return Text("\n").join(line for entry in entries for line in _card(entry))


def _card(entry: Entry) -> tuple[Text, Text]:
    first = Text.assemble((entry.id, "bold"), f"  {local(entry.recorded_at)}  ", plain(sender(entry)))
    return first, Text.assemble("    ", plain(number(entry)), "  ", subject(entry))


def subject(entry: Entry) -> Text:
    """The subject with what must be seen before it: urgency, recall, update, replacement, status."""
    marks = [urgency(entry.urgency).upper(), BUSINESS.get(entry.business, ("",))[0]]
    marks += [f"Trạng thái {entry.status}"] if entry.status else []
    told = "".join(f"[{mark}] " for mark in marks if mark)
    return Text.assemble((told, "red" if entry.urgency else "yellow"), plain(entry.subject))


# ---------------------------------------------------------------- taking


def _take(desk: Desk, shelf: Shelf, wait: float, contents: tuple[str, ...], *, as_json: bool) -> None:
    taken: dict[str, Entry] = {}
    seen: set[tuple[str, str]] = set()
    while fresh := _unseen(_peek(desk, 0 if seen else wait, MANY, contents), seen):
        for entry in fresh:
            if _take_one(desk, shelf, entry):
                taken[entry.id] = entry
                _told(shelf, entry, silent=as_json)
    for package in shelf.owed():
        _report(desk, shelf, package)
    if as_json:
        print_json({"folder": str(shelf.folder), "taken": list(taken.values())})
    elif not taken:
        say("Hộp đến không có gì chờ.", "Nothing waits.")


def _unseen(entries: list[Entry], seen: set[tuple[str, str]]) -> list[Entry]:
    """Each package once a run, so that one that another program holds does not keep us here."""
    fresh = [entry for entry in entries if _key(entry) not in seen]
    seen.update(map(_key, fresh))
    return fresh


def _key(entry: Entry) -> tuple[str, str]:
    return entry.id, _addressee(entry)


def _addressee(entry: Entry) -> str:
    if not entry.recipients:
        raise InvalidValue(f"{entry.id}: không có nơi nhận / no recipient")
    return entry.recipients[0].addressee


def _take_one(desk: Desk, shelf: Shelf, entry: Entry) -> bool:
    """Lock, store durably, acknowledge, report. A stop at any point repeats a step and loses nothing."""
    report_owed = entry.content == "edoc" and entry.business != 1
    lock = _locked(desk, entry)
    if lock is None:
        return False
    try:
        shelf.keep(desk, entry.id, report_owed=report_owed)
    except BaseException:  # Ctrl-C too: others need not wait until the lock runs out
        with suppress(LienThongError):
            desk.release(entry.id, _addressee(entry), lock)
        raise
    try:
        desk.acknowledge(entry.id, _addressee(entry), lock)
    except LockLost:  # storing took longer than the lock; everything is here now, so the second time is quick
        lock = _locked(desk, entry)
        if lock is None:
            return False
        desk.acknowledge(entry.id, _addressee(entry), lock)
    if report_owed:
        _report(desk, shelf, entry.id)
    return True


def _locked(desk: Desk, entry: Entry) -> str | None:
    try:
        return desk.take(entry.id, _addressee(entry)).lock
    except LockLost:
        return None


def _report(desk: Desk, shelf: Shelf, package: str) -> None:
    try:
        report_arrival(desk, package)
    except NotFound:  # a folder from another gateway: nothing can be reported here
        return
    shelf.reported(package)


def _told(shelf: Shelf, entry: Entry, *, silent: bool) -> None:
    if not silent:
        say(f"✓ {number(entry)} {entry.subject} → {shelf.place(entry.id)}", "taken, 01 reported", "green")
