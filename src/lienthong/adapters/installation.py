"""A hop's memory at rest: its tables and its objects, as its settings name them, for moving, backup and restoring."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from lienthong.adapters.object_settings import ObjectSettings, open_objects
from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.objects_s3 import S3Objects
from lienthong.adapters.sql import audit, seats
from lienthong.adapters.sql.engine import Ownership, make_engine, translated
from lienthong.adapters.sql.migrate import migrate, prepare
from lienthong.adapters.sql.postgresql import shown
from lienthong.adapters.sql.store import FILE
from lienthong.errors import ConfigurationInvalid, EvidenceBroken, NotFound, PartChanged

AnyObjects = LocalObjects | S3Objects
Tell = Callable[[str, int], None]
"""Hears what is being done and how many of it are done."""
IN_MEMORY = 8 << 20
"""Bytes up to which an object is copied in one piece."""


class Place(Protocol):
    """What settings of an axis or a gateway say of where its memory lies."""

    @property
    def data(self) -> Path: ...
    @property
    def objects(self) -> ObjectSettings: ...


@dataclass(frozen=True, slots=True)
class Installation:
    """Tables and objects. `database` is the file of an embedded one."""

    engine: sa.Engine
    objects: AnyObjects
    database: Path


def url_of(place: Place) -> str:
    """The URL of its database server, or empty for an embedded one."""
    return str(getattr(getattr(place, "store", None), "url", ""))


@contextmanager
def at_rest(place: Place) -> Iterator[Installation]:
    """An installation nobody else uses while the block lasts, its tables up to date; ConfigurationInvalid if in use."""
    with _alone(place), _opened(place, writer=True) as found:
        prepare(found.engine)
        yield found


@contextmanager
def looked_at(place: Place) -> Iterator[Installation]:
    """An installation for reading, whether it runs or not."""
    if not url_of(place) and not (place.data / FILE).exists():
        raise NotFound(str(place.data / FILE))
    with _opened(place, writer=False) as found:
        yield found


def migrated(place: Place, *, post: bool) -> tuple[str, str]:
    """Take the steps of `migrate`, also while its processes run; the revisions before and after."""
    with _opened(place, writer=True) as found:
        return migrate(found.engine, post=post)


@contextmanager
def _opened(place: Place, *, writer: bool) -> Iterator[Installation]:
    objects = open_objects(place.objects, place.data)
    engine = make_engine(url_of(place) or f"sqlite:///{place.data / FILE}", writer=writer)
    try:
        yield Installation(engine, objects, place.data / FILE)
    except sa.exc.DBAPIError as error:
        raise translated(error) from error
    finally:
        engine.dispose()


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    if url := url_of(place):
        with _server_alone(url):
            yield
        return
    owned = Ownership(place.data / f"{FILE}.lock")
    try:
        yield
    finally:
        owned.release()


@contextmanager
def _server_alone(url: str) -> Iterator[None]:
    """No process has a seat, and none gets to write before the block ends: it then sees what was done here."""
    engine = make_engine(url, writer=True)
    try:
        with engine.connect() as connection:
            if not seats.deserted(connection):
                raise ConfigurationInvalid(f"{shown(url)}: một tiến trình đang dùng / another process uses it")
            connection.commit()  # the lock is the session's, and no snapshot stays open
            yield
    except sa.exc.DBAPIError as error:
        raise translated(error) from error
    finally:
        engine.dispose()


# ---------------------------------------------------------------- objects


async def copy_objects(
    connection: sa.Connection, source: AnyObjects, target: AnyObjects, tell: Tell
) -> Mapping[str, int]:
    """Copy every object that rows name and the target has not; sizes of all they name, by digest.

    EvidenceBroken, NotFound for the first that is missing or broken.
    """
    sizes = await large_contents(connection)
    for done, (digest, size) in enumerate(sizes.items(), start=1):
        if not await _there(target, digest, size):
            await copy_object(source, target, digest, size)
        tell("objects", done)
    return sizes


async def copy_object(source: AnyObjects, target: AnyObjects, digest: str, size: int) -> None:
    """One object, its digest checked on the way; a large one passes block by block."""
    if size <= IN_MEMORY:
        await target.keep({digest: await source.fetch(digest)})
        return
    name = f"copy-{digest}"
    await target.discard(name)
    try:
        await target.append(name, 0, source.read(digest))
        await target.adopt(name, digest)
    except PartChanged as error:
        raise EvidenceBroken(f"object {digest}") from error
    finally:
        await target.discard(name)


async def check_objects(connection: sa.Connection, objects: AnyObjects, tell: Tell) -> int:
    """Read every content the rows name; how many objects. EvidenceBroken names those that are missing or broken."""
    sizes = await large_contents(connection)
    bad = [f"evidence-broken {digest}" for digest in audit.broken_contents(connection)]
    for done, digest in enumerate(sizes, start=1):
        try:
            await _require_whole(objects, digest)
        except (NotFound, EvidenceBroken) as error:
            bad.append(f"{error.code} {digest}")
        tell("check", done)
    if bad:
        raise EvidenceBroken(f"{len(bad)}: {', '.join(bad[:5])}")
    return len(sizes)


async def large_contents(connection: sa.Connection) -> dict[str, int]:
    """Sizes by digest of what the rows name and do not hold."""
    found: dict[str, int] = {}
    for digests in audit.named(connection):
        found |= audit.beside(connection, digests)
    return found


async def _require_whole(objects: AnyObjects, digest: str) -> None:
    found = sha256()
    async for block in objects.read(digest):
        found.update(block)
    if found.hexdigest() != digest:
        raise EvidenceBroken(f"object {digest}")


async def _there(objects: AnyObjects, digest: str, size: int) -> bool:
    """An object is whole or not there; what became of its bytes since is the business of a check."""
    try:
        return await objects.size(digest) == size
    except NotFound:
        return False
