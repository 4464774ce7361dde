"""The Merkle tree of a hop's log: RFC 6962 §2.1, with the algorithms of RFC 9162 §2.1.

A *subtree* (height, index) is the perfect tree over the leaves [index * 2**height, (index + 1) * 2**height); its hash
never changes once the log has grown past it. A tree of any size is perfect subtrees plus one ragged right edge, so
root and proofs need nothing but subtree hashes: the log in memory, tiles in a store and a batch not yet stored all
answer the same question.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import new, sha256
from typing import Protocol

from lienthong.errors import InvalidValue

HASH_SIZE = 32
MAX_SIZE = 2**63 - 1  # what checkpoints can say; keeps numbers in receipts inside 64 bits
EMPTY_ROOT = sha256(b"").digest()  # RFC 6962 §2.1: MTH({}) = SHA-256()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one log entry; the 0x00 keeps a leaf from passing as a node. RFC 6962 §2.1."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node. RFC 6962 §2.1."""
    return sha256(b"\x01" + left + right).digest()


Join = Callable[[bytes, bytes], bytes]
"""How two nodes become the one above them."""


@dataclass(frozen=True, slots=True)
class TreeHash:
    """The same tree over another hash, by hashlib's name: logs stay with SHA-256, what must outlive it need not."""

    name: str

    @property
    def size(self) -> int:
        """Bytes of a hash."""
        return new(self.name).digest_size

    def leaf(self, leaf: bytes) -> bytes:
        """As `leaf_hash`."""
        return new(self.name, b"\x00" + leaf).digest()

    def node(self, left: bytes, right: bytes) -> bytes:
        """As `node_hash`."""
        return new(self.name, b"\x01" + left + right).digest()


class HashReader(Protocol):
    """Whoever knows the hashes of complete subtrees."""

    def subtree(self, height: int, index: int) -> bytes:
        """The hash over leaves [index * 2**height, (index + 1) * 2**height)."""
        ...


@dataclass(frozen=True, slots=True)
class LeafHashes:
    """A HashReader over all leaf hashes in memory: for tests, audits and small trees."""

    leaves: Sequence[bytes]
    join: Join = node_hash

    def subtree(self, height: int, index: int) -> bytes:
        if height == 0:
            return self.leaves[index]
        return self.join(self.subtree(height - 1, 2 * index), self.subtree(height - 1, 2 * index + 1))


@dataclass(slots=True)
class Tree:
    """A tree of one size over a HashReader; reads lazily and remembers its right edge."""

    reader: HashReader
    size: int
    join: Join = node_hash
    _edges: list[bytes] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE:
            raise InvalidValue(f"tree size {self.size}")

    def root(self) -> bytes:
        """The Merkle tree hash. RFC 6962 §2.1."""
        return self._edge((self.size - 1).bit_length()) if self.size else EMPTY_ROOT

    def inclusion(self, index: int) -> list[bytes]:
        """The audit path of the leaf, lowest sibling first. RFC 9162 §2.1.3.1. InvalidValue if out of range."""
        if not 0 <= index < self.size:
            raise InvalidValue(f"leaf {index} in a tree of {self.size}")
        return list(self._path(index, 0))

    def consistency(self, old: int) -> list[bytes]:
        """Proof that the first `old` leaves are still the start of this tree. RFC 9162 §2.1.4.1."""
        if not 0 <= old <= self.size:
            raise InvalidValue(f"tree of {old} inside a tree of {self.size}")
        if old in {0, self.size}:
            return []
        height = (old & -old).bit_length() - 1
        known = old == 1 << height  # the verifier already holds that hash: it is the old root
        start = [] if known else [self.reader.subtree(height, (old >> height) - 1)]
        return [*start, *self._path(old - 1, height)]

    def _path(self, index: int, height: int) -> Iterator[bytes]:
        """Siblings from the subtree around `index` of that height up to the root."""
        last = self.size - 1
        meet = (index ^ last).bit_length()  # below this height the path and the right edge are apart
        for level in range(height, meet - 1):
            yield self.reader.subtree(level, (index >> level) ^ 1)
        if meet > height:
            yield self._edge(meet - 1)
        for level in range(meet, last.bit_length()):
            if index >> level & 1:
                yield self.reader.subtree(level, (index >> level) - 1)

    def _edge(self, height: int) -> bytes:
        """Hash of the rightmost, maybe ragged, subtree of that height."""
        last = self.size - 1
        if not self._edges:
            self._edges.append(self.reader.subtree(0, last))
        for level in range(len(self._edges) - 1, height):
            below, position = self._edges[level], last >> level
            joined = self.join(self.reader.subtree(level, position - 1), below) if position & 1 else below
            self._edges.append(joined)
        return self._edges[height]


def root_from_leaves(leaf_hashes: Sequence[bytes]) -> bytes:
    """Merkle tree hash over all the leaf hashes (not over the entries). RFC 6962 §2.1."""
    return Tree(LeafHashes(leaf_hashes), len(leaf_hashes)).root()


def inclusion_proof(reader: HashReader, index: int, size: int) -> list[bytes]:
    """Audit path of leaf `index` in the tree of `size` leaves. RFC 9162 §2.1.3.1. InvalidValue if out of range."""
    return Tree(reader, size).inclusion(index)


def consistency_proof(reader: HashReader, old: int, new: int) -> list[bytes]:
    """Proof that the tree of `new` leaves extends that of `old`. RFC 9162 §2.1.4.1. InvalidValue if out of range."""
    return Tree(reader, new).consistency(old)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, hashing: TreeHash | None = None
) -> bool:
    """Whether the leaf hash stands at `index` under `root`. RFC 9162 §2.1.3.2. Never raises on hostile values."""
    join, length = (node_hash, HASH_SIZE) if hashing is None else (hashing.node, hashing.size)
    if not 0 <= index < size <= MAX_SIZE or not _are_hashes([leaf, root, *proof], length):
        return False
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False  # longer than the way to the root
        if position & 1 or position == last:
            found = join(sibling, found)
            position, last = _climb(position, last)
        else:
            found = join(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the new tree extends the old one. RFC 9162 §2.1.4.2. Never raises on hostile values."""
    if not 0 <= old <= new <= MAX_SIZE or not _are_hashes([old_root, new_root, *proof]):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(path) and _extends(old, new, path) == (old_root, new_root)


def _extends(old: int, new: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that the path leads to, or None if it has the wrong length."""
    height = (old & -old).bit_length() - 1
    position, last = (old - 1) >> height, (new - 1) >> height
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            position, last = _climb(position, last)
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    return (before, after) if last == 0 else None


def _climb(position: int, last: int) -> tuple[int, int]:
    """On the ragged edge a node rises alone until it is a right child. RFC 9162 §2.1.3.2, step 4.2.2."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _are_hashes(values: Sequence[bytes], length: int = HASH_SIZE) -> bool:
    return all(len(value) == length for value in values)
