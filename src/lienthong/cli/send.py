"""`lienthong send`: hand in a document, or a ready edXML file, and follow it if asked."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from lienthong.cli import desks, stating
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.finding import is_package_id
from lienthong.cli.findings import show_findings, telling_refusals
from lienthong.cli.journeys import recipients
from lienthong.cli.printing import err, lively, out, print_json, say, spoken
from lienthong.cli.waiting import follow, outcome
from lienthong.client import Desk, Document, File, Metadata
from lienthong.client.model import Watch
from lienthong.envelope import DEFAULT
from lienthong.errors import InvalidValue


def _option(help_text: str, *names: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(*names, help=help_text, show_default=False)
    return option


def send(
    files: Annotated[list[Path] | None, typer.Argument(help="Tệp văn bản, rồi phụ lục / document, annexes")] = None,
    *,
    as_code: AsCode = "",
    to: Annotated[list[str] | None, _option("Nơi nhận, cách nhau bằng dấu phẩy / recipients")] = None,
    number: Annotated[str, _option("Số / number")] = "",
    notation: Annotated[str, _option("Ký hiệu / notation")] = "",
    subject: Annotated[str, _option("Trích yếu / subject")] = "",
    kind: Annotated[str, _option("Tên loại, mặc định theo ký hiệu / kind, else by the notation")] = "",
    urgency: Annotated[str, _option("Độ khẩn: 0…4 hoặc tên / level or its name")] = "0",
    issued: Annotated[str, _option("Ngày ban hành, mặc định hôm nay / issued on, else today")] = "",
    due: Annotated[str, _option("Hạn trả lời / answer due")] = "",
    signer: Annotated[str, _option("Người ký / signer")] = "",
    position: Annotated[str, _option("Chức vụ người ký / the signer's position")] = "",
    place: Annotated[str, _option("Địa danh / place")] = "",
    ttl: Annotated[str, _option("Thời hạn giao: 3d, 12h, 90m / time to live")] = "",
    message_id: Annotated[str, _option("Mã do bên gửi đặt / your own id; a repeat is the same message", "--id")] = "",
    answers: Annotated[list[str] | None, _option("Trả lời văn bản nào / the document it answers")] = None,
    replaces: Annotated[list[str] | None, _option("Thay thế văn bản nào / the document it replaces")] = None,
    reason: Annotated[str, _option("Lý do thay thế / why it replaces")] = "",
    edxml: Annotated[Path | None, _option("Gửi nguyên văn tệp edXML có sẵn / a ready edXML file")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Theo đến khi mọi nơi nhận xong / follow to the end")] = False,
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Gửi văn bản; chạy lại cùng lệnh không gửi trùng. / Send a document; the same command again sends nothing twice.

    Mã thoát / exit code: 0 đã ghi nhận (với --wait: mọi nơi đã bàn giao), 1 không được, 75 thử lại / 0 recorded (with
    --wait: handed over everywhere), 1 refused, 75 try again.
    """
    with spoken(as_json=as_json, vi="Nếu chưa thấy mã gói tin, xin chạy lại đúng lệnh này: không gửi trùng.",
                en="Run the very same command again: nothing is sent twice."):  # fmt: skip
        said = Metadata(
            number=number,
            notation=notation,
            subject=subject,
            recipients=stating.codes(to or ()),
            kind=stating.kind(kind, notation),
            issued=stating.day(issued, "--issued"),
            place=place,
            signer_name=signer,
            signer_position=position,
            urgency=stating.urgency(urgency),
            due=stating.day(due, "--due"),
            business=3 if replaces else 0,
            reason=reason,
            ttl_seconds=stating.seconds(ttl),
        )
        place_of_desk = desks.place_of(as_code, desks_file)
        order = _order(files or [], edxml, said)
        with _progress(silent=as_json) as progress, desks.connect(place_of_desk, _watch(progress)) as desk:
            full = replace(said, answers=_meant(desk, answers), replaces=_meant(desk, replaces))
            with telling_refusals():
                sent = _hand_in(desk, full, order, message_id)
        _told(sent, as_json=as_json, final=not wait)
        if wait:
            with desks.connect(place_of_desk) as desk:
                raise typer.Exit(outcome(follow(desk, sent, as_json=as_json), as_json=as_json))


Order = bytes | list[File]
"""A ready edXML file, or files that go with what was said of them."""


def _order(files: list[Path], edxml: Path | None, said: Metadata) -> Order:
    if edxml is None:
        stating.stated(said)
        return stating.document_files(files)
    if files or said.recipients or said.number or said.subject:
        raise InvalidValue("--edxml: mọi dữ liệu lấy từ tệp edXML / everything is taken from the edXML file itself")
    return stating.contents(edxml, DEFAULT.bytes)


def _hand_in(desk: Desk, said: Metadata, order: Order, message_id: str) -> Document:
    if isinstance(order, bytes):
        return desk.send_edxml(
            order, stating.own_id(message_id, stating.digest(order), said.ttl_seconds), said.ttl_seconds
        )
    own = stating.own_id(message_id, said, [(file.name, file.sha256()) for file in order])
    return desk.send(replace(said, issued=said.issued or stating.today()), order, own)


def _meant(desk: Desk, texts: list[str] | None) -> tuple[str, ...]:
    """Document ids as they stand; a package id stands for its document."""
    return tuple(_document_id(desk, text.strip()) for text in texts or ())


def _document_id(desk: Desk, text: str) -> str:
    return desk.document(text).entry.document_id if is_package_id(text) else text


def _told(sent: Document, *, as_json: bool, final: bool) -> None:
    if as_json:
        if final:
            print_json(sent)
        return
    show_findings(sent.findings, beside=True)
    say(f"✓ Đã ghi nhận, gói tin {sent.entry.id}", f"recorded, package {sent.entry.id}", "green")
    if final:
        out().print(recipients(sent.entry.recipients))


def _progress(*, silent: bool) -> Progress:
    columns = (TextColumn("Đang tải lên / uploading"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, console=err(), transient=True, disable=silent or not lively())


def _watch(progress: Progress) -> Watch:
    task = progress.add_task("", total=None, visible=False)

    def told(sent: int, total: int) -> None:
        progress.update(task, completed=sent, total=total, visible=True)

    return told
