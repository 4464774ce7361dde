"""`lienthong list`: documents sent and received, newest first."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from lienthong.cli import desks
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.inbox import subject
from lienthong.cli.journeys import FAILED, dots, number, status_words
from lienthong.cli.printing import local, out, plain, print_json, say, spoken
from lienthong.client import Desk, Entry, Page
from lienthong.errors import InvalidValue

PAGE = 200


def listing(
    *,
    as_code: AsCode = "",
    sent: Annotated[bool, typer.Option("--out", help="Văn bản đi / sent")] = False,
    received: Annotated[bool, typer.Option("--in", help="Văn bản đến / received")] = False,
    find: Annotated[
        str, typer.Option(metavar="TEXT", help="Số, mã, chữ trong trích yếu / number, id, words", show_default=False)
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="Nhiều nhất / at most")] = 50,
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Liệt kê văn bản đi và đến, mới nhất trước. / List documents sent and received, newest first."""
    with spoken(as_json=as_json):
        if sent and received:
            raise InvalidValue("--out, --in")
        with desks.open_desk(as_code, desks_file) as desk:
            lanes = ["out"] if sent else ["in"] if received else ["out", "in"]
            found = [entry for lane in lanes for entry in _lane(desk, lane, find, limit)]
        entries = sorted(found, key=lambda entry: entry.recorded_at, reverse=True)[:limit]
        if as_json:
            print_json({"entries": entries})
        elif entries:
            out().print(_table(entries))
        else:
            say("Không có văn bản nào.", "No documents.")


def _lane(desk: Desk, lane: str, text: str, limit: int) -> list[Entry]:
    """Pages of a lane until there are enough."""
    found: list[Entry] = []
    page = Page((), "")
    while len(found) < limit:
        ask = desk.outgoing if lane == "out" else desk.incoming
        page = ask(text=text, after=page.next, limit=min(PAGE, limit))
        found += page.entries
        if not page.next:
            break
    return found


def _table(entries: list[Entry]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "Gói tin / package", "Lúc / at", "Số / number", "Nội dung / subject", "Ở đâu / where"):
        table.add_column(heading, header_style="dim", overflow="fold")
    for entry in entries:
        arrow = Text("↑" if entry.lane == "out" else "↓", style="cyan")
        table.add_row(arrow, entry.id, local(entry.recorded_at), plain(number(entry)), subject(entry), _where(entry))
    return table


def _where(entry: Entry) -> Text:
    """One recipient's dots and status; of many, how many have it and how many never will."""
    rows = entry.recipients
    if len(rows) == 1:
        told = Text.assemble(dots(rows[0]), " ", plain(rows[0].recipient))
        return told.append(f" {rows[0].status} {status_words(rows[0].status)[0]}") if rows[0].status else told
    done, failed = (sum(row.state in states for row in rows) for states in ({"handed-over"}, FAILED))
    return Text.assemble(f"{done}/{len(rows)}", (f" ✗{failed}" if failed else "", "red"))
