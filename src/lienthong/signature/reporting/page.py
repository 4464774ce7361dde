"""A report as one page to read or print: a sentence a signature first, then every check. No scripts, nothing loaded.

All text may come from strangers' certificates; lxml writes it as text.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from lxml import html
from lxml.html import HtmlElement
from lxml.html import builder as e

from lienthong.document import VIETNAM
from lienthong.signature.model import Check, Note, Report, SignatureFacts, Verdict
from lienthong.signature.reporting.words import CHECKS, COVERS, RESULTS, ROLES

_CLASSES = {Verdict.VALID: "valid", Verdict.INVALID: "invalid", Verdict.CANNOT_TELL: "open"}
_ENGLISH: Mapping[Verdict, str] = MappingProxyType(
    {Verdict.VALID: "valid", Verdict.INVALID: "not valid", Verdict.CANNOT_TELL: "cannot tell"}
)
STYLE = """
body { font: 15px/1.5 "Noto Sans", "Segoe UI", Arial, sans-serif; color: #1c2530; background: #fff; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { margin: .25rem 0 }
.en { color: #5a6675 } .verdict { font-size: 1.1rem; padding: .75rem 1rem; margin: 1rem 0; border-left: 5px solid }
.valid { border-color: #1f7a4d; background: #eef7f1 } .invalid { border-color: #b3261e; background: #fdf0ef }
.open { border-color: #8a6100; background: #fdf7e8 }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .25rem 1.5rem } dt { color: #5a6675 }
dd { margin: 0; overflow-wrap: anywhere } ul { margin: .5rem 0; padding-left: 1.25rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid #dde3ea } td:last-child { white-space: nowrap } tr.failed td { font-weight: 600 }
tr.not-asked td { color: #5a6675 } code { font-size: .85em; overflow-wrap: anywhere }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr } dd { margin-bottom: .5rem } }
@media print { body { margin: 0; max-width: none; font-size: 10pt } tr, dl, .verdict { break-inside: avoid } }
"""


def as_html(report: Report, *, name: str = "", service: str = "") -> bytes:
    """One page, UTF-8; `service` is who made it, if somebody stands for it."""
    title = "Báo cáo kiểm tra chữ ký số"
    head = e.HEAD(
        e.META(charset="utf-8"),
        e.META(name="viewport", content="width=device-width, initial-scale=1"),
        e.TITLE(_plain(f"{title} – {name or report.sha256[:16]}")),
        e.STYLE(STYLE),
    )
    parts = [*_top(report, name, service)]
    for number, told in enumerate(report.signatures, 1):
        parts += _signature(number, told)
    page = e.HTML(head, e.BODY(e.MAIN(*parts)), lang="vi")
    return bytes(html.tostring(page, doctype="<!DOCTYPE html>", encoding="utf-8"))


def _top(report: Report, name: str, service: str) -> Iterator[HtmlElement]:
    yield e.H1("Báo cáo kiểm tra chữ ký số")
    yield e.P("Report on digital signatures", e.CLASS("en"), lang="en")
    yield _both(report.sentence_vi, report.sentence_en, report.conclusion)
    yield from _notes(report.notes)
    yield _rows(
        {
            "Tệp / File": name,
            "SHA-256": report.sha256,
            "Kích thước / Size": f"{report.size} byte",
            "Giá trị / Value": f"{report.legal_value.vi} / {report.legal_value.value}",
            "Kiểm tra lúc / Judged at": _clock(report.validated_at),
            "Chính sách / Policy": report.policy,
            "Nguồn tin cậy / Trust": report.trust,
            "Thu hồi / Revocation": report.revocation or "không tra cứu / not looked up",
            "Nơi kiểm tra / Service": service,
        }
    )


def _signature(number: int, told: SignatureFacts) -> Iterator[HtmlElement]:
    vi, en = ROLES[told.role]
    yield e.H2(f"{number}. {vi}", e.SPAN(f" · {en}", e.CLASS("en"), lang="en"))
    yield _both(told.sentence_vi, told.sentence_en, told.verdict)
    yield from _notes(told.notes)
    yield _rows(
        {
            "Người ký / Signer": told.signer,
            "Cơ quan / Organisation": " · ".join(filter(None, (told.organisation, *told.units))),
            "Nơi cấp / Issuer": told.issuer,
            "Số chứng thư / Serial": told.serial,
            "Mức / Level": f"{told.level} ({told.profile})",
            "Ký lúc, theo người ký / Claimed time": _clock(told.claimed_time),
            "Có từ, đã chứng minh / Proved time": _clock(told.best_time) or "chưa chứng minh / not proved",
            "Phạm vi / Covers": COVERS.get(told.coverage, told.coverage),
            "ETSI EN 319 102-1": " / ".join(filter(None, (told.indication, told.sub_indication))),
            "Ô ký / Field": told.field,
        }
    )
    if told.checks:
        head = e.TR(e.TH("Phép kiểm tra / Check", scope="col"), e.TH("Kết quả / Result", scope="col"))
        yield e.TABLE(e.THEAD(head), e.TBODY(*map(_check, told.checks)))


def _check(check: Check) -> HtmlElement:
    vi, en = RESULTS.get(check.result, (check.result, ""))
    said, english = CHECKS.get(check.code, (check.code, ""))
    words = e.TD(said, e.SPAN(f" · {english}", e.CLASS("en"), lang="en"), " ", e.CODE(check.code))
    return e.TR(words, e.TD(f"{vi} / {en}"), e.CLASS(check.result.replace(" ", "-")))


def _both(vi: str, en: str, verdict: Verdict) -> HtmlElement:
    word = e.B(verdict.vi.capitalize(), " / ", _ENGLISH[verdict])
    english = e.SPAN(_plain(en), e.CLASS("en"), lang="en")
    return e.DIV(e.P(word), e.P(_plain(vi)), e.P(english), e.CLASS(f"verdict {_CLASSES[verdict]}"))


def _notes(notes: tuple[Note, ...]) -> Iterator[HtmlElement]:
    if notes:
        rows = (e.LI(note.vi, " ", e.SPAN(note.en, e.CLASS("en"), lang="en")) for note in notes)
        yield e.UL(*rows)


def _rows(rows: Mapping[str, str]) -> HtmlElement:
    told = {name: value for name, value in rows.items() if value}
    return e.DL(*(part for name, value in told.items() for part in (e.DT(name), e.DD(_plain(value)))))


def _clock(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).isoformat(" ", "seconds") if moment else ""


def _plain(text: str) -> str:
    """Names in certificates may hold signs that no page can."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
