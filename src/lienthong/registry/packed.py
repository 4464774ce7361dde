"""Rows of a snapshot kept small: canonical JSON in compressed blocks, read when asked for.

A country of 111,000 organisations as Python values takes about 280 MB; packed it takes about a sixth, and one look
costs the unpacking of one block, whatever the size of the country.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar, overload

import msgspec

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
BLOCK = 32
KEPT_BLOCKS = 64
KEPT_VALUES = 4096


class RowOf(Protocol[T_co]):
    """A JSON row that stands for a value."""

    def value(self) -> T_co: ...


class Packed(Sequence[T], Generic[T]):
    """Values of one list, in order. Immutable; threads may share it. Equal to any sequence of equal values."""

    def __init__(self, kind: type[RowOf[T]], rows: Iterable[bytes]) -> None:
        """`rows` are canonical JSON, of rows that have been read once (what cannot be read is found there)."""
        self._kind = kind
        self._blocks, self._length = _blocks(rows)
        self._block = lru_cache(KEPT_BLOCKS)(self._unpacked)
        self._value = lru_cache(KEPT_VALUES)(self._read)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(self._length)))
        if not -self._length <= place < self._length:
            raise IndexError(place)
        return self._value(place % self._length)

    def __iter__(self) -> Iterator[T]:
        """Without filling the cache: whoever reads all reads once."""
        return (self._decoded(row) for row in self.rows())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != self._length:
            return False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # it may equal a tuple, and could not hash alike

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The canonical JSON of rows [start, stop)."""
        stop = self._length if stop is None else min(stop, self._length)
        for block in range(start // BLOCK, -(-stop // BLOCK)):
            first = block * BLOCK
            yield from self._unpacked(block)[max(start - first, 0) : stop - first]

    def texts(self, field: str) -> Iterator[str]:
        """One text field of every row, empty where it is not said; the rest of the row is passed over."""
        decoder: Any = msgspec.json.Decoder(msgspec.defstruct("Text", [(field, str | None, None)]))
        return (getattr(decoder.decode(row), field) or "" for row in self.rows())

    def _unpacked(self, block: int) -> list[bytes]:
        return zlib.decompress(self._blocks[block]).split(b"\n")

    def _read(self, place: int) -> T:
        return self._decoded(self._block(place // BLOCK)[place % BLOCK])

    def _decoded(self, row: bytes) -> T:
        return msgspec.json.decode(row, type=self._kind).value()


def _blocks(rows: Iterable[bytes]) -> tuple[tuple[bytes, ...], int]:
    """JSON has no bare newline, so one parts the rows."""
    waiting, blocks, length = iter(rows), list[bytes](), 0
    while block := list(islice(waiting, BLOCK)):
        blocks.append(zlib.compress(b"\n".join(block), 3))
        length += len(block)
    return tuple(blocks), length


def packed(kind: Any, rows: Iterable[msgspec.Raw]) -> Packed[Any]:
    """Read every raw row once as its kind, and keep its canonical form. Raises what msgspec and the values raise."""
    decoder = msgspec.json.Decoder(kind)
    return Packed(kind, (canonical(decoder.decode(row)) for row in rows))


def canonical(row: Any) -> bytes:
    """A row that was read, in canonical JSON. Raises what its value raises."""
    row.value()  # InvalidValue now rather than when it is needed
    return msgspec.json.encode(row, order="sorted")
