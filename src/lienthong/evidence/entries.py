"""Bundles of log entries, read back. (C2SP tlog-tiles, "Log entries")"""

from collections.abc import Iterator

from lienthong.errors import EvidenceBroken


def read_entry_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. EvidenceBroken when the lengths do not add up."""
    return list(_entries(data))


def _entries(data: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        start = place + 2
        place = start + int.from_bytes(data[place:start], "big")
        if start > len(data) or place > len(data):
            raise EvidenceBroken("a bundle of entries is cut")
        yield data[start:place]
