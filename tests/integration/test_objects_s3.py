"""What only a server can show: it dies, hangs, is full, knows us not, and its words are not ours to repeat."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lienthong.adapters import staging_s3
from lienthong.adapters.objects_s3 import S3Objects, translated
from lienthong.adapters.staging_s3 import stream
from lienthong.cli.servers.s3 import S3Server
from lienthong.errors import ConfigurationInvalid, InvalidValue, NotFound, PartChanged, StorageFull, Unavailable
from s3_world import s3_objects

pytestmark = pytest.mark.integration


def named(*contents: bytes) -> dict[str, bytes]:
    return {sha256(content).hexdigest(): content for content in contents}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[S3Server]:
    with S3Server(tmp_path / "s3") as server:
        yield server


async def whole(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_pieces_are_hashed_while_written(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wrote all of them reads none again; who did not, reads; to adopt, everybody does."""
    mine, other = s3_objects(s3_server, "hashed"), s3_objects(s3_server, "hashed")
    one, two = b"x" * 3_000_000, b"y" * 1_000_001
    digest = sha256(one + two).hexdigest()
    assert await mine.append("up-1", 0, whole(one)) == len(one)
    assert await other.append("up-2", 0, whole(one)) == len(one)
    assert await mine.append("up-2", len(one), whole(two)) == len(one + two)
    assert await mine.append("up-1", len(one), whole(two)) == len(one + two)
    read: list[str] = []

    def noted(store: Any, key: str, *more: Any) -> AsyncIterator[bytes]:
        read.append(key.split("/")[1])
        return stream(store, key, *more)

    monkeypatch.setattr(staging_s3, "stream", noted)
    assert await mine.digest("up-1") == digest
    assert read == []
    assert await mine.digest("up-2") == await other.digest("up-2") == await other.digest("up-1") == digest
    assert read == ["up-2"] * 4 + ["up-1"] * 2
    await mine.adopt("up-1", digest)
    assert read[6:8] == ["up-1"] * 2
    with pytest.raises(PartChanged):
        await mine.adopt("up-2", sha256(one).hexdigest())
    await mine.discard("up-2")
    with pytest.raises(NotFound):
        await mine.digest("up-2")


async def test_what_was_answered_outlives_a_kill(own: S3Server) -> None:
    objects, contents = s3_objects(own, "axis", tries=2), named(b"one", b"x" * 3_000_000)
    await objects.keep(contents)
    own.kill()
    with pytest.raises(Unavailable):
        await objects.keep(named(b"two"))
    with pytest.raises(Unavailable):
        await objects.fetch(next(iter(contents)))
    own.start()
    for digest, data in contents.items():
        assert await objects.fetch(digest) == data
    await objects.keep(named(b"two"))


async def test_a_restart_under_way_is_waited_for(own: S3Server) -> None:
    objects = s3_objects(own, "axis", tries=60, seconds=10.0)
    own.kill()
    keeping = asyncio.create_task(objects.keep(named(b"patient")))
    await asyncio.to_thread(own.start)
    await keeping
    assert await objects.fetch(next(iter(named(b"patient")))) == b"patient"


async def test_a_server_that_hangs_is_given_up(own: S3Server) -> None:
    objects = s3_objects(own, "axis", seconds=0.5, tries=2)
    own.pause()
    try:
        with pytest.raises(Unavailable):
            await objects.keep(named(b"one"))
    finally:
        own.go_on()


async def fill(objects: S3Objects) -> None:
    """Keep small things of one folder: a full server cannot even make another, and says something else then."""
    neighbours = defaultdict[str, list[bytes]](list)
    for content in (str(number).encode() for number in range(150_000)):
        neighbours[sha256(content).hexdigest()[:4]].append(content)
    for content in max(neighbours.values(), key=len):
        await objects.keep(named(content))


async def test_a_full_store_says_so(tmp_path: Path) -> None:
    with S3Server(tmp_path / "s3", inodes=24) as server:
        objects = s3_objects(server, "", tries=1)  # this server words a second refusal otherwise
        with pytest.raises(StorageFull):
            await fill(objects)


@pytest.mark.parametrize("code", ["XMinioStorageFull", "QuotaExceeded", "InsufficientCapacity"])
def test_full_in_the_words_of_others(code: str) -> None:
    told = Exception(f"status code: 507: <Error><Code>{code}</Code><Message>...</Message></Error>")
    assert isinstance(translated(told, ""), StorageFull)


async def test_keys_and_buckets_that_are_wrong(s3_server: S3Server, tmp_path: Path) -> None:
    stranger = tmp_path / "other.key"
    stranger.write_text("khong-phai-khoa-nay")
    stranger.chmod(0o600)
    for changes in ({"secret_key": stranger}, {"access_key": stranger}, {"bucket": "khong-co"}):
        objects = s3_objects(s3_server, "axis", **changes)
        with pytest.raises(ConfigurationInvalid) as told:
            await objects.check()
        with pytest.raises(Unavailable):  # and never NotFound, which would be believed for ever
            await objects.fetch("0" * 64)
        with pytest.raises(Unavailable):
            await objects.keep(named(b"one"))
        for secret in (stranger, s3_server.secret_key, s3_server.access_key):
            assert secret.read_text() not in f"{told.value!r} {told.value.__cause__!r}"
    await s3_objects(s3_server, "nothing-here").check()


async def test_names_that_are_no_digest_never_become_keys(s3_server: S3Server) -> None:
    for name in ("../" * 20 + "etc/passwd", "A" * 64, "", "0" * 63):
        with pytest.raises(InvalidValue):
            await s3_objects(s3_server, "axis").fetch(name)


async def test_prefixes_keep_hops_apart(s3_server: S3Server) -> None:
    await s3_objects(s3_server, "one").keep(named(b"mine"))
    with pytest.raises(NotFound):
        await s3_objects(s3_server, "two").fetch(next(iter(named(b"mine"))))


@pytest.mark.parametrize("endpoint", ["http://s3.example.vn", "ftp://127.0.0.1", "https://a:b@s3.example.vn", "s3"])
def test_contents_travel_encrypted_or_not_beyond_this_machine(s3_server: S3Server, endpoint: str) -> None:
    with pytest.raises(ConfigurationInvalid):
        s3_objects(s3_server, "axis", endpoint=endpoint)


def test_keys_are_secrets(s3_server: S3Server, tmp_path: Path) -> None:
    open_to_all = tmp_path / "open.key"
    open_to_all.write_text("x")
    open_to_all.chmod(0o644)
    empty = tmp_path / "empty.key"
    empty.touch(0o600)
    for path in (open_to_all, empty, tmp_path / "missing.key", None):
        with pytest.raises(ConfigurationInvalid):
            s3_objects(s3_server, "axis", secret_key=path)
