"""The doctor's page: a list that reads without scripts, on a telephone too; Vietnamese first."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime

from lxml import html
from lxml.html import builder as E  # noqa: N812  the library's own name for it

from lienthong.diagnosis import Finding, worst
from lienthong.document import VIETNAM

ADDRESS = "/doctor"
STYLE = """
:root { color-scheme: light dark; --good: #1a6b2f; --bad: #a11b1b; --open: #7a5200; --line: #8886; --quiet: #555; }
@media (prefers-color-scheme: dark) { :root { --good: #7fd694; --bad: #ff9c94; --open: #f0c36d; --quiet: #bbb; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
.verdict { font-size: 1.125rem; font-weight: 600; margin: 0 0 1rem; }
ul { list-style: none; padding: 0; margin: 0; border-top: 1px solid var(--line); }
li { padding: .625rem 0; border-bottom: 1px solid var(--line); display: grid; gap: .75rem; }
li { grid-template-columns: 6.5rem 1fr; }
li p { margin: 0; }
.mark { font-weight: 600; }
.good .mark, .verdict.good { color: var(--good); }
.bad .mark, .verdict.bad { color: var(--bad); }
.open .mark, .verdict.open { color: var(--open); }
.about { font-weight: 600; }
.english { display: block; color: var(--quiet); font-size: .9375rem; font-weight: 400; }
.advice { margin-top: .25rem; }
@media (max-width: 30rem) { li { grid-template-columns: 1fr; gap: .125rem; } }
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; img-src data:; style-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MARKS = {True: ("good", "✓ Ổn"), False: ("bad", "✗ Phải sửa"), None: ("open", "? Xem lại")}
_VERDICTS = {
    True: ("Máy chủ bảo mật ổn, không có việc gì phải làm.", "All is well; there is nothing to do."),
    False: ("Có việc phải làm ngay.", "Something must be done."),
    None: ("Có điểm cần xem lại.", "Some points want a look."),
}
_ORDER = {False: 0, None: 1, True: 2}


def page(gateway: str, findings: Sequence[Finding], at: datetime) -> bytes:
    """The page as HTML, what must be done first. Whatever stands in a finding stays text."""
    verdict, (vi, en) = worst(findings), _VERDICTS[worst(findings)]
    rows = sorted(findings, key=lambda finding: _ORDER[finding.ok])
    title = f"Khám máy chủ {gateway}"
    told = f"Khám lúc {at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}; tải lại trang để khám lại. "
    head = E.HEAD(
        E.META(charset="utf-8"),
        E.META(name="viewport", content="width=device-width, initial-scale=1"),
        E.TITLE(title),
        E.LINK(rel="icon", href="data:,"),  # or browsers ask for one
        E.STYLE(STYLE),
    )
    body = E.BODY(
        E.MAIN(
            E.H1(title),
            E.P(f"{vi} ", _english(en), E.CLASS(f"verdict {_MARKS[verdict][0]}"), role="status"),
            E.UL(*map(_row, rows)),
            E.P(told, _english("reload to look again")),
        )
    )
    made: bytes = html.tostring(E.HTML(head, body, lang="vi"), doctype="<!DOCTYPE html>", encoding="utf-8")
    return made


def _row(finding: Finding) -> html.HtmlElement:
    style, mark = _MARKS[finding.ok]
    told = [E.P(finding.about, E.CLASS("about")), E.P(f"{finding.vi} ", _english(finding.en))]
    if finding.advice_vi:
        told.append(E.P(f"→ {finding.advice_vi} ", _english(finding.advice_en), E.CLASS("advice")))
    return E.LI(E.P(mark, E.CLASS("mark")), E.DIV(*told), E.CLASS(style))


def _english(text: str) -> html.HtmlElement:
    return E.SPAN(text, E.CLASS("english"), lang="en")
