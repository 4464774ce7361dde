"""Below the threshold nothing new is taken; the disk is not asked at every request. With a probe of our own."""

from pathlib import Path

import pytest

from lienthong.adapters.space import Space, free_bytes
from lienthong.errors import StorageFull

FOLDER = Path("/nowhere")


class Disk:
    """How much is free, what time it is, and how often somebody asked."""

    def __init__(self) -> None:
        self.free, self.moment, self.asked = 1000, 0.0, 0

    def probe(self, folder: Path) -> int:
        assert folder == FOLDER
        self.asked += 1
        if self.free < 0:
            raise OSError(5, "Input/output error")
        return self.free

    def space(self, keep_free: int = 500) -> Space:
        return Space(FOLDER, keep_free, lambda: self.moment, self.probe)


def test_full_and_free_again() -> None:
    disk = Disk()
    space = disk.space()
    space.require()
    disk.free, disk.moment = 499, 2.0
    with pytest.raises(StorageFull):
        space.require()
    disk.free, disk.moment = 500, 4.0
    space.require()


def test_a_flood_of_requests_is_no_flood_of_questions() -> None:
    disk = Disk()
    space = disk.space()
    for _ in range(1000):
        space.require()
    assert disk.asked == 1


def test_a_disk_that_does_not_answer_takes_nothing() -> None:
    disk = Disk()
    disk.free = -1
    with pytest.raises(StorageFull):
        disk.space().require()


async def test_a_job_that_takes_in_rests_meanwhile() -> None:
    disk, done = Disk(), []

    async def job() -> None:
        done.append(1)

    space = disk.space()
    await space.spared(job)
    disk.free, disk.moment = 0, 9.0
    with pytest.raises(StorageFull):
        await space.spared(job)
    assert done == [1]


def test_a_folder_that_is_still_to_be_made_has_the_room_of_its_place(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "data" / "later") > 0
