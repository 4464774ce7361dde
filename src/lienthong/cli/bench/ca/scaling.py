"""Searches and issuing with 3,000 certificates in the store, and with many: an index does not care.

The overview's numbers are told beside them: they are counted, so they grow with what is counted.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from lienthong.ca.registers import View, Wanted
from lienthong.cli.bench.ca.issuing import issued
from lienthong.cli.bench.ca.stage import Stage, filled, name, requests, stage
from lienthong.cli.bench.frame import Outcome, Ratio, Series
from lienthong.cli.bench.show import Advance

FEW = 3000
_ASKED = 300
_ISSUED = 400
_GOAL = 1.3
_UNIT = "µs CPU"
_WORDS = {"search": "tìm", "issue": "cấp", "counts": "đếm"}


def compare(size: int, runs: int, advance: Advance) -> Outcome:
    """Processor time a search and a certificate, in a small and a large store, by turns."""
    return asyncio.run(_compared(size, runs, advance))


async def _compared(size: int, runs: int, advance: Advance) -> Outcome:
    async with stage() as small, stage() as large:
        advance(f"{FEW:,}")
        await _fill(small, FEW)
        advance(f"{size:,}")
        await _fill(large, size)
        taken: dict[str, list[float]] = {}
        for run in range(runs):
            advance(f"{run + 1}/{runs}")
            for word, on, held in (("few", small, FEW), ("many", large, size)):
                taken.setdefault(f"search {word}", []).append(await _searched(on, held))
                first = 10_000_000 + run * _ISSUED
                spent = await issued(on, requests(_ISSUED), first) / _ISSUED
                taken.setdefault(f"issue {word}", []).append(spent * 1e6)
                taken.setdefault(f"counts {word}", []).append(await _counted(on))
    series = {word: Series(_title(word, size), _UNIT, tuple(values)) for word, values in taken.items()}
    ratios = tuple(
        Ratio(f"{what} {size:,} ÷ {FEW:,}", series[f"{what} many"].median / series[f"{what} few"].median, at_most=_GOAL)
        for what in ("search", "issue")
    )
    return Outcome("ca scale", {"certificates": size, "runs": runs}, tuple(series.values()), ratios)


async def _fill(on: Stage, count: int) -> None:
    await issued(on, requests(1), 9_999_999)
    [sample] = await on.registers.read(lambda view: view.certificates(Wanted()))
    await filled(on, sample, 1, count)


async def _searched(on: Stage, held: int) -> float:
    """Microseconds of processor time a search: by name without accents, by later words, organisation, state."""
    asked = [_wanted(place, 1 + place * (held // _ASKED)) for place in range(_ASKED)]
    begun = time.process_time()
    for wanted in asked:
        await on.registers.read(partial(_found, wanted))
    return (time.process_time() - begun) / _ASKED * 1e6


async def _counted(on: Stage) -> float:
    """Microseconds of processor time for the overview of the centre."""
    begun = time.process_time()
    await on.registers.read(lambda view: view.counts((), on.house.now()))
    return (time.process_time() - begun) * 1e6


def _found(wanted: Wanted, view: View) -> Any:
    return view.certificates(wanted)


def _wanted(place: int, number: int) -> Wanted:
    full = name(number).split()
    kinds: tuple[Callable[[], Wanted], ...] = (
        lambda: Wanted(text=" ".join(full)),
        lambda: Wanted(text=" ".join(full[2:])),
        lambda: Wanted(text=full[0], limit=50),
        lambda: Wanted(organisation=f"H29.{number % 40 + 1}", limit=50),
        lambda: Wanted(serial=f"{number:x}"),
    )
    return kinds[place % len(kinds)]()


def _title(word: str, size: int) -> str:
    what, many = word.split()
    return f"{_WORDS[what]} / {what} ({size if many == 'many' else FEW:,})"
