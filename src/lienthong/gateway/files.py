"""The files inside held packages: listed once from the envelope, then remembered; their bytes are read one by one.

What a package holds never changes, and a desk asks for it again and again: with every look at a document.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lienthong.delivery import Hop, Package
from lienthong.delivery.model import PartRef
from lienthong.envelope import Attachment, Edoc, Part, Reading, Warning, unpack  # noqa: A004  the word of the trade
from lienthong.envelope import PartRef as Elsewhere
from lienthong.errors import EnvelopeUnreadable, NotFound
from lienthong.gateway.views import FileView
from lienthong.ranges import Source

MOST = 4096
"""So many packages' lists are remembered, the latest."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What an envelope tells of its package: the files, each under a name of its own, and what was repaired.

    `message` is what it says of a document without what may be long; None when it says nothing of one.
    """

    files: tuple[FileView, ...]
    repairs: tuple[Warning, ...]
    message: Edoc | None


class Shelf:
    """The files of packages, by package id."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lists: dict[str, Listed] = {}

    async def listed(self, hop: Hop, package: Package) -> Listed:
        """Files and repairs. EnvelopeUnreadable and its kin, NotFound, Unavailable."""
        found = self._lists.get(package.id)
        if found is None:
            found = self.put(package.id, await reading(hop, package))
        return found

    async def files(self, hop: Hop, package: Package) -> tuple[FileView, ...]:
        """The files alone; raises the same."""
        return (await self.listed(hop, package)).files

    def put(self, package_id: str, reading: Reading) -> Listed:
        """Remember what a reading just told."""
        files = tuple(_views(_attachments(reading)))
        found = self._lists[package_id] = Listed(files, reading.warnings, _short(reading))
        while len(self._lists) > self._most:
            del self._lists[next(iter(self._lists))]
        return found


async def listed(shelf: Shelf, hop: Hop, package: Package) -> list[tuple[str, Source]]:
    """Name and source of a package's files; none of an envelope that cannot be read. NotFound, Unavailable."""
    try:
        return [(each.name, await source(hop, package, each)) for each in await shelf.files(hop, package)]
    except EnvelopeUnreadable:
        return []


async def raw(hop: Hop, part: PartRef) -> bytes:
    """The bytes of a part, from the row or the object store. NotFound, EvidenceBroken, Unavailable."""
    data = await hop.store.read(lambda view: view.content(part.sha256))
    return await hop.objects.fetch(part.sha256) if data is None else data


async def source(hop: Hop, package: Package, file: FileView) -> Source:
    """Where the bytes of a file are: a part of its own, or inside the envelope."""
    for part in package.parts[1:]:
        if part.sha256 == file.sha256:
            return await part_source(hop, part, file.media_type)
    for attached in _attachments(await reading(hop, package)):
        if attached.sha256 == file.sha256:
            return Source(file.media_type, file.size, file.sha256, attached.content.data)
    raise NotFound(file.name)


async def part_source(hop: Hop, part: PartRef, media_type: str) -> Source:
    """A small part with its bytes, their digest checked; a large one is streamed, its digest is for who gets it."""
    held = await raw(hop, part) if part.size <= hop.freight.apart else None
    return Source(media_type, part.size, part.sha256, held)


async def reading(hop: Hop, package: Package) -> Reading:
    """The envelope alone is read; its siblings are known by size and digest."""
    first = package.parts[0]
    envelope = Part(first.name, first.media_type, await raw(hop, first))
    beside = [Elsewhere(part.name, part.media_type, part.size, part.sha256) for part in package.parts[1:]]
    return unpack((envelope, *beside), hop.limits)


def _short(reading: Reading) -> Edoc | None:
    """Files, recipients and what is not known to us may be many or large; thousands of these are remembered."""
    message = reading.message
    if not isinstance(message, Edoc):
        return None
    return replace(message, attachments=(), recipients=(), to_places=(), responses=(), trace=(), content="", unknown=())


def _attachments(reading: Reading) -> tuple[Attachment, ...]:
    return reading.message.attachments if isinstance(reading.message, Edoc) else ()


def _views(attachments: Iterable[Attachment]) -> Iterable[FileView]:
    taken: set[str] = set()
    for attached in attachments:
        name = attached.name
        while name in taken:
            name = f"({len(taken) + 1}) {attached.name}"
        taken.add(name)
        yield FileView(name, attached.media_type, attached.size, attached.sha256)
