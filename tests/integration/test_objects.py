"""One suite for the object stores and their twin, and what only a folder can show."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from hashlib import sha256
from pathlib import Path

import obstore
import pytest

from lienthong.adapters import objects as adapter
from lienthong.adapters.objects import Barrier, LocalObjects, object_key
from lienthong.cli.servers.s3 import S3Server
from lienthong.delivery.ports import Objects
from lienthong.errors import (
    Busy,
    EvidenceBroken,
    InvalidValue,
    NotFound,
    PartChanged,
    StorageFull,
    Unavailable,
    UploadOffset,
)
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


# ---------------------------------------------------------------- piece by piece

Kept = tuple[Objects, Callable[[str, bytes], None]]


async def pieces(*contents: bytes, then: Exception | None = None) -> AsyncIterator[bytes]:
    for content in contents:
        yield content
    if then is not None:
        raise then


async def read(store: Objects, digest: str, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join([block async for block in store.read(digest, start, stop)])


async def test_a_name_grows_piece_by_piece_and_becomes_an_object(kept: Kept) -> None:
    store, data = kept[0], bytes(range(256)) * 12_000
    digest = sha256(data).hexdigest()
    assert await store.staged("up-1") == 0
    assert await store.append("up-1", 0, pieces(data[:10], data[10:1_500_000])) == 1_500_000
    assert await store.append("up-1", 1_500_000, pieces(data[1_500_000:], b"")) == len(data)
    assert await store.staged("up-1") == len(data)
    assert await store.digest("up-1") == digest
    with pytest.raises(NotFound):
        await store.fetch(digest)
    for _ in range(2):
        await store.adopt("up-1", digest)
    assert await store.fetch(digest) == data
    assert await store.size(digest) == len(data)
    await store.discard("up-1")
    await store.discard("up-1")
    assert await store.staged("up-1") == 0
    assert await store.fetch(digest) == data


async def test_an_object_is_read_by_ranges(kept: Kept) -> None:
    store, data = kept[0], bytes(range(256)) * 12_000
    (digest,) = named(data)
    await store.keep(named(data))
    assert await read(store, digest) == data
    assert await read(store, digest, 2_000_000) == data[2_000_000:]
    assert await read(store, digest, 5, 1_500_000) == data[5:1_500_000]
    assert await read(store, digest, len(data) - 1, len(data) + 9) == data[-1:]
    assert await read(store, digest, len(data)) == b""
    assert await read(store, digest, 7, 7) == b""
    for missing in (store.size("0" * 64), read(store, "0" * 64)):
        with pytest.raises(NotFound):
            await missing


async def test_a_piece_at_the_wrong_place_changes_nothing(kept: Kept) -> None:
    store = kept[0]
    await store.append("up-1", 0, pieces(b"abc"))
    for offset in (0, 2, 4):
        with pytest.raises(UploadOffset):
            await store.append("up-1", offset, pieces(b"x"))
    assert await store.digest("up-1") == sha256(b"abc").hexdigest()


async def test_a_piece_that_breaks_off_leaves_nothing(kept: Kept) -> None:
    store = kept[0]
    await store.append("up-1", 0, pieces(b"abc"))
    with pytest.raises(Unavailable):
        await store.append("up-1", 3, pieces(b"x" * 2_000_000, b"y", then=Unavailable()))
    assert await store.staged("up-1") == 3
    assert await store.append("up-1", 3, pieces(b"def")) == 6
    await store.adopt("up-1", sha256(b"abcdef").hexdigest())


async def test_what_is_an_object_by_now_grows_no_more(kept: Kept) -> None:
    store, digest = kept[0], sha256(b"abc").hexdigest()
    await store.append("up-1", 0, pieces(b"abc"))
    await store.adopt("up-1", digest)
    with pytest.raises(UploadOffset):
        await store.append("up-1", 3, pieces(b"x"))
    assert await store.fetch(digest) == b"abc"


async def test_only_what_has_the_digest_is_adopted(kept: Kept) -> None:
    store = kept[0]
    await store.append("up-1", 0, pieces(b"abc"))
    with pytest.raises(PartChanged):
        await store.adopt("up-1", "1" * 64)
    for nobody in (store.adopt("nobody", "1" * 64), store.digest("nobody")):
        with pytest.raises(NotFound):
            await nobody
    assert await store.room() > 0


# ---------------------------------------------------------------- the folder


@pytest.mark.integration
async def test_what_was_staged_outlives_the_process_and_is_hashed_anew(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    await LocalObjects(folder).append("up-1", 0, pieces(b"abc"))
    with (tmp_path / "objects-staging" / "up-1.part").open("ab") as file:
        file.write(b"what a crash left")
    after = LocalObjects(folder)
    assert await after.staged("up-1") == 3
    assert await after.append("up-1", 3, pieces(b"def")) == 6
    await LocalObjects(folder).adopt("up-1", sha256(b"abcdef").hexdigest())


@pytest.mark.integration
async def test_one_piece_of_a_name_comes_in_at_a_time(tmp_path: Path) -> None:
    store, begun, go_on = LocalObjects(tmp_path / "objects"), asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        begun.set()
        await go_on.wait()
        yield b"abc"

    first = asyncio.create_task(store.append("up-1", 0, slow()))
    await begun.wait()
    with pytest.raises(Busy):
        await store.append("up-1", 0, pieces(b"x"))
    go_on.set()
    assert await first == 3


@pytest.mark.integration
async def test_a_piece_whose_sender_gave_up_leaves_nothing(tmp_path: Path) -> None:
    store, begun = LocalObjects(tmp_path / "objects"), asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"x" * 2_000_000
        begun.set()
        await asyncio.Event().wait()

    first = asyncio.create_task(store.append("up-1", 0, stuck()))
    await begun.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await store.staged("up-1") == 0
    assert await store.append("up-1", 0, pieces(b"abc")) == 3


@pytest.mark.integration
async def test_an_object_cut_short_is_noticed(tmp_path: Path) -> None:
    store, (digest,) = LocalObjects(tmp_path / "objects"), named(b"x" * 3_000_000)
    await store.keep(named(b"x" * 3_000_000))
    found = store.read(digest)
    await anext(found)
    os.truncate(tmp_path / "objects" / digest[:2] / digest[2:4] / digest, 10)
    with pytest.raises(EvidenceBroken):
        _ = [block async for block in found]


@pytest.mark.integration
async def test_staging_takes_plain_names_only(tmp_path: Path) -> None:
    for name in ("../x", "", "A", "a" * 81, "a.b"):
        with pytest.raises(InvalidValue):
            await LocalObjects(tmp_path / "objects").append(name, 0, pieces(b"x"))


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


@pytest.mark.integration
async def test_a_full_disk_refuses_a_piece_and_keeps_the_rest(small_disk: Path) -> None:
    store = LocalObjects(small_disk / "objects")
    await store.append("up-1", 0, pieces(b"abc"))
    assert await store.room() < 2_000_000
    with pytest.raises(StorageFull):
        await store.append("up-1", 3, pieces(b"x" * 2_000_000))
    assert await store.append("up-1", 3, pieces(b"def")) == 6
    await store.adopt("up-1", sha256(b"abcdef").hexdigest())
