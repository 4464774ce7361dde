"""A hop's evidence log in memory, above whatever stores it: grows by batches, signs each, and proves what is recent.

    leaves ─► grown() ─► rows to store, one signed checkpoint ─► (durable) ─► publish() ─► receipt()

Nothing here is durable: whoever stores the rows publishes a batch only after its commit.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lienthong.errors import EvidenceBroken
from lienthong.evidence import Checkpoint, Frontier, NoteSigner, Receipt, TileHash, sign_checkpoint
from lienthong.evidence.note import Note
from lienthong.evidence.tree import Batch

RECENT = 8192
"""So many leaves are proved from memory; older ones from their tiles."""


class LogSigner(NoteSigner, Protocol):
    """Signs checkpoints under the log's origin (its name), vouched for by a chain of DER certificates."""

    @property
    def certificate(self) -> bytes: ...
    @property
    def chain(self) -> tuple[bytes, ...]: ...


@dataclass(frozen=True, slots=True)
class Growth:
    """One batch on top of the log: its leaves and their hashes from `first` on, tiles that became full, checkpoint."""

    batch: Batch
    leaves: Sequence[bytes]
    tiles: Sequence[TileHash]
    note: str

    @property
    def first(self) -> int:
        return self.batch.before.size

    @property
    def size(self) -> int:
        return self.batch.size


class Ledger:
    """Frontier, signer, and the batches of late."""

    def __init__(self, frontier: Frontier, signer: LogSigner) -> None:
        self.frontier = frontier
        self.chain = (signer.certificate, *signer.chain)
        self._signer = signer
        self._recent: list[Growth] = []

    def grown(self, leaves: Sequence[bytes], hashes: Sequence[bytes]) -> Growth:
        """The log with these leaves behind it, signed; the ledger itself stays as it is."""
        batch = self.frontier.extend(hashes)
        note = sign_checkpoint(Checkpoint(self._signer.name, batch.size, batch.root()), self._signer)
        return Growth(batch, leaves, batch.full_tiles, note)

    def publish(self, growth: Growth) -> None:
        """The growth is durable."""
        self.frontier = growth.batch.after
        oldest = bisect_right(self._recent, growth.size - RECENT, key=_first)
        self._recent = [*self._recent[max(oldest - 1, 0) :], growth]  # anew: another thread may read the old list

    def receipt(self, index: int) -> Receipt | None:
        """The receipt of a recent leaf, or None: same bytes as the one proved from tiles."""
        recent = self._recent
        place = bisect_right(recent, index, key=_first) - 1
        if place < 0 or not recent[place].first <= index < recent[place].size:
            return None
        growth = recent[place]
        proof = growth.batch.tree.inclusion(index)
        leaf = growth.leaves[index - growth.first]
        return Receipt(leaf, index, growth.size, tuple(proof), growth.note, self.chain)


def _first(growth: Growth) -> int:
    return growth.first


def check_frontier(frontier: Frontier, note: str, origin: str) -> None:
    """At start: the log must stand exactly where its newest checkpoint says. EvidenceBroken otherwise."""
    if not note and not frontier.size:
        return
    told = Checkpoint.parse(Note.parse(note).text)
    if told != Checkpoint(origin, frontier.size, frontier.root()):
        raise EvidenceBroken(f"the stored log does not match its newest checkpoint: {told.origin} {told.size}")
