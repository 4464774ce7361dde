"""`bench scale`: does it cost more when more is stored, when the country is larger, when more receive?

Inside one process, without HTTP, so that nothing else hides a difference. Sizes take turns run by run, so that what
else the machine does meets all of them alike.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage
from statistics import median
from tempfile import TemporaryDirectory

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.keys import SoftSigner
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.store import FILE
from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.filling import AGO, HANDFULS, SEED, STORED_BYTES, multiply, sow
from lienthong.cli.bench.frame import Outcome, Ratio, Series
from lienthong.cli.bench.inside import Spent, accepting, axis_inside, axis_signer, looking
from lienthong.cli.bench.packages import RECIPIENT_GATEWAY, Sealer
from lienthong.cli.bench.population import codes, populated
from lienthong.cli.bench.world import require_store, settle_disk
from lienthong.cli.demo.build import Place, build, current_snapshot
from lienthong.delivery import Hop
from lienthong.document import OrganisationCode
from lienthong.errors import ConfigurationInvalid, InvalidValue
from lienthong.registry import Book, Directory, publish

NATION, TOWN = 111_000, 1_000
MOST = 5_000
STORED_GOAL, FLAT_GOAL, LEG_GOAL = 1.3, 1.3, 1 / 20
_LOOKS = 200
_QUESTIONS = 5_000
_TURNS = 5


@dataclass(frozen=True, slots=True)
class Extent:
    """What to measure: numbers of stored packages, the smallest first."""

    stored: tuple[int, ...] = (10_000, 1_000_000)
    store: str = "sqlite"
    runs: int = 5
    count: int = 200
    folder: Path | None = None
    organisations: int = NATION
    recipients: int = MOST


def stored_of(text: str) -> tuple[int, ...]:
    """`10k,1M,10M` as numbers, in order. InvalidValue."""
    try:
        found = sorted({_number(each.strip()) for each in text.split(",")})
    except ValueError:
        found = []
    if len(found) < 2 or found[0] < 1:
        raise InvalidValue(f"--stored {text}: 10k,1M,10M")
    return tuple(found)


def steps(text: str, runs: int) -> int:
    """How many steps a bar will show; any number when the text is none."""
    with suppress(InvalidValue):
        return 3 * runs + 3 + sum(HANDFULS for each in stored_of(text) if each >= 2 * SEED)
    return 1


def _number(text: str) -> int:
    scale = {"k": 1_000, "M": 1_000_000}.get(text[-1:], 1)
    return int(text.rstrip("kM")) * scale


def scale(extent: Extent, progress: Progress) -> Outcome:
    """Measure the three of them."""
    require_store(extent.store, ("sqlite",))
    if extent.folder is not None:
        extent.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="lienthong-bench-", dir=extent.folder) as home:
        _require_room(Path(home), sum(extent.stored))
        progress("dựng một nước / building a country")
        place = build(Path(home))
        nation = nation_of(place, extent.organisations)
        looked = _registry(place, extent, nation, progress)
        with asyncio.Runner() as runner:
            legs = runner.run(_recipients(place, extent, nation, progress))
            stored = runner.run(_stores(place, extent, nation, progress))
    return _outcome(extent, looked, legs, stored)


def _require_room(folder: Path, packages: int) -> None:
    """ConfigurationInvalid on a disk that filling would fill."""
    needed, free = packages * STORED_BYTES / 1e9, disk_usage(folder).free / 1e9
    if free < needed:
        raise ConfigurationInvalid(
            f"--stored: {folder.parent} còn {free:.1f} GB, cần {needed:.1f} GB; chọn --folder khác hoặc ít gói hơn"
            f" / {free:.1f} GB free, {needed:.1f} GB needed; choose another --folder or fewer packages"
        )


# ---------------------------------------------------------------- the registry


@dataclass(frozen=True, slots=True)
class Looked:
    """Seconds to take a full snapshot into force, and nanoseconds a look-up, small country and large."""

    applied: Series
    small: Series
    large: Series


def nation_of(place: Place, count: int) -> Directory:
    """A country of so many organisations."""
    return _opened(place, count)[0]


def _opened(place: Place, count: int) -> tuple[Directory, float]:
    folder = place.folder / "registry"
    signed = publish(
        populated(current_snapshot(place), count), SoftSigner.load(folder / "registry.key", folder / "registry.pem")
    )
    begun = time.perf_counter()
    book = Book(root_certificates(place.root))
    book.offer(signed, datetime.now(UTC))
    return book.directory(), time.perf_counter() - begun


def _registry(place: Place, extent: Extent, nation: Directory, progress: Progress) -> Looked:
    town = nation_of(place, TOWN)
    few, many = list(codes(TOWN)), list(codes(extent.organisations))
    applied, small, large = [], [], []
    for run in range(extent.runs):
        progress(f"sổ đăng ký, lượt {run + 1} / registry, run {run + 1}")
        applied.append(_opened(place, extent.organisations)[1])
        turns = [(_asked(town, few, run + turn), _asked(nation, many, run + turn)) for turn in range(_TURNS)]
        small.append(median(each for each, _ in turns))
        large.append(median(each for _, each in turns))
    return Looked(
        Series(f"nạp sổ {extent.organisations:,} cơ quan / registry applied", "s", tuple(applied)),
        Series(f"tra cứu trong {TOWN:,} / look-up in {TOWN:,}", "µs", tuple(small)),
        Series(f"tra cứu trong {extent.organisations:,} / look-up", "µs", tuple(large)),
    )


def _asked(directory: Directory, known: Sequence[OrganisationCode], seed: int) -> float:
    """Microseconds a question: who bears the code, and which gateway speaks for it. A working set, as a day has it."""
    now, lots = datetime.now(UTC), random.Random(seed)
    asked = lots.choices(lots.sample(known, TOWN), k=_QUESTIONS)
    for code in asked[:TOWN]:
        directory.resolve(code, now)
    begun = time.process_time()
    for code in asked:
        directory.resolve(code, now)
        directory.gateway_of(code, now)
    return 1e6 * (time.process_time() - begun) / _QUESTIONS


# ---------------------------------------------------------------- recipients


@dataclass(frozen=True, slots=True)
class Legs:
    """Milliseconds to accept a package with one recipient, and what each further one adds."""

    package: Series
    leg: Series


async def _recipients(place: Place, extent: Extent, nation: Directory, progress: Progress) -> Legs:
    sealer = Sealer.of(place)
    everyone = [str(code) for code in codes(extent.recipients)]
    one, more = [], []
    async with axis_inside(place, place.folder / "legs", nation) as hop:
        await accepting(hop, list(sealer.frames([2_000] * 50, "warm")))
        for run in range(extent.runs):
            progress(f"nơi nhận, lượt {run + 1} / recipients, run {run + 1}")
            single = await accepting(hop, list(sealer.frames([2_000] * extent.count, f"one-{run}")))
            many = await accepting(hop, list(sealer.frames([2_000] * 2, f"many-{run}", everyone)))
            one.append(single.wall)
            more.append((many.wall - single.wall) / (extent.recipients - 1))
    return Legs(
        Series("gói có một nơi nhận / package with one recipient", "ms", tuple(one)),
        Series(f"mỗi nơi nhận thêm, đến {extent.recipients:,} / each further one", "ms", tuple(more)),
    )


# ---------------------------------------------------------------- stores


@dataclass(frozen=True, slots=True)
class Stored:
    """What one size of store costs: accepting a package, opening a mailbox."""

    count: int
    accepted: Series
    looked: Series


async def _stores(place: Place, extent: Extent, nation: Directory, progress: Progress) -> list[Stored]:
    sealer = Sealer.of(place)
    async with AsyncExitStack() as stack:
        hops = [await filled_hop(stack, place, count, nation, progress) for count in extent.stored]
        settle_disk()
        found: list[list[tuple[Spent, Spent]]] = [[] for _ in hops]
        for run in range(-1, extent.runs):  # the first warms up
            progress(f"kho, lượt {run + 1} / stores, run {run + 1}")
            for number, hop in enumerate(hops):
                frames = list(sealer.frames([2_000] * extent.count, f"stored-{number}-{run}"))
                found[number].append((await accepting(hop, frames), await looking(hop, RECIPIENT_GATEWAY, _LOOKS)))
    return [_stored(count, runs[1:]) for count, runs in zip(extent.stored, found, strict=True)]


async def filled_hop(
    stack: AsyncExitStack, place: Place, count: int, nation: Directory, progress: Progress, url: str = ""
) -> Hop:
    """An axis that carries so many packages of the past around; in the empty database a URL names, if one is given."""
    folder = place.folder / f"stored-{count}"
    async with axis_inside(place, folder, nation, url) as hop:
        await sow(hop, count)
        past = hop.clock.now() - AGO
    engine = make_engine(url or f"sqlite:///{folder / FILE}", writer=True)
    multiply(engine, axis_signer(place), count, past, lambda words: progress(f"{count:,}: {words}"))
    engine.dispose()
    return await stack.enter_async_context(axis_inside(place, folder, nation, url))


def _stored(count: int, runs: Sequence[tuple[Spent, Spent]]) -> Stored:
    return Stored(
        count,
        Series(f"nhận khi có {count:,} / accept with {count:,}", "ms", tuple(each.wall for each, _ in runs)),
        Series(f"hộp thư khi có {count:,} / mailbox with {count:,}", "ms", tuple(each.wall for _, each in runs)),
    )


def _outcome(extent: Extent, looked: Looked, legs: Legs, stored: list[Stored]) -> Outcome:
    small, large = stored[0], stored[-1]
    ratios = (
        _most(f"nhận accept {large.count:,}/{small.count:,}", large.accepted, small.accepted, STORED_GOAL),
        _most(f"hộp thư mailbox {large.count:,}/{small.count:,}", large.looked, small.looked, STORED_GOAL),
        _most(f"tra cứu look-up {extent.organisations:,}/{TOWN:,}", looked.large, looked.small, FLAT_GOAL),
        _most("một nơi nhận/một gói leg/package", legs.leg, legs.package, LEG_GOAL),
    )
    costs = [series for each in stored for series in (each.accepted, each.looked)]
    return Outcome(
        command="scale",
        parameters={
            "stored": " ".join(f"{each:,}" for each in extent.stored),
            "store": extent.store,
            "organisations": extent.organisations,
            "recipients": extent.recipients,
            "packages": extent.count,
            "runs": extent.runs,
        },
        series=(*costs, legs.package, legs.leg, looked.small, looked.large, looked.applied),
        ratios=ratios,
        notes=("Trong một tiến trình, không HTTP; gói 2 kB. / Inside one process, no HTTP; packages of 2 kB.",),
    )


def _most(name: str, over: Series, under: Series, at_most: float) -> Ratio:
    return Ratio(name, over.median / under.median, at_most=at_most)
