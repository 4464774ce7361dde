"""What keeps a process alive when its surroundings do not."""

import asyncio
import io
from pathlib import Path

import pytest
import structlog

from lienthong.adapters.bootstrap import DUE, Undaunted, background
from lienthong.adapters.files import Kept
from lienthong.errors import StorageFull, Unavailable
from lienthong.testing.clock import FakeClock


class FullDisk(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


async def until_asleep(clock: FakeClock) -> None:
    for _ in range(1000):
        await asyncio.sleep(0)
        if clock.sleepers:
            return
    raise AssertionError("the worker is gone")


async def test_a_worker_outlives_a_log_that_cannot_be_written() -> None:
    """The line that tells of a full disk may be the first that no longer fits."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(Undaunted(FullDisk())))  # type: ignore[arg-type]  # it writes like a text file
    rounds = 0

    async def job() -> None:
        nonlocal rounds
        rounds += 1
        raise StorageFull if rounds % 2 else OSError("something nobody foresaw")

    clock = FakeClock()
    try:
        async with background({"job": (1.0, job)}, clock):
            for _ in range(4):
                await until_asleep(clock)
                clock.advance(1.0)
    finally:
        structlog.reset_defaults()
    assert rounds == 4


async def test_work_that_fails_falls_behind() -> None:
    good = [True, True, False, False, True]
    moments: list[float] = []

    async def job() -> None:
        if not good[len(moments)]:
            raise Unavailable

    clock = FakeClock()
    async with background({"some-work": (60.0, job)}, clock):
        for _ in good:
            await until_asleep(clock)
            late = clock.now().timestamp() - DUE.labels("some-work")._value.get()
            moments.append(late)
            clock.advance(60.0)
    assert moments == [-60, -60, 0, 60, -60]


def test_what_could_not_be_kept_is_kept_later(tmp_path: Path) -> None:
    place = tmp_path / "later" / "file"
    kept, data = Kept(place), b"new"
    with pytest.raises(Unavailable):
        kept.keep(data)
    place.parent.mkdir()
    kept.keep(data)
    assert place.read_bytes() == data
    place.unlink()
    kept.keep(data)  # already written: not again each second
    assert not place.exists()
