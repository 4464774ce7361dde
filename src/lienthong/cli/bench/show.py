"""How a bench command speaks: progress while it works, then the machine, the parameters, a table, one summary line."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from lienthong.adapters.files import write_whole
from lienthong.cli.bench.frame import Outcome, Series, number
from lienthong.cli.bench.machine import machine, versions
from lienthong.cli.printing import err, files_here, out, spoken

Advance = Callable[[str], None]
Measurement = Callable[[Advance], Outcome]


def measured(title: str, steps: int, work: Measurement, into: Path | None, *, check: bool) -> None:
    """Measure with a progress bar, print, write the JSON file; with `check`, exit 1 when the goal is not reached."""
    with spoken(vi="Chưa đo xong.", en="The measurement is not complete."), files_here():
        facts, of = machine(), versions()
        with _progress(title, steps) as advance:
            outcome = work(advance)
        tell(outcome, facts, of)
        if into is not None:
            write_json(into, outcome.as_dict(facts, of))
    if check and not outcome.reached:
        raise typer.Exit(1)


@contextmanager
def _progress(title: str, steps: int) -> Iterator[Advance]:
    """A bar on standard error, one step a call, and what is being done beside it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[now]}"), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task(title, total=steps + 1, now="")

        def advance(now: str) -> None:
            bar.update(task, advance=1, now=now)

        yield advance


def tell(outcome: Outcome, facts: Mapping[str, Any], of: Mapping[str, str]) -> None:
    """Everything but the summary, then the summary."""
    console = out()
    console.print(_line("máy / machine", facts), soft_wrap=True)
    console.print(_line("phiên bản / versions", of), soft_wrap=True)
    console.print(_line("tham số / parameters", outcome.parameters), soft_wrap=True)
    console.print(table(outcome.series))
    for note in (*outcome.notes, *outcome.unmet):
        console.print(f"• {note}", soft_wrap=True)
    console.print(outcome.summary, soft_wrap=True, style="bold")


def _line(title: str, facts: Mapping[str, Any]) -> str:
    return f"{title}: " + ", ".join(f"{name} {value}" for name, value in facts.items())


def table(series: tuple[Series, ...]) -> Table:
    """Median and range of each series."""
    made = Table("", "trung vị / median", "khoảng / range", "lượt / runs", "đơn vị / unit")
    for each in series:
        span = f"{number(each.low)} – {number(each.high)}"
        made.add_row(each.name, number(each.median), span, str(len(each.values)), each.unit)
    return made


def write_json(path: Path, told: Mapping[str, Any]) -> None:
    """Whole or not there."""
    write_whole(path, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())
