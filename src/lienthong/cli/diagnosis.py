"""Printing what the doctor finds: a mark, a sentence, and below it what to do."""

from collections.abc import Iterable

from rich.text import Text

from lienthong.cli.printing import both, out, plain
from lienthong.diagnosis import Finding

_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


def show(findings: Iterable[Finding]) -> None:
    """Print every finding, advice below."""
    for finding in findings:
        mark, style = _MARKS[finding.ok]
        line = Text.assemble((mark, style), f" {plain(finding.about)}: ").append_text(both(finding.vi, finding.en))
        out().print(line, soft_wrap=True)
        if finding.advice_vi:
            out().print(Text("    → ").append_text(both(finding.advice_vi, finding.advice_en)), soft_wrap=True)
