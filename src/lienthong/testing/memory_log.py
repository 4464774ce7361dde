"""The evidence log's twin: leaves and tiles in lists, proved by the same evidence code."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from lienthong.adapters.ledger import Growth, Ledger, LogSigner, check_frontier
from lienthong.errors import InvalidValue, NotFound
from lienthong.evidence import Frontier, Receipt, consistency, leaf_hash, proof
from lienthong.evidence.tree import TILE_WIDTH


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint as kept."""

    size: int
    note: str
    at: datetime
    chain: tuple[bytes, ...]
    stamp: bytes | None = None


@dataclass(slots=True)
class LogRows:
    """What is durable of a log; the `TileReader` over itself."""

    bodies: list[bytes] = field(default_factory=list)
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])
    checkpoints: list[Kept] = field(default_factory=list)

    def hashes(self, level: int, start: int, count: int) -> list[bytes]:
        """Hashes of a level, fewer than asked where the log ends."""
        return self.levels[level][start : start + count] if level < len(self.levels) else []


class MemoryLog:
    """Everything of the `Log` port, and receipts, without waiting."""

    def __init__(self, rows: LogRows, signer: LogSigner) -> None:
        self._rows = rows
        frontier = Frontier.of(rows, len(rows.bodies))
        check_frontier(frontier, self.checkpoint(), signer.name)
        self._ledger = Ledger(frontier, signer)

    @property
    def size(self) -> int:
        return len(self._rows.bodies)

    def grown(self, leaves: Sequence[bytes]) -> Growth:
        """These leaves behind the log, not yet kept."""
        return self._ledger.grown(leaves, [leaf_hash(leaf) for leaf in leaves])

    def keep(self, growth: Growth, at: datetime) -> None:
        """Make a growth durable."""
        rows = self._rows
        rows.bodies += growth.leaves
        rows.levels[0] += growth.batch.leaf_hashes
        for tile in growth.tiles:
            rows.levels += [[] for _ in range(tile.level + 1 - len(rows.levels))]
            rows.levels[tile.level].append(tile.hash)
        rows.checkpoints.append(Kept(growth.size, growth.note, at, self._ledger.chain))
        self._ledger.publish(growth)

    def receipt(self, index: int) -> Receipt:
        """As `Store.receipt`."""
        recent = self._ledger.receipt(index)
        return recent or self._proved(index, self._covering(index, stamped=False))

    def stamped_receipt(self, index: int) -> Receipt | None:
        """As `Log.stamped_receipt`."""
        kept = self._covering(index, stamped=True)
        return None if kept is None else replace(self._proved(index, kept), stamp=kept.stamp)

    def checkpoint(self) -> str:
        """As `Log.checkpoint`."""
        return self._rows.checkpoints[-1].note if self._rows.checkpoints else ""

    def unstamped(self) -> tuple[int, str, datetime] | None:
        """As `Log.unstamped`."""
        newest = self._rows.checkpoints[-1:]
        return next(((kept.size, kept.note, kept.at) for kept in newest if kept.stamp is None), None)

    def stamped(self) -> tuple[int, str, bytes] | None:
        """As `Log.stamped`."""
        newest = reversed(self._rows.checkpoints)
        return next(((kept.size, kept.note, kept.stamp) for kept in newest if kept.stamp is not None), None)

    def unstamped_since(self) -> datetime | None:
        """As `Log.unstamped_since`."""
        dated = self.stamped()
        return next((kept.at for kept in self._rows.checkpoints if dated is None or kept.size > dated[0]), None)

    def keep_stamp(self, size: int, token: bytes) -> None:
        """As `Log.keep_stamp`."""
        for place, kept in enumerate(self._rows.checkpoints):
            if kept.size == size:
                self._rows.checkpoints[place] = replace(kept, stamp=kept.stamp or token)
                return
        raise NotFound(f"checkpoint of {size} leaves")

    def tile(self, level: int, index: int, width: int) -> bytes:
        """As `Log.tile`."""
        if not 0 <= level < 8 or index < 0 or not 1 <= width <= TILE_WIDTH:
            raise InvalidValue(f"tile {level}/{index} of width {width}")
        hashes = self._rows.hashes(level, index * TILE_WIDTH, width)
        if len(hashes) != width:
            raise NotFound(f"tile {level}/{index} of width {width}")
        return b"".join(hashes)

    def leaves(self, start: int, count: int) -> Sequence[bytes]:
        """As `Log.leaves`."""
        return self._rows.bodies[max(start, 0) : max(start + count, 0)]

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """As `Log.consistency`."""
        if new > self.size:
            raise NotFound(f"log of {new} leaves")
        return consistency(self._rows, old, new)

    def _covering(self, index: int, *, stamped: bool) -> Kept | None:
        wanted = (kept for kept in self._rows.checkpoints if kept.size > index and (kept.stamp or not stamped))
        return next(wanted, None) if index >= 0 else None

    def _proved(self, index: int, kept: Kept | None) -> Receipt:
        if kept is None:
            raise NotFound(f"leaf {index}")
        path = tuple(proof(self._rows, index, kept.size))
        return Receipt(self._rows.bodies[index], index, kept.size, path, kept.note, kept.chain)
