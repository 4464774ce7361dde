"""`lienthong signature check`: what the signatures in files are worth, without a gateway or a network."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from lienthong.adapters.confined import Examiner
from lienthong.adapters.files import write_whole
from lienthong.adapters.revocation import RevocationIndex
from lienthong.adapters.trust import read_trust
from lienthong.cli.desks import AsJson
from lienthong.cli.printing import both, files_here, local, now, out, plain, print_json, spoken
from lienthong.errors import InvalidValue
from lienthong.signature.facts.encoding import decode, encode
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import Policy, Trust, judge, read_policy, shipped
from lienthong.signature.judging.policy import SHIPPED
from lienthong.signature.model import Report, SignatureFacts, Verdict

STATUS = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.CANNOT_TELL: 3}
MARKS = {Verdict.VALID: ("✓", "green"), Verdict.INVALID: ("✗", "red"), Verdict.CANNOT_TELL: ("?", "yellow")}
FACTS = ".facts.json"
RESULTS = {"passed": ("đạt", "passed"), "failed": ("không đạt", "failed"), "noted": ("lưu ý", "noted")}


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
        rules = _policy(policy)
        anchors = read_trust(trust) if trust else Trust("", ())
        moment = at or now()
        lists = _revocations(revoked or (), anchors, moment)
        reports = {path: judge(facts, rules, anchors, lists, moment) for path, facts in _facts(files, keep).items()}
    if as_json:
        print_json({str(path): report.as_dict() for path, report in reports.items()})
    else:
        for path, report in reports.items():
            _show(path, report, detailed=detailed)
    raise typer.Exit(max((STATUS[report.conclusion] for report in reports.values()), key=_gravest))


def _gravest(status: int) -> int:
    """Not valid weighs more than cannot tell."""
    return {0: 0, 3: 1, 1: 2}[status]


def _policy(name: str) -> Policy:
    return shipped(name) if name in SHIPPED or not Path(name).is_file() else read_policy(Path(name).read_bytes())


def _revocations(lists: Sequence[Path], anchors: Trust, moment: datetime) -> RevocationIndex | None:
    """None when no list is given: then the report says that nobody was asked."""
    if not lists:
        return None
    index = RevocationIndex((*anchors.roots, *anchors.others))
    for path in lists:
        index.take(path.read_bytes(), moment)
    return index


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


def _show(path: Path, report: Report, *, detailed: bool) -> None:
    console = out()
    mark, style = MARKS[report.conclusion]
    console.print(Text.assemble((f"{mark} ", style), (plain(path.name), "bold")), soft_wrap=True)
    console.print(Text("  ").append(both(report.sentence_vi, report.sentence_en)), soft_wrap=True)
    for told in report.signatures:
        _show_signature(told, detailed=detailed)
    for note in report.notes:
        console.print(Text("  ! ", style="yellow").append(both(note.vi, note.en)), soft_wrap=True)
    if detailed:
        known = f"chính sách / policy {report.policy}, tin cậy / trust {report.trust or '–'}, SHA-256 {report.sha256}"
        console.print(Text(f"  {known}", style="dim"), soft_wrap=True)


def _show_signature(told: SignatureFacts, *, detailed: bool) -> None:
    console = out()
    mark, style = MARKS[told.verdict]
    console.print(
        Text.assemble(("  ", ""), (f"{mark} ", style), both(told.sentence_vi, told.sentence_en)), soft_wrap=True
    )
    proved = f", có từ / exists since {local(told.best_time)}" if told.best_time else ""
    console.print(Text(f"    {plain(told.organisation)} · {told.level}{proved}", style="dim"), soft_wrap=True)
    for note in told.notes:
        console.print(Text("    · ", style="dim").append(both(note.vi, note.en)), soft_wrap=True)
    if detailed:
        console.print(_checks(told))


def _checks(told: SignatureFacts) -> Table:
    table = Table.grid(padding=(0, 2))
    indication = " / ".join(filter(None, (told.indication, told.sub_indication)))
    table.add_row(Text("    EN 319 102-1", style="dim"), Text(indication))
    for each in told.checks:
        if each.result in RESULTS:
            table.add_row(Text(f"    {each.code}", style="dim"), both(*RESULTS[each.result]))
    return table
