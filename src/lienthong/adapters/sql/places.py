"""A leaf's number in a hop: which of its logs, and where in that one.

Every process that writes has a log of its own, a shard. One number says both, so that a package, a step or a piece of
news refers to a leaf by one number whatever the count of shards; in shard 0 it is the leaf's index itself. Shards times
2^40 stay below 2^53, the largest whole number every reader of JSON has (RFC 8259 §6).
"""

SHARDS = 4096
"""So many shards a hop may have."""
_LEAVES = 1 << 40


def place(shard: int, index: int) -> int:
    """The number of a leaf, tile hash or checkpoint size of a shard."""
    return shard * _LEAVES + index


def shard_of(number: int) -> int:
    """The shard a number is in; negative for what is in none."""
    return number // _LEAVES


def within(number: int) -> int:
    """The index, or size, inside of its shard."""
    return number % _LEAVES


def span(shard: int) -> dict[str, int]:
    """Where a shard's numbers start, and where the next one's do."""
    return {"from_place": place(shard, 0), "to_place": place(shard + 1, 0)}
