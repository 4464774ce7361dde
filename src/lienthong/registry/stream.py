"""A snapshot read as it is unpacked: each row becomes what is kept of it before the next is there.

A country's registry is some 90 MB of JSON; read whole it is there twice. No JSON reader at hand reads piecemeal, but
rows are objects in a list, and of an object no beginning is an object: so a brace is tried as its end until one is.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from lienthong.errors import SnapshotUntrusted
from lienthong.registry.packed import Packed, canonical

STEP, LOOK = 1 << 16, 64
LONGEST = 1 << 24
"""Bytes a row, or the frame between two lists, may have; a step unpacks to a few hundred thousand."""
Bytes = bytes | memoryview
_END = re.compile(rb"\}(?=\s*[,\]])")
_BETWEEN = re.compile(rb"\s*,\s*(?=\{)")
_CLOSE = re.compile(rb"\s*\]")


def pieces(data: Bytes, max_bytes: int) -> Iterator[bytes]:
    """The content of one gzip member, step by step, exactly as much as it says it has (RFC 1952 §2.3.1, ISIZE).

    Raises SnapshotUntrusted for anything else, and beyond `max_bytes`: before any of it is unpacked.
    """
    view, left = memoryview(data), int.from_bytes(data[-4:], "little")
    if left > max_bytes:
        raise SnapshotUntrusted(f"> {max_bytes}")
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for start in range(0, len(view), STEP):
            piece = reader.decompress(view[start : start + STEP], left + 1)
            left -= len(piece)
            if left < 0:
                raise SnapshotUntrusted("gzip: longer than it says")
            yield piece
    except zlib.error as error:
        raise SnapshotUntrusted("gzip") from error
    if not reader.eof or reader.unused_data or left:
        raise SnapshotUntrusted("gzip")


class Stream:
    """JSON as it comes: what was read is let go, so that a step and a row are all there is of it."""

    def __init__(self, source: Iterator[bytes], kinds: Mapping[str, Any]) -> None:
        names = b"|".join(name.encode() for name in kinds)
        self._source, self._kinds = source, kinds
        self._open = re.compile(rb'"(' + names + rb')"\s*:\s*\[')
        self._here, self._at = b"", 0

    def read(self) -> tuple[bytes, dict[str, Packed[Any]]]:
        """The frame with its lists left empty, and the lists by name. Raises what msgspec and the values raise."""
        frame, lists = list[bytes](), dict[str, Packed[Any]]()
        while (found := self._opening()) is not None:
            name = found[1].decode()
            if name in lists:
                raise SnapshotUntrusted(f"{name}: said twice")
            frame.append(self._here[self._at : found.end()])
            self._at = found.end()
            decoder = msgspec.json.Decoder(self._kinds[name])
            lists[name] = Packed(self._kinds[name], (canonical(row) for row in self._rows(decoder)))
        return b"".join((*frame, self._here[self._at :])), lists

    def _opening(self) -> re.Match[bytes] | None:
        while (found := self._open.search(self._here, self._at)) is None:
            if not self._more():
                return None
        return found

    def _rows(self, decoder: msgspec.json.Decoder[Any]) -> Iterator[Any]:
        """The rows of a list whose bracket is open, until something else follows than another row."""
        self._ahead()
        going = not _CLOSE.match(self._here, self._at)
        while going:
            yield self._row(decoder)
            self._ahead()
            between = _BETWEEN.match(self._here, self._at)
            going, self._at = between is not None, between.end() if between else self._at

    def _row(self, decoder: msgspec.json.Decoder[Any]) -> Any:
        """The row that begins here. A brace inside a text, or of an object within, is not its end."""
        look = self._at
        while True:
            if (end := _END.search(self._here, look)) is None:
                if not self._more():
                    raise SnapshotUntrusted("a row without an end")
                look = self._at
                continue
            try:
                row = decoder.decode(self._here[self._at : end.end()])
            except msgspec.ValidationError:
                raise
            except msgspec.DecodeError:
                look = end.end()
            else:
                self._at = end.end()
                return row

    def _ahead(self) -> None:
        """What parts two rows lies within these few bytes."""
        while len(self._here) - self._at < LOOK and self._more():
            pass

    def _more(self) -> bool:
        if len(self._here) - self._at > LONGEST:
            raise SnapshotUntrusted(f"> {LONGEST}")
        piece = next(self._source, None)
        self._here, self._at = self._here[self._at :] + (piece or b""), 0
        return piece is not None
