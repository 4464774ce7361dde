"""Retention: contents whose time is over go, after they are in the archive; leftovers are found and cleared.

    round   1  packages all of whose legs are over long enough: contents and a record into the archive, then a mark
            2  contents that no package without such a mark names: small ones go, large ones are put aside, then go
            3  contents that a package names and nobody has: told loudly

Each step can be cut off anywhere: a package is marked only when its archive is complete, and a content goes only when
no mark-less package names it. All of it happens beside the requests, in a job.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec
import structlog

from lienthong.adapters.installation import copy_object
from lienthong.adapters.object_settings import ObjectSettings, open_objects
from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.objects_s3 import S3Objects
from lienthong.adapters.retention_settings import MISSING, Retention
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql import retention as sql
from lienthong.adapters.stock import Stored
from lienthong.delivery.model import Package, Step
from lienthong.delivery.ports import Clock, View
from lienthong.errors import EvidenceBroken

log = structlog.get_logger()
AnyObjects = LocalObjects | S3Objects
LAST = "retention:at"
"""The mark that says when the last round was."""
KEEPING_PAUSE = 60.0
"""Seconds between looks whether a round is due."""
_AT_ONCE = 50


@dataclass(slots=True)
class Round:
    """What a round did."""

    archived: int = 0
    rows: int = 0
    aside: int = 0
    back: int = 0
    dropped: int = 0
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Record:
    """What the archive keeps of a package beside its contents; receipts are JSON."""

    package: Package
    steps: tuple[Step, ...]
    receipt: str


class Keeper:
    """The job of one hop."""

    def __init__(self, store: SqlStore, objects: AnyObjects, settings: Retention) -> None:
        """ConfigurationInvalid for an archive that cannot be opened."""
        self._store, self._objects, self._settings = store, objects, settings
        self._archive = _opened(settings.archive)

    async def when_due(self, now: datetime) -> Round | None:
        """A round if the last one is long enough ago; the first comes one such time after the first start."""
        at = await self._store.read(lambda view: view.mark(LAST))
        if at and now < datetime.fromisoformat(at) + timedelta(hours=self._settings.every):
            return None
        if not self._store.on_duty:
            return None
        done = await self.round(now) if at else None
        await self._store.write(lambda tx: tx.set_mark(LAST, now.isoformat()))
        if done is not None:
            log.info("retention", **{name: getattr(done, name) for name in ("archived", "rows", "aside", "dropped")})
        return done

    async def round(self, now: datetime) -> Round:
        """All three steps. A fault of one package or object ends the round; the next begins anew."""
        done = Round()
        if self._settings.days > 0:
            done.archived = await self.archive(now)
        await self.clear(now, done)
        await self._store.write(lambda tx: tx.set_mark(MISSING, str(len(done.missing)) if done.missing else ""))
        for digest in done.missing[:100]:
            log.error("object missing", sha256=digest)
        return done

    # ------------------------------------------------------------ archive

    async def archive(self, now: datetime) -> int:
        """Archive and mark what is due; how many packages."""
        cutoff, total = now - timedelta(days=self._settings.days), 0
        while due := await self._store.look(lambda connection: sql.retirable(connection, cutoff, _AT_ONCE)):
            found = await self._store.look(lambda connection, due=due: sql.packages(connection, due))  # type: ignore[misc]  # bound now
            marks = {package.id: f"{now.isoformat()} {await self._exported(package)}".strip() for package in found}
            marked = await self._store.change(lambda tx, marks=marks: sql.retire(tx, marks, cutoff))  # type: ignore[misc]  # bound now
            total += marked
            if not marked:
                break
        return total

    async def _exported(self, package: Package) -> str:
        """The digest of the package's record in the archive; empty without one."""
        if self._archive is None:
            return ""
        for part in package.parts:
            data = await self._store.read(lambda view, digest=part.sha256: view.content(digest))  # type: ignore[misc]  # bound now
            if data is None:
                await _copied(self._objects, self._archive, part.sha256, part.size)
            else:
                await self._archive.keep({part.sha256: data})
        record = await self._record(package)
        digest = sha256(record).hexdigest()
        await self._archive.keep({digest: record})
        return digest

    async def _record(self, package: Package) -> bytes:
        def steps(view: View) -> Sequence[Step]:
            return view.steps(package.id)

        receipt = "" if package.index is None else (await self._store.receipt(package.index)).to_json()
        return msgspec.json.encode(Record(package, tuple(await self._store.read(steps)), receipt))

    # ------------------------------------------------------------ clear

    async def clear(self, now: datetime, done: Round) -> None:
        """Let go of what no row names, and find what rows name in vain."""
        for digits in await self._store.look(sql.passes):
            known = await self._store.look(lambda connection, digits=digits: sql.contents(connection, digits))  # type: ignore[misc]  # bound now
            done.rows += await self._clear_rows(digits, known)
            for digit in digits:
                seconds = "0123456789abcdef"
                await asyncio.gather(*(self._clear_objects(digit + second, known, now, done) for second in seconds))

    async def _clear_rows(self, digits: str, known: sql.Contents) -> int:
        pages = await self._store.look(lambda connection: list(sql.unnamed_rows(connection, digits, known)))
        gone = 0
        for page in pages:
            gone += await self._store.change(partial(sql.drop_contents, digests=page, known=known))
        return gone

    async def _clear_objects(self, prefix: str, known: sql.Contents, now: datetime, done: Round) -> None:
        here = {each.sha256: each for each in await self._objects.stock.listing(prefix)}
        aside = {each.sha256: each for each in await self._objects.stock.listing(prefix, aside=True)}
        named = known.live
        if here or aside:
            named |= await self._store.look(lambda connection: sql.named_since(connection, known))
        for digest in sorted(aside.keys() & named):
            await self._objects.stock.bring_back(digest)
            done.back += 1
        for digest in self._old(aside, now) - named:
            await self._objects.stock.drop(digest)
            done.dropped += 1
        for digest in self._old(here, now) - named:
            await self._objects.stock.set_aside(digest)
            done.aside += 1
        wanted = {digest for digest in known.large if digest.startswith(prefix)}
        done.missing += sorted(wanted - here.keys() - aside.keys())

    def _old(self, stored: Mapping[str, Stored], now: datetime) -> set[str]:
        before = now - timedelta(hours=self._settings.grace)
        return {digest for digest, each in stored.items() if each.at <= before}


def _opened(archive: ObjectSettings) -> AnyObjects | None:
    """None unless a place is named."""
    if archive.kind == "folder" and archive.folder is None:
        return None
    return open_objects(archive, archive.folder or Path())


async def _copied(source: AnyObjects, archive: AnyObjects, digest: str, size: int) -> None:
    await copy_object(source, archive, digest, size)
    if await archive.size(digest) != size:
        raise EvidenceBroken(f"object {digest}")


def keeping(
    store: SqlStore, objects: AnyObjects, settings: Retention, clock: Clock
) -> Callable[[], Awaitable[Round | None]]:
    """The job of a process."""
    keeper = Keeper(store, objects, settings)
    return lambda: keeper.when_due(clock.now())
