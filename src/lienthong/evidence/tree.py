"""The log as it grows: its frontier, a batch on top of it, and tiles of a store (C2SP tlog-tiles).

A node keeps leaf hashes and the roots of full tiles; it appends with nothing but the frontier (at most 63 hashes), and
receipts for a fresh batch come from the frontier and the batch alone. Later proofs read tiles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from typing import Protocol, Self

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, Tree, node_hash

TILE_HEIGHT = 8  # tlog-tiles: 256 hashes a tile
TILE_WIDTH = 1 << TILE_HEIGHT


class TileReader(Protocol):
    """What a store answers: hashes[start : start + count] of one level.

    Level 0 holds leaf hashes, level 1 the roots of full tiles of level 0, and so on. (C2SP tlog-tiles, "Merkle Tree")
    """

    def hashes(self, level: int, start: int, count: int) -> list[bytes]: ...


@dataclass(frozen=True, slots=True)
class TileHash:
    """The root of a tile that became full: hash number `index` of `level` (from 1)."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the perfect subtrees that make up a log of `size` leaves, largest (leftmost) first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or self.size.bit_count() != len(self.hashes) or any(len(h) != HASH_SIZE for h in self.hashes):
            raise InvalidValue(f"frontier of {self.size} leaves with {len(self.hashes)} hashes")

    @classmethod
    def of(cls, reader: TileReader, size: int) -> Self:
        """Rebuilt from the tiles of a store, after a restart. EvidenceBroken if the store holds fewer hashes."""
        hashes = TileHashes(reader, size)
        heights = [height for height in reversed(range(size.bit_length())) if size >> height & 1]
        return cls(size, tuple(hashes.subtree(height, (size >> height) - 1) for height in heights))

    def root(self) -> bytes:
        """The Merkle tree hash of the log. RFC 6962 §2.1."""
        return reduce(lambda right, left: node_hash(left, right), reversed(self.hashes)) if self.size else EMPTY_ROOT

    def at(self, height: int) -> bytes | None:
        """The frontier's subtree of that height, if the size has that bit."""
        return self.hashes[(self.size >> height).bit_count() - 1] if self.size >> height & 1 else None

    def extend(self, leaf_hashes: Sequence[bytes]) -> "Batch":
        """The log with these leaves behind it, still able to prove each of them."""
        return Batch(self, leaf_hashes)

    def append(self, leaf_hashes: Sequence[bytes]) -> "tuple[Frontier, list[TileHash]]":
        """The new frontier, and the roots of tiles (level 1 and above) that became full and are to be stored."""
        batch = self.extend(leaf_hashes)
        return batch.after, batch.full_tiles


