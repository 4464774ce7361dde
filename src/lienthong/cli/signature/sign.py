"""`lienthong signature sign`: sign a PDF with a key on this machine, or through the agency's gateway."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.files import write_whole
from lienthong.cli import desks
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.printing import files_here, now, print_json, say, spoken
from lienthong.cli.signature.task import Task
from lienthong.errors import FileUnusable, InvalidValue
from lienthong.signature.model import Report, Role
from lienthong.signature.session.model import Level

LARGEST = 96 * 2**20
Key = Annotated[str, typer.Option("--key", help="Tên khóa / name of the key")]
P12 = Annotated[Path | None, typer.Option("--p12", metavar="FILE", help="Tệp khóa PKCS#12 trên máy này / a key file")]
Keys = Annotated[Path | None, typer.Option("--keys", metavar="FOLDER", help="Thư mục khóa / a folder of keys")]
Password = Annotated[
    Path | None, typer.Option("--password-file", metavar="FILE", help="Tệp chứa mật khẩu, mã PIN / password, PIN")
]
RootFile = Annotated[Path | None, typer.Option("--root", metavar="FILE", help="Chứng thư gốc tin cậy / trusted roots")]
Tsa = Annotated[str, typer.Option("--tsa", metavar="URL", help="Máy chủ dấu thời gian, cho B-T / for level B-T")]
Out = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Tệp ký xong / the signed file")]
RoleName = Annotated[str, typer.Option("--role", help="initials, leader, seal, annex, copy, incoming")]
LevelName = Annotated[str, typer.Option("--level", help="B-B, B-T; ở máy chủ / at the gateway: B-LT, B-LTA")]
Placing = Annotated[str, typer.Option("--place", help="auto, none")]
Person = Annotated[str, typer.Option("--person", help="Người ký, mặc định theo chứng thư / else by the certificate")]


def sign(
    file: Annotated[Path, typer.Argument(help="Tệp PDF / a PDF file")],
    *,
    output: Out,
    role: RoleName = "leader",
    key: Key = "",
    p12: P12 = None,
    keys: Keys = None,
    password_file: Password = None,
    root: RootFile = None,
    tsa: Tsa = "",
    level: LevelName = "",
    place: Placing = "auto",
    person: Person = "",
    as_code: AsCode = "",
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Ký một tệp PDF bằng khóa trên máy này (--p12, --keys) hoặc khóa ở máy chủ bảo mật (--key, --as).

    Sign a PDF with a key on this machine or at the gateway. The file stays as it is; an existing output is never
    overwritten. Mã thoát / exit code: 0 đã ký / signed, 1 không được / refused, 75 thử lại / try again.
    """
    with spoken(as_json=as_json, vi="Chưa có tệp nào được ghi.", en="No file was written."):
        _require_new(output)
        wanted = _level(level, Level.T if tsa else Level.B)
        task = Task(_read(file), file.name, _role(role), wanted, _placing(place), person)
        if p12 is not None or keys is not None:
            signed, report = _here(task, p12, keys, key, password_file, root, tsa)
        else:
            signed, report = _at_gateway(task, key, password_file, as_code, desks_file), None
        _write(output, signed)
        _tell(output, signed, report, as_json=as_json)


def _here(
    task: Task, p12: Path | None, keys: Path | None, key: str, password_file: Path | None, root: Path | None, tsa: str
) -> tuple[bytes, Report]:
    from lienthong.cli.signature.keyfile import from_folder, from_pkcs12, password_of
    from lienthong.cli.signature.local import signed_here

    password = password_of(password_file) if p12 is not None or password_file is not None else None
    mine = from_pkcs12(p12, password) if p12 is not None else from_folder(keys or Path(), key)
    roots = root_certificates(root) if root is not None else ()
    if task.role is Role.SEAL and not roots:
        raise InvalidValue("--root: dấu chỉ đóng trên chữ ký tin cậy / a seal goes only on a trusted signature")
    secret = (password or b"").decode("utf-8", "replace") if p12 is None else ""
    return asyncio.run(signed_here(task, mine, roots, tsa, secret, now()))


def _at_gateway(task: Task, key: str, password_file: Path | None, as_code: str, desks_file: Path | None) -> bytes:
    from lienthong.cli.signature.keyfile import password_of
    from lienthong.client import Paper

    if not key:
        raise InvalidValue("--key | --p12 | --keys")
    secret = (password_of(password_file) or b"").decode("utf-8", "replace") if password_file else ""
    with desks.open_desk(as_code, desks_file) as desk:
        paper = Paper(task.pdf, title=task.title, placing=task.placing)
        person = task.person or next((each.name for each in desk.signing_keys() if each.id == key), key)
        return desk.sign(paper, task.role.value, person, key, level=task.level.value, secret=secret)


def _read(file: Path) -> bytes:
    with files_here(), file.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise FileUnusable(f"{file}: > {LARGEST}")
    return data


def _require_new(output: Path) -> None:
    with files_here():
        if output.exists() or output.is_symlink():
            raise FileUnusable(f"{output}: đã có, không ghi đè / exists and is not overwritten")


def _write(output: Path, data: bytes) -> None:
    _require_new(output)  # it took a while
    with files_here():
        write_whole(output, data)


def _tell(output: Path, signed: bytes, report: Report | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": os.fspath(output), "bytes": len(signed), "report": report.as_dict() if report else None})
        return
    say(f"Đã ký: {output}", f"Signed: {output}", "green")
    if report is not None:
        last = report.signatures[-1]
        say(last.sentence_vi, last.sentence_en)


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise InvalidValue("--role: initials, leader, seal, annex, copy, incoming") from error


def _level(name: str, otherwise: Level) -> Level:
    try:
        return Level(name) if name else otherwise
    except ValueError as error:
        raise InvalidValue("--level: B-B, B-T, B-LT, B-LTA") from error


def _placing(name: str) -> str:
    if name not in {"auto", "none"}:
        raise InvalidValue("--place: auto, none")
    return name
