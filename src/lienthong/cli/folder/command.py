"""`lienthong folder DIR`: mind a drop folder until Ctrl-C."""

import time
from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli import desks
from lienthong.cli.desks import AsCode, DesksFile
from lienthong.cli.folder.outgoing import Watching
from lienthong.cli.folder.place import DropFolder
from lienthong.cli.folder.work import Tally, Worker
from lienthong.cli.printing import say, spoken, tell
from lienthong.errors import Kind, LienThongError

FOLLOWS = 6
"""So many rounds' time between two looks at what was sent."""
LONGEST_REST = 60.0
"""Seconds between two tries while the gateway is away."""


def folder(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Thư mục trao đổi / the drop folder")],
    *,
    as_code: AsCode = "",
    once: Annotated[bool, typer.Option("--once", help="Một lượt rồi thôi / one round, then end")] = False,
    every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, max=25, help="Nghỉ giữa hai lượt / between two rounds")
    ] = 5.0,
    settle: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Tệp phải yên bao lâu mới lấy / unchanged for so long")
    ] = 2.0,
    desks_file: DesksFile = None,
) -> None:
    """Gửi nhận qua thư mục: outgoing, sent, incoming, failed. / Exchange by files, for software that knows no API.

    Dừng hay giết lúc nào cũng được; chạy lại thì làm tiếp, không mất, không trùng. / Stop or kill it at any time.
    """
    with spoken(vi="Chạy lại để làm tiếp; không mất, không trùng.", en="Run again: nothing is lost or doubled."):
        place = desks.place_of(as_code, desks_file)
        minded = DropFolder(directory.absolute(), place.code, place.ca)
        with desks.connect(place) as desk, minded.opened():
            worker = Worker(desk, minded, Watching(settle), FOLLOWS * every)
            if once:
                worker.round()
                time.sleep(settle)  # what lay there must be seen twice
                _told(worker.round())
            else:
                say(f"Đang trông {minded.base}. Ctrl-C để dừng.", "minding it; Ctrl-C stops", "green")
                _mind(worker, every)


def _mind(worker: Worker, every: float) -> None:
    """Round after round; what the gateway does not answer now is asked again, less and less often."""
    rest = every
    while True:
        begun = time.monotonic()
        try:
            _told(worker.round(wait=every))
        except LienThongError as error:
            if error.permanent and error.kind is Kind.UNKNOWN_CALLER:
                raise
            tell(error)
            time.sleep(rest)
            rest = min(2 * rest, LONGEST_REST)
            continue
        rest = every
        time.sleep(max(0.0, min(every, every - (time.monotonic() - begun))))


def _told(tally: Tally) -> None:
    if tally:
        say(
            f"Đã gửi {tally.sent}, không gửi được {tally.failed}, đã nhận {tally.came}",
            f"sent {tally.sent}, refused {tally.failed}, came {tally.came}",
            "yellow" if tally.failed else "green",
        )
