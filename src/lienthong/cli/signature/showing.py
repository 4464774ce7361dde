"""A report at a terminal: one sentence a signature, and every check where that is wanted."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from lienthong.cli.printing import both, local, out, plain
from lienthong.signature.model import Report, SignatureFacts, Verdict
from lienthong.signature.reporting.words import CHECKS, RESULTS

STATUS = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.CANNOT_TELL: 3}
MARKS = {Verdict.VALID: ("✓", "green"), Verdict.INVALID: ("✗", "red"), Verdict.CANNOT_TELL: ("?", "yellow")}


def status_of(reports: Iterable[Report]) -> int:
    """The exit code: not valid weighs more than cannot tell."""
    return max((STATUS[report.conclusion] for report in reports), key=(0, 3, 1).index)


def show(name: str, report: Report, *, detailed: bool) -> None:
    """What the signatures of a file are worth."""
    console = out()
    mark, style = MARKS[report.conclusion]
    console.print(Text.assemble((f"{mark} ", style), (plain(name), "bold")), soft_wrap=True)
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
        if each.result != "not asked":
            words = both(*CHECKS.get(each.code, (each.code, "")))
            table.add_row(Text(f"    {each.code}", style="dim"), both(*RESULTS[each.result]), words)
    return table
