"""The report of a run: JSON for machines, one HTML page that can be printed and attached to a contract."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from lxml import html
from lxml.html import HtmlElement
from lxml.html import builder as e

from lienthong.cli.conformance.model import Chapter, Outcome, Result
from lienthong.cli.conformance.run import Finding
from lienthong.cli.conformance.suites import CHAPTERS
from lienthong.cli.printing import local

FORMAT = "lienthong-conformance-1"
WORDS = {
    Result.PASSED: ("Đạt", "passed"),
    Result.FAILED: ("Không đạt", "failed"),
    Result.NOT_PLAYED: ("Chưa chạy", "not played"),
}
TRAIL = 12
"""Requests shown of a story that failed: the last ones tell why."""
STYLE = """
body { font: 15px/1.5 "Noto Sans", "Segoe UI", Arial, sans-serif; color: #1c2530; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { margin: .25rem 0 }
.en { color: #5a6675 } .verdict { font-size: 1.15rem; font-weight: 600; padding: .75rem 1rem; margin: 1rem 0;
  border-left: 5px solid } .verdict.passed { border-color: #1f7a4d; background: #eef7f1 }
.verdict.failed { border-color: #b3261e; background: #fdf0ef }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem } dt { color: #5a6675 } dd { margin: 0;
  overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .4rem .6rem;
  border-bottom: 1px solid #dde3ea } td:last-child, th:last-child { white-space: nowrap }
.passed td:last-child { color: #1f7a4d } .failed td:last-child { color: #b3261e; font-weight: 600 }
.not-played td:last-child { color: #5a6675 } code { font-size: .85em; overflow-wrap: anywhere }
pre { font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f7f9; padding: .5rem }
@media (max-width: 40rem) { dl { display: block } dd { margin-bottom: .5rem } }
@media print { body { margin: 0; max-width: none } tr { break-inside: avoid } }
"""


def as_json(found: Finding) -> str:
    """The whole run, stories in order."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "began": found.began.isoformat(),
        "seconds": round(found.seconds, 1),
        "version": found.version,
        "tested": found.tested,
        "url": found.url,
        "good": found.good,
        "counts": {result.value: found.count(result) for result in Result},
        "stories": [_row(outcome) for outcome in found.outcomes],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _row(outcome: Outcome) -> dict[str, Any]:
    story = outcome.story
    said = {"code": story.code, "vi": story.vi, "en": story.en, "result": outcome.result.value}
    why = {"expected_vi": outcome.vi, "expected_en": outcome.en, "got": outcome.got} if outcome.vi else {}
    trail = [asdict(line) for line in outcome.trail] if outcome.result is Result.FAILED else []
    return {**said, "seconds": round(outcome.seconds, 2), **why, **({"trail": trail} if trail else {})}


def as_html(found: Finding) -> bytes:
    """One page without scripts or anything from outside, UTF-8."""
    title = f"Kiểm tra hợp chuẩn giao diện – {found.tested}"
    head = e.HEAD(e.META(charset="utf-8"), _wide(), e.TITLE(title), e.STYLE(STYLE))
    page = e.HTML(
        head, e.BODY(*_head(found), *(part for each in CHAPTERS for part in _chapter(each, found))), lang="vi"
    )
    return bytes(html.tostring(page, doctype="<!DOCTYPE html>", encoding="utf-8"))


def _wide() -> HtmlElement:
    return e.META(name="viewport", content="width=device-width, initial-scale=1")


def _head(found: Finding) -> Iterator[HtmlElement]:
    yield e.H1("Báo cáo kiểm tra hợp chuẩn")
    yield e.P("Conformance report", e.CLASS("en"))
    passed, failed, left = (found.count(result) for result in (Result.PASSED, Result.FAILED, Result.NOT_PLAYED))
    words = f"{passed} đạt, {failed} không đạt, {left} chưa chạy"
    yield e.P(
        "ĐẠT – " + words if found.good else "KHÔNG ĐẠT – " + words,
        e.CLASS(f"verdict {'passed' if found.good else 'failed'}"),
    )
    rows = {
        "Cơ quan được kiểm / Tested": found.tested,
        "Địa chỉ / Address": found.url,
        "Bắt đầu / Began": local(found.began),
        "Thời gian / Took": f"{found.seconds:.0f} giây",
        "Bộ kiểm tra / Suite": f"Liên Thông {found.version}",
    }
    yield e.DL(*(part for name, value in rows.items() for part in (e.DT(name), e.DD(value))))


def _chapter(chapter: Chapter, found: Finding) -> Iterator[HtmlElement]:
    codes = {story.code for story in chapter.stories}
    mine = [outcome for outcome in found.outcomes if outcome.story.code in codes]
    if mine:
        yield e.H2(chapter.vi, " ", e.SPAN(chapter.en, e.CLASS("en")))
        head = e.TR(*(e.TH(word, scope="col") for word in ("Tình huống", "Mã", "Kết quả")))
        yield e.TABLE(e.THEAD(head), e.TBODY(*(_line(outcome) for outcome in mine)))


def _line(outcome: Outcome) -> HtmlElement:
    story, (vi, en) = outcome.story, WORDS[outcome.result]
    words = e.TD(e.DIV(story.vi), e.DIV(story.en, e.CLASS("en")), *_why(outcome))
    return e.TR(
        words, e.TD(e.CODE(story.code)), e.TD(vi, e.BR(), e.SPAN(en, e.CLASS("en"))), e.CLASS(outcome.result.value)
    )


def _why(outcome: Outcome) -> Iterator[HtmlElement]:
    if outcome.vi:
        yield e.P(e.B(outcome.vi), e.BR(), e.SPAN(outcome.en, e.CLASS("en")))
    if outcome.got:
        yield e.PRE(_printable(outcome.got))
    if outcome.result is Result.FAILED and outcome.trail:
        lines = (f"{x.who}: {x.method} {x.path} → {x.status} {x.code}" for x in outcome.trail[-TRAIL:])
        yield e.PRE(_printable("\n".join(lines)))


def _printable(text: str) -> str:
    """What came may hold signs that no page can."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)
