"""Prove a stored log from its leaves, and list what the rows say lies beside them. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
import sqlalchemy as sa
from cryptography import x509

from lienthong.adapters.sql import log, rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.copying import portions
from lienthong.adapters.sql.places import place, shard_of, span
from lienthong.delivery.model import PartRef
from lienthong.delivery.retention import MARK
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Checkpoint, Frontier, TileHash, leaf_hash, open_checkpoint
from lienthong.evidence.certificates import log_key

_parts = msgspec.json.Decoder(tuple[PartRef, ...]).decode


ARCHIVED = sa.exists().where(t.mark.c.name == sa.literal(MARK) + t.package.c.id).correlate(t.package)
"""Of a package: its contents went by policy."""


_PROOFS = sa.select(t.proof.c.sha256, t.proof.c.size).where(t.proof.c.in_force == 1)


@dataclass(frozen=True, slots=True)
class ProvedLog:
    """A log as its leaves make it; `note` is its newest checkpoint, signed by the key its chain certifies."""

    shard: int
    origin: str
    size: int
    root: bytes
    note: str


def prove_logs(connection: sa.Connection) -> tuple[ProvedLog, ...]:
    """Recompute every shard's log from its leaves' bytes; none for a hop that never recorded anything.

    EvidenceBroken unless leaves are without gap, hashes and tiles are theirs, and the newest checkpoint, signed by its
    own log, says this size and root.
    """
    return tuple(_proved(connection, shard) for shard in _shards(connection))


def _shards(connection: sa.Connection) -> Iterator[int]:
    """Shards with a leaf or a checkpoint, found in steps through the index."""
    start = 0
    while True:
        found = [connection.execute(_first(column, start)).scalar() for column in (t.leaf.c.index, t.checkpoint.c.size)]
        if not (present := [number for number in found if number is not None]):
            return
        shard = shard_of(min(present))
        yield shard
        start = place(shard + 1, 0)


def _first(column: sa.Column[int], start: int) -> sa.Select[Any]:
    return sa.select(sa.func.min(column)).where(column >= start)


def _proved(connection: sa.Connection, shard: int) -> ProvedLog:
    frontier, ends = Frontier(), place(shard + 1, 0)
    for portion in portions(connection, t.leaf, [place(shard, 0) - 1]):
        own = [row for row in portion if row[0] < ends]
        batch = frontier.extend(_hashes(own, shard, frontier.size))
        _require_tiles(connection, shard, batch.full_tiles)
        frontier = batch.after
        if len(own) < len(portion):
            break
    _require_no_more_tiles(connection, shard, frontier.size)
    note, told = _newest(connection, shard)
    if (told.size, told.root) != (frontier.size, frontier.root()):
        raise EvidenceBroken(f"{told.origin}: {told.size} leaves signed, {frontier.size} stored, or another root")
    return ProvedLog(shard, told.origin, told.size, told.root, note)


def _hashes(portion: Sequence[Sequence[Any]], shard: int, first: int) -> list[bytes]:
    for wanted, (index, found, body) in enumerate(portion, start=place(shard, first)):
        if index != wanted or leaf_hash(bytes(body)) != bytes(found):
            raise EvidenceBroken(f"leaf {wanted}")
    return [bytes(found) for _, found, _ in portion]


def _require_tiles(connection: sa.Connection, shard: int, tiles: Sequence[TileHash]) -> None:
    for tile in tiles:
        found = log.SqlTiles(connection, shard).hashes(tile.level, tile.index, 1)
        if found != [tile.hash]:
            raise EvidenceBroken(f"tile {tile.level}/{tile.index}")


def _require_no_more_tiles(connection: sa.Connection, shard: int, size: int) -> None:
    expected = sum(size >> 8 * level for level in range(1, 8))
    ends = span(shard)
    query = sa.select(sa.func.count()).where(
        t.tile_hash.c.index >= ends["from_place"], t.tile_hash.c.index < ends["to_place"]
    )
    stored = connection.execute(query).scalar()
    if stored != expected:
        raise EvidenceBroken(f"{stored} tiles, not {expected}")


def _newest(connection: sa.Connection, shard: int) -> tuple[str, Checkpoint]:
    ends = span(shard)
    query = (
        sa.select(t.checkpoint.c.note, t.chain.c.certificates)
        .join(t.chain, t.chain.c.id == t.checkpoint.c.chain)
        .where(t.checkpoint.c.size > ends["from_place"], t.checkpoint.c.size < ends["to_place"])
    )
    row = connection.execute(query.order_by(t.checkpoint.c.size.desc()).limit(1)).first()
    if row is None:
        raise EvidenceBroken(f"log {shard} without a checkpoint")
    chain = rows.chain_of(row.certificates)
    return row.note, open_checkpoint(row.note, [log_key(x509.load_der_x509_certificate(chain[0])).key])


# ---------------------------------------------------------------- what lies beside the rows


def named(
    connection: sa.Connection, of: sa.ColumnElement[bool] | None = None, lasting: int = 0
) -> Iterator[dict[str, int]]:
    """Sizes by digest of what packages name whose contents did not go by policy, what is being signed, proofs.

    `of` leaves packages out, `lasting` what lasting proofs needed up to that number. A digest may come again.
    """
    query = sa.select(t.package.c.seq, t.package.c.parts).where(~ARCHIVED).order_by(t.package.c.seq).limit(500)
    query = query if of is None else query.where(of)
    after = 0
    while found := connection.execute(query.where(t.package.c.seq > after)).all():
        after = found[-1].seq
        yield {part.sha256: part.size for row in found for part in _parts(row.parts)}
    if signing := _signing(connection):
        yield signing
    if proofs := {row.sha256: row.size for row in connection.execute(_PROOFS)}:
        yield proofs
    for portion in portions(connection, t.lasting_object, [lasting]):
        yield {row.sha256: row.size for row in portion}


def _signing(connection: sa.Connection) -> dict[str, int]:
    """What sessions that are not over, or whose result may still be fetched, name."""
    columns = [t.signing.c[name] for name in ("prepared", "prepared_size", "result", "result_size")]
    found = connection.execute(sa.select(*columns).where(t.signing.c.holds == 1))
    pairs = (pair for row in found for pair in ((row[0], row[1]), (row[2], row[3])))
    return {digest: size for digest, size in pairs if digest and size}


def beside(connection: sa.Connection, digests: dict[str, int]) -> dict[str, int]:
    """Those that are not kept in rows."""
    query = sa.select(t.content.c.sha256).where(t.content.c.sha256.in_(list(digests)))
    inside = set(connection.execute(query).scalars())
    return {digest: size for digest, size in digests.items() if digest not in inside}


def broken_contents(connection: sa.Connection) -> Iterator[str]:
    """Digests of small contents that are not what their name says."""
    for portion in portions(connection, t.content):
        yield from (row.sha256 for row in portion if _digest(bytes(row.data)) != row.sha256)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
