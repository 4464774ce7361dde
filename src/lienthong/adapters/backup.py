"""Backups of a hop: taken while it runs, verified at any time, all in one folder.

<folder>/objects/aa/bb/<sha256>        large contents of all backups in this folder, each once
<folder>/<moment>/hop.sqlite3          every row, as of one moment, whatever database the hop runs on
<folder>/<moment>/objects.txt          digest and size of every large content the rows name
<folder>/<moment>/manifest.json        digests of both, the log's signed checkpoint; written last
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path

import msgspec
import sqlalchemy as sa

from lienthong.adapters.files import write_whole
from lienthong.adapters.installation import Installation, Place, Tell, check_objects, copy_objects, looked_at
from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.sql import audit, copying
from lienthong.adapters.sql.migrate import revision
from lienthong.adapters.sql.schema import metadata
from lienthong.errors import EvidenceBroken, FileUnusable

FORMAT = "lienthong-backup/1"
ROWS, LIST, MANIFEST, OBJECTS = "hop.sqlite3", "objects.txt", "manifest.json", "objects"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. Sizes in bytes, digests hex SHA-256; `checkpoints` are the newest of each log by shard."""

    format: str
    taken_at: datetime
    revision: str  # of the tables
    rows: dict[str, int]
    database: str
    objects: int
    bytes: int
    list: str
    checkpoints: dict[int, str]
    leaves: int


def take(place: Place, folder: Path, moment: datetime, tell: Tell) -> tuple[Path, Manifest]:
    """Back up a hop, running or not; where, and what is in it. StorageFull, EvidenceBroken, NotFound."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    if made.exists():
        raise FileUnusable(f"{made}: đã có / is there already")
    part = made.with_name(f".{made.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    with looked_at(place) as found:
        _snapshot(found, part / ROWS, tell)
        manifest = _filled(found, folder, part, moment, tell)
    _synced(part / ROWS)
    write_whole(part / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    part.rename(made)
    _synced(folder)
    return made, manifest


def _filled(found: Installation, folder: Path, part: Path, moment: datetime, tell: Tell) -> Manifest:
    with _opened(part / ROWS) as connection:
        proved = audit.prove_logs(connection)
        sizes = asyncio.run(copy_objects(connection, found.objects, _objects(folder), tell))
        rows = {table.name: _count(connection, table) for table in metadata.sorted_tables}
        tables = revision(connection) or ""
    listed = _listed(sizes)
    write_whole(part / LIST, listed)
    return Manifest(
        format=FORMAT,
        taken_at=moment,
        revision=tables,
        rows=rows,
        database=_digest(part / ROWS),
        objects=len(sizes),
        bytes=sum(sizes.values()),
        list=sha256(listed).hexdigest(),
        checkpoints={log.shard: log.note for log in proved},
        leaves=sum(log.size for log in proved),
    )


def _listed(sizes: Mapping[str, int]) -> bytes:
    return "".join(f"{digest} {size}\n" for digest, size in sorted(sizes.items())).encode()


def _snapshot(found: Installation, path: Path, tell: Tell) -> None:
    """Every row as of one moment; writers of the hop go on meanwhile."""
    if found.engine.dialect.name == "sqlite":
        _snapshot_file(found.database, path)
    else:
        _snapshot_rows(found.engine, path, tell)


def _snapshot_file(source: Path, path: Path) -> None:
    """SQLite's own backup, in one step: one read transaction, which in WAL mode hinders no writer.

    sqlite.org/backup.html
    """
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(path)) as new:
        old.backup(new, pages=-1)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def _snapshot_rows(engine: sa.Engine, path: Path, tell: Tell) -> None:
    """Table by table in one REPEATABLE READ snapshot (PostgreSQL, §13.2.2)."""
    target = copying.fresh(path)
    with engine.connect() as connection:  # a reader's
        copying.copy(connection, target, "backup", tell)
    with target.begin() as connection:
        copying.let_go(connection)


# ---------------------------------------------------------------- verifying


def verify(backup: Path, tell: Tell) -> Manifest:
    """Prove a backup from its bytes: files, database, log from its leaves, every content the rows name.

    EvidenceBroken says what does not hold; FileUnusable if it is none.
    """
    manifest = read_manifest(backup)
    for name, digest in ((ROWS, manifest.database), (LIST, manifest.list)):
        if _digest(backup / name) != digest:
            raise EvidenceBroken(f"{backup / name}")
    with _opened(backup / ROWS) as connection:
        _require_sound(connection)
        _require_log(connection, manifest)
        _require_rows(connection, manifest)
        count = asyncio.run(check_objects(connection, _objects(backup.parent), tell))
    if count != manifest.objects:
        raise EvidenceBroken(f"{count} ≠ {manifest.objects} objects")
    return manifest


def read_manifest(backup: Path) -> Manifest:
    """What a backup says of itself. FileUnusable."""
    try:
        manifest = msgspec.json.decode((backup / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise FileUnusable(f"{backup / MANIFEST}: {error}") from error
    if manifest.format != FORMAT:
        raise FileUnusable(f"{backup}: {manifest.format}")
    return manifest


def _require_sound(connection: sa.Connection) -> None:
    told = connection.execute(sa.text("PRAGMA integrity_check")).scalar()
    if told != "ok":
        raise EvidenceBroken(f"{told}")


def _require_log(connection: sa.Connection, manifest: Manifest) -> None:
    if {log.shard: log.note for log in audit.prove_logs(connection)} != manifest.checkpoints:
        raise EvidenceBroken("checkpoint")


def _require_rows(connection: sa.Connection, manifest: Manifest) -> None:
    for table in metadata.sorted_tables:
        if table.name in manifest.rows and _count(connection, table) != manifest.rows[table.name]:
            raise EvidenceBroken(f"{table.name}: {manifest.rows[table.name]}")


# ---------------------------------------------------------------- files


@contextmanager
def _opened(path: Path) -> Iterator[sa.Connection]:
    engine = copying.frozen(path)
    with engine.connect() as connection:
        yield connection


def _objects(folder: Path) -> LocalObjects:
    return LocalObjects(folder / OBJECTS)


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EvidenceBroken(f"{path}: {error.strerror}") from error


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
