"""`lienthong registry`: check a source, publish it as a signed snapshot, look into a snapshot."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import SoftSigner
from lienthong.adapters.registry import RegistryFiles
from lienthong.document.codes import OrganisationCode
from lienthong.document.times import VIETNAM
from lienthong.errors import InvalidValue, LienThongError
from lienthong.registry import (
    Directory,
    Finding,
    Organisation,
    Resolution,
    ResolutionKind,
    Snapshot,
    check,
    open_signed,
    peek,
    read_source,
    sign,
    sign_delta,
)

app = typer.Typer(name="registry", help="Danh bạ cơ quan: kiểm tra, phát hành, tra cứu / The registry of organisations")
out, err = Console(), Console(stderr=True)

KINDS = {
    ResolutionKind.CURRENT: "đang dùng / in force",
    ResolutionKind.REDIRECTED: "đã đóng, có cơ quan kế thừa / closed, succeeded by",
    ResolutionKind.CLOSED: "đã đóng / closed",
    ResolutionKind.UNKNOWN: "không có trong danh bạ hoặc chưa có hiệu lực / not in the registry or not yet in force",
}

SourceFile = Annotated[Path, typer.Argument(help="Tệp nguồn JSON / source file", exists=True, dir_okay=False)]
SnapshotFile = Annotated[Path, typer.Argument(help="Bản danh bạ đã ký / signed snapshot", exists=True, dir_okay=False)]
Previous = Annotated[Path | None, typer.Option(help="Bản đang có hiệu lực / snapshot now in force", exists=True)]


@app.command("check")
def check_source(source: SourceFile) -> None:
    """Kiểm tra tệp nguồn, không phát hành. / Check a source without publishing it."""
    with _errors():
        snapshot = _source(source, _now(), days=7, known=None)
        _refuse(check(snapshot))
        out.print(f"[green]✓[/] {len(snapshot.organisations)} cơ quan, không có lỗi / organisations, nothing wrong")


@app.command("publish")
def publish_source(
    source: SourceFile,
    *,
    key: Annotated[Path, typer.Option(help="Khóa danh bạ, PEM P-256 / registry key", exists=True)],
    cert: Annotated[Path, typer.Option(help="Chứng thư và chuỗi, PEM / certificate and chain", exists=True)],
    out_file: Annotated[Path, typer.Option("--out", help="Tệp kết quả / result")],
    previous: Previous = None,
    days: Annotated[int, typer.Option(help="Số ngày dùng được / days it may be relied on", min=1)] = 7,
) -> None:
    """Kiểm tra, ký và ghi bản danh bạ mới. / Check, sign and write the next snapshot."""
    with _errors():
        now = _now()
        known = _read_snapshot(previous) if previous else None
        snapshot, signer = _source(source, now, days, known), SoftSigner.load(key, cert)
        _refuse(check(snapshot))
        change = sign_delta(known, snapshot, signer) if known else None
        if change is not None:  # before the snapshot itself: who sees the new version finds the way to it
            folder = RegistryFiles(out_file).folder
            folder.mkdir(exist_ok=True)
            write_whole(folder / str(snapshot.version), change)
        write_whole(out_file, sign(snapshot, signer))
        out.print(f"[green]✓[/] phiên bản / version {snapshot.version}, SHA-256 {snapshot.digest()}")


@app.command("show")
def show(
    snapshot_file: SnapshotFile,
    code: Annotated[str | None, typer.Argument(help="Mã cơ quan, hoặc chữ trong tên / code, or words")] = None,
    on: Annotated[datetime | None, typer.Option(help="Ngày tra cứu / day", formats=["%Y-%m-%d", "%d/%m/%Y"])] = None,
    root: Annotated[Path | None, typer.Option(help="Chứng thư gốc PEM để kiểm chữ ký / root", exists=True)] = None,
) -> None:
    """Xem bản danh bạ, hoặc tra một mã. / Show a snapshot, or look up one code."""
    with _errors():
        snapshot = _opened(snapshot_file, root)
        if code is None:
            _show_all(snapshot)
            return
        moment = datetime.combine(on.date(), time(12), VIETNAM) if on else _now()
        _show_code(Directory(snapshot), code, moment)


def _show_all(snapshot: Snapshot) -> None:
    state = "còn hạn / fresh" if snapshot.fresh(_now()) else "hết hạn / expired"
    rows: list[tuple[str, object]] = [
        ("Phiên bản / version", snapshot.version),
        ("Phát hành / issued", _local(snapshot.issued_at)),
        ("Hết hạn / expires", _local(snapshot.expires_at)),
        ("Tình trạng / state", state),
        ("SHA-256", snapshot.digest()),
        ("Cơ quan / organisations", len(snapshot.organisations)),
        ("Máy chủ bảo mật / gateways", len(snapshot.gateways)),
        ("Đại diện / representations", len(snapshot.representations)),
        ("Chứng thư / certificates", len(snapshot.certificates)),
        ("Nhật ký bằng chứng / evidence logs", len(snapshot.logs)),
    ]
    _print_rows(rows)


def _show_code(directory: Directory, text: str, moment: datetime) -> None:
    found = _resolved(directory, text, moment)
    if found.organisation is None and (hits := directory.search(text)):
        _print_rows([(str(each.code), each.name) for each in hits])
        return
    out.print(f"[bold]{escape(text)}[/]: {KINDS[found.kind]}")
    _print_rows(_facts(directory, found, moment))
    if found.kind in {ResolutionKind.CLOSED, ResolutionKind.UNKNOWN}:
        raise typer.Exit(1)


def _resolved(directory: Directory, text: str, moment: datetime) -> Resolution:
    try:
        return directory.resolve(OrganisationCode.parse(text), moment)
    except InvalidValue:  # words, not a code
        return Resolution(ResolutionKind.UNKNOWN)


def _facts(directory: Directory, found: Resolution, moment: datetime) -> Iterator[tuple[str, object]]:
    if found.via:
        yield "Qua / via", " → ".join(map(str, found.via))
    if found.organisation is not None:
        yield from _organisation(found.organisation)
        gateway = directory.gateway_of(found.organisation.code, moment)
        yield "Máy chủ bảo mật / gateway", f"{gateway.id}, {gateway.name}" if gateway else "–"
    for each in found.successors:
        yield "Kế thừa / successor", f"{each.code} {each.name}"


def _organisation(organisation: Organisation) -> Iterator[tuple[str, object]]:
    yield "Mã / code", organisation.code
    yield "Mã cũ / legacy code", organisation.legacy_code or "–"
    yield "Tên / name", organisation.name
    yield "Cấp / level", organisation.level
    yield "Cấp trên / parent", organisation.parent or "–"
    yield "Hiệu lực / in force", f"{organisation.valid_from or '…'} – {organisation.valid_to or '…'}"


def _print_rows(rows: Iterator[tuple[str, object]] | Sequence[tuple[str, object]]) -> None:
    table = Table(show_header=False, box=None)
    for name, value in rows:
        table.add_row(name, escape(str(value)))
    out.print(table)


def _source(path: Path, now: datetime, days: int, known: Snapshot | None) -> Snapshot:
    version, digest = (known.version + 1, known.digest()) if known else (1, None)
    return read_source(path.read_bytes(), version, now, now + timedelta(days=days), digest)


def _opened(path: Path, root: Path | None) -> Snapshot:
    if root is None:
        err.print("[yellow]Chưa kiểm chữ ký (thiếu --root) / signature not checked (no --root)[/]")
        return _read_snapshot(path)
    return open_signed(path.read_bytes(), _certificates(root), _now())


def _read_snapshot(path: Path) -> Snapshot:
    return peek(path.read_bytes())


def _refuse(findings: Sequence[Finding]) -> None:
    for finding in findings:
        err.print(f"[red]✗[/] {escape(f'{finding.where}: {finding.vi} / {finding.en}')}")
    if findings:
        raise InvalidValue(f"{len(findings)} ✗")


@contextmanager
def _errors() -> Iterator[None]:
    """Every refusal becomes two sentences and exit code 1, never a traceback."""
    try:
        yield
    except LienThongError as error:
        err.print(f"[red]{escape(error.sentence('vi'))}[/]\n{escape(error.sentence('en'))}")
        raise typer.Exit(1) from None


def _certificates(path: Path) -> list[bytes]:
    try:
        return [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(path.read_bytes())]
    except ValueError as error:
        raise InvalidValue(f"{path}: {error}") from error


def _now() -> datetime:
    return datetime.now(UTC)


def _local(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
