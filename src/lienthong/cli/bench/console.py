"""`bench console`: do an operator's lists cost more when a million messages are stored than with ten thousand?

The questions that the operations face asks of its store, inside one process; sizes take turns run by run.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lienthong.adapters.operations_looking import found, whole
from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.frame import Outcome, Ratio, Series
from lienthong.cli.bench.packages import RECIPIENT, SENDER
from lienthong.cli.bench.scale import TOWN, Extent, filled_hop, nation_of
from lienthong.cli.bench.world import require_store, settle_disk
from lienthong.cli.demo.build import build
from lienthong.delivery import Hop, Search, Troubles
from lienthong.delivery.oversight import days
from lienthong.document import VIETNAM, package_id

GOAL = 1.5
Question = Callable[[Hop], Awaitable[object]]
SEEN = package_id(SENDER, "seed-77")


async def _at_day(hop: Hop) -> object:
    day = (hop.clock.now() - timedelta(days=2)).astimezone(VIETNAM).date()
    return await found(hop, Search(), day, day)


async def _overview(hop: Hop) -> object:
    today = hop.clock.now().astimezone(VIETNAM).date()
    return await hop.store.read(lambda view: (view.waiting(), view.dead_letters(), days(view, today, 14)))


async def _letters(hop: Hop) -> object:
    return await hop.store.read(lambda view: view.troubles(Troubles(dead=True)))


QUESTIONS: Mapping[str, Question] = {
    "danh sách / list": lambda hop: found(hop, Search(), None, None),
    "của cơ quan / by agency": lambda hop: found(hop, Search(party=RECIPIENT), None, None),
    "theo ngày / by day": _at_day,
    "theo mã / by id": lambda hop: found(hop, Search(text=SEEN), None, None),
    "một gói / one message": lambda hop: whole(hop, SEEN),
    "bị kẹt / dead letters": _letters,
    "tổng quan / overview": _overview,
}


def console(extent: Extent, progress: Progress) -> Outcome:
    """Measure every question at both sizes."""
    require_store(extent.store, ("sqlite",))
    with TemporaryDirectory(prefix="lienthong-bench-", dir=extent.folder) as home, asyncio.Runner() as runner:
        return _outcome(extent, runner.run(_measured(Path(home), extent, progress)))


async def _measured(home: Path, extent: Extent, progress: Progress) -> dict[tuple[str, int], list[float]]:
    place = build(home)
    nation = nation_of(place, TOWN)
    told: dict[tuple[str, int], list[float]] = {(name, size): [] for name in QUESTIONS for size in extent.stored}
    async with AsyncExitStack() as stack:
        hops = {size: await filled_hop(stack, place, size, nation, progress) for size in extent.stored}
        settle_disk()
        for run in range(-1, extent.runs):  # the first warms up
            progress(f"lượt {run + 1} / run {run + 1}")
            for name, question in QUESTIONS.items():
                for size, hop in hops.items():
                    spent = await _asked(question, hop, extent.count)
                    told[name, size] += [spent] if run >= 0 else []
    return told


async def _asked(question: Question, hop: Hop, times: int) -> float:
    """Milliseconds an answer takes."""
    begun = time.perf_counter()
    for _ in range(times):
        await question(hop)
    return 1000 * (time.perf_counter() - begun) / times


def _outcome(extent: Extent, told: Mapping[tuple[str, int], list[float]]) -> Outcome:
    small, large = extent.stored[0], extent.stored[-1]
    series = {key: Series(f"{key[0]} {key[1]:,}", "ms", tuple(values)) for key, values in told.items()}
    ratios = tuple(
        Ratio(f"{name} {large:,}/{small:,}", series[name, large].median / series[name, small].median, at_most=GOAL)
        for name in QUESTIONS
    )
    return Outcome(
        command="console",
        parameters={
            "stored": " ".join(f"{each:,}" for each in extent.stored),
            "runs": extent.runs,
            "asked": extent.count,
        },
        series=tuple(series.values()),
        ratios=ratios,
        notes=("Trong một tiến trình, không HTTP. / Inside one process, no HTTP.",),
    )
