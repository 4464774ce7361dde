"""Charts drawn on the server as SVG, each with the table of its numbers: nothing to run, nothing hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, FOOT = 720, 180, 22
GAP = 0.28
"""Of a day's width, what stays free between days."""


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: its name, its word, and the kinds it counts."""

    name: str
    label: str
    kinds: tuple[str, ...]

    def of(self, told: Mapping[str, int]) -> int:
        """Its number of one day."""
        return sum(told.get(kind, 0) for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of the chart, in its units."""

    series: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """One day's numbers, in the order of the series; `x` is where its name stands under the chart."""

    day: date
    numbers: tuple[int, ...]
    x: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars by day, the rows behind them, and the number at the top."""

    series: Sequence[Series]
    bars: tuple[Bar, ...]
    rows: tuple[Row, ...]
    top: int
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = HEIGHT - FOOT

    @property
    def newest(self) -> tuple[tuple[Series, int], ...]:
        """The last day's number of each series."""
        numbers = self.rows[-1].numbers if self.rows else (0,) * len(self.series)
        return tuple(zip(self.series, numbers, strict=True))


def days(told: Mapping[str, Mapping[str, int]], series: Sequence[Series]) -> Chart:
    """Bars side by side for each day, oldest first."""
    pitch = WIDTH / max(1, len(told))
    rows = tuple(
        Row(date.fromisoformat(day), tuple(each.of(counts) for each in series), round(pitch * (place + 0.5), 1))
        for place, (day, counts) in enumerate(sorted(told.items()))
    )
    top = max((number for row in rows for number in row.numbers), default=0)
    bars = tuple(bar for place, row in enumerate(rows) for bar in _bars(row, series, place * pitch, pitch, top))
    return Chart(series, bars, rows, top)


def _bars(row: Row, series: Sequence[Series], left: float, pitch: float, top: int) -> list[Bar]:
    wide = pitch * (1 - GAP) / len(series)
    made = []
    for place, (each, number) in enumerate(zip(series, row.numbers, strict=True)):
        high = round((HEIGHT - FOOT - 8) * number / top, 1) if top else 0.0
        x = round(left + pitch * GAP / 2 + place * wide, 1)
        made.append(Bar(each.name, x, round(HEIGHT - FOOT - high, 1), round(wide, 1), high))
    return made
