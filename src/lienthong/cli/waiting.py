"""Following a journey live until every recipient has the document, refused it, or time ran out."""

import time
from collections.abc import Iterator

from rich.live import Live

from lienthong.cli.journeys import FAILED, brief, settled, step_line
from lienthong.cli.printing import PERMANENT, both, err, lively, local, out, print_json, say, spoken
from lienthong.client import Desk, Document
from lienthong.errors import LienThongError

pause = time.sleep
EVERY = 0.5
"""Seconds between two looks."""


def follow(desk: Desk, sent: Document, *, as_json: bool) -> Document:
    """The document once its journey is settled. A gateway that is away for a while is waited for."""
    package = sent.entry.id
    told = f"lienthong status {package}"
    with spoken(
        as_json=as_json,
        vi=f"Văn bản đã được ghi nhận và tự đi tiếp; xem lại: {told}",
        en=f"The document is recorded and goes on by itself; look again: {told}",
    ):
        return _watched(desk, sent) if lively() and not as_json else _listed(desk, sent, silent=as_json)


def _looks(desk: Desk, sent: Document) -> Iterator[Document]:
    """The document as it stands, again and again, the settled one last."""
    seen = sent
    while not settled(seen.entry):
        pause(EVERY)
        try:
            seen = desk.document(sent.entry.id)
        except LienThongError as error:
            if error.permanent:
                raise
        yield seen


def _watched(desk: Desk, sent: Document) -> Document:
    seen = sent
    with Live(brief(sent), console=out(), refresh_per_second=8) as live:
        for seen in _looks(desk, sent):
            live.update(brief(seen))
    return seen


def _listed(desk: Desk, sent: Document, *, silent: bool) -> Document:
    seen, told = sent, 0
    for seen in _looks(desk, sent):
        steps = sorted(seen.steps, key=lambda step: step.at)
        for step in steps[told:] if not silent else ():
            out().print(f"{local(step.at)} ", step_line(step), soft_wrap=True)
        told = len(steps)
    return seen


def outcome(document: Document, *, as_json: bool) -> int:
    """Print how it ended; 0 if everybody has it, else 1."""
    rows = document.entry.recipients
    failed = [row for row in rows if row.state in FAILED]
    if as_json:
        print_json(document)
    elif failed:
        err().print(both(f"✗ {len(failed)}/{len(rows)} nơi không nhận được", "not delivered there", "red"))
        out().print(brief(document))
    else:
        say(f"✓ {len(rows)}/{len(rows)} nơi đã nhận bàn giao", "handed over everywhere", "green")
    return PERMANENT if failed else 0
