"""`bench office`: do inboxes and searches cost more when the office holds a million documents than with ten thousand?

Whole pages as people open them, made inside one process for each size; sizes take turns, question by question.
"""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import MappingProxyType

from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.filled_office import AGENCIES, Answer, FilledOffice, filled_office
from lienthong.cli.bench.frame import Outcome, Ratio, Series
from lienthong.cli.bench.scale import stored_of
from lienthong.cli.bench.world import require_store, settle_disk
from lienthong.cli.servers.postgres import Postgres
from lienthong.errors import InvalidValue

GOAL, MOST_QUERIES = 1.5, 19
NOTES = (
    "Cả trang, không HTTP, không có máy chủ bảo mật. / Whole pages without HTTP; the gateway is away.",
    "Nửa số văn bản ở cơ quan được đo. / Half of all documents are the agency's that is asked.",
)
AT_ONCE = 5_000
"""Documents after which a filling office tells how far it is."""


@dataclass(frozen=True, slots=True)
class Desks:
    """What to measure: sizes, the smallest first; `count` openings of a page a run."""

    stored: tuple[int, ...]
    store: str
    runs: int
    count: int
    folder: Path | None


Told = dict[str, dict[int, list[Answer]]]


def steps(text: str, runs: int) -> int:
    """How many steps a bar will show; any number when the text names no sizes."""
    with suppress(InvalidValue):
        return runs + 1 + sum(-(-each // AT_ONCE) for each in stored_of(text))
    return 1


def office(desks: Desks, progress: Progress) -> Outcome:
    """Measure every question at all sizes."""
    require_store(desks.store)
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory(prefix="lienthong-bench-", dir=desks.folder)))
        server = stack.enter_context(_server(desks.store))
        offices, also = {}, {"postgresql": server.ask("SHOW server_version")[0][0]} if server else {}
        for size in desks.stored:
            begun = time.perf_counter()
            offices[size] = stack.enter_context(_filled(home, size, server, progress))
            also[f"filled {size:,}"] = f"{time.perf_counter() - begun:,.0f} s"
        settle_disk()
        return outcome_of(desks, _measured(desks, offices, progress), next(iter(offices.values())).questions, also)


def _server(store: str) -> AbstractContextManager[Postgres | None]:
    """Only reading is measured, nothing is killed: filling waits for no disk, and ends with a VACUUM of its own."""
    return Postgres.running(durable=False, settings={"autovacuum": "off"}) if store == "postgresql" else nullcontext()


def _filled(home: Path, size: int, server: Postgres | None, progress: Progress) -> AbstractContextManager[FilledOffice]:
    def told(count: int) -> None:
        progress(f"{size:,}: {count:,}" if count < size else f"{size:,}: lập chỉ mục / making its indexes")

    url = server.new_database(f"office_{size}") if server else ""
    return filled_office(home / str(size), size, url, told)


def _measured(desks: Desks, offices: Mapping[int, FilledOffice], progress: Progress) -> Told:
    """By question and size the middle answer of each run."""
    questions = next(iter(offices.values())).questions
    told: Told = {name: {size: [] for size in offices} for name in questions}
    for run in range(-1, desks.runs):  # the first warms up
        progress(f"lượt {run + 1} / run {run + 1}")
        for name in questions:
            found = _asked(name, offices, desks.count if run >= 0 else 1)
            for size in offices:
                told[name][size] += [found[size]] if run >= 0 else []
    return told


def _asked(name: str, offices: Mapping[int, FilledOffice], times: int) -> dict[int, Answer]:
    """Sizes take turns, so that what else the machine does meets all of them."""
    answers: dict[int, list[Answer]] = {size: [] for size in offices}
    for _ in range(times):
        for size, held in offices.items():
            answers[size].append(held.ask(name))
    return {
        size: Answer(median(each.ms for each in told), max(each.queries for each in told))
        for size, told in answers.items()
    }


def outcome_of(
    desks: Desks, told: Told, lists: Mapping[str, bool], also: Mapping[str, str] = MappingProxyType({})
) -> Outcome:
    """Series by question and size, the largest over the smallest, and the most statements any list took.

    `also`: what else is told of how it was measured.
    """
    small, large = desks.stored[0], desks.stored[-1]
    series = {
        (name, size): Series(f"{name} {size:,}", "ms", tuple(each.ms for each in runs))
        for name, sizes in told.items()
        for size, runs in sizes.items()
    }
    ratios = [
        Ratio(f"{name} {large:,}/{small:,}", series[name, large].median / series[name, small].median, at_most=GOAL)
        for name in told
    ]
    counted = [sizes for name, sizes in told.items() if lists[name]]
    most = max(each.queries for sizes in counted for runs in sizes.values() for each in runs)
    return Outcome(
        command="office",
        parameters={
            "stored": " ".join(f"{each:,}" for each in desks.stored),
            "store": desks.store,
            "agencies": len(AGENCIES),
            "runs": desks.runs,
            "asked": desks.count,
            **also,
        },
        series=tuple(series.values()),
        ratios=(
            *ratios,
            Ratio("nhiều câu SQL nhất một danh sách / most statements a list", most, at_most=MOST_QUERIES),
        ),
        notes=NOTES,
    )
