"""What every bench command tells: series of runs, ratios, what was to be reached, and one summary line. Pure values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from lienthong.errors import InvalidValue

FORMAT = "lienthong-bench/1"
LEAST_RUNS = 5
"""Fewer runs tell neither a median nor a range worth printing."""


@dataclass(frozen=True, slots=True)
class Series:
    """One figure, measured several times."""

    name: str
    unit: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values or not all(map(math.isfinite, self.values)):
            raise InvalidValue(f"{self.name}: {self.values}")

    @property
    def median(self) -> float:
        """The middle of the runs."""
        return median(self.values)

    @property
    def low(self) -> float:
        """The smallest run."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The largest run."""
        return max(self.values)

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "low": self.low,
            "high": self.high,
            "runs": list(self.values),
        }


@dataclass(frozen=True, slots=True)
class Ratio:
    """One figure over another of the same run, and what it is to reach, if anything."""

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def reached(self) -> bool:
        """Whether it is what it is to be; a ratio without a goal always is."""
        high_enough = self.at_least is None or self.value >= self.at_least
        return high_enough and (self.at_most is None or self.value <= self.at_most)

    @property
    def goal(self) -> str:
        """`≥ 0.5`, `≤ 5`, or nothing."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        told: dict[str, Any] = {"name": self.name, "value": self.value, "goal": self.goal}
        return told | ({"reached": self.reached} if self.goal else {})


def ratio_of(name: str, over: Series, under: Series, at_least: float | None = None) -> Ratio:
    """The ratio of two medians. InvalidValue when the lower one is zero."""
    if not under.median:
        raise InvalidValue(f"{under.name}: 0")
    return Ratio(name, over.median / under.median, at_least)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bench command found. `unmet` says in words what could not be measured though it is to be reached."""

    command: str
    parameters: Mapping[str, str | int | float]
    series: tuple[Series, ...]
    ratios: tuple[Ratio, ...] = ()
    notes: tuple[str, ...] = ()
    unmet: tuple[str, ...] = field(default=())

    @property
    def reached(self) -> bool:
        """Whether everything that is to be reached was measured and is reached."""
        return not self.unmet and all(ratio.reached for ratio in self.ratios)

    @property
    def summary(self) -> str:
        """One line: the first figure, the ratios, and the verdict when there is something to reach."""
        first = self.series[0]
        words = [f"{self.command}: {first.name} {number(first.median)} {first.unit}"]
        words += [f"{ratio.name} {ratio.value:.2f}{_goal(ratio)}" for ratio in self.ratios]
        return "; ".join([*words, *self.unmet])

    def as_dict(self, machine: Mapping[str, Any], versions: Mapping[str, str]) -> dict[str, Any]:
        """As JSON values."""
        return {
            "format": FORMAT,
            "command": self.command,
            "machine": dict(machine),
            "versions": dict(versions),
            "parameters": dict(self.parameters),
            "series": [each.as_dict() for each in self.series],
            "ratios": [each.as_dict() for each in self.ratios],
            "notes": list(self.notes),
            "unmet": list(self.unmet),
            "reached": self.reached,
            "summary": self.summary,
        }


def _goal(ratio: Ratio) -> str:
    return f" ({ratio.goal}: {'đạt / reached' if ratio.reached else 'CHƯA ĐẠT / NOT reached'})" if ratio.goal else ""


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile, share in (0, 1]. InvalidValue for no values or another share."""
    if not values or not 0 < share <= 1:
        raise InvalidValue(f"percentile {share} of {len(values)}")
    return sorted(values)[math.ceil(share * len(values)) - 1]


def number(value: float) -> str:
    """Three digits that count: 1,234, 56.7, 0.0123."""
    if value and abs(value) < 1:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
