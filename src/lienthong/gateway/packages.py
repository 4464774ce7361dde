"""A held package as one edXML file with everything inline, for peers that know no parts; streamed, not held whole.

What entered as one edXML file goes out byte for byte. What was composed in parts is put together: the parts go where
the writer leaves their places.
"""

import base64
from collections.abc import AsyncIterator

from lienthong.delivery import Hop, Package
from lienthong.envelope import Edoc, write_around
from lienthong.gateway import files
from lienthong.gateway.desk import Gateway
from lienthong.ranges import opened


async def edxml(gateway: Gateway, package: Package) -> AsyncIterator[bytes]:
    """The file. What can be refused is refused before the first byte: NotFound, Unavailable."""
    message = (await files.reading(gateway.hop, package)).message if len(package.parts) > 1 else None
    if isinstance(message, Edoc):
        return _together(gateway.hop, package, message)
    first = package.parts[0]
    source = await files.part_source(gateway.hop, first, first.media_type)
    if source.held is None:
        await gateway.hop.objects.size(source.sha256)
    return opened(gateway.hop.objects, source)


async def _together(hop: Hop, package: Package, message: Edoc) -> AsyncIterator[bytes]:
    """The envelope with each sibling part in its place."""
    parts = {part.name: part for part in package.parts[1:]}
    first, *rest = write_around(message)
    yield first
    for attached, after in zip(message.attachments, rest, strict=True):
        part = parts.get(attached.content.part or "")
        if part is None:
            yield base64.b64encode(attached.content.data)
        else:
            source = await files.part_source(hop, part, part.media_type)
            async for block in encoded(opened(hop.objects, source)):
                yield block
        yield after


async def encoded(file: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The base64 of a stream, piece by piece, without a break: it takes bytes by three."""
    left = b""
    async for piece in file:
        left += piece
        whole = len(left) - len(left) % 3
        yield base64.b64encode(left[:whole])
        left = left[whole:]
    yield base64.b64encode(left)
