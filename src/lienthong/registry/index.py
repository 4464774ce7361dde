"""Where a key stands in a list: twelve bytes a row instead of two hundred."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Generic, TypeVar

from lienthong.registry.packed import Packed

T = TypeVar("T")
_PLACE = 32
"""Bits of a place in a list."""
REMEMBERED = 1024
"""So many answers an index knows by heart: a hop asks for the same few agencies again and again."""


class Index(Generic[T]):
    """Looks up values of a sequence by a text; a key may have several values, and a value none."""

    def __init__(self, values: Sequence[T], field: str) -> None:
        self._values, self._field = values, field
        texts = values.texts(field) if isinstance(values, Packed) else (_text(value, field) for value in values)
        # one number for both: a country's pairs, sorted as tuples, would take three times the room while it is built
        pairs = sorted(_hash(key) << _PLACE | place for place, key in enumerate(texts) if key)
        self._hashes = array("Q", (pair >> _PLACE for pair in pairs))
        self._places = array("L", (pair & ((1 << _PLACE) - 1) for pair in pairs))
        self.last = lru_cache(REMEMBERED)(self._last)

    def all(self, key: str) -> Iterator[T]:
        """Every value with that key, in the order of the sequence."""
        wanted = _hash(key)
        for at in range(bisect_left(self._hashes, wanted), len(self._hashes)):
            if self._hashes[at] != wanted:
                return
            value = self._values[self._places[at]]
            if key == _text(value, self._field):  # two keys may share a hash
                yield value

    def _last(self, key: str) -> T | None:
        """The last value with that key."""
        found = None
        for value in self.all(key):
            found = value
        return found


def _hash(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest())


def _text(value: object, field: str) -> str:
    found = getattr(value, field)
    return str(found) if found else ""
