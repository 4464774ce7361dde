"""`lienthong echo`: the counterpart that answers a newcomer's first document; each is registered, finished, answered.

The answer's id follows from the document's, so that a repeat after a crash is the same answer and not a second one.
"""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli.printing import files_here, say, spoken
from lienthong.client import Desk, Entry, File, Metadata, take_in
from lienthong.errors import IllegalMove, LienThongError

NOTATION = "TRA-LOI"
WAIT = 20.0
"""Seconds one look at the inbox waits for something to come."""


def echo(
    url: Annotated[str, typer.Option(help="Địa chỉ cổng phần mềm / desk of the echo's gateway")],
    token_file: Annotated[Path, typer.Option(help="Mã của cơ quan trả lời / the echo's token", exists=True)],
    ca: Annotated[Path | None, typer.Option(help="Chứng thư gốc / root certificate", exists=True)] = None,
    once: Annotated[bool, typer.Option("--once", help="Một lượt rồi thôi / one look only")] = False,
) -> None:
    """Trả lời mọi văn bản gửi tới, cho lần thử đầu tiên. / Answer every document, for first tests."""
    with spoken(), files_here(), Desk(url, token_file.read_text("utf-8").strip(), ca=ca) as desk:
        while True:
            for entry in answered(desk, 0 if once else WAIT):
                say(f"Đã trả lời {entry.number} của {entry.sender}.", f"answered {entry.id}")
            if once:
                return


def answered(desk: Desk, wait: float = 0) -> list[Entry]:
    """Take in what waits and answer it; what was answered."""
    came: list[Entry] = []
    take_in(desk, came.append, wait=wait)
    asked = [entry for entry in came if entry.business == 0 and entry.notation != NOTATION]  # never two that echo
    return [entry for entry in asked if _answer(desk, entry)]


def _answer(desk: Desk, entry: Entry) -> bool:
    for code, words in (("03", "đã đến cơ quan trả lời tự động"), ("06", "đã trả lời")):
        try:
            desk.report(entry.id, code, words)
        except IllegalMove:
            return False  # recalled meanwhile, or answered before a crash
    text = f"Đã nhận văn bản {entry.number}/{entry.notation}, mã {entry.document_id}, lúc {entry.recorded_at}.\n"
    subject = f"Trả lời tự động: đã nhận văn bản {entry.number}/{entry.notation}"
    answer = Metadata(entry.number or "1", NOTATION, subject, (entry.sender,))
    try:
        desk.send(answer, [File("tra-loi.txt", "text/plain", text.encode())], message_id=f"echo-{entry.id[:48]}")
    except LienThongError as error:
        if not error.permanent:
            raise
        return False  # such as a sender that has no gateway any more: its document was taken, nothing else is lost
    return True
