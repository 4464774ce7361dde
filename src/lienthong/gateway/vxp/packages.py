"""The body of `getEdoc`: the package as one edXML file, in base64 text, streamed."""

from collections.abc import AsyncIterator

from lienthong.delivery import Package
from lienthong.gateway.desk import Gateway
from lienthong.gateway.packages import edxml, encoded
from lienthong.gateway.vxp.shapes import GOOD


async def reply(gateway: Gateway, package: Package) -> AsyncIterator[bytes]:
    """The body of `getEdoc`. What can be refused is refused before the first byte: NotFound, Unavailable."""
    return _reply(await edxml(gateway, package))


async def _reply(file: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    head = ",".join(f'"{name}":"{value}"' for name, value in GOOD.items())
    yield f'{{{head},"data":"'.encode()
    async for block in encoded(file):
        yield block
    yield b'"}'
