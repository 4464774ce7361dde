"""A run in a terminal: a line for each story as it ends, the count, the report's place."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import typer
from rich.text import Text

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.files import write_whole
from lienthong.cli.conformance import report
from lienthong.cli.conformance.model import Cast, Chapter, Outcome, Result, read_cast
from lienthong.cli.conformance.named import named
from lienthong.cli.conformance.own import cast_of, own_country, systems_of
from lienthong.cli.conformance.run import Finding, Staged, play
from lienthong.cli.conformance.stage import Stage
from lienthong.cli.conformance.suites import CHAPTERS, DESK, VXP, told
from lienthong.cli.conformance.vxp.stage import VxpStage
from lienthong.cli.printing import both, err, out, plain, say, spoken

MARKS = {Result.PASSED: ("✓", "green"), Result.FAILED: ("✗", "red"), Result.NOT_PLAYED: ("–", "dim")}


def listed() -> None:
    """Every story's code and sentence."""
    for chapter in CHAPTERS:
        say(chapter.vi, chapter.en, "bold")
        for story in chapter.stories:
            out().print(Text(f"  {story.code:22}"), both(story.vi, story.en), soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Part:
    """One suite of a run: whom it plays with, what, and where."""

    cast: Cast
    chapters: tuple[Chapter, ...]
    stage: Staged


@dataclass(frozen=True, slots=True)
class Casts:
    """Whom to examine, as the command line says it; nobody: our own. `desk`: a profile, or an address, then as `code`,
    with `partner`, both of the file `desks`. `vxp`: a profile.
    """

    desk: str = ""
    vxp: Path | None = None
    code: str = ""
    partner: str = ""
    desks: Path | None = None

    def at_desk(self) -> Cast:
        """InvalidValue, DeskUnknown, ConfigurationInvalid."""
        if "://" in self.desk:
            return named(self.desk, self.code, self.partner, self.desks)
        return read_cast(Path(self.desk), root_certificates)


def examine(casts: Casts, only: Sequence[str], patience: float, into: Path | None) -> bool:
    """Play, show, write; whether nothing failed. Without a profile our own gateways are examined."""
    chosen = _chosen(only)
    with spoken(), _parts(casts) as parts:
        found = _found(parts, chosen, patience)
    _summary(found)
    if into is not None:
        _write(found, into)
    return found.good


@contextmanager
def _parts(casts: Casts) -> Iterator[list[Part]]:
    parts = [Part(casts.at_desk(), DESK, Stage)] if casts.desk else []
    parts += [Part(read_cast(casts.vxp, root_certificates, systems=True), VXP, VxpStage)] if casts.vxp else []
    if parts:
        yield parts
        return
    with tempfile.TemporaryDirectory() as folder:
        err().print(both("Đang dựng trục và máy chủ bảo mật…", "Starting an axis and gateways…"))
        with own_country(Path(folder) / "country") as place:
            yield [Part(cast_of(place), DESK, Stage), Part(systems_of(place), VXP, VxpStage)]


def _chosen(only: Sequence[str]) -> frozenset[str]:
    known = {story.code for story in told(CHAPTERS)}
    if unknown := [code for code in only if code not in known]:
        raise typer.BadParameter(", ".join(unknown))
    return frozenset(only) or frozenset(known)


def _found(parts: Sequence[Part], chosen: frozenset[str], patience: float) -> Finding:
    began, clock = datetime.now(UTC), time.monotonic()
    outcomes: list[Outcome] = []
    for part in parts:
        stories = [story for story in told(part.chapters) if story.code in chosen]
        outcomes += play(part.cast, stories, patience, _tell, part.stage)
    seconds, tested = time.monotonic() - clock, parts[0].cast.tested
    urls = " ".join(dict.fromkeys(part.cast.tested.url for part in parts))
    return Finding(began, seconds, version("lienthong"), tested.code, urls, tuple(outcomes))


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
