"""`lienthong signature report`: the report on a file, signed by the agency's gateway or made here, and its check."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from lienthong.adapters.confined import Examiner
from lienthong.adapters.files import write_whole
from lienthong.adapters.trust import read_trust
from lienthong.cli import desks
from lienthong.cli.desks import AsCode, AsJson, DesksFile
from lienthong.cli.printing import files_here, local, now, print_json, say, spoken
from lienthong.cli.signature.basis import Basis
from lienthong.cli.signature.showing import show, status_of
from lienthong.client import Desk
from lienthong.errors import EvidenceBroken, FileUnusable, InvalidValue, NotFound
from lienthong.signature.judging.policy import SHIPPED
from lienthong.signature.model import Report
from lienthong.signature.reporting import Stated, as_html, verified
from lienthong.signature.reporting.statement import LARGEST

_DIGEST = re.compile("[0-9a-f]{64}")
FORMS = (".jws", ".html", ".json")


def report(
    target: Annotated[str, typer.Argument(help="Tệp PDF, SHA-256, hoặc báo cáo / a PDF, a SHA-256, or a report")],
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=f"{', '.join(FORMS)}: theo đuôi tệp / by name")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Kiểm tra báo cáo đã ký / check a signed report")] = False,
    file: Annotated[Path | None, typer.Option(help="Tệp mà báo cáo nói đến / the file a report speaks of")] = None,
    trust: Annotated[
        list[Path] | None, typer.Option(help="Chứng thư gốc tin cậy; kiểm tra tại chỗ / trusted roots; checked here")
    ] = None,
    policy: Annotated[str, typer.Option(help=f"Chính sách / policy: {', '.join(SHIPPED)}")] = "",
    revoked: Annotated[list[Path] | None, typer.Option(help="Danh sách thu hồi (CRL) / revocation lists")] = None,
    detailed: Annotated[bool, typer.Option("--detailed", help="Từng phép kiểm tra / each check")] = False,
    as_code: AsCode = "",
    desks_file: DesksFile = None,
    as_json: AsJson = False,
) -> None:
    """Báo cáo về chữ ký số của một tệp: do máy chủ bảo mật lập và ký, hoặc lập tại chỗ (--trust).

    The report on a file's signatures: made and signed by the gateway, or made here with --trust. A SHA-256 is enough
    for a file that stands in the agency's documents. --check --trust root.pem checks a signed report, offline.
    Mã thoát / exit code: 0 hợp lệ, 1 không hợp lệ, 3 chưa kết luận được / 0 valid, 1 not valid, 3 cannot tell.
    """
    stated, written = None, b""
    with spoken(as_json=as_json), files_here():
        form = _form(output)
        if check:
            stated = _checked(Path(target), trust or (), file)
            made = stated.statement.report
        elif trust:
            made, written = _here(Path(target), policy, trust, revoked or (), form)
        else:
            with desks.open_desk(as_code, desks_file) as desk:
                made, written = _asked(desk, target, policy, form)
        if output is not None and not check:
            write_whole(output, written)
    _tell(target, made, stated, output if written else None, detailed=detailed, as_json=as_json)
    raise typer.Exit(status_of([made]))


def _form(output: Path | None) -> str:
    """How the report is written, by the file's name; empty for not at all."""
    if output is None:
        return ""
    if output.suffix not in FORMS:
        raise InvalidValue(f"--output {output}: {', '.join(FORMS)}")
    if output.exists() or output.is_symlink():
        raise FileUnusable(f"{output}: đã có, không ghi đè / exists and is not overwritten")
    return output.suffix


def _checked(path: Path, roots: Sequence[Path], file: Path | None) -> Stated:
    """Raises EvidenceBroken, also for another file than the one the report speaks of."""
    if not roots:
        raise InvalidValue("--trust: chứng thư gốc / a root certificate")
    with path.open("rb") as opened:
        token = opened.read(LARGEST + 1).decode("utf-8", "replace").strip()
    stated = verified(token, read_trust(roots))
    if file is not None and sha256(file.read_bytes()).hexdigest() != stated.statement.report.sha256:
        raise EvidenceBroken(f"{file.name}: báo cáo nói về tệp khác / the report speaks of another file")
    return stated


def _here(path: Path, policy: str, trust: Sequence[Path], revoked: Sequence[Path], form: str) -> tuple[Report, bytes]:
    """The report, and what is written of it; nobody signs this one."""
    if form == ".jws":
        raise InvalidValue("--output .jws: báo cáo ký do máy chủ bảo mật lập / signed reports come from a gateway")
    moment = now()
    basis = Basis.read(policy or SHIPPED[0], trust, revoked, moment)
    with Examiner() as examiner:
        made = basis.judge(examiner.examine(path.read_bytes()), moment)
    return made, as_html(made, name=path.name) if form == ".html" else msgspec.json.encode(made.as_dict())


def _asked(desk: Desk, target: str, policy: str, form: str) -> tuple[Report, bytes]:
    """The gateway's report, and what is written of it. NotFound, also where the contents are no longer there."""
    known = _DIGEST.fullmatch(target) is not None
    found = desk.known_file(target, policy) if known else desk.check_file(Path(target).read_bytes(), policy)
    if found.report is None:
        raise NotFound(f"{target}: nội dung không còn ở máy chủ / the contents are no longer at the gateway")
    made = msgspec.convert(found.report, Report)
    if form in {".jws", ".html"}:
        return made, desk.signature_report(found.sha256, form[1:], policy)
    return made, msgspec.json.encode(found.report)


def _tell(
    target: str, made: Report, stated: Stated | None, output: Path | None, *, detailed: bool, as_json: bool
) -> None:
    if as_json:
        print_json(made.as_dict())
        return
    if stated is not None:
        at = local(stated.signed_at)
        say(f"Báo cáo do {stated.signer} ký lúc {at}.", f"Report signed by {stated.signer}, {at}.", "green")
    show(Path(target).name, made, detailed=detailed)
    if output is not None:
        say(f"Đã ghi: {output}", f"Written: {output}", "green")
