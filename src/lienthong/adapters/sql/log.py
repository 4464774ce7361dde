"""The evidence log in tables."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from lienthong.adapters.ledger import Growth, Ledger, LogSigner, check_frontier
from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql import statements as s
from lienthong.adapters.sql.changes import write
from lienthong.errors import InvalidValue, NotFound
from lienthong.evidence import Frontier, Receipt, consistency, proof
from lienthong.evidence.tree import TILE_WIDTH

Unstamped = tuple[int, str, datetime]


class SqlTiles:
    """The `TileReader` over a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def hashes(self, level: int, start: int, count: int) -> list[bytes]:
        """Hashes of a level, fewer than asked where the log ends."""
        span = {"start": start, "stop": start + count}
        if level == 0:
            return [bytes(found) for found in self._connection.execute(s.leaf_hashes, span).scalars()]
        return [bytes(found) for found in self._connection.execute(s.tile_hashes, {"level": level, **span}).scalars()]


def load(connection: sa.Connection, signer: LogSigner) -> Ledger:
    """The log as it stands. EvidenceBroken if it is not what its newest checkpoint says."""
    last = connection.execute(s.log_size).scalar()
    frontier = Frontier.of(SqlTiles(connection), 0 if last is None else last + 1)
    check_frontier(frontier, checkpoint(connection), signer.name)
    return Ledger(frontier, signer)


def chain_id(connection: sa.Connection, chain: Sequence[bytes]) -> int:
    """The number under which a chain is kept; a receipt keeps the chain of its own checkpoint when keys change."""
    for row in connection.execute(s.chains):
        if rows.chain_of(row.certificates) == tuple(chain):
            return int(row.id)
    keep = sa.insert(t.chain).values(certificates=rows.chain_json(chain)).returning(t.chain.c.id)
    return int(connection.execute(keep).scalar_one())


def store(connection: sa.Connection, growth: Growth, hashes: Sequence[bytes], at: datetime, chain: int) -> None:
    """Write a batch's leaves, tiles and checkpoint."""
    placed = enumerate(zip(hashes, growth.leaves, strict=True), start=growth.first)
    write(connection, s.add_leaf, [{"index": index, "hash": found, "body": body} for index, (found, body) in placed])
    tiles = [{"level": tile.level, "index": tile.index, "hash": tile.hash} for tile in growth.tiles]
    write(connection, s.add_tile, tiles)
    row = {"size": growth.size, "note": growth.note, "at": rows.ticks(at), "chain": chain}
    write(connection, s.add_checkpoint, [row])


def checkpoint(connection: sa.Connection) -> str:
    """The newest note, or empty."""
    newest = connection.execute(s.newest_checkpoint).first()
    return newest.note if newest else ""


def receipt(connection: sa.Connection, index: int) -> Receipt:
    """Proved from tiles, at the first checkpoint that covers the leaf. NotFound."""
    row = connection.execute(s.covering, {"index": index}).first() if index >= 0 else None
    if row is None:
        raise NotFound(f"leaf {index}")
    return _receipt(connection, index, row)


def stamped_receipt(connection: sa.Connection, index: int) -> Receipt | None:
    """The same at the first stamped checkpoint, token included, or None."""
    row = connection.execute(s.covering_stamped, {"index": index}).first() if index >= 0 else None
    return None if row is None else _receipt(connection, index, row, bytes(row.stamp))


def _receipt(
    connection: sa.Connection, index: int, row: sa.Row[tuple[int, str, str, bytes]], stamp: bytes | None = None
) -> Receipt:
    leaf = leaves(connection, index, 1)[0]
    path = tuple(proof(SqlTiles(connection), index, row.size))
    return Receipt(leaf, index, row.size, path, row.note, rows.chain_of(row.certificates), stamp=stamp)


def unstamped(connection: sa.Connection) -> Unstamped | None:
    """The newest checkpoint, unless it is stamped."""
    row = connection.execute(s.newest_checkpoint).first()
    return None if row is None or row.stamp is not None else (row.size, row.note, rows.moment(row.at))


def stamped(connection: sa.Connection) -> tuple[int, str, bytes] | None:
    """The newest stamped checkpoint: size, note, token."""
    row = connection.execute(s.newest_stamped).first()
    return None if row is None else (row.size, row.note, bytes(row.stamp))


def unstamped_since(connection: sa.Connection) -> datetime | None:
    """When the oldest checkpoint was made that no stamped one covers."""
    dated = stamped(connection)
    at = connection.execute(s.first_after, {"size": 0 if dated is None else dated[0]}).scalar()
    return None if at is None else rows.moment(at)


def tile(connection: sa.Connection, level: int, index: int, width: int) -> bytes:
    """The first `width` hashes of a tile. NotFound if the log has fewer; InvalidValue for no tile at all."""
    if not 0 <= level < 8 or index < 0 or not 1 <= width <= TILE_WIDTH:
        raise InvalidValue(f"tile {level}/{index} of width {width}")
    hashes = SqlTiles(connection).hashes(level, index * TILE_WIDTH, width)
    if len(hashes) != width:
        raise NotFound(f"tile {level}/{index} of width {width}")
    return b"".join(hashes)


def leaves(connection: sa.Connection, start: int, count: int) -> Sequence[bytes]:
    """Bodies of leaves, fewer than asked where the log ends."""
    span = {"start": max(start, 0), "stop": start + count}
    return [bytes(body) for body in connection.execute(s.leaf_bodies, span).scalars()]


def consistent(connection: sa.Connection, old: int, new: int) -> Sequence[bytes]:
    """The consistency proof. NotFound beyond the log; InvalidValue if old > new."""
    last = connection.execute(s.log_size).scalar()
    if new > (0 if last is None else last + 1):
        raise NotFound(f"log of {new} leaves")
    return consistency(SqlTiles(connection), old, new)
