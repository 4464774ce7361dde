"""Points of the form check on a terminal, each with its place."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

import msgspec
from rich.text import Text

from lienthong.cli.printing import both, err, out, plain
from lienthong.client import Finding
from lienthong.errors import FormRefused

_STYLES = {"error": ("✗", "red"), "warning": ("!", "yellow"), "note": ("·", "dim")}


def show_findings(findings: Mapping[str, Sequence[Finding]], *, beside: bool = False) -> None:
    """By file, as told, gravest first; `beside` another answer, on standard error."""
    console = err() if beside else out()
    for name, several in findings.items():
        if several:
            console.print(Text(plain(name), style="bold"), soft_wrap=True)
        for finding in several:
            mark, style = _STYLES.get(finding.severity, _STYLES["warning"])
            place = f", trang/page {finding.box.page + 1}" if finding.box else ""
            console.print(Text(f"{mark} {plain(finding.vi)} [{finding.code}{place}]", style=style), soft_wrap=True)
            console.print(Text(f"  {plain(finding.en)}", style="dim"), soft_wrap=True)


def show_none() -> None:
    """Nothing was found."""
    out().print(both("✓ Đúng thể thức, không có điểm nào cần xem lại.", "In the prescribed form.", "green"))


@contextmanager
def telling_refusals() -> Iterator[None]:
    """What a gateway refused a document for, before the refusal itself is told."""
    try:
        yield
    except FormRefused as refused:
        with suppress(msgspec.DecodeError):
            for told in msgspec.json.decode(refused.facts.get("findings", "[]"), type=list[_Refused]):
                show_findings({told.file: (Finding(told.code, told.severity, told.vi, told.en),)}, beside=True)
        raise


class _Refused(msgspec.Struct):
    file: str
    code: str
    severity: str
    vi: str
    en: str
