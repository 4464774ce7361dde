"""One link of the chain that carries a proof through time: a record, its place in a tree, stamps over the root.

record ─ leaf hash ─ path ─► root ◄─ time stamps (RFC 3161)
                                      └─ named by the next link's record, before they run out (RFC 4998 §5.2)
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lienthong.errors import EvidenceBroken
from lienthong.evidence import LeafHashes, Tree, TreeHash, verify_inclusion
from lienthong.evidence.canonical import canonical, read_object
from lienthong.signature.lasting.record import Record, read_record

FORMAT = "lienthong-path/1"
_FIELDS = {"format", "algorithm", "index", "size", "path", "root"}


@dataclass(frozen=True, slots=True)
class Path:
    """Where a leaf stands: leaf `index` of `size`, its siblings from below, the root they lead to (RFC 9162 §2.1.3)."""

    algorithm: str
    index: int
    size: int
    siblings: tuple[bytes, ...] = field(repr=False)
    root: bytes = field(repr=False)

    def to_json(self) -> bytes:
        """Always the same bytes: a later record may name them."""
        told = {
            "format": FORMAT,
            "algorithm": self.algorithm,
            "index": self.index,
            "size": self.size,
            "path": [each.hex() for each in self.siblings],
            "root": self.root.hex(),
        }
        return canonical(told)

    @classmethod
    def from_json(cls, data: bytes) -> "Path":
        """EvidenceBroken for whatever is not exactly a path."""
        told = read_object(data)
        if told.get("format") != FORMAT or told.keys() != _FIELDS:
            raise EvidenceBroken("not a path of a known format")
        try:
            siblings = tuple(bytes.fromhex(each) for each in told["path"])
            place = int(told["index"]), int(told["size"])
            return cls(str(told["algorithm"]), *place, siblings, bytes.fromhex(told["root"]))
        except (ValueError, TypeError) as error:
            raise EvidenceBroken("the path is malformed") from error

    def leads_from(self, record: bytes) -> bool:
        """Whether these bytes are the leaf. Never raises."""
        algorithm = _algorithm(record)
        if algorithm != self.algorithm:
            return False
        hashing = TreeHash(algorithm)
        return verify_inclusion(hashing.leaf(record), self.index, self.size, self.siblings, self.root, hashing)


@dataclass(frozen=True, slots=True)
class Grove:
    """A tree over leaf hashes of one algorithm."""

    algorithm: str
    leaves: Sequence[bytes] = field(repr=False)

    @property
    def root(self) -> bytes:
        """What is stamped."""
        return self._tree().root()

    def path(self, index: int) -> Path:
        """The way of a leaf. InvalidValue beyond the leaves."""
        tree = self._tree()
        return Path(self.algorithm, index, len(self.leaves), tuple(tree.inclusion(index)), tree.root())

    def _tree(self) -> Tree:
        join = TreeHash(self.algorithm).node
        return Tree(LeafHashes(self.leaves, join), len(self.leaves), join)


def leaf_of(record: Record) -> bytes:
    """The leaf hash of a record: its own algorithm over 0x00 and its bytes (RFC 6962 §2.1)."""
    return TreeHash(record.algorithm).leaf(record.text)


def _algorithm(record: bytes) -> str:
    try:
        return read_record(record).algorithm
    except EvidenceBroken:
        return ""
