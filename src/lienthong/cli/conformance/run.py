"""Play the stories, several at a time; whatever happens in one, the others are played."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import httpx

from lienthong.cli.conformance.model import Broken, Cast, Outcome, Result, Story
from lienthong.cli.conformance.stage import Stage, Waiting, connections

AT_ONCE = 6
"""Stories side by side: most of their time is waiting for what comes by itself."""
Told = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """A run's result, and what it was a run of."""

    began: datetime
    seconds: float
    version: str
    tested: str
    url: str
    outcomes: tuple[Outcome, ...]

    def count(self, result: Result) -> int:
        """How many stories ended so."""
        return sum(outcome.result is result for outcome in self.outcomes)

    @property
    def good(self) -> bool:
        """Whether something was played and nothing failed."""
        return not self.count(Result.FAILED) and self.count(Result.PASSED) > 0


Staged = Callable[[Cast, httpx.Client, float], Waiting]
"""Makes a stage for one story."""


def play(
    cast: Cast, stories: Sequence[Story], patience: float, tell: Told, stage: Staged = Stage
) -> tuple[Outcome, ...]:
    """What became of each story, in their order; `tell` hears of each as it ends."""
    with connections(cast) as http, ThreadPoolExecutor(AT_ONCE) as pool:

        def one(story: Story) -> Outcome:
            outcome = _played(story, cast, stage(cast, http, patience))
            tell(outcome)
            return outcome

        return tuple(pool.map(one, stories))


def _played(story: Story, cast: Cast, stage: Waiting) -> Outcome:
    if lacking := cast.lacks(story):
        words = ", ".join(lacking)
        return Outcome(
            story, Result.NOT_PLAYED, vi=f"Hồ sơ chưa nêu: {words}", en=f"the profile does not name: {words}"
        )
    began = time.monotonic()
    try:
        story.play(stage)
    except Broken as broken:
        return _failed(story, stage, began, broken)
    except Exception as fault:  # noqa: BLE001  # an answer of a shape nobody foresaw is the tested side's failure too
        vi, en = "Câu trả lời không có hình dạng đã hẹn", "an answer is not of the agreed shape"
        return _failed(story, stage, began, Broken(vi, en, repr(fault)))
    return Outcome(story, Result.PASSED, time.monotonic() - began, trail=tuple(stage.trail))


def _failed(story: Story, stage: Waiting, began: float, broken: Broken) -> Outcome:
    seconds, trail = time.monotonic() - began, tuple(stage.trail)
    return Outcome(story, Result.FAILED, seconds, broken.vi, broken.en, broken.got, trail)
