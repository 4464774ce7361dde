"""`lienthong edxml`: what an edXML package holds, and everything that had to be repaired to read it."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lienthong.document import DocumentNumber, StatusCode, iso_vietnam
from lienthong.envelope import DEFAULT, Business, Edoc, Party, Reading, StatusMessage, XmlSignature, read
from lienthong.errors import EnvelopeUnreadable, LienThongError, PackageTooLarge

app = typer.Typer(name="edxml", help="Gói tin edXML (QCVN 102) / edXML packages", no_args_is_help=True)

Value = str | int | bool | list[str] | list[dict[str, str | int]] | None


@app.callback()
def _edxml() -> None:
    """Gói tin edXML (QCVN 102). Packages in edXML."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the answer: a key for programs, labels for people, a value for both."""

    key: str
    vi: str
    en: str
    value: Value


@app.command("inspect")
def inspect(
    file: Annotated[Path, typer.Argument(help="Tệp .edxml / the file")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON / print JSON")] = False,
) -> None:
    """Xem gói tin chứa gì và đã phải sửa gì khi đọc. / Show what a package holds and what was repaired.

    Mã thoát / exit code: 0 đọc được (readable), 1 bị từ chối (refused).
    """
    try:
        reading = read(_bytes(file))
    except LienThongError as refusal:
        _show_refusal(refusal, as_json=as_json)
        raise typer.Exit(1) from None
    rows = list(rows_of(reading))
    if as_json:
        values = {row.key: row.value for row in rows}
        warnings = [asdict(warning) for warning in reading.warnings]
        _print_json({"readable": True, **values, "warnings": warnings})
    else:
        _show(rows, reading)


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > DEFAULT.bytes:
            raise PackageTooLarge(f"{file.name} > {DEFAULT.bytes}")
        return file.read_bytes()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "tên tệp / file name"
        raise EnvelopeUnreadable(f"không mở được tệp / cannot open {file}: {reason}") from None


# ---------------------------------------------------------------- rows


def rows_of(reading: Reading) -> Iterator[Row]:
    """Everything a package says, in the order a clerk reads it."""
    message = reading.message
    yield from _status_rows(message) if isinstance(message, StatusMessage) else _edoc_rows(message)
    yield Row("xml_signature", "Chữ ký XML (không kiểm)", "XML signature, not checked", _signature(reading.signature))
    yield Row("sha256", "SHA-256 tệp gốc", "of the original file", reading.original_sha256)


def _status_rows(message: StatusMessage) -> Iterator[Row]:
    response = message.response
    meaning = message.code.vi if isinstance(message.code, StatusCode) else "dự trữ / reserved"
    yield Row("type", "Loại gói tin", "type", "status")
    yield Row("sender", "Cơ quan báo", "reported by", _party(message.sender))
    yield Row("recipients", "Gửi tới", "to", [str(response.organisation)])
    yield Row("status", "Trạng thái", "status", str(message.code))
    yield Row("status_name", "Nghĩa", "meaning", meaning)
    yield Row("document_id", "Mã văn bản", "document id", str(response.document_id))
    yield Row("number", "Số, ký hiệu", "number", _number(response.number))
    yield Row("issued", "Ngày ban hành", "issued", _day(response.issued))
    yield Row("description", "Diễn giải", "description", message.description)
    yield Row("staff", "Người phụ trách", "staff", message.staff.name)
    yield Row("at", "Thời điểm", "at", _moment(message.at))


def _edoc_rows(message: Edoc) -> Iterator[Row]:
    yield Row("type", "Loại gói tin", "type", "edoc")
    yield Row("business", "Nghiệp vụ", "business", f"{int(message.business.type)} {message.business.type.vi}")
    yield Row("secrecy", "Độ mật (không được gửi)", "secrecy, not allowed", message.secrecy)
    yield Row("sender", "Cơ quan gửi", "sender", _party(message.sender))
    yield Row("recipients", "Nơi nhận", "recipients", [_party(party) for party in message.recipients])
    yield Row("document_id", "Mã văn bản", "document id", str(message.document_id))
    yield Row("number", "Số, ký hiệu", "number", _number(message.number))
    yield Row("kind", "Tên loại", "kind", message.kind_name)
    yield Row("subject", "Trích yếu", "subject", message.subject)
    yield Row("place", "Địa danh", "place", message.place)
    yield Row("issued", "Ngày ban hành", "issued", _day(message.issued))
    yield Row("signer", "Người ký", "signer", _joined(message.signer.position, message.signer.full_name))
    yield Row("urgency", "Độ khẩn", "urgency", message.other.urgency.vi)
    yield Row("due", "Hạn trả lời", "due", _day(message.due))
    yield Row("to_places", "Nơi nhận (in)", "printed recipients", list(message.to_places))
    yield from _business_rows(message.business)
    responses = [_joined(str(answer.document_id or ""), _number(answer.number)) for answer in message.responses]
    yield Row("responses", "Trả lời văn bản", "in response to", responses)
    hops = [_joined(str(hop.code or "?"), iso_vietnam(hop.at)) for hop in message.trace]
    yield Row("trace", "Đã qua", "passed through", hops)
    yield Row("attachments", "Tệp đính kèm", "attachments", _attachments(message))
    yield Row("unknown", "Phần tử lạ", "unknown elements", len(message.unknown))


def _business_rows(business: Business) -> Iterator[Row]:
    changes = [f"{'+' if change.added else '−'} {change.code}" for change in business.receivers]
    yield Row("reason", "Lý do", "reason", business.reason)
    yield Row("affects", "Văn bản liên quan", "document affected", str(business.document_id or ""))
    yield Row("receiver_changes", "Thay đổi nơi nhận", "receivers changed", changes)
    yield Row("replaces", "Thay thế văn bản", "replaces", [str(each.document_id) for each in business.replaces])
    yield Row("staff", "Người phụ trách", "staff", business.staff.name)


def _attachments(message: Edoc) -> list[dict[str, str | int]]:
    return [
        {"name": each.name, "media_type": each.media_type, "size": each.size, "sha256": each.sha256}
        for each in message.attachments
    ]


def _party(party: Party) -> str:
    return _joined(str(party.code or "?"), party.name)


def _number(number: DocumentNumber | None) -> str:
    return str(number or "")


def _signature(signature: XmlSignature | None) -> str:
    return _joined(signature.algorithm or "?", signature.subject) if signature else ""


def _joined(*texts: str) -> str:
    return ", ".join(filter(None, texts))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _moment(moment: datetime | None) -> str:
    return iso_vietnam(moment) if moment else ""


# ---------------------------------------------------------------- faces


def _show(rows: Iterable[Row], reading: Reading) -> None:
    console = Console(highlight=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(ratio=2)
    table.add_column(ratio=3, overflow="fold")
    for row in rows:
        if row.value not in (None, "", [], 0):
            table.add_row(Text.assemble((row.vi, "bold"), (f" / {row.en}", "dim")), Text(_plain(_words(row.value))))
    console.print(table)
    for warning in reading.warnings:
        where = f" ({warning.where})" if warning.where else ""
        console.print(Text.assemble(("! ", "yellow"), _plain(f"{warning.vi} / {warning.en}{where} [{warning.code}]")))
    console.print(Text("✓ Đọc được / readable", style="green"))


def _words(value: Value) -> str:
    if not isinstance(value, list):
        return str(value)
    return "\n".join(
        each if isinstance(each, str) else f"{each['name']} ({each['media_type']}, {each['size']} byte)"
        for each in value
    )


def _show_refusal(refusal: LienThongError, *, as_json: bool) -> None:
    if as_json:
        vi, en = refusal.sentence("vi"), refusal.sentence("en")
        _print_json({"readable": False, "code": refusal.code, "vi": vi, "en": en})
        return
    console = Console(highlight=False, stderr=True)
    console.print(Text(f"✗ {refusal.code}", style="bold red"))
    console.print(Text(_plain(refusal.sentence("vi"))))
    console.print(Text(_plain(refusal.sentence("en")), style="dim"))


def _print_json(answer: dict[str, object]) -> None:
    # Names from a broken file system may hold what UTF-8 cannot carry.
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1).encode("utf-8", "replace").decode())


def _plain(text: str) -> str:
    """Without control and direction characters, line ends aside: a package's words must not steer the terminal."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if sign != "\n" and unicodedata.category(sign)[0] == "C" else sign for sign in text
    )
