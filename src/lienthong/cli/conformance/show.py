"""A run in a terminal: a line for each story as it ends, the count, the report's place."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import typer
from rich.text import Text

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.files import write_whole
from lienthong.cli.conformance import report
from lienthong.cli.conformance.model import Cast, Outcome, Result, Story, read_cast
from lienthong.cli.conformance.own import own_country
from lienthong.cli.conformance.run import Finding, play
from lienthong.cli.conformance.stories import CHAPTERS, stories
from lienthong.cli.printing import both, err, out, plain, say, spoken

MARKS = {Result.PASSED: ("✓", "green"), Result.FAILED: ("✗", "red"), Result.NOT_PLAYED: ("–", "dim")}


def listed() -> None:
    """Every story's code and sentence."""
    for chapter in CHAPTERS:
        say(chapter.vi, chapter.en, "bold")
        for story in chapter.stories:
            out().print(Text(f"  {story.code:22}"), both(story.vi, story.en), soft_wrap=True)


def examine(profile: Path | None, only: Sequence[str], patience: float, into: Path | None) -> bool:
    """Play, show, write; whether nothing failed."""
    with spoken(), _cast(profile) as cast:
        found = _found(cast, _chosen(only), patience)
    _summary(found)
    if into is not None:
        _write(found, into)
    return found.good


@contextmanager
def _cast(profile: Path | None) -> Iterator[Cast]:
    if profile is not None:
        yield read_cast(profile, root_certificates)
        return
    with tempfile.TemporaryDirectory() as folder:
        err().print(both("Đang dựng trục và máy chủ bảo mật…", "Starting an axis and gateways…"))
        with own_country(Path(folder) / "country") as cast:
            yield cast


def _chosen(only: Sequence[str]) -> tuple[Story, ...]:
    known = {story.code: story for story in stories()}
    if unknown := [code for code in only if code not in known]:
        raise typer.BadParameter(", ".join(unknown))
    return tuple(known[code] for code in only) if only else tuple(known.values())


def _found(cast: Cast, chosen: Sequence[Story], patience: float) -> Finding:
    began, clock = datetime.now(UTC), time.monotonic()
    outcomes = play(cast, chosen, patience, _tell)
    seconds = time.monotonic() - clock
    return Finding(began, seconds, version("lienthong"), cast.tested.code, cast.tested.url, outcomes)


def _tell(outcome: Outcome) -> None:
    mark, style = MARKS[outcome.result]
    line = Text.assemble((f"{mark} ", style), both(outcome.story.vi, outcome.story.en))
    if outcome.result is not Result.PASSED:
        why = plain(f"  {outcome.vi} / {outcome.en} {outcome.got[:200]}")
        line.append(f"\n    {outcome.story.code}{why}", style)
    out().print(line, soft_wrap=True)


def _summary(found: Finding) -> None:
    passed, failed, left = (found.count(result) for result in (Result.PASSED, Result.FAILED, Result.NOT_PLAYED))
    style = "green" if found.good else "red"
    vi = f"{passed} đạt, {failed} không đạt, {left} chưa chạy, {found.seconds:.0f} giây"
    say(vi, f"{passed} passed, {failed} failed, {left} not played", style)


def _write(found: Finding, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    write_whole(into / "conformance.json", report.as_json(found).encode())
    write_whole(into / "conformance.html", report.as_html(found))
    say(f"Báo cáo: {into / 'conformance.html'}", "the report", "bold")
