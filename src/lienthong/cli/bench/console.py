"""`bench console`: do an operator's lists cost more when a million messages are stored than with ten thousand?

The questions that the operations face asks of its store, inside one process; sizes take turns run by run.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from lienthong.adapters.operations_looking import found, whole
from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.filling import AGO
from lienthong.cli.bench.frame import Outcome, Ratio, Series
from lienthong.cli.bench.packages import RECIPIENT, SENDER
from lienthong.cli.bench.scale import TOWN, Extent, filled_hop, nation_of
from lienthong.cli.bench.world import require_store, settle_disk
from lienthong.cli.demo.build import Place, build
from lienthong.cli.servers.postgres import Postgres
from lienthong.delivery import Hop, Search, Troubles
from lienthong.delivery.oversight import days
from lienthong.document import VIETNAM, package_id

GOAL = 1.5
Question = Callable[[Hop], Awaitable[object]]
SEEN = package_id(SENDER, "seed-77")


async def _at_day(hop: Hop, party: str = "") -> object:
    """The oldest day: all others lie before it."""
    day = (hop.clock.now() - AGO).astimezone(VIETNAM).date()
    return await found(hop, Search(party=party), day, day)


async def _overview(hop: Hop) -> object:
    today = hop.clock.now().astimezone(VIETNAM).date()
    return await hop.store.read(lambda view: (view.waiting(), view.dead_letters(), days(view, today, 14)))


async def _letters(hop: Hop) -> object:
    return await hop.store.read(lambda view: view.troubles(Troubles(dead=True)))


QUESTIONS: Mapping[str, Question] = {
    "danh sách / list": lambda hop: found(hop, Search(), None, None),
    "của cơ quan / by agency": lambda hop: found(hop, Search(party=RECIPIENT), None, None),
    "theo ngày / by day": _at_day,
    "của cơ quan một ngày / by agency and day": lambda hop: _at_day(hop, RECIPIENT),
    "theo mã / by id": lambda hop: found(hop, Search(text=SEEN), None, None),
    "một gói / one message": lambda hop: whole(hop, SEEN),
    "bị kẹt / dead letters": _letters,
    "tổng quan / overview": _overview,
}


def console(extent: Extent, progress: Progress) -> Outcome:
    """Measure every question at both sizes."""
    require_store(extent.store)
    with (
        TemporaryDirectory(prefix="lienthong-bench-", dir=extent.folder) as home,
        Postgres.running() if extent.store == "postgresql" else nullcontext() as server,
        asyncio.Runner() as runner,
    ):
        return _outcome(extent, runner.run(_measured(build(Path(home)), server, extent, progress)))


async def _measured(
    place: Place, server: Postgres | None, extent: Extent, progress: Progress
) -> dict[tuple[str, int], list[float]]:
    nation = nation_of(place, TOWN)
    told: dict[tuple[str, int], list[float]] = {(name, size): [] for name in QUESTIONS for size in extent.stored}
    async with AsyncExitStack() as stack:
        hops = {}
        for size in extent.stored:
            url = server.new_database(f"stored_{size}") if server else ""
            hops[size] = await filled_hop(stack, place, size, nation, progress, url)
            if server:  # what its own vacuum does after so many rows
                server.ask("VACUUM ANALYZE", database=f"stored_{size}")
        settle_disk()
        for run in range(-1, extent.runs):  # the first warms up
            progress(f"lượt {run + 1} / run {run + 1}")
            for name, question in QUESTIONS.items():
                spent = await _asked(question, hops, extent.count)
                for size in hops:
                    told[name, size] += [spent[size]] if run >= 0 else []
    return told


async def _asked(question: Question, hops: Mapping[int, Hop], times: int) -> dict[int, float]:
    """Milliseconds an answer takes, in the middle; sizes take turns, so that what else goes on meets all of them."""
    spent: dict[int, list[float]] = {size: [] for size in hops}
    for _ in range(times):
        for size, hop in hops.items():
            begun = time.perf_counter()
            await question(hop)
            spent[size].append(1000 * (time.perf_counter() - begun))
    return {size: median(each) for size, each in spent.items()}


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
            "store": extent.store,
            "runs": extent.runs,
            "asked": extent.count,
        },
        series=tuple(series.values()),
        ratios=ratios,
        notes=("Trong một tiến trình, không HTTP. / Inside one process, no HTTP.",),
    )
