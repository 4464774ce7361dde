"""`lienthong registry`: check a source, publish it as a signed snapshot, look into one; and the service's acts."""

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
from lienthong.cli import applications, directory
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
    Succession,
    check,
    name_successor,
    open_signed,
    peek,
    read_source,
    sign,
    sign_delta,
    stamped,
    succession_of,
)

app = typer.Typer(name="registry", help="Danh bạ cơ quan: kiểm tra, phát hành, tra cứu / The registry of organisations")
directory.attach(app)
app.add_typer(applications.app)
out, err = Console(), Console(stderr=True)

KINDS = {
    ResolutionKind.CURRENT: "đang dùng / in force",
    ResolutionKind.REDIRECTED: "đã đóng, có cơ quan kế thừa / closed, succeeded by",
    ResolutionKind.CLOSED: "đã đóng / closed",
    ResolutionKind.UNKNOWN: "không có trong danh bạ hoặc chưa có hiệu lực / not in the registry or not yet in force",
}

SourceFile = Annotated[Path, typer.Argument(help="Tệp nguồn JSON / source file", exists=True, dir_okay=False)]
SnapshotFile = Annotated[Path, typer.Argument(help="Bản danh bạ đã ký / signed snapshot", exists=True, dir_okay=False)]
Key = Annotated[Path | None, typer.Option(help="Khóa danh bạ, PEM P-256 / registry key", exists=True)]
Certificate = Annotated[Path | None, typer.Option(help="Chứng thư và chuỗi, PEM / certificate and chain", exists=True)]
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
    source: Annotated[
        Path | None, typer.Argument(help="Tệp nguồn; không có: trang danh bạ / source; none: the service", exists=True)
    ] = None,
    *,
    key: Key = None,
    cert: Certificate = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Tệp kết quả / result")] = None,
    previous: Previous = None,
    succession: Annotated[Path | None, typer.Option(help="Tệp tuyên bố kế thừa khóa / statements", exists=True)] = None,
    days: Annotated[int, typer.Option(help="Số ngày dùng được / days it may be relied on", min=1)] = 7,
    url: directory.Url = "",
    key_file: directory.KeyFile = None,
    ca: directory.Root = None,
) -> None:
    """Phát hành bản danh bạ mới, từ tệp hoặc ở trang danh bạ. / Publish, from a file or at the service."""
    if source is None:
        directory.published(directory.Place(url, key_file, ca), days)
        return
    with _errors():
        if key is None or cert is None or out_file is None:
            raise InvalidValue("--key, --cert, --out")
        _publish(source, SoftSigner.load(key, cert), out_file, previous, succession, days)


def _publish(
    source: Path, signer: SoftSigner, out_file: Path, previous: Path | None, succession: Path | None, days: int
) -> None:
    known = _read_snapshot(previous) if previous else None
    told = _statements(succession) or (succession_of(previous.read_bytes()) if previous else ())
    snapshot = stamped(known, _source(source, _now(), days, known))
    _refuse(check(snapshot))
    change = sign_delta(known, snapshot, signer, told) if known else None
    if change is not None:  # before the snapshot itself: who sees the new version finds the way to it
        folder = RegistryFiles(out_file).folder
        folder.mkdir(exist_ok=True)
        write_whole(folder / str(snapshot.version), change)
    write_whole(out_file, sign(snapshot, signer, told))
    out.print(f"[green]✓[/] phiên bản / version {snapshot.version}, SHA-256 {snapshot.digest()}")


def _statements(path: Path | None) -> Succession:
    return tuple(path.read_text("ascii").split()) if path else ()


@app.command("rotate-key")
def rotate_key(
    successor: Annotated[Path, typer.Argument(help="Chứng thư khóa kế tiếp, PEM / next certificate", exists=True)],
    *,
    key: Key = None,
    cert: Certificate = None,
    succession: Annotated[
        Path | None, typer.Option("--out", help="Tệp tuyên bố, ghi thêm / statements, added to")
    ] = None,
    url: directory.Url = "",
    key_file: directory.KeyFile = None,
    ca: directory.Root = None,
) -> None:
    """Khóa đang dùng chỉ định khóa kế tiếp, ở tệp hoặc ở trang danh bạ. / The key in force names the next one."""
    if key is None:
        directory.succeeded(directory.Place(url, key_file, ca), successor)
        return
    with _errors():
        if cert is None or succession is None:
            raise InvalidValue("--cert, --out")
        known = _statements(succession if succession.exists() else None)
        statement = name_successor(_certificates(successor)[0], SoftSigner.load(key, cert), _now())
        write_whole(succession, "\n".join([*known, statement, ""]).encode("ascii"))
        out.print(f"[green]✓[/] {succession}")


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


def _show_code(known: Directory, text: str, moment: datetime) -> None:
    found = _resolved(known, text, moment)
    if found.organisation is None and (hits := known.search(text)):
        _print_rows([(str(each.code), each.name) for each in hits])
        return
    out.print(f"[bold]{escape(text)}[/]: {KINDS[found.kind]}")
    _print_rows(_facts(known, found, moment))
    if found.kind in {ResolutionKind.CLOSED, ResolutionKind.UNKNOWN}:
        raise typer.Exit(1)


def _resolved(known: Directory, text: str, moment: datetime) -> Resolution:
    try:
        return known.resolve(OrganisationCode.parse(text), moment)
    except InvalidValue:  # words, not a code
        return Resolution(ResolutionKind.UNKNOWN)


def _facts(known: Directory, found: Resolution, moment: datetime) -> Iterator[tuple[str, object]]:
    if found.via:
        yield "Qua / via", " → ".join(map(str, found.via))
    if found.organisation is not None:
        yield from _organisation(found.organisation)
        gateway = known.gateway_of(found.organisation.code, moment)
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
