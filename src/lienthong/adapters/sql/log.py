"""The evidence log in tables, all shards in the same ones: a row's number is its place (`places`)."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from lienthong.adapters.ledger import Growth, Ledger, LogSigner, check_frontier
from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql import statements as s
from lienthong.adapters.sql.changes import write
from lienthong.adapters.sql.places import SHARDS, place, shard_of, span, within
from lienthong.errors import InvalidValue, NotFound
from lienthong.evidence import Frontier, Receipt, consistency, proof
from lienthong.evidence.tree import TILE_WIDTH

Unstamped = tuple[int, str, datetime]
Covering = sa.Row[tuple[int, str, str, bytes]]


class SqlTiles:
    """The `TileReader` of one shard over a connection."""

    def __init__(self, connection: sa.Connection, shard: int = 0) -> None:
        self._connection, self._shard = connection, shard

    def hashes(self, level: int, start: int, count: int) -> list[bytes]:
        """Hashes of a level, fewer than asked where the log ends."""
        span = {"start": place(self._shard, start), "stop": place(self._shard, start + count)}
        if level == 0:
            return [bytes(found) for found in self._connection.execute(s.leaf_hashes, span).scalars()]
        return [bytes(found) for found in self._connection.execute(s.tile_hashes, {"level": level, **span}).scalars()]


def load(connection: sa.Connection, signer: LogSigner, shard: int = 0) -> Ledger:
    """A log as it stands. EvidenceBroken if it is not what its newest checkpoint says."""
    frontier = Frontier.of(SqlTiles(connection, shard), size(connection, shard))
    check_frontier(frontier, checkpoint(connection, shard), signer.name)
    return Ledger(frontier, signer)


def size(connection: sa.Connection, shard: int) -> int:
    """How many leaves a shard has."""
    last = connection.execute(s.last_leaf, span(shard)).scalar()
    return 0 if last is None else within(last) + 1


def chain_id(connection: sa.Connection, chain: Sequence[bytes]) -> int:
    """The number under which a chain is kept; a receipt keeps the chain of its own checkpoint when keys change."""
    for row in connection.execute(s.chains):
        if rows.chain_of(row.certificates) == tuple(chain):
            return int(row.id)
    keep = sa.insert(t.chain).values(certificates=rows.chain_json(chain)).returning(t.chain.c.id)
    return int(connection.execute(keep).scalar_one())


def store(
    connection: sa.Connection, shard: int, growth: Growth, hashes: Sequence[bytes], at: datetime, chain: int
) -> None:
    """Write a batch's leaves, tiles and checkpoint."""
    placed = enumerate(zip(hashes, growth.leaves, strict=True), start=place(shard, growth.first))
    write(connection, s.add_leaf, [{"index": index, "hash": found, "body": body} for index, (found, body) in placed])
    tiles = [{"level": tile.level, "index": place(shard, tile.index), "hash": tile.hash} for tile in growth.tiles]
    write(connection, s.add_tile, tiles)
    row = {"size": place(shard, growth.size), "note": growth.note, "at": rows.ticks(at), "chain": chain}
    write(connection, s.add_checkpoint, [row])


def checkpoint(connection: sa.Connection, shard: int = 0) -> str:
    """The newest note, or empty."""
    newest = connection.execute(s.newest_checkpoint, span(shard)).first()
    return newest.note if newest else ""


def receipt(connection: sa.Connection, number: int) -> Receipt:
    """Proved from tiles, at the first checkpoint that covers the leaf. NotFound."""
    row = _covering(connection, s.covering, number)
    if row is None:
        raise NotFound(f"leaf {number}")
    return _receipt(connection, number, row)


def stamped_receipt(connection: sa.Connection, number: int) -> Receipt | None:
    """The same at the first stamped checkpoint, token included, or None."""
    row = _covering(connection, s.covering_stamped, number)
    return None if row is None else _receipt(connection, number, row, bytes(row.stamp))


def _covering(connection: sa.Connection, statement: s.Select, number: int) -> Covering | None:
    if not 0 <= shard_of(number) < SHARDS:
        return None
    ends = span(shard_of(number))["to_place"]
    return connection.execute(statement, {"index": number, "to_place": ends}).first()


def _receipt(connection: sa.Connection, number: int, row: Covering, stamp: bytes | None = None) -> Receipt:
    shard, index, covered = shard_of(number), within(number), within(row.size)
    leaf = leaves(connection, index, 1, shard)[0]
    path = tuple(proof(SqlTiles(connection, shard), index, covered))
    return Receipt(leaf, index, covered, path, row.note, rows.chain_of(row.certificates), stamp=stamp)


def unstamped(connection: sa.Connection, shards: int = 1) -> Unstamped | None:
    """The newest checkpoint of the shard that waits longest for a stamp, its size as a place; None when all are."""
    waiting = [(since, shard) for shard in range(shards) if (since := _unstamped_since(connection, shard)) is not None]
    if not waiting:
        return None
    row = connection.execute(s.newest_checkpoint, span(min(waiting)[1])).one()
    return row.size, row.note, rows.moment(row.at)


def stamped(connection: sa.Connection, shard: int = 0) -> tuple[int, str, bytes] | None:
    """The newest stamped checkpoint of a shard: size, note, token."""
    row = connection.execute(s.newest_stamped, span(shard)).first()
    return None if row is None else (within(row.size), row.note, bytes(row.stamp))


def unstamped_since(connection: sa.Connection, shards: int = 1) -> datetime | None:
    """When the oldest checkpoint was made that no stamped one covers."""
    found = [at for shard in range(shards) if (at := _unstamped_since(connection, shard)) is not None]
    return rows.moment(min(found)) if found else None


def _unstamped_since(connection: sa.Connection, shard: int) -> int | None:
    dated = connection.execute(s.newest_stamped, span(shard)).first()
    covered = place(shard, 0) if dated is None else dated.size
    at: int | None = connection.execute(s.first_after, {"size": covered, "to_place": place(shard + 1, 0)}).scalar()
    return at


def tile(connection: sa.Connection, level: int, index: int, width: int, shard: int = 0) -> bytes:
    """The first `width` hashes of a tile. NotFound if the log has fewer; InvalidValue for no tile at all."""
    if not 0 <= level < 8 or index < 0 or not 1 <= width <= TILE_WIDTH:
        raise InvalidValue(f"tile {level}/{index} of width {width}")
    hashes = SqlTiles(connection, shard).hashes(level, index * TILE_WIDTH, width)
    if len(hashes) != width:
        raise NotFound(f"tile {level}/{index} of width {width}")
    return b"".join(hashes)


def leaves(connection: sa.Connection, start: int, count: int, shard: int = 0) -> Sequence[bytes]:
    """Bodies of leaves, fewer than asked where the log ends."""
    span = {"start": place(shard, max(start, 0)), "stop": place(shard, max(start + count, 0))}
    return [bytes(body) for body in connection.execute(s.leaf_bodies, span).scalars()]


def consistent(connection: sa.Connection, old: int, new: int, shard: int = 0) -> Sequence[bytes]:
    """The consistency proof. NotFound beyond the log; InvalidValue if old > new."""
    if new > size(connection, shard):
        raise NotFound(f"log of {new} leaves")
    return consistency(SqlTiles(connection, shard), old, new)
