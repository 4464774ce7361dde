"""`lienthong list`: documents sent and received, newest first."""

from typing import Annotated

import typer
from rich.text import Text

from lienthong.cli import desks
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.inbox import subject
from lienthong.cli.journeys import FAILED, dots, number, sender, status_words
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
            out().print(_lines(entries), soft_wrap=True)
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


def _lines(entries: list[Entry]) -> Text:
    """Two lines a document: ids stay whole on a narrow terminal, to be copied."""
    return Text("\n").join(line for entry in entries for line in _card(entry))


def _card(entry: Entry) -> tuple[Text, Text]:
    arrow = ("↑ đi " if entry.lane == "out" else "↓ đến", "cyan")
    first = Text.assemble((entry.id, "bold"), f"  {local(entry.recorded_at)}  ", arrow, f"  {plain(sender(entry))}")
    return first, Text.assemble("    ", _where(entry), f"  {plain(number(entry))}  ", subject(entry))


def _where(entry: Entry) -> Text:
    """One recipient's dots and status; of many, how many have it and how many never will."""
    rows = entry.recipients
    if len(rows) == 1:
        told = Text.assemble(dots(rows[0]), " ", plain(rows[0].recipient))
        return told.append(f" {rows[0].status} {status_words(rows[0].status)[0]}") if rows[0].status else told
    done, failed = (sum(row.state in states for row in rows) for states in ({"handed-over"}, FAILED))
    return Text.assemble(f"{done}/{len(rows)}", (f" ✗{failed}" if failed else "", "red"))