@dataclass(slots=True)
class Batch:
    """A frontier and the leaves appended to it: root, proofs and full tiles without reading the log.

    A sibling on the way of a new leaf is either made of new leaves or is a subtree of the old frontier, because its
    parent was not complete before.
    """

    before: Frontier
    leaf_hashes: Sequence[bytes]
    tree: Tree = field(init=False)
    _rows: list[list[bytes]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if any(len(leaf) != HASH_SIZE for leaf in self.leaf_hashes):
            raise InvalidValue("a leaf hash has 32 bytes")
        self._rows = _rows(self.before, self.leaf_hashes)
        self.tree = Tree(self, self.size)

    @property
    def size(self) -> int:
        return self.before.size + len(self.leaf_hashes)

    @property
    def after(self) -> Frontier:
        """The frontier after the batch."""
        heights = [height for height in reversed(range(self.size.bit_length())) if self.size >> height & 1]
        return Frontier(self.size, tuple(self.subtree(height, (self.size >> height) - 1) for height in heights))

    @property
    def full_tiles(self) -> list[TileHash]:
        """Roots of tiles that became full, lowest level first."""
        rows = enumerate(self._rows[TILE_HEIGHT::TILE_HEIGHT], start=1)
        return [
            TileHash(level, (self.before.size >> level * TILE_HEIGHT) + place, found)
            for level, row in rows
            for place, found in enumerate(row)
        ]

    def root(self) -> bytes:
        """The Merkle tree hash after the batch."""
        return self.tree.root()

    def proofs(self) -> list[tuple[bytes, ...]]:
        """The audit path of every leaf of the batch in the tree after it, in order."""
        return [tuple(self.tree.inclusion(index)) for index in range(self.before.size, self.size)]

    def subtree(self, height: int, index: int) -> bytes:
        """Subtrees on the right of the log (HashReader); EvidenceBroken for one inside the old log."""
        place = index - (self.before.size >> height)
        if place >= 0 and height < len(self._rows) and place < len(self._rows[height]):
            return self._rows[height][place]
        old = self.before.at(height) if place == -1 else None
        if old is None:
            raise EvidenceBroken(f"subtree {index} of height {height} is not in the batch")
        return old


def _rows(before: Frontier, leaf_hashes: Sequence[bytes]) -> list[list[bytes]]:
    """New complete subtrees by height; row `h` begins at index `before.size >> h`."""
    rows, row, height = [], list(leaf_hashes), 0
    while row:
        rows.append(row)
        old = before.at(height)
        joined = row if old is None else [old, *row]
        row = [node_hash(joined[i], joined[i + 1]) for i in range(0, len(joined) - 1, 2)]
        height += 1
    return rows


@dataclass(slots=True)
class TileHashes:
    """A HashReader over a TileReader: reads a tile once (never past `size`) and keeps its inner nodes."""

    reader: TileReader
    size: int
    _tiles: dict[tuple[int, int], list[list[bytes]]] = field(default_factory=dict, repr=False)

    def subtree(self, height: int, index: int) -> bytes:
        level, inner = divmod(height, TILE_HEIGHT)
        tile, place = divmod(index << inner, TILE_WIDTH)
        return self._tile(level, tile)[inner][place >> inner]

    def _tile(self, level: int, tile: int) -> list[list[bytes]]:
        rows = self._tiles.get((level, tile))
        if rows is None:
            rows = self._tiles[level, tile] = _pyramid(self._read(level, tile))
        return rows

    def _read(self, level: int, tile: int) -> list[bytes]:
        start = tile * TILE_WIDTH
        count = min(TILE_WIDTH, (self.size >> level * TILE_HEIGHT) - start)
        hashes = self.reader.hashes(level, start, count)
        if len(hashes) != count or any(len(found) != HASH_SIZE for found in hashes):
            raise EvidenceBroken(f"tile {tile} of level {level} is not whole", level=str(level), tile=str(tile))
        return hashes


def _pyramid(row: list[bytes]) -> list[list[bytes]]:
    rows = [row]
    for _ in range(TILE_HEIGHT - 1):
        row = [node_hash(left, right) for left, right in list(pairwise(row))[::2]]
        rows.append(row)
    return rows


def proof(reader: TileReader, index: int, size: int) -> list[bytes]:
    """Audit path of a leaf from tiles; reads at most two tiles a level (the leaf's and the right edge's)."""
    return Tree(TileHashes(reader, size), size).inclusion(index)


def consistency(reader: TileReader, old: int, new: int) -> list[bytes]:
    """Consistency proof between two sizes from tiles; reads at most two tiles a level."""
    return Tree(TileHashes(reader, new), new).consistency(old)


def tile_path(level: int, tile: int, width: int = TILE_WIDTH) -> str:
    """Where a tile is served: `tile/0/x001/234.p/17`. (C2SP tlog-tiles, "Merkle Tree")"""
    return f"tile/{level}/{_tile_number(tile)}{_partial(width)}"


def entries_path(tile: int, width: int = TILE_WIDTH) -> str:
    """Where a bundle of 256 log entries is served. (C2SP tlog-tiles, "Log entries")"""
    return f"tile/entries/{_tile_number(tile)}{_partial(width)}"


def entry_bundle(leaves: Sequence[bytes]) -> bytes:
    """Log entries behind their big-endian 16-bit lengths. InvalidValue if one is 64 KiB or more."""
    if any(len(leaf) >= 1 << 16 for leaf in leaves):
        raise InvalidValue("a log entry must be shorter than 65536 bytes")
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def _tile_number(tile: int) -> str:
    groups = [f"{tile % 1000:03}"]
    while tile := tile // 1000:
        groups.append(f"x{tile % 1000:03}")
    return "/".join(reversed(groups))


def _partial(width: int) -> str:
    return "" if width == TILE_WIDTH else f".p/{width}"


_TILE = re.compile(r"(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class TileName:
    """A tile as its path names it; `level` is None for a bundle of log entries."""

    level: int | None
    index: int
    width: int


def read_tile_path(path: str) -> TileName:
    """The tile that a path behind `tile/` names. InvalidValue unless written exactly so. (C2SP tlog-tiles)"""
    found = _TILE.fullmatch(path)
    if found is None:
        raise InvalidValue(f"tile {path[:80]!r}")
    level = None if found[1] == "entries" else int(found[1])
    index = int(found[2].replace("x", "").replace("/", ""))
    width = int(found[3] or TILE_WIDTH)
    named = entries_path(index, width) if level is None else tile_path(level, index, width)
    possible = width <= TILE_WIDTH and index <= MAX_SIZE // TILE_WIDTH
    if not possible or named != f"tile/{path}":  # one tile has one address, or caches hold it twice
        raise InvalidValue(f"tile {path[:80]!r}")
    return TileName(level, index, width)
