"""One suite for the object stores and their twin, and what only a folder can show."""

import asyncio
import os
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import obstore
import pytest

from lienthong.adapters import objects as adapter
from lienthong.adapters.objects import Barrier, LocalObjects, object_key
from lienthong.cli.servers.s3 import S3Server
from lienthong.delivery.ports import Objects
from lienthong.errors import EvidenceBroken, InvalidValue, NotFound, StorageFull, Unavailable
from lienthong.testing.memory import MemoryObjects
from s3_world import s3_objects


def named(*contents: bytes) -> dict[str, bytes]:
    return {sha256(content).hexdigest(): content for content in contents}


def memory(_folder: Path) -> tuple[Objects, Callable[[str, bytes], None]]:
    made = MemoryObjects()
    return made, made.kept.__setitem__


def local(folder: Path) -> tuple[Objects, Callable[[str, bytes], None]]:
    def overwrite(digest: str, data: bytes) -> None:
        (folder / digest[:2] / digest[2:4] / digest).write_bytes(data)

    return LocalObjects(folder), overwrite


def bucket(server: S3Server, prefix: str) -> tuple[Objects, Callable[[str, bytes], None]]:
    made = s3_objects(server, prefix)

    def overwrite(digest: str, data: bytes) -> None:
        obstore.put(made._store, object_key(digest), data)

    return made, overwrite


@pytest.fixture(params=["memory", *(pytest.param(name, marks=pytest.mark.integration) for name in ("local", "s3"))])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Objects, Callable[[str, bytes], None]]:
    if request.param == "s3":
        return bucket(request.getfixturevalue("s3_server"), tmp_path.name)
    return (memory if request.param == "memory" else local)(tmp_path / "objects")


async def test_what_was_kept_comes_back(kept: tuple[Objects, Callable[[str, bytes], None]]) -> None:
    contents = named(b"", b"one", b"x" * 3_000_000)
    await kept[0].keep(contents)
    await kept[0].keep(contents)
    await kept[0].keep({})
    for digest, data in contents.items():
        assert await kept[0].fetch(digest) == data


async def test_what_is_not_there(kept: tuple[Objects, Callable[[str, bytes], None]]) -> None:
    with pytest.raises(NotFound):
        await kept[0].fetch("0" * 64)


async def test_a_changed_object_is_noticed_and_can_be_kept_again(
    kept: tuple[Objects, Callable[[str, bytes], None]],
) -> None:
    contents = named(b"one")
    await kept[0].keep(contents)
    kept[1](next(iter(contents)), b"two")
    with pytest.raises(EvidenceBroken):
        await kept[0].fetch(next(iter(contents)))
    await kept[0].keep(contents)
    assert await kept[0].fetch(next(iter(contents))) == b"one"


async def test_a_wrong_digest_is_refused_before_anything_is_kept(
    kept: tuple[Objects, Callable[[str, bytes], None]],
) -> None:
    good = named(b"good")
    with pytest.raises(InvalidValue):
        await kept[0].keep(good | {"1" * 64: b"bad"})
    with pytest.raises(NotFound):
        await kept[0].fetch(next(iter(good)))


# ---------------------------------------------------------------- the folder


@pytest.mark.integration
async def test_names_that_are_no_digest_never_become_paths(tmp_path: Path) -> None:
    for name in ("../" * 20 + "etc/passwd", "A" * 64, "", "0" * 63):
        with pytest.raises(InvalidValue):
            await LocalObjects(tmp_path).fetch(name)


@pytest.mark.integration
async def test_files_and_folders_are_synced_where_syncfs_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(adapter, "_syncfs", None)
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())))
    contents = named(b"one", b"two")
    await LocalObjects(tmp_path).keep(contents)
    files = {str(tmp_path / digest[:2] / digest[2:4] / digest) for digest in contents}
    folders = {str(parent) for file in files for parent in Path(file).parents[:3]}
    assert set(synced) == files | folders


@pytest.mark.integration
async def test_a_barrier_that_fails_fails_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_handle: int) -> int:
        return -1

    monkeypatch.setattr(adapter, "_syncfs", broken)
    with pytest.raises(Unavailable):
        await LocalObjects(tmp_path).keep(named(b"one"))


async def test_one_barrier_for_all_who_wrote_before_it() -> None:
    begun: list[set[str]] = []
    barrier = Barrier(lambda names: begun.append(set(names)))
    await asyncio.gather(*(barrier.passed([str(n)]) for n in range(20)))
    assert len(begun) == 2
    assert set().union(*begun) == {str(n) for n in range(20)}


async def test_after_a_failed_barrier_everyone_still_gets_theirs() -> None:
    outcomes, synced = [True], set[str]()

    def sync(names: object) -> None:
        if outcomes and outcomes.pop():
            raise Unavailable
        synced.update(names)  # type: ignore[call-overload]  # a set of names

    barrier = Barrier(sync)
    answers = await asyncio.gather(*(barrier.passed([str(n)]) for n in range(4)), return_exceptions=True)
    assert [isinstance(answer, Unavailable) for answer in answers] == [True, False, False, False]
    assert {"1", "2", "3"} <= synced


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounted, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.integration
async def test_a_full_disk_says_so(small_disk: Path) -> None:
    store, small = LocalObjects(small_disk), named(b"small")
    await store.keep(small)
    with pytest.raises(StorageFull):
        await store.keep(named(b"x" * 2_000_000))
    assert await store.fetch(next(iter(small))) == b"small"
    await store.keep(named(b"another small one"))
