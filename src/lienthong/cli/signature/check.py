"""`lienthong signature check`: what the signatures in files are worth, without a gateway or a network."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from lienthong.adapters.confined import Examiner
from lienthong.adapters.files import write_whole
from lienthong.cli.desks import AsJson
from lienthong.cli.printing import files_here, now, print_json, spoken
from lienthong.cli.signature.basis import Basis
from lienthong.cli.signature.showing import show, status_of
from lienthong.errors import InvalidValue
from lienthong.signature.facts.encoding import decode, encode
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging.policy import SHIPPED

FACTS = ".facts.json"


def check(
    files: Annotated[list[Path], typer.Argument(help="PDF, hoặc dữ kiện đã lưu (*.facts.json) / or kept facts")],
    *,
    trust: Annotated[
        list[Path] | None, typer.Option(help="Chứng thư gốc tin cậy: tệp hoặc thư mục / trusted roots: file or folder")
    ] = None,
    policy: Annotated[str, typer.Option(help=f"Chính sách: {', '.join(SHIPPED)} hoặc tệp / or a file")] = SHIPPED[0],
    revoked: Annotated[
        list[Path] | None, typer.Option(help="Danh sách thu hồi (CRL) / revocation lists, of the trusted issuers")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Thư mục lưu dữ kiện để kết luận lại sau / folder to keep the facts in")
    ] = None,
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"], help="Kết luận tại thời điểm / judged at")
    ] = None,
    detailed: Annotated[bool, typer.Option("--detailed", help="Từng phép kiểm tra / each check")] = False,
    as_json: AsJson = False,
) -> None:
    """Kiểm tra chữ ký số trong tệp PDF. / Check the digital signatures in PDF files.

    Mã thoát / exit code: 0 hợp lệ, 1 không hợp lệ, 3 chưa kết luận được / 0 valid, 1 not valid, 3 cannot tell.
    """
    with spoken(as_json=as_json), files_here():
        moment = at or now()
        basis = Basis.read(policy, trust or (), revoked or (), moment)
        reports = {path: basis.judge(facts, moment) for path, facts in _facts(files, keep).items()}
    if as_json:
        print_json({str(path): report.as_dict() for path, report in reports.items()})
    else:
        for path, report in reports.items():
            show(path.name, report, detailed=detailed)
    raise typer.Exit(status_of(reports.values()))


def _facts(files: Sequence[Path], keep: Path | None) -> dict[Path, Facts]:
    """Files of strangers are looked at in a child; kept facts need no file any more."""
    found = {}
    with Examiner() as examiner:
        for path in files:
            data = path.read_bytes()
            found[path] = decode(data) if path.name.endswith(FACTS) else examiner.examine(data)
            if keep is not None:
                _keep(keep, found[path])
    return found


def _keep(folder: Path, facts: Facts) -> None:
    """Named after the file they speak of, whatever that is called."""
    if folder.exists() and not folder.is_dir():
        raise InvalidValue(f"--keep {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{facts.sha256}{FACTS}", encode(replace(facts, looks=None)))
