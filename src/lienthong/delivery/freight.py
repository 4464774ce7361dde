"""Freight: large parts go apart from their frame, piece by piece, in a lane of their own and the most urgent first.

A piece is durable on both sides before the next, so a crash costs a piece; after a turn a more urgent package may go.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from lienthong.delivery.hop import Hop
from lienthong.delivery.model import AXIS, Package, PartRef
from lienthong.delivery.uploads import begin, claim, drop, receive
from lienthong.errors import (
    ChecksumWrong,
    LienThongError,
    NotFound,
    PartChanged,
    StorageFull,
    Unavailable,
    UploadGone,
    UploadOffset,
)


class Ramp(Protocol):
    """Where a sending gateway brings large parts to the axis."""

    async def begin(self, size: int, sha256: str) -> tuple[str, int]:
        """Name of the upload of this content, and how much of it is there; PackageTooLarge, Busy, StorageFull."""
        ...

    async def extend(self, upload: str, offset: int, piece: bytes) -> int:
        """Give the next piece; how much is there then. UploadOffset, UploadGone, ChecksumWrong, PartChanged."""
        ...


class Shelf(Protocol):
    """Where a receiving gateway fetches large parts of its mail."""

    async def part(self, package_id: str, sha256: str, start: int, stop: int) -> bytes:
        """Bytes of a part from start to stop; `NotFound` when it is not (any more) for this gateway."""
        ...


class NotBrought(Unavailable):
    """Something is wrong with one upload. It is brought again; that says nothing of the axis."""


class TurnOver(Exception):
    """The turn is over, the part is not: a more urgent package may go first."""


def apart(hop: Hop, package: Package) -> tuple[PartRef, ...]:
    """The parts that travel apart from the frame; the envelope never does."""
    large = (part for part in package.parts[1:] if part.size > hop.freight.apart)
    return tuple({part.sha256: part for part in large}.values())


async def brought(hop: Hop, ramp: Ramp, package: Package) -> None:
    """Have every large part at the axis, going on where it ended last time. TurnOver after a turn.

    Raises what the axis says of the package's size or its own room; anything else about an upload is `Unavailable`.
    """
    left = hop.freight.turn
    for part in apart(hop, package):
        upload, offset = await ramp.begin(part.size, part.sha256)
        while offset < part.size:
            if left <= 0:
                raise TurnOver
            piece = await piece_of(hop, part, offset)
            offset = await _extended(ramp, upload, offset, piece)
            left -= len(piece)


async def _extended(ramp: Ramp, upload: str, offset: int, piece: bytes) -> int:
    try:
        there = await ramp.extend(upload, offset, piece)
    except (UploadOffset, UploadGone, ChecksumWrong, PartChanged, NotFound) as error:
        raise NotBrought(f"{error.code}: {error.detail}") from error
    if there != offset + len(piece):
        raise NotBrought(f"{there} ≠ {offset + len(piece)}")
    return there


async def piece_of(hop: Hop, part: PartRef, start: int) -> bytes:
    """The next piece of a part we hold. NotFound, Unavailable."""
    stop = min(start + hop.freight.piece, part.size)
    small = await hop.store.read(lambda view: view.content(part.sha256))
    if small is not None:
        return small[start:stop]
    return b"".join([block async for block in hop.objects.read(part.sha256, start, stop)])


async def fetched(hop: Hop, shelf: Shelf, package_id: str, parts: Sequence[PartRef], turn: int) -> None:
    """Have every large part here as an object, going on where it ended last time. TurnOver after so many bytes.

    Raises PartChanged for other content than was sealed, PackageTooLarge, StorageFull, Unavailable.
    """
    missing = [part for part in parts if not await _here(hop, part)]
    left = turn
    for part in missing:
        left = await _fetched(hop, shelf, package_id, part, left)
    names = await claim(hop, AXIS, missing)
    for part in missing:
        await hop.objects.adopt(names[part.sha256], part.sha256)
    for name in set(names.values()):
        await drop(hop, AXIS, name)


async def _here(hop: Hop, part: PartRef) -> bool:
    try:
        return await hop.objects.size(part.sha256) == part.size
    except NotFound:
        return False


async def _fetched(hop: Hop, shelf: Shelf, package_id: str, part: PartRef, left: int) -> int:
    upload, offset = await begin(hop, AXIS, part.size, part.sha256)
    resumed = offset > 0
    while offset < part.size:
        if left <= 0:
            raise TurnOver
        piece = await _asked(shelf, package_id, part, offset, min(offset + hop.freight.piece, part.size))
        try:
            _, offset = await receive(hop, AXIS, upload.id, offset, _one(piece))
        except LienThongError as error:
            if error.permanent and resumed:  # what was here before may be what is wrong: once more from the start
                raise Unavailable(f"{error.code}: {part.name}") from error
            raise
        left -= len(piece)
    return left


async def _asked(shelf: Shelf, package_id: str, part: PartRef, start: int, stop: int) -> bytes:
    try:
        piece = await shelf.part(package_id, part.sha256, start, stop)
    except StorageFull:
        raise
    except LienThongError as error:  # whatever the axis says of this call, it refuses nothing that was sealed
        raise Unavailable(f"{error.code}: {part.name}") from error
    if len(piece) != stop - start:
        raise Unavailable(f"{part.name}: {len(piece)} ≠ {stop - start}")
    return piece


async def _one(piece: bytes) -> AsyncIterator[bytes]:
    yield piece
